import { describe, expect, it } from '@jest/globals';
import { Chain, genesisBlock, nextBlock } from '#blocks';
import { mine } from '#proof-of-work';
import { searchBlocks } from './search-blocks.ts';

const chain = new Chain(genesisBlock({ timestamp: 0, data: 'The beginning' }));
for (const data of [
  'Alice pays Bob',
  'Bob pays Carol',
  'x'.repeat(1_000_000),
  'alice again',
]) {
  chain.append(nextBlock(chain.tip, data, 0));
}
const find = async (text: string, limit = 10) =>
  (await searchBlocks(chain, text, limit)).map(({ index }) => index);

describe('The search', () => {
  it('finds texts whatever their case, the newest first', async () => {
    expect(await find('ALICE')).toEqual([4, 1]);
    expect(await find('pays')).toEqual([2, 1]);
  });

  it('finds a block by the beginning of its hash', async () => {
    expect(await find(chain.tip.hash.slice(0, 12))).toEqual([4]);
    expect(await find(chain.tip.hash)).toEqual([4]);
  });

  it('passes over hashes that begin with the zeros that all begin with', async () => {
    const mined = new Chain(await mine(genesisBlock({ timestamp: 0, difficulty: 8 })));
    mined.append(await mine(nextBlock(mined.tip, 'It holds 00 itself', 0)));
    const indexes = async (text: string) =>
      (await searchBlocks(mined, text, 10)).map(({ index }) => index);
    expect(await indexes('00')).toEqual([1]);
    expect(await indexes(mined.tip.hash.slice(0, 8))).toEqual([1]);
  });

  it('finds by data also where many hashes begin so', async () => {
    const many = new Chain(genesisBlock({ timestamp: 0, data: '0' }));
    const digit = many.tip.hash.slice(0, 1);
    for (let i = 0; i < 100; i += 1) many.append(nextBlock(many.tip, '', i));
    const found = await searchBlocks(many, digit, 1);
    expect(found.filter(({ hash }) => hash.startsWith(digit)).length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(2);
  });

  it('finds no more than it is told to, and nothing where there is nothing', async () => {
    expect(await find('pays', 1)).toEqual([2]);
    expect(await find('nowhere')).toEqual([]);
  });
});
