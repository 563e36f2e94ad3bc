/** Blocks for the tests of this step. */
import { genesisBlock, hashBlock, nextBlock, type Block } from '#blocks';
import type { Change } from '#consensus';
import { leadingZeroBits } from '#proof-of-work';

/** When the genesis block was made. */
export const START = 1_700_000_000_000;

/** What time it is: a day later. */
export const NOW = START + 86_400_000;

/** A genesis block that asks for no work. */
export const genesis = genesisBlock({ timestamp: START });

/** Returns the block, with a nonce that gives it its work and the hash that it then has. */
export function withWork(block: Block): Block {
  for (let nonce = 0; ; nonce += 1) {
    const hash = hashBlock({ ...block, nonce });
    if (leadingZeroBits(hash) >= block.difficulty) return { ...block, nonce, hash };
  }
}

/** Returns `count` new blocks, each following the one before, the first one `parent`. */
export function branch(parent: Block, count: number, name: string): Block[] {
  const blocks: Block[] = [];
  let tip = parent;
  for (let i = 1; i <= count; i += 1) {
    const next = nextBlock(tip, `${name}${i}`, START);
    tip = next.difficulty === 0 ? next : withWork(next);
    blocks.push(tip);
  }
  return blocks;
}

/** The last of a list of blocks, or the genesis block if the list is empty. */
export const last = (blocks: readonly Block[]) => blocks.at(-1) ?? genesis;

/** Compares long lists of blocks, and tells in short what is wrong. */
export function expectBlocks(actual: readonly Block[], expected: readonly Block[]): void {
  const at = expected.findIndex(({ hash }, i) => actual[i]?.hash !== hash);
  if (at !== -1 || actual.length !== expected.length)
    throw new Error(
      `There are ${actual.length} blocks, where ${expected.length} were expected. Number ` +
        `${at} is "${actual[at]?.data}", where "${expected[at]?.data}" was expected.`,
    );
}

/** Does to a list of blocks what the changes say; fails where they do not fit. */
export function replay(blocks: Block[], changes: readonly Change[]): void {
  for (const { removed, added } of changes) {
    const end = blocks.splice(blocks.length - removed.length);
    const at = removed.findIndex(({ hash }, i) => end[i]?.hash !== hash);
    if (at !== -1)
      throw new Error(
        `A change takes off ${removed.length} blocks, oldest first. Number ${at} of them is ` +
          `"${removed[at]?.data}", where the chain had "${end[at]?.data}".`,
      );
    blocks.push(...added);
  }
}
