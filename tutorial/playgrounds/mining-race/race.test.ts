import { describe, expect, it } from '@jest/globals';
import { blockRules, checkChain, type Block } from '#blocks';
import { mine, workRules } from '#proof-of-work';
import { expectedShare, find, flaw, forge, unminedAfter, type Find } from './race.ts';

const BITS = 6;
const rules = [...blockRules, ...workRules];

async function chainOf(length: number): Promise<Block[]> {
  const blocks: Block[] = [];
  while (blocks.length < length) {
    blocks.push((await find(unminedAfter(blocks, BITS), mine)).block);
  }
  return blocks;
}

describe('The mining race', () => {
  it('finds blocks that keep the rules of steps 2 and 3, and counts the attempts', async () => {
    const blocks = await chainOf(4);
    expect(checkChain(blocks, rules)).toBeUndefined();
    expect(flaw(blocks)).toBeUndefined();
    const { block, attempts } = await find(unminedAfter(blocks, BITS), mine);
    expect(attempts).toBe(block.nonce + 1);
  });

  it('names what is wrong with a block without its work', async () => {
    const blocks = await chainOf(2);
    const lazy = { ...unminedAfter(blocks, BITS), hash: 'f'.repeat(64) };
    expect(flaw([...blocks, lazy])).toBe('its hash is not the hash of its header');
  });

  it('forges a block by mining it and all after it anew', async () => {
    const blocks = await chainOf(5);
    const finds: Find[] = [];
    for await (const found of forge(blocks, 2, 'forged', mine)) finds.push(found);
    const forged = [...blocks.slice(0, 2), ...finds.map(({ block }) => block)];
    expect(checkChain(forged, rules)).toBeUndefined();
    expect(forged.map(({ data }) => data)).toEqual(
      blocks.map(({ data }, i) => (i === 2 ? 'forged' : data)),
    );
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
});
