import { describe, expect, it } from '@jest/globals';
import { simulateCoins } from './coins.ts';

/** How many seeds are run: SEEDS=5000, or SEED=17 for one alone. */
const only = process.env.SEED === undefined ? undefined : Number(process.env.SEED);
const count = Number(process.env.SEEDS ?? 20);
const seeds =
  only === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [only];

describe('A network with coins under storm', () => {
  it(`agrees on who has how much, in ${seeds.length} runs`, () => {
    const faults: string[] = [];
    const sums = { height: 0, payments: 0, removed: 0 };
    for (const seed of seeds) {
      const { fault, height, payments, removed } = simulateCoins(seed);
      if (fault !== undefined) faults.push(`SEED=${seed}: ${fault}`);
      sums.height += height;
      sums.payments += payments;
      sums.removed += removed;
    }
    expect(faults).toEqual([]);
    // The runs are not trivial.
    expect(sums.height / seeds.length).toBeGreaterThan(20);
    expect(sums.payments / seeds.length).toBeGreaterThan(10);
    expect(sums.removed / seeds.length).toBeGreaterThan(1);
  }, 3_600_000);

  it('follows from its seed alone', () => {
    expect(simulateCoins(3)).toEqual(simulateCoins(3));
  });
});
