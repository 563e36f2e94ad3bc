import { describe, expect, it } from '@jest/globals';
import { blockRules, checkChain, genesisBlock, type Block } from '#blocks';
import { mine, workRules } from '#proof-of-work';
import { randomSource } from '../shared/random.ts';
import {
  FORGED_DATA,
  PATIENCE,
  chanceOf,
  duel,
  winnerOf,
  type Standing,
} from './duel.ts';

const rules = [...blockRules, ...workRules];
const parentOf = (difficulty: number): Promise<Block> =>
  mine(genesisBlock({ timestamp: 1_700_000_000_000, difficulty }));

function endOf(parent: Block, share: number, lead: number, seed: number): Standing {
  const all = [...duel({ parent, share, lead }, randomSource(seed))];
  const end = all.at(-1);
  if (end === undefined) throw new Error('A race has an end.');
  return end;
}

describe('A race with a forger', () => {
  it('makes two chains with all their work, of which only one holds the payment', async () => {
    const parent = await parentOf(6);
    const { honest, forger } = endOf(parent, 0.5, 2, 7);
    for (const chain of [honest, forger]) {
      expect(checkChain([parent, ...chain], rules)).toBeUndefined();
    }
    expect(forger[0]?.data).toBe(FORGED_DATA);
    expect(honest[0]?.data).not.toBe(FORGED_DATA);
  });

  it('begins when the honest miners have their lead', async () => {
    const parent = await parentOf(4);
    for (const standing of duel({ parent, share: 0.9, lead: 3 }, randomSource(1))) {
      if (standing.honest.length < 3) expect(standing.forger).toEqual([]);
    }
  });

  it('ends with the longer chain of the forger, or when it is hopeless', async () => {
    const parent = await parentOf(2);
    const ends = Array.from({ length: 40 }, (_, i) => endOf(parent, 0.45, 1, i + 1));
    expect(new Set(ends.map(({ winner }) => winner))).toEqual(
      new Set(['honest', 'forger']),
    );
    for (const { honest, forger, winner } of ends) {
      const ahead = forger.length - honest.length;
      expect(ahead).toBe(winner === 'forger' ? 1 : -1 - PATIENCE);
    }
  });

  it('is won as often as the odds say', async () => {
    // 400 races with a probability of p have a standard deviation of 20·√(p(1−p)) wins.
    const parent = await parentOf(0);
    const p = chanceOf(0.4, 1);
    const wins = Array.from({ length: 400 }, (_, i) =>
      endOf(parent, 0.4, 1, 1 + i * 977),
    );
    const won = wins.filter(({ winner }) => winner === 'forger').length;
    expect(Math.abs(won - 400 * p)).toBeLessThan(5 * 20 * Math.sqrt(p * (1 - p)));
  });

  it('has odds that rise with the share and fall with the lead', () => {
    const byShare = [0, 0.1, 0.3, 0.5, 0.7, 1].map((share) => chanceOf(share, 2));
    expect(byShare).toEqual(byShare.toSorted((a, b) => a - b));
    expect([byShare[0], byShare.at(-1)]).toEqual([0, 1]);
    expect(chanceOf(0.5, 2)).toBeCloseTo(PATIENCE / (PATIENCE + 3), 10);
    const byLead = [1, 2, 3, 6].map((lead) => chanceOf(0.3, lead));
    expect(byLead).toEqual(byLead.toSorted((a, b) => b - a));
  });

  it('goes on while neither is far enough ahead', () => {
    expect(winnerOf(4, 4, 2)).toBeUndefined();
    expect(winnerOf(4, 5, 2)).toBe('forger');
    expect(winnerOf(7, 2, 2)).toBeUndefined();
    expect(winnerOf(8, 2, 2)).toBe('honest');
  });
});
