import { setImmediate as nextTurn } from 'node:timers/promises';
import { brokenRule, checkShape, type Block } from '#blocks';
import { consensusRules, earliestTime } from '#consensus';

/** How many characters of data are checked before others get a turn. */
const PIECE = 1_000_000;

/** What a node would do with a list of blocks, and why. */
export interface DryRun {
  /** `refused` breaks a rule, `early` is not yet valid, `known` is in its tree already. */
  readonly verdict: 'refused' | 'early' | 'known' | 'valid';
  /** The index that the first block has which decided so; null if it has none. */
  readonly index: number | null;
  /** The reason, in the words of the rules. */
  readonly reason: string;
}

/**
 * Judges blocks as if a peer had sent them, and changes nothing.
 *
 * @param blocks - any values, each to follow the one before
 * @param find - gives a block of any branch by its hash
 * @param now - the time, in milliseconds since the epoch
 */
export async function dryRun(
  blocks: readonly unknown[],
  find: (hash: string) => Block | undefined,
  now: number,
): Promise<DryRun> {
  const offered = new Map<string, Block>();
  let isNew = false;
  let checked = 0;
  for (const value of blocks) {
    const shape = checkShape(value);
    if (shape !== undefined) return { verdict: 'refused', index: null, reason: shape };
    const block = value as Block;
    const { index } = block;
    checked += block.data.length;
    if (checked > PIECE) {
      checked = 0;
      await nextTurn();
    }
    const parent = find(block.previousHash) ?? offered.get(block.previousHash);
    const isGenesis = parent === undefined && index === 0;
    if (parent === undefined && !isGenesis) {
      const reason = `no block has the hash ${block.previousHash}, which it gives as its parent's`;
      return { verdict: 'refused', index, reason };
    }
    const broken = brokenRule(block, parent, consensusRules);
    if (broken !== undefined) return { verdict: 'refused', index, reason: broken };
    const isKnown = find(block.hash) !== undefined;
    if (isGenesis && !isKnown) {
      const reason = 'it would begin another network';
      return { verdict: 'refused', index, reason };
    }
    if (earliestTime(block) > now) {
      const reason = 'its timestamp is too far ahead of the clock';
      return { verdict: 'early', index, reason };
    }
    isNew ||= !isKnown;
    offered.set(block.hash, block);
  }
  const verdict = isNew ? 'valid' : 'known';
  return { verdict, index: null, reason: 'every rule is kept' };
}
