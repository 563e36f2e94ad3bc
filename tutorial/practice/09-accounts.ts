import {
  accountOf,
  applyBlock,
  applyPayment,
  coinGenesis,
  nextCoinBlock,
  noAccounts,
  rewardLine,
  withAccount,
  type Accounts,
  type Coin,
} from '#accounts';
import { brokenRule, type Block } from '#blocks';
import type { Ledger } from '#consensus';
import { hashFields } from '#hashing';
import {
  isSigned,
  newKeys,
  pay,
  paymentLine,
  paymentText,
  type Payment,
} from '#signatures';
import { functionIn } from './exports.ts';
import type { Answer, Attack, Exercise, Exports } from './practice.ts';

const START = 1_700_000_000_000;
const coin: Coin = { reward: 100, halving: 1_000, size: 20 };
const genesis = () => coinGenesis(coin, { timestamp: START });

/** Addresses of people whose keys nobody needs here. */
const mallory = 'a'.repeat(64);
const bob = 'b'.repeat(64);

/** How much is enough for Mallory, who begins with ten coins. */
const WANTED = 1_000;

/** The naive ledger: looks up what both have, and writes it back. */
export function naiveApply(
  balances: ReadonlyMap<string, number>,
  payments: readonly Payment[],
): ReadonlyMap<string, number> {
  const after = new Map(balances);
  for (const { from, to, amount, fee } of payments) {
    const payer = after.get(from) ?? 0;
    const payee = after.get(to) ?? 0;
    if (payer < amount + fee) continue;
    after.set(from, payer - amount - fee);
    after.set(to, payee + amount);
  }
  return after;
}

/** Takes the payments out of what the reader's file exports. */
function paymentsIn({ payments }: Exports): readonly Payment[] {
  if (!Array.isArray(payments))
    throw new Error('Export a list of payments named "payments".');
  if (payments.length > coin.size)
    throw new Error(`A block holds at most ${coin.size} payments.`);
  for (const payment of payments as readonly unknown[]) {
    const { from, to, amount, fee } = (payment ?? {}) as Partial<Payment>;
    const isPayment = [from, to].every((one) => typeof one === 'string');
    if (!isPayment || typeof amount !== 'number' || typeof fee !== 'number')
      throw new Error('The list holds something that is no payment.');
    if (from !== mallory)
      throw new Error('Mallory can sign for nobody else: all payments are hers.');
  }
  return payments as readonly Payment[];
}

/** Says how many coins Mallory has. */
function answer(coins: number, why = ''): Answer {
  return coins >= WANTED
    ? { believes: true, words: `Mallory has ${coins} coins.` }
    : { believes: false, words: `${why}Mallory has ${coins} coins.` };
}

/** What the reader's own step says of a block with these payments. */
function ownAnswer(payments: readonly Payment[]): Answer {
  let accounts: Accounts = noAccounts;
  for (const [address, balance] of [
    [mallory, 10],
    [bob, 100],
  ] as const)
    accounts = withAccount(accounts, address, { balance, count: 0 });
  const fees = payments.reduce((sum, { fee }) => sum + fee, 0);
  const reward = { to: bob, amount: coin.reward + fees, root: '0'.repeat(64) };
  try {
    const data = [rewardLine(reward), ...payments.map(paymentLine)].join('\n');
    const after = applyBlock(coin, accounts, { ...genesis(), index: 1, data });
    if (typeof after === 'string') return answer(10, `It refuses the block: ${after}. `);
    return answer(accountOf(after, mallory).balance, 'It makes these payments. ');
  } catch (error) {
    return answer(10, `No line can say that (${(error as Error).message}) `);
  }
}

export const attack: Attack = {
  file: '09-coins.ts',
  goal: 'Let Mallory, who has 10 coins, have 1,000 after one block that Bob found.',
  start: `import type { Payment } from '#signatures';

const mallory = 'a'.repeat(64);
const bob = 'b'.repeat(64);
const signature = '0'.repeat(128); // nobody looks at it here

/** What Mallory pays in the block, at most 20 payments. So she gets poorer. */
export const payments: Payment[] = [
  { from: mallory, to: bob, amount: 5, fee: 1, count: 0, signature },
];
`,
  naive: (exports) => {
    const balances = new Map([
      [mallory, 10],
      [bob, 100],
    ]);
    return answer(naiveApply(balances, paymentsIn(exports)).get(mallory) ?? 0);
  },
  own: (exports) => ownAnswer(paymentsIn(exports)),
};

/** Some coins, and who may spend them. */
interface Output {
  readonly owner: string;
  readonly amount: number;
}

interface Transaction {
  readonly by: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly Output[];
}

function idOf({ by, inputs, outputs }: Transaction, place: number): string {
  const fields = outputs.flatMap(({ owner, amount }) => [owner, amount]);
  return hashFields([by, ...inputs, ...fields, place]);
}

/** What nobody has spent in the tests of exercise 1. */
const unspent = () =>
  new Map<string, Output>([
    ['first', { owner: 'Ada', amount: 10 }],
    ['second', { owner: 'Ada', amount: 5 }],
    ['third', { owner: 'Ben', amount: 7 }],
  ]);

