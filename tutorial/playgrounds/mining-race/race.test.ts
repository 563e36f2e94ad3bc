import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { blockRules, checkChain, genesisBlock, type Block } from '#blocks';
import { workRules } from '#proof-of-work';
import {
  BITS as BOUNDS,
  expectedShare,
  find,
  flaw,
  format,
  start,
  unminedAfter,
} from './race.ts';
import { isNear, searches, type Search } from './searches.ts';

const BITS = 6;
const rules = [...blockRules, ...workRules];

async function chainOf(length: number, search: Search): Promise<Block[]> {
  const blocks: Block[] = [];
  while (blocks.length < length) {
    const unmined = unminedAfter(blocks, BITS);
    blocks.push((await find(unmined, blocks.at(-1), search)).block);
  }
  return blocks;
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe.each(Object.entries(searches))(
  'The mining race with the %s',
  (_name, search) => {
    it('finds blocks that keep the rules of steps 2 and 3', async () => {
      const blocks = await chainOf(4, search);
      expect(checkChain(blocks, rules)).toBeUndefined();
      expect(flaw(blocks)).toBeUndefined();
    });

    it('names what is wrong with a block without its work', async () => {
      const blocks = await chainOf(2, search);
      const lazy = { ...unminedAfter(blocks, BITS), hash: 'f'.repeat(64) };
      expect(flaw([...blocks, lazy])).toBe('its hash is not the hash of its header');
    });
  },
);

describe('The mining race', () => {
  it('counts each attempt of the loop, which takes the first good nonce', async () => {
    const { block, attempts } = await searches.loop({
      block: unminedAfter([], BITS),
      after: -1,
    });
    expect(attempts).toBe(block.nonce + 1);
  });

  it('counts about as many attempts of the kernel as were to be expected', async () => {
    // The mean of 400 searches with p = 1/64 has the standard error 63.5/√400 = 3.2; five of
    // these are 16. The kernel tries eight nonces at once, so it counts 3.5 more on average.
    let sum = 0;
    for (let i = 0; i < 400; i += 1) {
      const block = genesisBlock({ timestamp: i, difficulty: BITS });
      sum += (await searches.kernel({ block, after: i - 1 })).attempts;
    }
    expect(sum / 400).toBeGreaterThan(64 + 3.5 - 16);
    expect(sum / 400).toBeLessThan(64 + 3.5 + 16);
  });

  it('tells every now and then how many hashes the kernel has made', async () => {
    let now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => (now += 60));
    const block = genesisBlock({ timestamp: 1_700_000_000_000, difficulty: 20 });
    const told: number[] = [];
    const { attempts } = await searches.kernel({ block, after: -1 }, ({ hashes }) =>
      told.push(hashes),
    );
    expect(told.length).toBeGreaterThan(2);
    expect(told).toEqual([...new Set(told)].toSorted((a, b) => a - b));
    expect(attempts).toBe(told.at(-1));
  });

  it.each([8, 16, 22])('expects shares at %i bits that add up to all', (bits) => {
    const bins = Array.from({ length: 16 }, (_, i) => i / 4);
    const shares = bins.map((from) =>
      expectedShare(from, from === 3.75 ? Infinity : from + 0.25, bits),
    );
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(expectedShare(0, 1, bits)).toBeCloseTo(1 - Math.exp(-1), 2);
    expect([...shares.slice(0, -1)]).toEqual(
      shares.slice(0, -1).toSorted((a, b) => b - a),
    );
  });

  it('takes a hash for a near miss that has up to four bits too few', () => {
    const hashes = ['00ff', '007f', '0080', '0010', '000f'].map((start) =>
      start.padEnd(64, '0'),
    );
    expect(hashes.map((hash) => isNear(hash, 12))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(isNear('01'.padEnd(64, '0'), 12)).toBe(false);
  });

  it('stands in a link with its settings', () => {
    const settings = { engine: 'kernel', bits: 25, share: 30, lead: 6 } as const;
    expect(format.read(format.write(settings))).toEqual(settings);
    expect(format.read({})).toBe(start);
    const tooMany = { bits: String(BOUNDS.most.loop + 1) };
    expect(() => format.read(tooMany)).toThrow(
      '“bits” can be a whole number from 8 to 22',
    );
  });
});
