import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyPayment, noAccounts, type Accounts } from '#accounts';
import { Pool } from '#mempool';
import { paymentId, type Payment } from '#signatures';
import { accountsWith, addressOf, idsOf, payment } from './payments-for-test.ts';

const rich = accountsWith({ Alice: 1_000, Bob: 1_000, Carol: 1_000 });

/** A text that says why something is not taken. */
const aReason: unknown = expect.stringMatching(/\w{2}/);

/** Adds payments that the pool must take. */
function addAll(pool: Pool, payments: readonly Payment[], accounts = rich): void {
  for (const one of payments) {
    const reason = pool.add(one, accounts);
    if (reason !== undefined)
      throw new Error(`A payment should be taken, and is not: ${reason}.`);
  }
}

/** A pool that has taken these. */
function poolWith(payments: readonly Payment[], accounts = rich): Pool {
  const pool = new Pool();
  addAll(pool, payments, accounts);
  return pool;
}

const queue = (length: number, from = 'Alice', fee = 1) =>
  Array.from({ length }, (_, count) => payment({ from, fee, count }));

describe('Task 2: payments that wait', () => {
  it('begins with nothing', () => {
    const pool = new Pool();
    expect([pool.size, [...pool.waiting], pool.of(addressOf('Alice'))]).toEqual([
      0,
      [],
      [],
    ]);
    expect(pool.get('0'.repeat(64))).toBeUndefined();
  });

  it('takes a payment, and gives it back by its id', () => {
    const one = payment();
    const pool = poolWith([one]);
    expect(pool.get(paymentId(one))).toEqual(one);
    expect(pool.size).toBe(1);
    expect([...pool.waiting]).toEqual([[paymentId(one), one]]);
  });

  it('takes the same payment again without a word, and has it once', () => {
    const one = payment();
    const pool = poolWith([one, { ...one }, one]);
    expect(pool.size).toBe(1);
    expect(pool.of(addressOf('Alice'))).toEqual([one]);
  });

  it('lists what waits as it came', () => {
    const some = [
      payment({ from: 'Carol' }),
      payment({ count: 1 }),
      payment({ from: 'Bob' }),
      payment({ count: 0 }),
    ];
    expect([...poolWith(some).waiting.keys()]).toEqual(idsOf(some));
  });

  it('lists what waits of one payer in the order of the counts', () => {
    const counts = [2, 0, 11, 1, 10];
    const pool = poolWith(counts.map((count) => payment({ count })));
    addAll(pool, [payment({ from: 'Bob' })]);
    const found = pool.of(addressOf('Alice')).map(({ count }) => count);
    expect(found).toEqual([0, 1, 2, 10, 11]);
  });

  it('refuses a fee of 0: a flood of payments must cost something', () => {
    const pool = new Pool();
    expect(pool.add(payment({ fee: 0 }), rich)).toEqual(aReason);
    expect(pool.size).toBe(0);
  });

  it('refuses a count that is used', () => {
    const pool = new Pool();
    const accounts = accountsWith({ Alice: [100, 3] });
    for (const count of [0, 1, 2])
      expect(pool.add(payment({ count }), accounts)).toEqual(aReason);
    addAll(pool, [payment({ count: 3 })], accounts);
    expect(pool.size).toBe(1);
  });

  it("refuses a count that is 64 or more ahead of the payer's next one", () => {
    const pool = new Pool();
    const accounts = accountsWith({ Alice: [100, 3] });
    for (const count of [67, 68, Number.MAX_SAFE_INTEGER])
      expect(pool.add(payment({ count }), accounts)).toEqual(aReason);
    addAll(pool, [payment({ count: 66 })], accounts);
    expect(pool.size).toBe(1);
  });

  it('lets 64 payments of one payer wait, and others beside them', () => {
    const pool = poolWith(queue(64));
    expect(pool.add(payment({ count: 64 }), rich)).toEqual(aReason);
    addAll(pool, [payment({ from: 'Bob' })]);
    expect(pool.size).toBe(65);
  });

  it('parks what cannot be made yet, since one before it is missing', () => {
    const [first, second, third] = [0, 1, 2].map((count) => payment({ count }));
    if (!first || !second || !third) throw new Error('There are three.');
    const pool = poolWith([third, first]);
    expect([pool.isParked(paymentId(third)), pool.isParked(paymentId(first))]).toEqual([
      true,
      false,
    ]);
    addAll(pool, [second]);
    expect(idsOf([first, second, third]).map((id) => pool.isParked(id))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('parks what cannot be made yet, since the coins are missing', () => {
    const some = Array.from({ length: 10 }, (_, count) =>
      payment({ count, amount: 999 }),
    );
    const pool = poolWith(some);
    const parked = idsOf(some).filter((id) => pool.isParked(id));
    expect(parked).toEqual(idsOf(some.slice(1)));
    const stranger = payment({ from: 'Nobody' });
    addAll(pool, [stranger]);
    expect(pool.isParked(paymentId(stranger))).toBe(true);
  });

  it('says of nothing that it is parked, if it does not wait', () => {
    expect(poolWith(queue(3)).isParked('0'.repeat(64))).toBe(false);
  });
});

describe('Task 3: a higher fee', () => {
  const low = payment({ fee: 2, to: 'Bob' });

  it('replaces a payment by one with the same count and a higher fee', () => {
    const pool = poolWith([low]);
    const high = payment({ fee: 3, to: 'Carol' });
    addAll(pool, [high]);
    expect(pool.size).toBe(1);
    expect(pool.get(paymentId(low))).toBeUndefined();
    expect([...pool.waiting.values()]).toEqual([high]);
    expect(pool.of(addressOf('Alice'))).toEqual([high]);
  });

  it.each([1, 2])('keeps what waits with a fee of 2, if the new one has %d', (fee) => {
    const pool = poolWith([low]);
    expect(pool.add(payment({ fee, to: 'Carol' }), rich)).toEqual(aReason);
    expect([...pool.waiting.values()]).toEqual([low]);
  });

  it('replaces nothing of another payer or with another count', () => {
    const some = [low, payment({ count: 1, fee: 9 }), payment({ from: 'Bob', fee: 9 })];
    expect(poolWith(some).size).toBe(3);
  });

  it('lets what was parked behind a stuck payment go on when a better one replaces it', () => {
    const stuck = payment({ amount: 5_000 });
    const behind = payment({ count: 1 });
    const pool = poolWith([stuck, behind]);
    expect(pool.isParked(paymentId(behind))).toBe(true);
    addAll(pool, [payment({ amount: 5, fee: 2 })]);
    expect(pool.isParked(paymentId(behind))).toBe(false);
  });

  it('parks what stands behind a payment that is replaced by a dearer one', () => {
    const behind = payment({ count: 1, amount: 500 });
    const pool = poolWith([payment({ amount: 1 }), behind]);
    expect(pool.isParked(paymentId(behind))).toBe(false);
    addAll(pool, [payment({ amount: 600, fee: 2 })]);
    expect(pool.isParked(paymentId(behind))).toBe(true);
  });

  it('forgets that a payment was parked once it is replaced', () => {
    const stuck = payment({ amount: 5_000 });
    const pool = poolWith([stuck, payment({ amount: 5, fee: 2 })]);
    expect(pool.isParked(paymentId(stuck))).toBe(false);
  });
});

/** What the next block would hold, worked out the simplest way: try all, take the best. */
function bestFirst(
  some: readonly Payment[],
  limit: number,
  accounts: Accounts,
): number[] {
  const left = [...some];
  const fees: number[] = [];
  let now = accounts;
  while (fees.length < limit) {
    const can = left.filter((one) => typeof applyPayment(now, one) !== 'string');
    const [best] = can.sort((a, b) => b.fee - a.fee);
    const after = best && applyPayment(now, best);
    if (best === undefined || after === undefined || typeof after === 'string') break;
    left.splice(left.indexOf(best), 1);
    fees.push(best.fee);
    now = after;
  }
  return fees;
}

describe('Task 4: what a miner picks', () => {
  it('picks nothing where nothing waits, or nothing is wanted', () => {
    expect(new Pool().pick(10, rich)).toEqual([]);
    expect(poolWith(queue(3)).pick(0, rich)).toEqual([]);
  });

  it('picks the highest fees first', () => {
    const some = [
      payment({ from: 'Alice', fee: 3 }),
      payment({ from: 'Bob', fee: 9 }),
      payment({ from: 'Carol', fee: 5 }),
    ];
    const fees = poolWith(some)
      .pick(10, rich)
      .map(({ fee }) => fee);
    expect(fees).toEqual([9, 5, 3]);
  });

  it('picks no more than is asked for', () => {
    expect(poolWith(queue(10)).pick(4, rich)).toEqual(queue(4));
  });

  it('keeps the payments of a payer in the order of their counts, whatever their fees', () => {
    const some = [
      payment({ fee: 1, count: 0 }),
      payment({ fee: 9, count: 1 }),
      payment({ from: 'Bob', fee: 5 }),
    ];
    const fees = poolWith(some)
      .pick(3, rich)
      .map(({ fee }) => fee);
    expect(fees).toEqual([5, 1, 9]);
  });

  it('is not held up by a payment that cannot be made, however high its fee', () => {
    const some = [
      payment({ from: 'Nobody', fee: 900 }),
      payment({ from: 'Bob', fee: 800, count: 1 }),
      payment({ from: 'Carol', fee: 700, amount: 5_000 }),
      payment({ fee: 1 }),
    ];
    expect(poolWith(some).pick(3, rich)).toEqual([payment({ fee: 1 })]);
  });

  it('lets a payee pay what was received at an earlier place', () => {
    const accounts = accountsWith({ Alice: 100 });
    const some = [
      payment({ from: 'Alice', to: 'Dora', amount: 50, fee: 2 }),
      payment({ from: 'Dora', to: 'Emil', amount: 40, fee: 7 }),
      payment({ from: 'Emil', to: 'Alice', amount: 30, fee: 9 }),
    ];
    const pool = poolWith(some, accounts);
    expect(pool.pick(3, accounts)).toEqual(some);
    expect(pool.pick(2, accounts)).toEqual(some.slice(0, 2));
  });

  it('knows that who pays to itself has the amount again, but not the fee', () => {
    const accounts = accountsWith({ Alice: 10 });
    const own = { to: 'Alice', amount: 9, fee: 1 };
    const some = [payment({ ...own, count: 0 }), payment({ ...own, count: 1 })];
    expect(poolWith(some, accounts).pick(2, accounts)).toEqual(some.slice(0, 1));
    const less = [
      payment({ ...own, count: 0 }),
      payment({ ...own, amount: 8, count: 1 }),
    ];
    expect(poolWith(less, accounts).pick(2, accounts)).toEqual(less);
  });

  it('goes by the accounts that it is given, and takes nothing out', () => {
    const pool = poolWith(queue(5));
    const later = accountsWith({ Alice: [1_000, 2] });
    expect(pool.pick(9, later).map(({ count }) => count)).toEqual([2, 3, 4]);
    expect(pool.pick(9, noAccounts)).toEqual([]);
    expect(pool.pick(9, rich)).toEqual(queue(5));
    expect(pool.size).toBe(5);
  });

  it('picks at each place the highest fee of all that can be made there', () => {
    const names = ['Alice', 'Bob', 'Carol', 'Dora'] as const;
    const wish = fc.record({
      from: fc.constantFrom(...names),
      to: fc.constantFrom(...names),
      amount: fc.integer({ min: 1, max: 60 }),
      fee: fc.integer({ min: 1, max: 9 }),
      count: fc.nat(3),
    });
    const some = fc.uniqueArray(wish, {
      selector: ({ from, count }) => `${from} ${count}`,
      maxLength: 16,
    });
    const accounts = accountsWith({ Alice: 100, Bob: 40, Carol: 10 });
    fc.assert(
      fc.property(some, fc.nat(16), (wishes, limit) => {
        const payments = wishes.map((one) => payment(one));
        const picked = poolWith(payments, accounts).pick(limit, accounts);
        let now: Accounts = accounts;
        for (const one of picked) {
          const after = applyPayment(now, one);
          if (typeof after === 'string') throw new Error(`It cannot be made: ${after}.`);
          now = after;
        }
        const fees = picked.map(({ fee }) => fee);
        // Where two have the same fee, either may come first, and what follows may differ.
        const isClear = new Set(payments.map(({ fee }) => fee)).size === payments.length;
        const best = bestFirst(payments, limit, accounts);
        if (isClear) expect(fees).toEqual(best);
        else expect(fees[0]).toBe(best[0]);
      }),
    );
  });
});

/** So many payers with coins. */
const crowd = (count: number, balance = 1_000) =>
  accountsWith(
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`payer ${i}`, balance])),
  );
