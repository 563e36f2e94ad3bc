import { blockRules, type Block, type Rule } from '#blocks';
import { workRules } from '#proof-of-work';

/** How far a block's timestamp may be ahead of the clock, in milliseconds (two minutes). */
export const MAX_AHEAD = 120_000;

/** All rules that make a block valid for ever. */
export const consensusRules: readonly Rule[] = [...blockRules, ...workRules];

/**
 * Returns when a block may be accepted at the earliest, in milliseconds since the epoch.
 * A block that comes sooner is not bad; it is refused only for now.
 */
export function earliestTime(block: Block): number {
  return block.timestamp - MAX_AHEAD;
}

/**
 * Says in a sentence how many minutes another node's clock is ahead of this one or behind it, or
 * gives undefined if it is no more than one. Both times are in milliseconds since the epoch.
 */
export function clockWarning(theirs: number, own: number): string | undefined {
  const minutes = (theirs - own) / 60_000;
  if (Math.abs(minutes) <= 1) return undefined;
  const side = minutes > 0 ? 'ahead of' : 'behind';
  return `Its clock is ${Math.abs(minutes).toFixed()} min ${side} this one: set the wrong one.`;
}
