import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { subsidy } from '#accounts';
import { nextHalving, supplyAfter, wholeSupply } from './supply.ts';

const coins = fc.record({
  reward: fc.integer({ min: 1, max: 1_000 }),
  halving: fc.integer({ min: 1, max: 20 }),
  size: fc.constant(1),
});

describe('The supply of coins', () => {
  it('is the sum of what the blocks bring', () => {
    fc.assert(
      fc.property(coins, fc.nat({ max: 300 }), (coin, index) => {
        let sum = 0;
        for (let i = 1; i <= index; i += 1) sum += subsidy(coin, i);
        expect(supplyAfter(coin, index)).toBe(sum);
        expect(wholeSupply(coin)).toBe(supplyAfter(coin, 300 + 20 * 11));
      }),
    );
  });

  it('is 19,699,900 in the end, of the usual coin', () => {
    expect(wholeSupply({ reward: 100, halving: 100_000, size: 20 })).toBe(19_699_900);
  });

  it('grows more slowly from the next halving on, and not before', () => {
    fc.assert(
      fc.property(coins, fc.nat({ max: 300 }), (coin, index) => {
        const now = subsidy(coin, index + 1);
        const next = nextHalving(coin, index);
        if (next === null) return expect(now).toBe(0);
        expect(subsidy(coin, next.index - 1)).toBe(now);
        expect(subsidy(coin, next.index)).toBe(next.reward);
        expect(next.reward).toBeLessThan(now);
        return expect(next.index).toBeGreaterThan(index + 1);
      }),
    );
  });

  it('stays a safe number for the largest coin', () => {
    const reward = (Number.MAX_SAFE_INTEGER - 1) / 2;
    expect(wholeSupply({ reward, halving: 1, size: 1 })).toBeLessThanOrEqual(reward);
    expect(
      Number.isSafeInteger(wholeSupply({ reward: 1, halving: reward, size: 1 })),
    ).toBe(true);
  });
});
