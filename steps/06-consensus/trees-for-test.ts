/** Trees of blocks for the tests of this step. */
import fc from 'fast-check';
import { genesisBlock, type Block } from '#blocks';
import { BlockTree, isBetter } from '#consensus';
import { work } from '#proof-of-work';
import { NOW, START, branch, withWork } from './blocks-for-test.ts';

/** A tree with these blocks in it, each of which must be taken. */
export function treeOf(genesis: Block, ...blocks: readonly Block[]): BlockTree {
  const tree = new BlockTree(genesis);
  for (const block of blocks) {
    const { status } = tree.add(block, NOW);
    if (status !== 'added')
      throw new Error(`Block "${block.data}" is ${status}, not added.`);
  }
  return tree;
}

/** Blocks that descend from a genesis block: a random tree, every parent before its children. */
export const randomTree = fc
  .record({
    difficulty: fc.constantFrom(0, 0, 2),
    // Which block to build on: one of the newest for long branches, or any for early forks.
    parents: fc.array(fc.oneof(fc.nat(3), fc.nat(50)), { minLength: 1, maxLength: 50 }),
  })
  .map(({ difficulty, parents }) => {
    const root = withWork(genesisBlock({ timestamp: START, difficulty }));
    const blocks = [root];
    for (const [i, back] of parents.entries()) {
      const parent = blocks[Math.max(0, blocks.length - 1 - back)] ?? root;
      blocks.push(...branch(parent, 1, `block ${i}, `));
    }
    return { root, blocks };
  });

/** The same blocks in a random order in which each parent still comes before its children. */
function parentFirst(root: Block, blocks: readonly Block[], keys: readonly number[]) {
  const waiting = blocks
    .map((block, i) => ({ block, key: keys[i] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ block }) => block)
    .filter((block) => block !== root);
  const order: Block[] = [];
  const known = new Set([root.hash]);
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ previousHash }) => known.has(previousHash));
    const [block] = waiting.splice(next, 1);
    if (block === undefined) break;
    known.add(block.hash);
    order.push(block);
  }
  return order;
}

/** A genesis block, and blocks that descend from it, each after its parent. */
export const treeInRandomOrder = fc
  .record({
    tree: randomTree,
    keys: fc.array(fc.nat(), { minLength: 51, maxLength: 51 }),
  })
  .map(({ tree: { root, blocks }, keys }) => ({
    root,
    order: parentFirst(root, blocks, keys),
  }));

/** The block that the best chain must end in: all blocks of a tree have the same difficulty. */
export function bestOf(blocks: readonly Block[]): Block {
  const candidate = ({ hash, index, difficulty }: Block) => ({
    hash,
    work: work(difficulty) * BigInt(index + 1),
  });
  return blocks.reduce((a, b) => (isBetter(candidate(b), candidate(a)) ? b : a));
}
