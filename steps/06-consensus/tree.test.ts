import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkChain, genesisBlock, hashBlock, nextBlock, type Block } from '#blocks';
import { BlockTree, MAX_AHEAD, consensusRules, type Change } from '#consensus';
import { leadingZeroBits, work } from '#proof-of-work';
import {
  NOW,
  START,
  branch,
  expectBlocks,
  genesis,
  last,
  replay,
  withWork,
} from './blocks-for-test.ts';
import { bestOf, treeInRandomOrder, treeOf } from './trees-for-test.ts';

/** What a user sees of a tree, to tell whether it has changed. */
const state = ({ chain, work: total }: BlockTree) => ({
  blocks: chain.slice(),
  tip: chain.tip,
  total,
});

/** Adds the blocks, and returns all that was taken off meanwhile, and all that was put on. */
function changesOf(tree: BlockTree, blocks: readonly Block[]): Change {
  const changes = blocks.flatMap((block) => {
    const result = tree.add(block, NOW);
    return result.status === 'added' ? (result.change ?? []) : [];
  });
  return {
    removed: changes.flatMap(({ removed }) => removed),
    added: changes.flatMap(({ added }) => added),
  };
}

/** So many random trees do: one that fails is found soon. */
const runs = { numRuns: 60 };

describe('Task 3: a new tree', () => {
  it('holds its genesis block and nothing else', () => {
    const tree = new BlockTree(genesis);
    expect(tree.chain.slice()).toEqual([genesis]);
    expect(tree.get(genesis.hash)).toEqual(genesis);
    expect(tree.get('0'.repeat(64))).toBeUndefined();
  });

  it('counts the work of its genesis block', () => {
    const hard = withWork(genesisBlock({ timestamp: START, difficulty: 7 }));
    expect(new BlockTree(genesis).work).toBe(1n);
    expect(new BlockTree(hard).work).toBe(128n);
  });

  it('refuses a genesis block that breaks a rule', () => {
    const lazy = genesisBlock({ timestamp: START, difficulty: 60 });
    expect(() => new BlockTree(lazy)).toThrow(/hash|work/i);
    expect(() => new BlockTree(last(branch(genesis, 1, 'b')))).toThrow(/index/);
    expect(() => new BlockTree({ ...genesis, data: 'else' })).toThrow(/dataHash/);
  });
});

