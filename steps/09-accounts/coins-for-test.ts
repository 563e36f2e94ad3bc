/** Accounts, payments and blocks for the tests of this step. */
import { expect } from '@jest/globals';
import fc from 'fast-check';
import { genesisBlock, hashBlock, nextBlock, type Block } from '#blocks';
import { sha256 } from '#hashing';
import { leadingZeroBits } from '#proof-of-work';
import { pay, paymentLine, type Keys, type Order, type Payment } from '#signatures';
import {
  accountOf,
  applyPayment,
  listAccounts,
  noAccounts,
  coinGenesis,
  credit,
  rewardLine,
  sealLines,
  stateRoot,
  withAccount,
  type Account,
  type Accounts,
  type Coin,
} from '#accounts';

/** When the genesis block was made. */
export const START = 1_700_000_000_000;

/** What time it is: a day later. */
export const NOW = START + 86_400_000;

/** The largest number that JavaScript keeps exactly, 2^53 - 1. */
export const MOST = Number.MAX_SAFE_INTEGER;

/** The address of somebody, of whose keys the test needs nothing. */
export const addressOf = (name: string) => sha256(name);

export const [ada, ben, cleo] = ['Ada', 'Ben', 'Cleo'].map(addressOf) as [
  string,
  string,
  string,
];

/** Some root, where it does not matter which. */
export const ROOT = '0'.repeat(64);

export const coin: Coin = { reward: 100, halving: 10, size: 3 };

/** A payment of Ada to Ben, unless something else is said; nobody has signed it. */
export const payment = (changes: Partial<Payment> = {}): Payment => ({
  from: ada,
  to: ben,
  amount: 5,
  fee: 1,
  count: 0,
  signature: '0'.repeat(128),
  ...changes,
});

/** Accounts as they are told here: a balance, and perhaps a count, by the address. */
export type Told = Readonly<Record<string, number | readonly [number, number]>>;

/** Writes some accounts, one after the other. */
export function accountsOf(told: Told): Accounts {
  let accounts = noAccounts;
  for (const [address, value] of Object.entries(told)) {
    const [balance, count] = typeof value === 'number' ? [value, 0] : value;
    accounts = withAccount(accounts, address, { balance, count });
  }
  return accounts;
}

/** All accounts by their address. */
export const allOf = (accounts: Accounts): Record<string, Account> =>
  Object.fromEntries(listAccounts(accounts));

/** Expects of somebody a balance, and a count. */
export function expectAccount(
  accounts: Accounts | string,
  address: string,
  [balance, count]: readonly [number, number],
): void {
  if (typeof accounts === 'string')
    throw new Error(`Accounts were expected: ${accounts}`);
  expect(accountOf(accounts, address)).toEqual({ balance, count });
}

/** Expects a reason in words. */
export function expectRefused(result: unknown): void {
  if (typeof result === 'string' && /\w+ \w+/.test(result)) return;
  const isShort = result === undefined || typeof result === 'string';
  const isAccount = typeof result === 'object' && result !== null && 'balance' in result;
  const found = isShort || isAccount ? JSON.stringify(result) : 'accounts';
  throw new Error(
    `A sentence was expected that says why this cannot be. There came: ${found}.`,
  );
}

/** A block with this index and these lines. Nothing else is right about it. */
export const blockOf = (index: number, lines: readonly string[]): Block => ({
  ...genesisBlock({ timestamp: START }),
  index,
  data: lines.join('\n'),
});

/** A block that rewards Cleo with so much, and has these payments in it. */
export const blockWith = (
  amount: number,
  payments: readonly Payment[] = [],
  index = 1,
): Block =>
  blockOf(index, [
    rewardLine({ to: cleo, amount, root: ROOT }),
    ...payments.map(paymentLine),
  ]);

/** Coins in all. */
export const supplyOf = (accounts: Accounts): number =>
  Object.values(allOf(accounts)).reduce((sum, { balance }) => sum + balance, 0);

/** Addresses of which some may come again. */
export const anyAddress = fc.nat(40).map((n) => addressOf(`person ${n}`));

export const anyAccount: fc.Arbitrary<Account> = fc.record({
  balance: fc.maxSafeNat(),
  count: fc.maxSafeNat(),
});

/** Writes of accounts, one after the other, some of them to the same address. */
export const anyWrites = fc.array(fc.tuple(anyAddress, anyAccount), { maxLength: 60 });

