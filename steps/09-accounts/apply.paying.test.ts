import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterPaying, type Account } from '#accounts';
import { type Payment } from '#signatures';
import { MOST, expectRefused, payment } from './coins-for-test.ts';

describe('Task 1: what a payment leaves', () => {
  const after = (payer: Account, changes: Partial<Payment>) =>
    afterPaying(payer, payment(changes));

  it('is the balance without the amount and the fee, and a count one higher', () => {
    expect(after({ balance: 20, count: 3 }, { amount: 5, fee: 1, count: 3 })).toEqual({
      balance: 14,
      count: 4,
    });
  });

  it('may be nothing', () => {
    const payer = { balance: 6, count: 0 };
    expect(after(payer, { amount: 5, fee: 1 })).toEqual({ balance: 0, count: 1 });
    expect(after(payer, { amount: 6, fee: 0 })).toEqual({ balance: 0, count: 1 });
  });

  it.each([0, 2, 4, 7, MOST])(
    'is a reason in words where the count is not that of the payer: %d, not 3',
    (count) => {
      expectRefused(after({ balance: 20, count: 3 }, { count }));
    },
  );

  it.each([
    [5, 5, 1],
    [4, 5, 0],
    [5, 1, 5],
    [0, 1, 0],
    [MOST - 1, MOST, 0],
    [MOST - 1, 1, MOST - 1],
  ])(
    'is a reason in words where %d coins are less than the amount %d and the fee %d',
    (balance, amount, fee) => {
      expectRefused(after({ balance, count: 0 }, { amount, fee }));
    },
  );

  it('is never rounded: not even where amount and fee are more than a number can tell', () => {
    expect(after({ balance: MOST, count: 0 }, { amount: MOST - 7, fee: 7 })).toEqual({
      balance: 0,
      count: 1,
    });
    expect(after({ balance: MOST, count: 0 }, { amount: MOST - 8, fee: 7 })).toEqual({
      balance: 1,
      count: 1,
    });
    // 2^53 - 1 and 2 are 2^53 + 1, which would be rounded.
    for (const fee of [1, 2, 3, MOST])
      expectRefused(after({ balance: MOST, count: 0 }, { amount: MOST, fee }));
  });

  it('is exact for any numbers', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.maxSafeNat().map((n) => Math.max(1, n)),
        fc.oneof(fc.nat(100), fc.maxSafeNat()),
        (balance, amount, fee) => {
          const result = after({ balance, count: 0 }, { amount, fee });
          const left = BigInt(balance) - BigInt(amount) - BigInt(fee);
          if (left < 0n) expectRefused(result);
          else expect(result).toEqual({ balance: Number(left), count: 1 });
        },
      ),
    );
  });

  it('leaves the account that it is given as it was', () => {
    const payer = Object.freeze({ balance: 20, count: 0 });
    after(payer, {});
    expect(payer).toEqual({ balance: 20, count: 0 });
  });
});
