/** Payers and payments for the tests of this step. */
import {
  coinGenesis,
  coinLedger,
  noAccounts,
  withAccount,
  type Accounts,
} from '#accounts';
import { BlockTree } from '#consensus';
import { sha256 } from '#hashing';
import { newKeys, pay, paymentId, type Keys, type Payment } from '#signatures';

/** When the genesis block was made. */
export const START = 1_700_000_000_000;

/** A network with small blocks: three payments each. */
export const coin = { reward: 100, halving: 100_000, size: 3 };
export const genesis = coinGenesis(coin, { timestamp: START });

/** A tree that holds nothing but its genesis block. */
export const newTree = () => new BlockTree(genesis, coinLedger(genesis, coin));

/** An address that nobody has the keys of. The pool does not look at signatures. */
export const addressOf = (name: string) => sha256(name);

/** Accounts of these names: so many coins, and perhaps so many payments made. */
export function accountsWith(
  what: Readonly<Record<string, number | readonly [balance: number, count: number]>>,
): Accounts {
  let accounts = noAccounts;
  for (const [name, value] of Object.entries(what)) {
    const [balance, count] = typeof value === 'number' ? [value, 0] : value;
    accounts = withAccount(accounts, addressOf(name), { balance, count });
  }
  return accounts;
}

/** What is said of a payment for the pool; what is left out is as usual. */
export interface Wish {
  readonly from?: string;
  readonly to?: string;
  readonly amount?: number;
  readonly fee?: number;
  readonly count?: number;
}

/** A payment whose signature the pool does not look at. */
export function payment(wish: Wish = {}): Payment {
  const { from = 'Alice', to = 'Bob', amount = 1, fee = 1, count = 0 } = wish;
  const signature = sha256(JSON.stringify([from, to, amount, fee, count])).repeat(2);
  return { from: addressOf(from), to: addressOf(to), amount, fee, count, signature };
}

/** Their ids. */
export const idsOf = (payments: readonly Payment[]) => payments.map(paymentId);

/** Keys that stay the same while the tests run, by name. */
const keys = new Map<string, Keys>();
export function keysOf(name: string): Keys {
  const own = keys.get(name) ?? newKeys();
  keys.set(name, own);
  return own;
}

/** A payment with its signature. */
export function signed(name: string, wish: Wish = {}, network = genesis.hash): Payment {
  const { to = 'Bob', amount = 1, fee = 1, count = 0 } = wish;
  return pay(network, keysOf(name), { to: keysOf(to).address, amount, fee, count });
}

/** Accounts of those who sign: so many coins each, and so many payments made. */
export function accountsOfKeys(
  what: Readonly<Record<string, number>>,
  count = 0,
): Accounts {
  let accounts = noAccounts;
  for (const [name, balance] of Object.entries(what))
    accounts = withAccount(accounts, keysOf(name).address, { balance, count });
  return accounts;
}
