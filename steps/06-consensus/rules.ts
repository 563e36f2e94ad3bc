import { blockRules, type Block, type Rule } from '#blocks';
import { workRules } from '#proof-of-work';

/** How far a block's timestamp may be ahead of the clock, in milliseconds (two minutes). */
export const MAX_AHEAD = 120_000;

/**
 * All rules that make a block valid for ever: those of blocks, then those of work. They ask
 * only for the block and its parent, and so say the same of it at any time, everywhere.
 */
export const consensusRules: readonly Rule[] = [...blockRules, ...workRules];

/**
 * Returns when a block may be accepted at the earliest, in milliseconds since the epoch:
 * `MAX_AHEAD` before its timestamp. A block that comes sooner is not bad, but early.
 */
export function earliestTime(block: Block): number {
  return block.timestamp - MAX_AHEAD;
}
