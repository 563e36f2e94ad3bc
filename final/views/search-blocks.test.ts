import { describe, expect, it } from '@jest/globals';
import { Chain, genesisBlock, nextBlock } from '#blocks';
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

  it('finds no more than it is told to, and nothing where there is nothing', async () => {
    expect(await find('pays', 1)).toEqual([2]);
    expect(await find('nowhere')).toEqual([]);
  });
});