const everybody = crowd(5_200);
const of = (i: number, wish: { fee?: number; count?: number; amount?: number } = {}) =>
  payment({ from: `payer ${i}`, fee: 5, ...wish });

/** A pool in which 5,000 payments wait, one of each payer, none of them parked. */
const fullPool = () =>
  poolWith(
    Array.from({ length: 5_000 }, (_, i) => of(i)),
    everybody,
  );

describe('Task 5: a full pool', () => {
  it('refuses a payment with a fee no higher than the lowest that waits', () => {
    const pool = fullPool();
    for (const fee of [1, 4, 5])
      expect(pool.add(of(5_001, { fee }), everybody)).toEqual(aReason);
    expect(pool.size).toBe(5_000);
    expect(pool.get(paymentId(of(0)))).toBeDefined();
  });

  it('lets the lowest fee go for a higher one, and of equal ones that which came last', () => {
    const pool = poolWith(
      Array.from({ length: 5_000 }, (_, i) => of(i, { fee: i === 7 || i === 9 ? 2 : 5 })),
      everybody,
    );
    addAll(pool, [of(5_001, { fee: 6 })], everybody);
    expect(pool.get(paymentId(of(9, { fee: 2 })))).toBeUndefined();
    expect(pool.get(paymentId(of(7, { fee: 2 })))).toBeDefined();
    expect(pool.size).toBe(5_000);
  });

  it('takes no high fee for a shield: what must wait for a low one goes before it', () => {
    const pool = new Pool();
    // One payer's last payment has a giant fee, but a miner gets it only after a poor one.
    addAll(pool, [of(0, { fee: 1 }), of(0, { fee: 900, count: 1 })], everybody);
    for (let i = 1; pool.size < 5_000; i += 1) addAll(pool, [of(i)], everybody);
    addAll(pool, [of(5_001, { fee: 6 })], everybody);
    expect(pool.of(addressOf('payer 0'))).toEqual([of(0, { fee: 1 })]);
    addAll(pool, [of(5_002, { fee: 6 })], everybody);
    expect(pool.of(addressOf('payer 0'))).toEqual([]);
  });

  it('still lets a payment be replaced by one with a higher fee', () => {
    const pool = fullPool();
    addAll(pool, [of(3, { fee: 6 })], everybody);
    expect(pool.of(addressOf('payer 3'))).toEqual([of(3, { fee: 6 })]);
    expect(pool.size).toBe(5_000);
  });

  it('parks 1,000 at most, and lets what was parked first go first', () => {
    const pool = new Pool();
    const stuck = Array.from({ length: 1_010 }, (_, i) => of(i, { count: 1, fee: 900 }));
    addAll(pool, stuck, everybody);
    expect(pool.size).toBe(1_000);
    const gone = idsOf(stuck).filter((id) => pool.get(id) === undefined);
    expect(gone).toEqual(idsOf(stuck.slice(0, 10)));
    expect(idsOf(stuck).filter((id) => pool.isParked(id))).toHaveLength(1_000);
  });

  it('lets what is parked go before what can be made, whatever the fees', () => {
    const pool = new Pool();
    addAll(pool, [of(0, { count: 1, fee: 900 })], everybody);
    for (let i = 1; pool.size < 5_000; i += 1) addAll(pool, [of(i)], everybody);
    addAll(pool, [of(5_001, { fee: 1 })], everybody);
    expect(pool.of(addressOf('payer 0'))).toEqual([]);
    expect(pool.size).toBe(5_000);
  });

  it('does not take what cannot be made yet, where 5,000 wait that can', () => {
    const pool = fullPool();
    const stuck = of(5_001, { count: 1, fee: 900 });
    expect(pool.add(stuck, everybody)).toEqual(aReason);
    expect([pool.size, pool.get(paymentId(stuck))]).toEqual([5_000, undefined]);
    expect(pool.isParked(paymentId(stuck))).toBe(false);
  });

  it('never holds more than it may, whatever comes', () => {
    const pool = new Pool();
    const holds: number[] = [];
    for (let i = 0; i < 3_000; i += 1) {
      const from = `payer ${i % 400}`;
      for (const count of [i % 64, (i * 7) % 64])
        pool.add(payment({ from, count, fee: 1 + (i % 9), amount: i }), everybody);
      if (i % 100 === 0)
        holds.push([...pool.waiting.keys()].filter((id) => pool.isParked(id)).length);
    }
    expect(Math.max(...holds)).toBeLessThanOrEqual(1_000);
    expect(pool.size).toBeLessThanOrEqual(5_000);
    const listed = Array.from({ length: 400 }, (_, i) =>
      pool.of(addressOf(`payer ${i}`)),
    );
    expect(listed.flat()).toHaveLength(pool.size);
  });
});