describe('Task 4: adding blocks', () => {
  it('appends the next block to the best chain', () => {
    const tree = new BlockTree(genesis);
    const blocks = branch(genesis, 3, 'a');
    for (const block of blocks) {
      const change = { removed: [], added: [block] };
      expect(tree.add(block, NOW)).toEqual({ status: 'added', change });
      expect(tree.chain.tip).toEqual(block);
    }
    expect(tree.chain.slice()).toEqual([genesis, ...blocks]);
    expect(tree.work).toBe(4n);
  });

  it('keeps a block of a weaker branch, and the best chain as it was', () => {
    const tree = treeOf(genesis, ...branch(genesis, 3, 'a'));
    const before = state(tree);
    for (const block of branch(genesis, 2, 'b')) {
      const result = tree.add(block, NOW);
      expect(result).toHaveProperty('status', 'added');
      expect(result).not.toHaveProperty('change');
      expect(tree.get(block.hash)).toEqual(block);
    }
    expect(state(tree)).toEqual(before);
  });

  it('moves to the other branch when that has more work, and tells the change', () => {
    const shared = branch(genesis, 2, 's');
    const old = branch(last(shared), 2, 'a');
    const better = branch(last(shared), 3, 'b');
    const tree = treeOf(genesis, ...shared, ...old);
    const change = changesOf(tree, better);
    expect(tree.chain.slice()).toEqual([genesis, ...shared, ...better]);
    expect(tree.work).toBe(6n);
    expect(change).toEqual({ removed: old, added: better });
  });

  it('moves to a branch of equal work only if its hash is smaller', () => {
    const [a, b] = [...branch(genesis, 1, 'a'), ...branch(genesis, 1, 'b')];
    const [smaller, larger] = a && b && a.hash < b.hash ? [a, b] : [b, a];
    if (smaller === undefined || larger === undefined) throw new Error('No blocks.');
    expect(treeOf(genesis, smaller).add(larger, NOW)).toEqual({ status: 'added' });
    const change = { removed: [larger], added: [smaller] };
    expect(treeOf(genesis, larger).add(smaller, NOW)).toEqual({
      status: 'added',
      change,
    });
  });

  it('ends in the same tip, with the most work, in whatever order the blocks come', () => {
    fc.assert(
      fc.property(treeInRandomOrder, ({ root, order }) => {
        const tree = treeOf(root, ...order);
        const best = bestOf([root, ...order]);
        expect(tree.chain.tip).toEqual(best);
        expect(tree.work).toBe(work(root.difficulty) * BigInt(best.index + 1));
        expect(checkChain(tree.chain.slice(), consensusRules)).toBeUndefined();
        for (const block of order) expect(tree.get(block.hash)).toEqual(block);
      }),
      runs,
    );
  });

  it('has the best tip after each single block, and says what changed it', () => {
    fc.assert(
      fc.property(treeInRandomOrder, ({ root, order }) => {
        const tree = new BlockTree(root);
        const replayed = [root];
        for (const [i, block] of order.entries()) {
          const result = tree.add(block, NOW);
          if (result.status === 'added' && result.change)
            replay(replayed, [result.change]);
          expect(tree.chain.tip).toEqual(bestOf([root, ...order.slice(0, i + 1)]));
          expect(replayed).toEqual(tree.chain.slice());
        }
      }),
      runs,
    );
  });

  it('takes off only blocks that are not put on again', () => {
    fc.assert(
      fc.property(treeInRandomOrder, ({ root, order }) => {
        const tree = new BlockTree(root);
        for (const block of order) {
          const result = tree.add(block, NOW);
          if (result.status !== 'added' || !result.change) continue;
          const { removed, added } = result.change;
          const hashes = new Set(added.map(({ hash }) => hash));
          expect(removed.filter(({ hash }) => hashes.has(hash))).toEqual([]);
          expect(last([...added]).hash).toBe(block.hash);
        }
      }),
      runs,
    );
  });

  it('says of a block that it has already that it is known', () => {
    const [a, b] = [branch(genesis, 3, 'a'), branch(genesis, 2, 'b')];
    const tree = treeOf(genesis, ...a, ...b);
    const before = state(tree);
    for (const block of [genesis, ...a, ...b])
      expect(tree.add({ ...block }, NOW)).toEqual({ status: 'known' });
    expect(state(tree)).toEqual(before);
  });

  it('keeps the block that it has when another comes under the same hash', () => {
    const [block] = branch(genesis, 1, 'a');
    if (block === undefined) throw new Error('No block.');
    const tree = treeOf(genesis, block);
    tree.add({ ...block, data: 'forged', index: 99 }, NOW);
    expect(tree.get(block.hash)).toEqual(block);
    expect(tree.chain.tip).toEqual(block);
  });

  it('does not take an orphan, a block whose parent it does not know', () => {
    const [first, second] = branch(genesis, 2, 'a');
    if (first === undefined || second === undefined) throw new Error('No blocks.');
    const tree = new BlockTree(genesis);
    expect(tree.add(second, NOW)).toEqual({ status: 'orphan' });
    expect(tree.get(second.hash)).toBeUndefined();
    expect(tree.chain.tip).toEqual(genesis);
    expect(tree.add(first, NOW)).toHaveProperty('status', 'added');
    expect(tree.add(second, NOW)).toHaveProperty('status', 'added');
    expect(tree.chain.tip).toEqual(second);
  });

  it('takes another genesis block for an orphan', () => {
    const other = genesisBlock({ timestamp: START, data: 'another network' });
    expect(new BlockTree(genesis).add(other, NOW)).toEqual({ status: 'orphan' });
  });

  const hard = withWork(genesisBlock({ timestamp: START, difficulty: 6 }));
  const next = last(branch(hard, 1, 'a'));
  const rehashed = (block: Block) => withWork(block);
  it.each<[string, Block, RegExp]>([
    ['another index', rehashed({ ...next, index: 2 }), /index/],
    [
      'a timestamp not later than its parent',
      rehashed({ ...next, timestamp: START }),
      /timestamp/,
    ],
    ['other data', { ...next, data: 'other' }, /dataHash/],
    ['a hash that is not its own', { ...next, hash: '0'.repeat(64) }, /hash/],
    ['less difficulty', rehashed({ ...next, difficulty: 5 }), /difficulty/],
    ['more difficulty', rehashed({ ...next, difficulty: 7 }), /difficulty/],
    ['an index that is text', { ...next, index: '1' } as unknown as Block, /index/],
  ])('refuses a block with %s, and is unchanged', (_, block, reason) => {
    const tree = new BlockTree(hard);
    const result = tree.add(block, NOW);
    expect(result).toEqual({ status: 'invalid', reason: expect.stringMatching(reason) });
    expect(tree.get(block.hash)).toBeUndefined();
    expect(state(tree)).toEqual(state(new BlockTree(hard)));
    expect(tree.add(next, NOW)).toHaveProperty('status', 'added');
  });

  it('refuses a block without its work, on a side branch too', () => {
    const tree = treeOf(hard, ...branch(hard, 3, 'a'));
    let lazy = nextBlock(hard, 'lazy', START);
    while (leadingZeroBits(lazy.hash) >= hard.difficulty)
      lazy = nextBlock(hard, `${lazy.data}!`, START);
    expect(tree.add(lazy, NOW)).toHaveProperty('status', 'invalid');
    expect(tree.get(lazy.hash)).toBeUndefined();
  });

  it('does not take the descendants of a refused block', () => {
    const forged = { ...next, data: 'forged' };
    const tree = new BlockTree(hard);
    expect(tree.add(forged, NOW)).toHaveProperty('status', 'invalid');
    expect(tree.add(last(branch(forged, 1, 'b')), NOW)).toEqual({ status: 'orphan' });
  });

  it('calls no block early that is invalid, however far ahead it is dated', () => {
    const future = withWork(nextBlock(hard, 'later', NOW + 10 * MAX_AHEAD));
    const tree = new BlockTree(hard);
    expect(tree.add(future, NOW)).toHaveProperty('status', 'early');
    expect(tree.add({ ...future, data: 'else' }, NOW)).toEqual({
      status: 'invalid',
      reason: expect.stringMatching(/dataHash/),
    });
    const lazy = Array.from({ length: 99 }, (_, nonce) => {
      return { ...future, nonce, hash: hashBlock({ ...future, nonce }) };
    }).filter(({ hash }) => leadingZeroBits(hash) < hard.difficulty);
    for (const block of lazy)
      expect(tree.add(block, NOW)).toHaveProperty('status', 'invalid');
    expect(lazy.length).toBeGreaterThan(0);
  });

  it('takes a block from two minutes before its timestamp on, and not earlier', () => {
    const block = nextBlock(genesis, 'a', NOW + MAX_AHEAD);
    const early = treeOf(genesis);
    expect(early.add(block, NOW - 1)).toEqual({ status: 'early', until: NOW });
    expect(treeOf(genesis).add(block, NOW)).toHaveProperty('status', 'added');
  });

  it('forgets a block that came too early, and takes it when its time has come', () => {
    const [block, child] = branch(nextBlock(genesis, 'base', NOW + 500_000), 2, 'a');
    if (block === undefined || child === undefined) throw new Error('No blocks.');
    const tree = treeOf(genesis);
    const base = nextBlock(genesis, 'base', NOW + 500_000);
    for (let again = 0; again < 3; again += 1)
      expect(tree.add(base, NOW)).toEqual({ status: 'early', until: NOW + 380_000 });
    expect(tree.get(base.hash)).toBeUndefined();
    expect(tree.add(block, NOW)).toEqual({ status: 'orphan' });
    expect(state(tree)).toEqual(state(treeOf(genesis)));

    expect(tree.add(base, NOW + 379_999)).toHaveProperty('status', 'early');
    expect(tree.add(base, NOW + 380_000)).toHaveProperty('status', 'added');
    expect(tree.chain.tip).toEqual(base);
    expect(tree.add(block, NOW + 380_001)).toHaveProperty('status', 'added');
    expect(tree.add(child, NOW + 380_001)).toEqual({
      status: 'early',
      until: NOW + 380_002,
    });
  });

  it('gives 600 blocks up for 601, and 601 for 602', () => {
    // Of two branches of 600 blocks, the one with the smaller hash at its end comes first.
    const [a, b] = [branch(genesis, 600, 'a'), branch(genesis, 600, 'b')].sort((x, y) =>
      last(x).hash < last(y).hash ? -1 : 1,
    );
    if (a === undefined || b === undefined) throw new Error('No branches.');
    const tree = treeOf(genesis, ...a, ...b);
    expect(tree.chain.tip).toEqual(last(a));

    const more = branch(last(b), 1, 'more');
    const there = changesOf(tree, more);
    expectBlocks(there.removed, a);
    expectBlocks(there.added, [...b, ...more]);
    const still = branch(last(a), 2, 'still more');
    const back = changesOf(tree, still);
    expectBlocks(back.removed, [...b, ...more]);
    expectBlocks(back.added, [...a, ...still]);
    expectBlocks(tree.chain.slice(), [genesis, ...a, ...still]);
    expect(tree.work).toBe(603n);
  });
});
