import { brokenRule, blockRules, genesisBlock, nextBlock, type Block } from '#blocks';
import { expectedAttempts, workRules } from '#proof-of-work';
import type { Mined, Search } from './searches.ts';

/** The bits that one can choose from: below it is over at once, above it takes minutes. */
export const BITS = { least: 8, usual: 16, most: { loop: 22, kernel: 28 } };

/** A block that was found, and what it took. */
export interface Find extends Mined {
  readonly milliseconds: number;
}

/** Looks for the nonce of a block that follows `parent`, and measures. */
export async function find(
  block: Block,
  parent: Block | undefined,
  search: Search,
): Promise<Find> {
  const start = performance.now();
  const mined = await search({ block, after: parent?.timestamp ?? -1 });
  return { ...mined, milliseconds: performance.now() - start };
}

/** Returns the block to be mined after these; the genesis block if there are none. */
export function unminedAfter(blocks: readonly Block[], difficulty: number): Block {
  const tip = blocks.at(-1);
  if (tip === undefined) return genesisBlock({ timestamp: Date.now(), difficulty });
  return nextBlock(tip, `Block ${tip.index + 1}`, Date.now());
}

/** Returns why the last block may not follow, by the rules of steps 2 and 3. */
export function flaw(blocks: readonly Block[]): string | undefined {
  return brokenRule(blocks.at(-1), blocks.at(-2), [...blockRules, ...workRules]);
}

/**
 * Mines a block with other data, and everything after it anew, since each holds the hash of
 * the one before. Yields each block as it is found.
 */
export async function* forge(
  blocks: readonly Block[],
  place: number,
  data: string,
  search: Search,
): AsyncGenerator<Find> {
  let parent = blocks[place - 1];
  for (const [i, { data: old, timestamp }] of blocks.entries()) {
    if (i < place || parent === undefined) continue;
    const unmined = nextBlock(parent, i === place ? data : old, timestamp);
    const found = await find(unmined, parent, search);
    parent = found.block;
    yield found;
  }
}

/**
 * Returns the share of searches that take from `from` to before `to` times the expected
 * attempts. Each attempt is a coin that shows heads once in 2^difficulty, so the number of
 * attempts follows the geometric distribution.
 */
export function expectedShare(from: number, to: number, difficulty: number): number {
  const expected = expectedAttempts(difficulty);
  const failAll = (times: number) =>
    (1 - 1 / expected) ** Math.max(0, Math.ceil(times * expected) - 1);
  return failAll(from) - failAll(to);
}
