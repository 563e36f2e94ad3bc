import { describe, expect, it } from '@jest/globals';
import { nextBlock, type Block } from '#blocks';
import { BlockTree } from '#consensus';
import { NOW, START, branch, expectBlocks, genesis, last } from './blocks-for-test.ts';
import { treeOf } from './trees-for-test.ts';

describe('Task 7: what side branches may hold', () => {
  const chain = branch(genesis, 20, 'a');
  /** Many blocks that all follow the genesis block: none of them can ever win. */
  const floods = Array.from({ length: 2_000 }, (_, i) =>
    nextBlock(genesis, `flood ${i}`, START),
  );
  const knownOf = (tree: BlockTree, blocks: readonly Block[]) =>
    blocks.filter(({ hash }) => tree.get(hash) !== undefined);

  it('is as many blocks as the chain has and 1,000: none of an ordinary fork is forgotten', () => {
    const tree = treeOf(genesis, ...chain);
    const side = [...branch(genesis, 19, 'b'), ...floods.slice(0, 1_002)];
    for (const block of side) tree.add(block, NOW);
    expect(side).toHaveLength(tree.chain.length + 1_000);
    expect(knownOf(tree, side)).toHaveLength(side.length);
  });

  it('is not more, however many blocks come', () => {
    const tree = treeOf(genesis, ...chain);
    for (const block of floods) {
      const { status } = tree.add(block, NOW);
      // What was just taken is there, so that its child can follow.
      if (status !== 'added' || tree.get(block.hash) === undefined)
        throw new Error(`Block "${block.data}" is ${status}, and must be held for now.`);
    }
    const { length } = knownOf(tree, floods);
    if (length > 1_050)
      throw new Error(
        `Of ${floods.length} worthless side blocks ${length} are still held: whoever makes ` +
          'such blocks can fill the memory of every node.',
      );
  });

  it('is not more where the blocks come in branches', () => {
    const tree = treeOf(genesis, ...chain);
    const sides = Array.from({ length: 150 }, (_, i) =>
      branch(genesis, 10, `side ${i}, `),
    );
    for (const block of sides.flat()) tree.add(block, NOW);
    expect(knownOf(tree, sides.flat()).length).toBeLessThanOrEqual(1_050);
    expect(knownOf(tree, sides.at(-1) ?? [])).toHaveLength(10);
  });

  it('is not more where each branch wins in turn, and leaves the last one behind', () => {
    const sides = Array.from({ length: 65 }, (_, i) =>
      branch(genesis, i + 2, `side ${i}, `),
    );
    const tree = treeOf(genesis, ...(sides[0] ?? []));
    for (const side of sides.slice(1)) for (const block of side) tree.add(block, NOW);
    expect(tree.chain.tip).toEqual(last(sides.at(-1) ?? []));
    const known = knownOf(tree, sides.flat()).length;
    if (known > 1_300)
      throw new Error(
        `Of ${sides.flat().length} blocks ${known} are held, where the best chain has ` +
          `${tree.chain.length}: what a switch takes off belongs to the side branches, too.`,
      );
  });

  it('forgets those first that came first', () => {
    const tree = treeOf(genesis, ...chain);
    for (const block of floods) tree.add(block, NOW);
    expect(tree.get(floods[0]?.hash ?? '')).toBeUndefined();
    expect(knownOf(tree, floods.slice(-900))).toHaveLength(900);
  });

  // Each has the data of a full block.
  const heavy = (parent: Block, name: string) =>
    nextBlock(parent, name.padEnd(1_048_576, '.'), START);
  const dataOf = (blocks: readonly Block[]) =>
    blocks.reduce((sum, { data }) => sum + data.length, 0);
  const MIB = 1_048_576;

  it('is not more than some 64 MiB of data', () => {
    const tree = treeOf(genesis, ...chain);
    const blocks = Array.from({ length: 70 }, (_, i) => heavy(genesis, `heavy ${i}`));
    for (const block of blocks) tree.add(block, NOW);
    const known = knownOf(tree, blocks);
    expect(dataOf(known)).toBeLessThanOrEqual(65 * MIB);
    expect(dataOf(known)).toBeGreaterThanOrEqual(50 * MIB);
    expect(known.at(-1)).toBe(blocks.at(-1)); // the newest
  });

  it('is not more where a switch leaves large blocks behind', () => {
    const tree = new BlockTree(genesis);
    const left: Block[] = [];
    for (let i = 0; i < 40; i += 1) left.push(heavy(left.at(-1) ?? genesis, `left ${i}`));
    const side = Array.from({ length: 40 }, (_, i) => heavy(genesis, `side ${i}`));
    for (const block of [...left, ...branch(genesis, 41, 'better '), ...side])
      tree.add(block, NOW);
    expect(tree.chain.tip.data).toBe('better 41');
    expect(dataOf(knownOf(tree, [...left, ...side]))).toBeLessThanOrEqual(65 * MIB);
  });

  it('counts no data of what is on the best chain again', () => {
    const tree = new BlockTree(genesis);
    const a = [heavy(genesis, 'a')];
    const b = [heavy(genesis, 'b')];
    b.push(...branch(last(b), 2, 'b '));
    for (const block of [...a, ...b]) tree.add(block, NOW);
    // Each is two blocks behind, and then two ahead of the other: it wins 40 times.
    for (let round = 0; round < 40; round += 1)
      for (const side of [a, b]) {
        const more = branch(last(side), 4, `round ${round}, `);
        for (const block of more) tree.add(block, NOW);
        side.push(...more);
        expect(tree.chain.tip.hash).toBe(last(side).hash);
      }
    const side = floods.slice(0, 500);
    for (const block of side) tree.add(block, NOW);
    expect(knownOf(tree, side)).toHaveLength(side.length);
  });

  it('is not more where large blocks stand before many small ones', () => {
    const tree = treeOf(genesis, ...branch(genesis, 60, 'a'));
    const sides = Array.from({ length: 40 }, (_, i) => {
      const first = heavy(genesis, `heavy ${i}`);
      return [first, ...branch(first, 10, `small ${i}, `)];
    });
    for (const block of sides.flat()) tree.add(block, NOW);
    const more: Block[] = [];
    for (let i = 0; i < 40; i += 1) {
      more.push(heavy(more.at(-1) ?? genesis, `more ${i}`));
      tree.add(last(more), NOW);
    }
    expect(dataOf(knownOf(tree, [...sides.flat(), ...more]))).toBeLessThanOrEqual(
      66 * MIB,
    );
    expect(knownOf(tree, more)).toHaveLength(40);
  });

  it('does not keep a branch from winning that has more data than that', () => {
    const tree = treeOf(genesis, ...branch(genesis, 65, 'small '));
    const better: Block[] = [];
    for (let i = 0; i < 66; i += 1) {
      better.push(heavy(better.at(-1) ?? genesis, `better ${i}`));
      if (tree.add(last(better), NOW).status !== 'added')
        throw new Error(
          `Block ${i + 1} of the branch was not taken: its parent was forgotten.`,
        );
    }
    expect(tree.chain.tip.hash).toBe(last(better).hash);
  });

  it('never costs a block of the best chain', () => {
    const tree = treeOf(genesis, ...chain);
    for (const block of floods) tree.add(block, NOW);
    expectBlocks(tree.chain.slice(), [genesis, ...chain]);
    expect(knownOf(tree, chain)).toHaveLength(chain.length);
    for (const block of branch(last(chain), 5, 'next'))
      expect(tree.add(block, NOW)).toHaveProperty('status', 'added');
    expect(tree.chain.length).toBe(26);
  });

  it('never leaves a block without its parent', () => {
    const tree = treeOf(genesis, ...chain);
    const sides = Array.from({ length: 150 }, (_, i) =>
      branch(genesis, 10, `side ${i}, `),
    );
    // One block of each side branch, then the second of each, and so on.
    for (let i = 0; i < 10; i += 1)
      for (const side of sides) {
        const block = side[i];
        if (block) tree.add(block, NOW);
      }
    for (const block of knownOf(tree, sides.flat()))
      if (tree.get(block.previousHash) === undefined)
        throw new Error(`Block "${block.data}" is held, and its parent is forgotten.`);
  });

  it('takes a forgotten block again', () => {
    const tree = treeOf(genesis, ...chain);
    for (const block of floods) tree.add(block, NOW);
    const forgotten = floods.find(({ hash }) => tree.get(hash) === undefined);
    if (forgotten === undefined) throw new Error('No block was forgotten.');
    expect(tree.add(forgotten, NOW)).toHaveProperty('status', 'added');
    expect(tree.get(forgotten.hash)?.data).toBe(forgotten.data);
  });

  it('is enough for a long branch that comes in the middle of a flood, and wins', () => {
    const old = branch(genesis, 300, 'old');
    const better = branch(genesis, 301, 'better');
    const tree = treeOf(genesis, ...old);
    for (const block of floods.slice(0, 1_000)) tree.add(block, NOW);
    const rubbish = floods.slice(1_000);
    for (const [i, block] of better.entries()) {
      if (tree.add(block, NOW).status !== 'added')
        throw new Error(
          `Block ${i + 1} of the branch was not taken: its parent was forgotten.`,
        );
      for (const more of rubbish.slice(3 * i, 3 * i + 3)) tree.add(more, NOW);
    }
    expectBlocks(tree.chain.slice(), [genesis, ...better]);
  });

  it('lets the chains of a long split win in turn', () => {
    const [a, b] = [branch(genesis, 400, 'a'), branch(genesis, 450, 'b')];
    const tree = treeOf(genesis, ...a, ...b);
    expect(tree.chain.tip).toEqual(last(b));
    for (const rubbish of floods.slice(0, 1_000)) tree.add(rubbish, NOW);
    const more = branch(last(a), 60, 'more');
    for (const block of more)
      if (tree.add(block, NOW).status !== 'added')
        throw new Error(
          'A branch was forgotten that a thousand side blocks had room beside.',
        );
    expectBlocks(tree.chain.slice(), [genesis, ...a, ...more]);
  });
});
