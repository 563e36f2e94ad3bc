import {
  accountOf,
  applyPayment,
  noAccounts,
  withAccount,
  type Accounts,
} from '#accounts';
import { Pool } from '#mempool';
import { paymentId, type Order, type Payment } from '#signatures';
import { functionIn } from './exports.ts';
import type { Attack, Exercise, Exports } from './practice.ts';

const [MALLORY, BOB] = ['a'.repeat(64), 'b'.repeat(64)] as const;
const COINS = 100;

/** The naive pool: a payment may wait if its payer has the coins for it. */
export function naivePick(waiting: readonly Payment[], accounts: Accounts): Payment[] {
  return waiting.filter(
    ({ from, amount, fee }) => accountOf(accounts, from).balance >= amount + fee,
  );
}

/** The accounts at the beginning: Mallory has all coins there are. */
const accounts = withAccount(noAccounts, MALLORY, { balance: COINS, count: 0 });

/** Takes Mallory's payments out of what the reader's file exports. */
function paymentsOf({ orders }: Exports): Payment[] {
  if (!Array.isArray(orders) || orders.length === 0)
    throw new Error('Export a list named "orders": what Mallory pays.');
  return (orders as readonly Partial<Order>[]).map(({ to, amount, fee, count }, i) => {
    const areCounts = [amount, fee, count].every((n) => Number.isSafeInteger(n));
    if (typeof to !== 'string' || !areCounts || Number(amount) < 1 || Number(fee) < 0)
      throw new Error(
        'Each of the orders needs an address "to", and the whole numbers amount, fee and count.',
      );
    const numbers = { amount: Number(amount), fee: Number(fee), count: Number(count) };
    // The pool does not look at signatures: whoever gives it a payment has checked that.
    const signature = i.toString(16).padStart(128, '0');
    return { from: MALLORY, to, ...numbers, signature };
  });
}

const spentBy = (payments: readonly Payment[]) =>
  payments.reduce((sum, { amount }) => sum + amount, 0);

export const attack: Attack = {
  file: '10-ten-times.ts',
  goal: 'Let Mallory, who has 100 coins, pay at least 900 in a single block.',
  start: `import type { Order } from '#signatures';

const bob = 'b'.repeat(64);

/** What Mallory pays, who has 100 coins. */
export const orders: Order[] = [{ to: bob, amount: 99, fee: 1, count: 0 }];
`,
  naive: (exports) => {
    const picked = naivePick(paymentsOf(exports), accounts);
    const spent = spentBy(picked);
    return {
      believes: spent >= 9 * COINS,
      words: `It puts ${picked.length} of them into a block, and pays ${spent} coins with her ${COINS}.`,
    };
  },
  own: (exports) => {
    const payments = paymentsOf(exports);
    const pool = new Pool();
    for (const payment of payments) pool.add(payment, accounts);
    const picked = pool.pick(payments.length, accounts);
    let now: Accounts = accounts;
    for (const payment of picked) {
      const after = applyPayment(now, payment);
      if (typeof after === 'string')
        return {
          believes: true,
          words: `It picks a payment that cannot be made: ${after}.`,
        };
      now = after;
    }
    const parked = payments.filter((one) => pool.isParked(paymentId(one))).length;
    return {
      believes: spentBy(picked) > COINS,
      words: `It puts ${picked.length} into a block, for ${spentBy(picked)} coins, and ${parked} are parked.`,
    };
  },
};

/** A payment of a payer of its own, with this fee. */
const withFee = (fee: number, payer: number): Payment => ({
  from: payer.toString(16).padStart(64, '0'),
  to: BOB,
  amount: 1,
  fee,
  count: 0,
  signature: 'c'.repeat(128),
});