/** Texts that a stranger might put where a line should be. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '',
    '[',
    'null',
    '[[[[[[',
    '\ud800',
    '["\ud800"]',
    '[]',
    '{}',
    '\uFEFF',
    '{"__proto__":1}',
    '["reward"]',
    '["reward",null,null,null]',
    '['.repeat(100_000),
    '9'.repeat(100_000),
  ),
);

/** Ways to write the same line otherwise, or to change it a little. */
export const respelled: [string, (line: string) => string][] = [
  ['a space at its end', (line) => `${line} `],
  ['a space before it', (line) => ` ${line}`],
  ['a space after a comma', (line) => line.replace(',', ', ')],
  ['a carriage return at its end', (line) => `${line}\r`],
  ['a byte order mark', (line) => `\uFEFF${line}`],
  [
    'an escaped letter',
    (line) =>
      line.replace(/[a-z]/, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`),
  ],
  ['one more field', (line) => line.replace(/\]$/, ',0]')],
  ['a list around it', (line) => `[${line}]`],
  ['a number with an exponent', (line) => line.replace(/,100,/, ',1e2,')],
  ['a number with a fraction', (line) => line.replace(/,100,/, ',100.0,')],
  ['a number as a text', (line) => line.replace(/,100,/, ',"100",')],
  ['a number below 0', (line) => line.replace(/,100,/, ',-100,')],
  ['a fraction', (line) => line.replace(/,100,/, ',100.5,')],
  ['a number that is rounded', (line) => line.replace(/,100,/, ',9007199254740993,')],
  ['a number that is not exact', (line) => line.replace(/,100,/, ',9007199254740992,')],
  ['minus zero', (line) => line.replace(/,100,/, ',-0,')],
  ['nothing for a number', (line) => line.replace(/,100,/, ',null,')],
];

/** Keys of some people, which are in nobody's pocket: these lines are public. */
export const keys = {
  ada: {
    address: '09f0181af6ba5c1df88e53ec3be7b947d001792ec6071c7327e121a05a61a6e5',
    secret: 'd7fb79d92a2d9f9fadaeb9f4251f20a41758fd023854f3185a624801c80354cd',
  },
  ben: {
    address: 'ff5edf79f8fdd5a985c0017cb8931478339cec9d041a560b25eb5c37972e4166',
    secret: '18e4a8dc8b1a44eef8133d831e6b96530b4613781be380a232c0367addbd5340',
  },
  mallory: {
    address: 'd159e25b17df85a9a6cf3db3da208244f170acfc16bb72d896d3742929fcb26d',
    secret: 'a62bfe436c4e2aba48d236017dc4b1e23a11a20b8ec81ff15104330d716aa099',
  },
} as const;

/** Returns the block, with a nonce that gives it its work and the hash that it then has. */
export function withWork(block: Block): Block {
  for (let nonce = 0; ; nonce += 1) {
    const hash = hashBlock({ ...block, nonce });
    if (leadingZeroBits(hash) >= block.difficulty) return { ...block, nonce, hash };
  }
}

/** The first block of a network with coins, which asks for little work. */
export const newNetwork = () =>
  withWork(coinGenesis(coin, { timestamp: START, difficulty: 4 }));

/** A payment that is signed for a network: of Ada to Ben, unless something else is said. */
export const signed = (
  network: Block,
  order: Partial<Order> = {},
  payer: Keys = keys.ada,
): Payment =>
  pay(network.hash, payer, {
    to: keys.ben.address,
    amount: 5,
    fee: 1,
    count: 0,
    ...order,
  });

/** Seals and mines the block after `previous` that has these lines. */
export const minedLines = (previous: Block, lines: readonly string[]): Block =>
  withWork(sealLines(nextBlock(previous, lines.join('\n'), NOW)));

/**
 * Mines the block after `previous`, the reward of which goes to Ada: with the right amount, and
 * the right root if the payments can be made.
 *
 * @param accounts - those after `previous`
 */
export function minedCoins(
  previous: Block,
  accounts: Accounts,
  payments: readonly Payment[] = [],
): Block {
  let after = accounts;
  let amount = Math.floor(
    coin.reward / 2 ** Math.floor((previous.index + 1) / coin.halving),
  );
  for (const one of payments) {
    const next = applyPayment(after, one);
    if (typeof next !== 'string') after = next;
    amount += one.fee;
  }
  const to = keys.ada.address;
  const root = stateRoot(credit(after, to, amount));
  return minedLines(previous, [
    rewardLine({ to, amount, root }),
    ...payments.map(paymentLine),
  ]);
}
