import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterPaying, type Account } from '#accounts';
import { payable } from '#mempool';
import type { Payment } from '#signatures';
import { payment } from './payments-for-test.ts';

const has = (balance: number, count = 0): Account => ({ balance, count });
const countsOf = (payments: readonly Payment[]) => payments.map(({ count }) => count);

describe('Task 1: payable', () => {
  it('gives a payment whose turn it is, if the coins reach', () => {
    const one = payment({ amount: 9, fee: 1 });
    expect(payable([one], has(10))).toEqual([one]);
    expect(payable([one], has(11))).toEqual([one]);
  });

  it('counts the fee among what is to be paid', () => {
    expect(payable([payment({ amount: 9, fee: 1 })], has(9))).toEqual([]);
    expect(payable([payment({ amount: 1, fee: 9 })], has(9))).toEqual([]);
  });

  it('puts payments in the order of their counts, in whatever order they are given', () => {
    const [a, b, c] = [0, 1, 2].map((count) => payment({ count }));
    if (!a || !b || !c) throw new Error('There are three.');
    for (const given of [
      [a, b, c],
      [c, b, a],
      [b, c, a],
    ])
      expect(payable(given, has(100))).toEqual([a, b, c]);
  });

  it('ends where a count is missing', () => {
    const given = [0, 1, 3, 4].map((count) => payment({ count }));
    expect(countsOf(payable(given, has(100)))).toEqual([0, 1]);
    expect(payable(given.slice(1), has(100))).toEqual([]);
  });

  it('ends where the coins do not reach, even if they would for a later one', () => {
    const given = [5, 50, 1].map((amount, count) => payment({ amount, count }));
    expect(countsOf(payable(given, has(20)))).toEqual([0]);
  });

  it('spends no coin twice: ten payments of all that one has are one', () => {
    const given = Array.from({ length: 10 }, (_, count) =>
      payment({ amount: 99, count }),
    );
    expect(countsOf(payable(given, has(100)))).toEqual([0]);
  });

  it("begins with the payer's next count, and leaves out those that are used", () => {
    const given = [3, 4, 5, 6].map((count) => payment({ count }));
    expect(countsOf(payable(given, has(100, 5)))).toEqual([5, 6]);
    expect(payable(given, has(100, 7))).toEqual([]);
  });

  it('does not count in what the payer pays to itself, or may be paid meanwhile', () => {
    const own = { to: 'Alice', amount: 9 };
    const given = [payment({ ...own, count: 0 }), payment({ ...own, count: 1 })];
    expect(countsOf(payable(given, has(10)))).toEqual([0]);
  });

  it('has nothing to give for nothing, and leaves the list as it was', () => {
    expect(payable([], has(100))).toEqual([]);
    const given = Object.freeze([payment({ count: 1 }), payment({ count: 0 })]);
    expect(countsOf(payable(given, has(100)))).toEqual([0, 1]);
  });

  it('gives what can be made one after the other, and could not give one more', () => {
    const some = fc.uniqueArray(
      fc.record({ count: fc.nat(8), amount: fc.integer({ min: 1, max: 9 }) }),
      { selector: ({ count }) => count },
    );
    fc.assert(
      fc.property(some, fc.nat(30), fc.nat(4), (wishes, balance, count) => {
        const given = wishes.map((wish) => payment(wish));
        let account: Account = has(balance, count);
        for (const one of payable(given, account)) {
          const after = afterPaying(account, one);
          if (typeof after === 'string')
            throw new Error(`It gives what fails: ${after}.`);
          account = after;
        }
        const more = given.filter((one) => typeof afterPaying(account, one) === 'object');
        expect(more).toEqual([]);
      }),
    );
  });
});