/** Transactions that must be refused, each with the reason in words. */
const refused: readonly (readonly [what: string, transaction: Transaction])[] = [
  ['spends an output that is not there', { by: 'Ada', inputs: ['none'], outputs: [] }],
  [
    'spends what is not its own',
    { by: 'Ada', inputs: ['third'], outputs: [{ owner: 'Ada', amount: 7 }] },
  ],
  [
    'spends the same output twice',
    {
      by: 'Ada',
      inputs: ['first', 'first'],
      outputs: [{ owner: 'Ada', amount: 20 }],
    },
  ],
  [
    'gives out more than it takes',
    { by: 'Ada', inputs: ['first'], outputs: [{ owner: 'Ben', amount: 11 }] },
  ],
  [
    'gives out more than it takes, in several outputs',
    {
      by: 'Ada',
      inputs: ['first', 'second'],
      outputs: [
        { owner: 'Ben', amount: 8 },
        { owner: 'Ada', amount: 8 },
      ],
    },
  ],
  ...[-50, 0, 0.5, NaN].map(
    (amount) =>
      [
        `gives out ${amount} coins`,
        {
          by: 'Ada',
          inputs: ['first'],
          outputs: [
            { owner: 'Ben', amount },
            { owner: 'Ada', amount: 5 },
          ],
        },
      ] as const,
  ),
];

