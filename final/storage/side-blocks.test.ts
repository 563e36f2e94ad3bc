import { describe, expect, it } from '@jest/globals';
import { genesisBlock, nextBlock } from '#blocks';
import { BlockTree } from '#consensus';
import { SideBlocks } from './side-blocks.ts';

describe('The blocks off the best chain', () => {
  const genesis = genesisBlock({ timestamp: 0 });
  const a = nextBlock(genesis, 'a', 0);
  const b = nextBlock(a, 'b', 0);
  const x = nextBlock(genesis, 'x', 0);
  const y = nextBlock(x, 'y', 0);
  const z = nextBlock(y, 'z', 0);

  it('are those that came without a change, and those that were removed', () => {
    const side = new SideBlocks();
    expect(side.changed([a, b], [{ removed: [], added: [a, b] }])).toEqual({
      aside: [],
      back: [],
    });
    expect(side.changed([x, y], [])).toEqual({ aside: [x, y], back: [] });
    expect(side.changed([z], [{ removed: [a, b], added: [x, y, z] }])).toEqual({
      aside: [a, b],
      back: [x, y],
    });
  });

  it('are on the best chain in the end though it changed twice', () => {
    const side = new SideBlocks();
    const changes = [
      { removed: [], added: [a] },
      { removed: [a], added: [x] },
      { removed: [x], added: [a, b] },
    ];
    expect(side.changed([a, x, b], changes)).toEqual({ aside: [x], back: [] });
  });

  it('are reported once where the tree does not know them any more', () => {
    const side = new SideBlocks();
    const tree = new BlockTree(genesis);
    tree.add(a, Infinity);
    side.changed([a, x], []);
    expect(side.forgotten(tree)).toEqual([x]);
    expect(side.forgotten(tree)).toEqual([]);
  });
});
