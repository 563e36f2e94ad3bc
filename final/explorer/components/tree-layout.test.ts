import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { layOut, type TreeBlock } from './tree-layout.ts';

/** Builds a tree: each number says which of the blocks so far is the parent of the next. */
function treeOf(parents: readonly number[]): TreeBlock[] {
  const blocks: TreeBlock[] = [{ hash: '0', previousHash: '', index: 0 }];
  for (const pick of parents) {
    const parent = blocks[pick % blocks.length];
    if (parent === undefined) continue;
    const { hash, index } = parent;
    blocks.push({ hash: `${blocks.length}`, previousHash: hash, index: index + 1 });
  }
  return blocks;
}

const lanesOf = (blocks: readonly TreeBlock[]) => layOut(blocks).map(({ lane }) => lane);
const trees = fc.array(fc.nat()).map(treeOf);

describe('The layout of a tree', () => {
  it('draws a chain in one lane', () => {
    expect(lanesOf(treeOf([0, 1, 2]))).toEqual([0, 0, 0, 0]);
  });

  it('begins a lane where a block has a second child', () => {
    expect(lanesOf(treeOf([0, 0, 2]))).toEqual([0, 0, 1, 1]);
  });

  it('uses a lane again where it is free', () => {
    expect(lanesOf(treeOf([0, 0, 1, 3, 4, 4]))).toEqual([0, 0, 1, 0, 0, 0, 1]);
  });

  it('never draws two blocks in one place', () => {
    fc.assert(
      fc.property(trees, (blocks) => {
        const taken = layOut(blocks).map(({ block, lane }) => `${block.index} ${lane}`);
        expect(new Set(taken).size).toBe(blocks.length);
      }),
    );
  });

  it('knows the parent of each block', () => {
    fc.assert(
      fc.property(trees, (blocks) => {
        for (const { block, parent } of layOut(blocks)) {
          expect(parent?.block.hash ?? '').toBe(block.previousHash);
        }
      }),
    );
  });
});