/** Compares the fee that the reader's function names with what miners do then. */
function checkEstimate(exports: Exports): void {
  const feeFor = functionIn(exports, 'feeFor');
  const cases: [fees: number[], size: number, blocks: number][] = [
    [[], 3, 1],
    [[5, 5], 3, 1],
    [[5, 9, 2], 3, 1],
    [[5, 9, 2, 7], 3, 1],
    [[4, 4, 4, 4, 4, 4], 2, 2],
    [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 3, 2],
    [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 3, 3],
    [[1, 30, 2, 20, 3, 10], 1, 4],
  ];
  for (const [fees, size, blocks] of cases) {
    const waiting = Object.freeze(fees.map(withFee));
    const found = feeFor(waiting, size, blocks);
    const better = (fee: number) => fees.filter((other) => other >= fee).length;
    let right = 1;
    while (better(right) >= size * blocks) right += 1;
    if (found !== right)
      throw new Error(
        `Where ${fees.length === 0 ? 'nothing waits' : `the fees ${fees.join(', ')} wait`}, and a block holds ${size}, ` +
          `it takes a fee of ${right} to be in within ${blocks}, and not ${String(found)}.`,
      );
  }
}

/** Lets payments wait, and looks when the reader's class says that they are too old. */
function checkExpiry({ Expiry }: Exports): void {
  if (typeof Expiry !== 'function') throw new Error('Export a class named "Expiry".');
  const make = Expiry as new (maxAge: number) => { tick?: unknown };
  const expiry = new make(3);
  const tick = (pool: Pool): string[] => {
    if (typeof expiry.tick !== 'function')
      throw new Error('The class needs a method tick(pool).');
    const ids: unknown = (expiry.tick as (pool: Pool) => unknown).call(expiry, pool);
    if (!Array.isArray(ids)) throw new Error('tick(pool) must give a list of ids.');
    return (ids as string[]).slice().sort();
  };
  const expect = (pool: Pool, payments: readonly Payment[], when: string) => {
    const ids = tick(pool);
    const right = payments.map(paymentId).sort();
    if (JSON.stringify(ids) !== JSON.stringify(right))
      throw new Error(`${when}, ${right.length} are too old, and not ${ids.length}.`);
  };
  const rich = [1, 2].reduce(
    (all: Accounts, payer) =>
      withAccount(all, withFee(1, payer).from, { balance: 100, count: 0 }),
    noAccounts,
  );
  const [first, second, better] = [withFee(1, 1), withFee(1, 2), withFee(2, 2)];
  const pool = new Pool();
  expect(pool, [], 'Where nothing waits');
  pool.add(first, rich);
  expect(pool, [], 'At the first tick that sees a payment');
  pool.add(second, rich);
  expect(pool, [], 'One tick after that');
  expect(pool, [], 'Two ticks after that');
  expect(pool, [first], 'Three ticks after a payment was seen first');
  pool.add(better, rich); // replaces the second one, and is young
  expect(pool, [first], 'When the second payment has been replaced');
  const other = new Pool();
  expect(other, [], 'When nothing waits any more');
  other.add(first, rich);
  expect(other, [], 'When a payment waits again that was gone for a tick');
}

export const exercises: readonly Exercise[] = [
  {
    number: 1,
    file: '10.1-fee.ts',
    start: `import type { Payment } from '#signatures';

/** Returns the lowest fee with which a payment gets into one of the next \`blocks\` blocks. */
export function feeFor(waiting: readonly Payment[], size: number, blocks: number): number {
  return 1;
}
`,
    check: checkEstimate,
  },
  {
    number: 2,
    file: '10.2-expiry.ts',
    start: `import type { Pool } from '#mempool';

/** Knows since when each payment waits. */
export class Expiry {
  readonly #maxAge: number;

  /** @param maxAge - for how many ticks a payment may wait */
  constructor(maxAge: number) {
    this.#maxAge = maxAge;
  }

  /** A second has passed: returns the ids of payments that have waited too long. */
  tick(pool: Pool): string[] {
    return [];
  }
}
`,
    check: checkExpiry,
  },
];