/** Shows the reader's ledger of outputs what is right and what is wrong. */
function checkOutputs(exports: Exports): void {
  const applyTransaction = functionIn(exports, 'applyTransaction');
  const honest: Transaction = {
    by: 'Ada',
    inputs: ['first', 'second'],
    outputs: [
      { owner: 'Ben', amount: 12 },
      { owner: 'Ada', amount: 2 },
    ],
  };
  const before = unspent();
  const after = applyTransaction(before, honest);
  if (!(after instanceof Map))
    throw new Error(
      'Ada spends her outputs of 10 and 5, gives Ben 12 and herself 2: that is right, and 1 is the fee. It must give a Map.',
    );
  if (before.size !== 3) throw new Error('The outputs that it is given must stay there.');
  const expected = new Map<string, Output>([
    ['third', { owner: 'Ben', amount: 7 }],
    ...honest.outputs.map((output, place) => [idOf(honest, place), output] as const),
  ]);
  const told = (outputs: Map<unknown, unknown>) =>
    JSON.stringify([...outputs].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
  if (told(after) !== told(expected))
    throw new Error(
      `It gives ${told(after)} where ${told(expected)} was expected: the inputs are gone, and the new outputs are there by their ids.`,
    );
  for (const [what, transaction] of refused)
    if (typeof applyTransaction(unspent(), transaction) !== 'string')
      throw new Error(`A transaction that ${what} must be refused with a sentence.`);
}

/** Builds blocks on a ledger of the reader's, and looks when rewards can be spent. */
function checkMaturity(exports: Exports): void {
  const [ada, ben] = [newKeys(), newKeys()];
  const first = genesis();
  const ledger = functionIn(exports, 'matureLedger')(first, coin) as Ledger<{
    accounts: Accounts;
  }>;
  if (typeof ledger !== 'object' || typeof ledger.apply !== 'function')
    throw new Error('matureLedger(genesis, coin) must give a ledger.');
  let [tip, state] = [first, ledger.initial];
  const next = (by: typeof ada, payments: readonly Payment[] = []) =>
    nextCoinBlock(coin, tip, state, payments, by.address, tip.timestamp + 1_000);
  const judge = (block: Block) => {
    const after = ledger.apply(state, block, tip);
    return typeof after === 'string' ? after : (ledger.verify?.(after, block) ?? after);
  };
  const grow = (block: Block, what: string) => {
    const reason = brokenRule(block, tip, ledger.rules);
    const after = reason ?? judge(block);
    if (typeof after === 'string') throw new Error(`${what} It says: ${after}.`);
    [tip, state] = [block, after];
  };
  const ofAda = (amount: number) =>
    pay(first.hash, ada, { to: ben.address, amount, fee: 1, count: 0 });
  grow(next(ada), 'Ada finds block 1, and that is right.');
  for (let index = 2; index <= 11; index += 1) {
    if (typeof judge(next(ben, [ofAda(10)])) !== 'string')
      throw new Error(
        `Ada found block 1, and pays with its reward in block ${index}: that is too early.`,
      );
    grow(next(ben), `Ben finds block ${index}, and that is right.`);
  }
  grow(
    next(ben, [ofAda(99)]),
    'In block 12 ten blocks lie between, and Ada may pay with the reward of block 1.',
  );
  const ofBen = (amount: number) =>
    pay(first.hash, ben, { to: ada.address, amount, fee: 0, count: 0 });
  // Of Ben's blocks 2 to 12 the first is old enough in block 13; and Ada has paid him 99.
  const old = coin.reward + 99;
  if (typeof judge(next(ben, [ofBen(old + 1)])) !== 'string')
    throw new Error(
      `In block 13 Ben has ${old} coins that are no young reward, and pays ${old + 1}: that is too much.`,
    );
  grow(
    next(ben, [ofBen(old)]),
    `In block 13 Ben may pay ${old} coins: the reward of block 2, and what Ada paid him.`,
  );
}

/** Lets the reader's faucet give coins, and makes the payments. */
function checkFaucet(exports: Exports): void {
  const give = functionIn(exports, 'give');
  const [faucet, ada, ben, cleo] = [newKeys(), newKeys(), newKeys(), newKeys()];
  const network = genesis().hash;
  const address = faucet.address;
  let accounts = withAccount(noAccounts, address, { balance: 25, count: 7 });
  accounts = withAccount(accounts, ben.address, { balance: 0, count: 3 });
  const ask = (people: readonly string[], at: Accounts = accounts) => {
    const payments = give(network, faucet, at, Object.freeze([...people]));
    if (!Array.isArray(payments)) throw new Error('give must return a list of payments.');
    return payments as Payment[];
  };
  const made = (people: readonly string[]) => {
    let after = accounts;
    for (const payment of ask(people)) {
      const next = applyPayment(after, payment);
      if (typeof next === 'string')
        throw new Error(`One of the payments cannot be made: ${next}.`);
      const { signature, from, amount, fee } = payment;
      if (!isSigned(paymentText(network, payment), signature, from))
        throw new Error('One of the payments is not signed.');
      if (amount !== 5 || fee !== 1)
        throw new Error('Each payment is one of 5 coins, with a fee of 1.');
      after = next;
    }
    return ask(people).map(({ to }) => to);
  };
  const cases: [what: string, people: string[], expected: string[]][] = [
    [
      'two people without an account',
      [ada.address, cleo.address],
      [ada.address, cleo.address],
    ],
    ['nobody', [], []],
    ['one who asks twice', [ada.address, ada.address], [ada.address]],
    ['one who has an account', [ben.address, ada.address], [ada.address]],
    ['itself', [address, ada.address], [ada.address]],
  ];
  for (const [what, people, expected] of cases)
    if (made(people).join() !== expected.join())
      throw new Error(
        `Where ${what} asked, there must be ${expected.length} payments, and there are ${made(people).length} or other ones.`,
      );
  const crowd = Array.from({ length: 9 }, () => newKeys().address);
  if (made(crowd).join() !== crowd.slice(0, 4).join())
    throw new Error(
      `With 25 coins it can give 4 people 5 coins, and has 1 left: where nine ask, there are ${made(crowd).length} payments.`,
    );
}

export const exercises: readonly Exercise[] = [
  {
    number: 1,
    file: '9.1-outputs.ts',
    start: `import { hashFields } from '#hashing';

/** Some coins, and who may spend them. */
export interface Output {
  readonly owner: string;
  readonly amount: number;
}

/** Spends outputs, and makes others instead. */
export interface Transaction {
  /** Who signed it, and so the only one whose outputs it may spend. */
  readonly by: string;
  /** The ids of the outputs that it spends. */
  readonly inputs: readonly string[];
  readonly outputs: readonly Output[];
}

/** All that nobody has spent yet, by its id. */
export type Unspent = ReadonlyMap<string, Output>;

/** Returns the id of an output: of which transaction it is, and in which place. */
export function idOf({ by, inputs, outputs }: Transaction, place: number): string {
  const fields = outputs.flatMap(({ owner, amount }) => [owner, amount]);
  return hashFields([by, ...inputs, ...fields, place]);
}

/** Returns what is unspent after a transaction, or a sentence that says why it cannot be. */
export function applyTransaction(
  unspent: Unspent,
  transaction: Transaction,
): Unspent | string {
  throw new Error('TODO: take the inputs away, and put the outputs there.');
}
`,
    check: checkOutputs,
  },
  {
    number: 2,
    file: '9.2-maturity.ts',
    start: `import { coinLedger, type Coin, type CoinState, type Reward } from '#accounts';
import type { Block } from '#blocks';
import type { Ledger } from '#consensus';

/** After how many blocks a reward may be spent. */
export const MATURITY = 10;

/** What is known after a block: the accounts, and the rewards of the last ten blocks. */
export interface MatureState extends CoinState {
  readonly rewards: readonly Reward[];
}

/**
 * Returns the ledger of a coin in which nobody pays with rewards that are younger: who pays in a
 * block has after it at least all rewards that the block and the ten before it brought him.
 */
export function matureLedger(genesis: Block, coin: Coin): Ledger<MatureState> {
  throw new Error('TODO: ask coinLedger, and then look at the rewards.');
}
`,
    check: checkMaturity,
  },
  {
    number: 3,
    file: '9.3-faucet.ts',
    start: `import type { Accounts } from '#accounts';
import type { Keys, Payment } from '#signatures';

/**
 * Returns payments of 5 coins with a fee of 1 to people who have no account yet: one to each, in the
 * order in which they ask, as long as the coins last. They can be made one after the other.
 */
export function give(
  network: string,
  keys: Keys,
  accounts: Accounts,
  people: readonly string[],
): Payment[] {
  throw new Error('TODO: pay those who have nothing.');
}
`,
    check: checkFaucet,
  },
];
