// A second solution: one class for all parts of the tree, ways as numbers, and data in other forms.
import {
  checkShape,
  genesisBlock,
  hashBlock,
  headerRules,
  nextBlock,
  type Block,
  type Rule,
} from '#blocks';
import type { Ledger } from '#consensus';
import { canonicalJson, sha256 } from '#hashing';
import { checkMerkle, merkleRoot, type ProofStep } from '#merkle';
import { workRules } from '#proof-of-work';
import { isSigned, parsePayment, paymentLine, paymentText } from '#signatures';
import type { Payment } from '#signatures';

export interface Account {
  readonly balance: number;
  readonly count: number;
}

type Entry = readonly [address: string, account: Account];

const goesRight = (address: string, depth: number) =>
  (BigInt(`0x${sha256(address)}`) >> BigInt(255 - depth)) % 2n === 1n;

/** A part of the tree: it holds nothing, one entry, or two halves. */
class Part {
  private readonly entry: Entry | undefined;
  private readonly halves: readonly [Part, Part] | undefined;
  private known: string | undefined;

  constructor(entry?: Entry, halves?: readonly [Part, Part]) {
    this.entry = entry;
    this.halves = halves;
  }

  /** All parts on the way to an address, from the root down. */
  path(address: string): Part[] {
    const parts: Part[] = [this];
    for (let at = this.halves; at !== undefined; at = parts.at(-1)?.halves)
      parts.push(at[goesRight(address, parts.length - 1) ? 1 : 0]);
    return parts;
  }

  find(address: string): Account {
    const entry = this.path(address).at(-1)?.entry;
    return entry?.[0] === address ? entry[1] : { balance: 0, count: 0 };
  }

  with(entry: Entry, depth = 0): Part {
    const isPlace = this.entry === undefined || this.entry[0] === entry[0];
    if (this.halves === undefined && isPlace) return new Part(entry);
    const [left, right] = this.halves ?? this.split(depth);
    const halves = goesRight(entry[0], depth)
      ? ([left, right.with(entry, depth + 1)] as const)
      : ([left.with(entry, depth + 1), right] as const);
    return new Part(undefined, halves);
  }

  private split(depth: number): readonly [Part, Part] {
    const isRight = goesRight(this.entry?.[0] ?? '', depth);
    return isRight ? [new Part(), this] : [this, new Part()];
  }

  get digest(): string {
    if (this.known === undefined) {
      const one = this.entry === undefined ? '' : canonicalJson(fieldsOf(this.entry));
      const [left, right] = this.halves ?? [];
      this.known = sha256(left && right ? `${left.digest}\n${right.digest}` : one);
    }
    return this.known;
  }

  proof(address: string): ProofStep[] {
    const steps = this.path(address).flatMap(({ halves }, depth): ProofStep[] => {
      if (halves === undefined) return [];
      const [left, right] = halves;
      return [
        goesRight(address, depth) ? ['left', left.digest] : ['right', right.digest],
      ];
    });
    return steps.reverse();
  }

  entries(): [string, Account][] {
    if (this.entry !== undefined) return [[...this.entry]];
    return this.halves?.flatMap((half) => half.entries()) ?? [];
  }
}

const fieldsOf = ([address, { balance, count }]: Entry) => [address, balance, count];

export type Accounts = Part;

export const noAccounts: Accounts = new Part();

export const accountOf = (accounts: Accounts, address: string): Account =>
  accounts.find(address);

export const withAccount = (
  accounts: Accounts,
  address: string,
  account: Account,
): Accounts => accounts.with([address, { ...account }]);

export function* listAccounts(
  accounts: Accounts,
): Generator<[address: string, account: Account]> {
  for (const entry of accounts.entries()) yield entry;
}

export const accountLine = (address: string, account: Account): string =>
  canonicalJson(fieldsOf([address, account]));

export const stateRoot = (accounts: Accounts): string => accounts.digest;

export const proveAccount = (accounts: Accounts, address: string): ProofStep[] =>
  accounts.proof(address);

export interface Coin {
  readonly reward: number;
  readonly halving: number;
  readonly size: number;
}

export function subsidy(coin: Coin, index: number): number {
  let left = coin.reward;
  for (let from = coin.halving; from <= index && left > 0; from += coin.halving)
    left = (left - (left % 2)) / 2;
  return left;
}

const isPositive = (value: number) => Number.isSafeInteger(value) && value >= 1;

function problemOf({ reward, halving, size }: Coin): string | undefined {
  if (![reward, halving, size].every(isPositive)) return 'not whole numbers';
  if (size > 1_000) return 'too many payments';
  const most = 2n * BigInt(reward) * BigInt(halving);
  return most > 2n ** 53n - 1n ? 'more coins than can be counted' : undefined;
}

export function coinGenesis(
  coin: Coin,
  options: { timestamp: number; difficulty?: number },
): Block {
  const problem = problemOf(coin);
  if (problem !== undefined) throw new RangeError(problem);
  const { reward, halving, size } = coin;
  const data = ['Genesis Block', `["coin",${reward},${halving},${size}]`].join('\n');
  return sealLines(genesisBlock({ ...options, data }));
}

export function sealLines(block: Block): Block {
  const dataHash = merkleRoot(block.data);
  return { ...block, dataHash, hash: hashBlock({ ...block, dataHash }) };
}

