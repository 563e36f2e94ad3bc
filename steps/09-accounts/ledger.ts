import { headerRules, nextBlock, type Block, type Rule } from '#blocks';
import type { Ledger } from '#consensus';
import { checkMerkle } from '#merkle';
import { workRules } from '#proof-of-work';
import { MAX_LINE, isSigned, parsePayment, paymentLine, paymentText } from '#signatures';
import type { Payment } from '#signatures';
import { noAccounts, stateRoot, type Accounts } from './accounts.ts';
import { applyBlock, applyPayment, credit } from './apply.ts';
import { sealLines, subsidy, type Coin } from './coin.ts';
import { parseReward, rewardLine } from './reward.ts';

/** What is known after a block of a network with coins. */
export interface CoinState {
  /** Who has how much. */
  readonly accounts: Accounts;
}

/** How many characters of data answer a locator: some 400 payments. */
const BATCH = 131_072;

/** The rule that a block has few and short lines: to read them costs little then. */
function checkSize({ size }: Coin): Rule {
  return ({ data }, previous) => {
    if (previous === undefined) return undefined;
    const lines = data.split('\n', size + 2);
    if (lines.length > size + 1) return `it has more than ${size} payments`;
    if (lines.some((line) => line.length > MAX_LINE))
      return 'one of its lines is too long';
    return undefined;
  };
}

function checkRoot({ accounts }: CoinState, { data }: Block): string | undefined {
  const [first = ''] = data.split('\n', 1);
  if (parseReward(first)?.root === stateRoot(accounts)) return undefined;
  return 'its state root is not that of the accounts after it';
}

function checkSignatures(network: string, { data }: Block): string | undefined {
  const payments = data.split('\n').slice(1).map(parsePayment);
  const areSigned = payments.every((payment) => payment && isByPayer(network, payment));
  return areSigned ? undefined : 'one of its payments is not signed by its payer';
}

function isByPayer(network: string, payment: Payment): boolean {
  return isSigned(paymentText(network, payment), payment.signature, payment.from);
}

/**
 * Returns what a network with coins agrees on:
 *
 * - `rules`: those of headers, then those of work, so that nobody has anything else checked for
 * free. Then, but for the first block: it has at most `size` payments, and no line longer than
 * `MAX_LINE`. At last, `dataHash` is the Merkle root of the lines.
 * - `initial`: nobody has anything.
 * - `apply`: what {@link applyBlock} says.
 * - `verify`: the reward line names the {@link stateRoot} after the block; then, as this costs most,
 * each payment is signed by its payer, for this network. Otherwise it gives a sentence.
 * - `batch`: 131,072 characters, as several hundred payments take time to check.
 *
 * None of these throws: the rules, asked in their order, whatever they are given as a block, the
 * others whatever the data of a block is.
 *
 * @param genesis - its first block, whose hash is signed with each payment
 * @param coin - what `coinOf` read there
 */
export function coinLedger(genesis: Block, coin: Coin): Ledger<CoinState> {
  return {
    rules: [...headerRules, ...workRules, checkSize(coin), checkMerkle],
    initial: { accounts: noAccounts },
    apply: ({ accounts }, block) => {
      const after = applyBlock(coin, accounts, block);
      return typeof after === 'string' ? after : { accounts: after };
    },
    verify: (after, block) =>
      checkRoot(after, block) ?? checkSignatures(genesis.hash, block),
    batch: BATCH,
  };
}

/**
 * Returns the block to mine after `previous`: the reward line of `to`, with the fees and the state
 * root after the block, and of `payments` those that can be made, in their order, as many as a
 * block may hold. Their signatures are not checked again. The block is sealed, and not mined.
 *
 * @param state - what is known after `previous`
 * @param now - the time of the clock in milliseconds, as in `nextBlock`
 */
export function nextCoinBlock(
  coin: Coin,
  previous: Block,
  state: CoinState,
  payments: readonly Payment[],
  to: string,
  now: number,
): Block {
  let { accounts } = state;
  let amount = subsidy(coin, previous.index + 1);
  const lines: string[] = [];
  for (const payment of payments) {
    if (lines.length === coin.size) break;
    const after = applyPayment(accounts, payment);
    if (typeof after === 'string') continue;
    accounts = after;
    amount += payment.fee;
    lines.push(paymentLine(payment));
  }
  const root = stateRoot(credit(accounts, to, amount));
  const data = [rewardLine({ to, amount, root }), ...lines].join('\n');
  return sealLines(nextBlock(previous, data, now));
}
