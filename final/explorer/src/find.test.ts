import { describe, expect, it } from '@jest/globals';
import { genesisBlock, nextBlock } from '#blocks';
import { indexIn, sorted } from './find.ts';

describe('What is typed into the search', () => {
  it('may be an index, with commas and zeros before it', () => {
    expect(['8', '0008', '1,116', '31,415,926'].map(indexIn)).toEqual([
      8, 8, 1_116, 31_415_926,
    ]);
  });

  it.each(['', 'x', '1,11', '-1', '1.5', '00ab'])('is no index as "%s"', (text) => {
    expect(indexIn(text)).toBeUndefined();
  });

  it('is found apart by index, hash and data', () => {
    const genesis = genesisBlock({ timestamp: 0 });
    const block = nextBlock(genesis, 'Pays 0008', 1);
    const start = block.hash.slice(0, 6);
    expect(sorted('0008', [block], genesis)).toEqual({
      byIndex: genesis,
      byHash: [],
      byData: [block],
    });
    expect(sorted(start.toUpperCase(), [block], undefined)).toMatchObject({
      byHash: [block],
      byData: [],
    });
  });
});
