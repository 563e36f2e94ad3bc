import pc from 'picocolors';
import {
  accountOf,
  coinGenesis,
  coinLedger,
  listAccounts,
  nextCoinBlock,
  noAccounts,
  sealLines,
  stateRoot,
  type Coin,
} from '#accounts';
import { nextBlock, type Block } from '#blocks';
import { BlockTree } from '#consensus';
import { mine } from '#proof-of-work';
import { pay, paymentLine, type Keys, type Payment } from '#signatures';

const coin: Coin = { reward: 100, halving: 100_000, size: 20 };
const genesis = await mine(coinGenesis(coin, { timestamp: Date.now(), difficulty: 10 }));
const tree = new BlockTree(genesis, coinLedger(genesis, coin));
const names = ['Ada', 'Ben', 'Cleo'] as const;
type Name = (typeof names)[number];
/** Fixed ones, so that the same comes out each time. Real keys come from newKeys, and are shown to nobody. */
const keys: Readonly<Record<Name, Keys>> = {
  Ada: {
    address: '09f0181af6ba5c1df88e53ec3be7b947d001792ec6071c7327e121a05a61a6e5',
    secret: 'd7fb79d92a2d9f9fadaeb9f4251f20a41758fd023854f3185a624801c80354cd',
  },
  Ben: {
    address: 'ff5edf79f8fdd5a985c0017cb8931478339cec9d041a560b25eb5c37972e4166',
    secret: '18e4a8dc8b1a44eef8133d831e6b96530b4613781be380a232c0367addbd5340',
  },
  Cleo: {
    address: '0eb295323fc623af7a96a6ea8a562f304e46d4bca7b235b76cdb8ff6ad3d9176',
    secret: 'b848a1888fc76d0d44b5245cd768f3496178e30690d3d5d13bd3d712726b388f',
  },
};

const say = (text: string) => console.log(text);
const accountsAt = (block: Block) => tree.stateAt(block.hash)?.accounts ?? noAccounts;

/** Signs a payment, as the payer's next one after a block. */
function order(at: Block, from: Name, to: Name, amount: number, fee = 1): Payment {
  const { count } = accountOf(accountsAt(at), keys[from].address);
  return pay(genesis.hash, keys[from], { to: keys[to].address, amount, fee, count });
}

/** Lets somebody find a block after another one. */
async function find(by: Name, previous: Block, payments: Payment[] = []): Promise<Block> {
  const state = { accounts: accountsAt(previous) };
  const { address } = keys[by];
  return mine(nextCoinBlock(coin, previous, state, payments, address, Date.now()));
}

async function add(by: Name, previous: Block, payments: Payment[] = []): Promise<Block> {
  const block = await find(by, previous, payments);
  tree.add(block, Date.now() + 1_000);
  return block;
}

function tell(block: Block, what: string): void {
  const accounts = accountsAt(block);
  const cells = names.map((name) =>
    String(accountOf(accounts, keys[name].address).balance).padStart(6),
  );
  const supply = [...listAccounts(accounts)].reduce(
    (sum, [, { balance }]) => sum + balance,
    0,
  );
  const root = pc.dim(`${stateRoot(accounts).slice(0, 8)}…`);
  say(`  ${what.padEnd(38)}${cells.join('')}${String(supply).padStart(9)}   ${root}`);
}

say(pc.bold('Who owns what? Everybody works it out, block by block:\n'));
say(pc.dim(`  ${'block'.padEnd(38)}   Ada   Ben  Cleo   in all   state root`));
const one = await add('Ada', genesis);
tell(one, '1   Ada finds it');
const two = await add('Ben', one, [order(one, 'Ada', 'Cleo', 30)]);
tell(two, '2   Ada pays Cleo 30, Ben finds it');

say(pc.bold('\nTwo blocks follow block 2, and Ada pays the same coins in both:\n'));
const left = await add('Cleo', two, [order(two, 'Ada', 'Ben', 60)]);
tell(left, '3   Ada pays Ben 60, Cleo finds it');
const right = await add('Cleo', two, [order(two, 'Ada', 'Cleo', 60)]);
tell(right, "3'  Ada pays Cleo 60, Cleo finds it");

say(pc.bold('\nOnly one can be on the best chain. Work decides, and balances follow:\n'));
const end = await add('Ben', left);
tell(end, '4   Ben finds it, after block 3');
const far = await add('Ben', await add('Ben', right));
tell(far, "5'  Ben finds two, after block 3'");
const isFar = tree.chain.tip.hash === far.hash;
say(
  pc.yellow(`  So Ben's 60 coins are gone, and Cleo has them: ${isFar ? 'yes' : 'no'}.`),
);

/** Makes a block like another one, with other lines, and all its work. */
function forged({ data }: Block, change: (data: string) => string): Promise<Block> {
  return mine(sealLines(nextBlock(far, change(data), Date.now())));
}

say(pc.bold('\nAnd if somebody cheats? Every node works it out, and says no:\n'));
const honest = await find('Ben', far);
const withPayment = (payment: Payment) =>
  forged(honest, (data) => `${data}\n${paymentLine(payment)}`);
/** A block in which a payment can be made, but bears the signature of somebody else. */
async function signedByBen(payment: Payment): Promise<Block> {
  const { signature } = order(far, 'Ben', 'Ada', 1);
  return find('Ben', far, [{ ...payment, signature }]);
}

const attempts: [string, Block][] = [
  [
    'Ben takes 1,000 coins',
    await forged(honest, (data) => data.replace(',100,', ',1000,')),
  ],
  ['Ada pays twice', await withPayment(order(two, 'Ada', 'Ben', 30, 0))],
  ['Ada pays too much', await withPayment(order(far, 'Ada', 'Ben', 500, 0))],
  ['Ben signs for Cleo', await signedByBen(order(far, 'Cleo', 'Ben', 90, 0))],
];
for (const [what, block] of attempts) {
  const added = tree.add(block, Date.now() + 1_000);
  const reason = added.status === 'invalid' ? added.reason : added.status;
  say(`  ${what.padEnd(24)}${pc.red('✗')} ${reason}`);
}
