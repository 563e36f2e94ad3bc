import pc from 'picocolors';
import {
  accountOf,
  coinGenesis,
  coinLedger,
  nextCoinBlock,
  noAccounts,
  type Accounts,
} from '#accounts';
import type { Block } from '#blocks';
import { BlockTree } from '#consensus';
import { Pool } from '#mempool';
import { mine } from '#proof-of-work';
import { newKeys, pay, paymentId, parsePayment, type Payment } from '#signatures';

// Small blocks, so that there is a queue: two payments each.
const coin = { reward: 100, halving: 100_000, size: 2 };
const genesis = await mine(coinGenesis(coin, { timestamp: Date.now(), difficulty: 10 }));
const tree = new BlockTree(genesis, coinLedger(genesis, coin));
const pool = new Pool();

const people = ['Ada', 'Ben', 'Cleo', 'Dan'].map((name) => ({ name, keys: newKeys() }));
const keysOf = (name: string) =>
  people.find((one) => one.name === name)?.keys ?? newKeys();
const nameOf = (address: string) =>
  people.find(({ keys }) => keys.address === address)?.name ?? 'nobody';
const accounts = (): Accounts =>
  tree.stateAt(tree.chain.tip.hash)?.accounts ?? noAccounts;

const say = (text: string) => console.log(text);
const inWords = ({ from, to, amount, fee, count }: Payment) =>
  `${nameOf(from)}'s payment ${count}: ${amount} to ${nameOf(to)}`.padEnd(28) +
  `fee ${String(fee).padStart(2)} `;

/** Somebody pays, and says what the pool made of it. */
function order(
  name: string,
  to: string,
  amount: number,
  fee: number,
  count: number,
): void {
  const order = { to: keysOf(to).address, amount, fee, count };
  const payment = pay(genesis.hash, keysOf(name), order);
  const reason = pool.add(payment, accounts());
  if (reason !== undefined) say(pc.red(`  ✗ ${inWords(payment)} not taken: ${reason}`));
}

function showPool(): void {
  const all = [...pool.waiting.values()].sort((a, b) => b.fee - a.fee);
  for (const payment of all) {
    const isParked = pool.isParked(paymentId(payment));
    const bar = '█'.repeat(payment.fee);
    const text = `    ${inWords(payment)} ${bar}`;
    say(isParked ? pc.dim(`${text} parked`) : pc.cyan(text));
  }
  if (all.length === 0) say('    nothing waits');
}

/** Finds the block after `parent` with these payments, and lets the pool follow. */
async function block(parent: Block, payments: readonly Payment[]): Promise<Block> {
  const state = tree.stateAt(parent.hash) ?? { accounts: noAccounts };
  const to = keysOf('Dan').address;
  const time = Date.now();
  const found = await mine(nextCoinBlock(coin, parent, state, payments, to, time));
  const result = tree.add(found, Date.now());
  if (result.status === 'added' && result.change)
    pool.changed([result.change], accounts());
  return found;
}

const linesOf = ({ data }: Block) =>
  data.split('\n').flatMap((line) => parsePayment(line) ?? []);

// Everybody has coins at first: each has found a block.
for (const { keys } of people) {
  const { tip } = tree.chain;
  const state = tree.stateAt(tip.hash) ?? { accounts: noAccounts };
  const first = nextCoinBlock(coin, tip, state, [], keys.address, Date.now());
  tree.add(await mine(first), Date.now());
}

say(pc.bold('Everybody has 100 coins, and pays. A block has room for two payments.\n'));
order('Ada', 'Ben', 10, 3, 0);
order('Ada', 'Cleo', 10, 9, 1);
order('Ben', 'Cleo', 20, 5, 0);
order('Cleo', 'Ada', 90, 2, 0);
order('Cleo', 'Ben', 90, 8, 1);
order('Cleo', 'Ben', 1, 0, 2);
showPool();

say(pc.bold('\nDan looks for a block. He takes what pays best, of what can be made:'));
const fork = tree.chain.tip;
const taken = await block(fork, pool.pick(coin.size, accounts()));
for (const payment of linesOf(taken)) say(pc.green(`    ${inWords(payment)}`));
say("  Ada's payment 1 pays 9, but payment 0 comes before it. Still waiting:");
showPool();

say(
  pc.bold('\nCleo is in a hurry: she signs her payment 0 once more, with a higher fee.'),
);
order('Cleo', 'Ada', 90, 12, 0);
showPool();

say(
  pc.bold(
    '\nThen another branch becomes the better one, in which none of it has happened.',
  ),
);
await block(await block(fork, []), []);
say('  What was in the block waits again, and nobody had to pay once more:');
showPool();

say(pc.bold('\nSo it goes on, until nothing waits that can be made:'));
while (pool.pick(1, accounts()).length > 0) {
  const next = await block(tree.chain.tip, pool.pick(coin.size, accounts()));
  const words = linesOf(next).map((one) =>
    pc.green(inWords(one).replace(/ +/g, ' ').trim()),
  );
  say(`    block ${next.index}: ${words.join(' and ')}`);
}
showPool();
const { balance } = accountOf(accounts(), keysOf('Dan').address);
say(`\nDan has ${balance} coins now: of each block the reward, and all its fees.`);