export function coinOf(genesis: Block): Coin | string | undefined {
  if (checkShape(genesis) !== undefined) return undefined;
  const { data, dataHash } = genesis;
  if (sha256(data) === dataHash) return undefined;
  const end = data.slice(data.indexOf('\n') + 1);
  const number = '(0|[1-9][0-9]{0,15})';
  const found = new RegExp(`^\\["coin",${number},${number},${number}\\]$`).exec(end);
  const [reward = 0, halving = 0, size = 0] = (found ?? []).slice(1).map(Number);
  const coin = { reward, halving, size };
  const isOne = data.includes('\n') && found !== null && !end.includes('\n');
  return isOne && problemOf(coin) === undefined
    ? coin
    : 'These rules are not known here.';
}

export interface Reward {
  readonly to: string;
  readonly amount: number;
  readonly root: string;
}

export const rewardLine = ({ to, amount, root }: Reward): string =>
  canonicalJson(['reward', to, amount, root]);

export function parseReward(line: string): Reward | undefined {
  const hex = '([0-9a-f]{64})';
  const pattern = new RegExp(`^\\["reward","${hex}",(0|[1-9]\\d{0,15}),"${hex}"\\]$`);
  const [all, to = '', digits = '', root = ''] = pattern.exec(line) ?? [];
  const amount = Number(digits);
  return all === line && Number.isSafeInteger(amount) ? { to, amount, root } : undefined;
}

export function afterPaying(payer: Account, payment: Payment): Account | string {
  if (payer.count !== payment.count) return 'not the turn of this payment';
  const left = BigInt(payer.balance) - BigInt(payment.amount) - BigInt(payment.fee);
  if (left < 0n) return 'not enough coins';
  return { balance: Number(left), count: payer.count + 1 };
}

export function applyPayment(accounts: Accounts, payment: Payment): Accounts | string {
  const { from, to, amount } = payment;
  const left = afterPaying(accountOf(accounts, from), payment);
  if (typeof left === 'string') return left;
  if (from !== to) return credit(withAccount(accounts, from, left), to, amount);
  return withAccount(accounts, from, { ...left, balance: left.balance + amount });
}

export function credit(accounts: Accounts, address: string, coins: number): Accounts {
  const account = accountOf(accounts, address);
  return coins > 0
    ? withAccount(accounts, address, { ...account, balance: account.balance + coins })
    : accounts;
}

export function applyBlock(
  coin: Coin,
  accounts: Accounts,
  { index, data }: Block,
): Accounts | string {
  const lines = data.split('\n');
  const reward = parseReward(lines.shift() ?? '');
  if (!reward) return 'no reward in the first line';
  let [state, due] = [accounts, subsidy(coin, index)];
  while (lines.length > 0) {
    const payment = parsePayment(lines.shift() ?? '');
    if (!payment) return 'no payment in a line';
    const next = applyPayment(state, payment);
    if (typeof next === 'string') return next;
    [state, due] = [next, due + payment.fee];
  }
  return due === reward.amount ? credit(state, reward.to, due) : 'a wrong reward';
}

export interface CoinState {
  readonly accounts: Accounts;
}

const sizeRule =
  ({ size }: Coin): Rule =>
  ({ data }, parent) => {
    if (!parent) return undefined;
    let [from, lines] = [0, 0];
    while (from <= data.length) {
      const end = data.indexOf('\n', from);
      const to = end === -1 ? data.length : end;
      lines += 1;
      if (to - from > 400) return 'a long line';
      if (lines > size + 1) return 'many lines';
      from = to + 1;
    }
    return undefined;
  };

export function coinLedger(genesis: Block, coin: Coin): Ledger<CoinState> {
  const isSound = (line: string) => {
    const payment = parsePayment(line);
    if (payment === undefined) return false;
    const { signature, from } = payment;
    return isSigned(paymentText(genesis.hash, payment), signature, from);
  };
  return {
    rules: [...headerRules, ...workRules, sizeRule(coin), checkMerkle],
    initial: { accounts: noAccounts },
    apply(state, block) {
      const accounts = applyBlock(coin, state.accounts, block);
      return typeof accounts === 'string' ? accounts : { accounts };
    },
    verify({ accounts }, { data }) {
      const [first = '', ...lines] = data.split('\n');
      if (parseReward(first)?.root !== stateRoot(accounts)) return 'a wrong state root';
      return lines.every(isSound) ? undefined : 'a wrong signature';
    },
    batch: 131_072,
  };
}

export function nextCoinBlock(
  coin: Coin,
  previous: Block,
  state: CoinState,
  payments: readonly Payment[],
  to: string,
  now: number,
): Block {
  const chosen: Payment[] = [];
  let { accounts } = state;
  for (const payment of payments) {
    const next = chosen.length < coin.size ? applyPayment(accounts, payment) : 'full';
    if (typeof next === 'string') continue;
    chosen.push(payment);
    accounts = next;
  }
  const fees = chosen.reduce((sum, { fee }) => sum + fee, 0);
  const amount = subsidy(coin, previous.index + 1) + fees;
  const root = stateRoot(credit(accounts, to, amount));
  const data = [rewardLine({ to, amount, root }), ...chosen.map(paymentLine)].join('\n');
  return sealLines(nextBlock(previous, data, now));
}
