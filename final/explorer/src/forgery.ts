import { checkShape, type Block } from '#blocks';
import { mine } from '#proof-of-work';
import type { Draft } from '../components/block.ts';
import { rules, sealed } from './rules.ts';

/** What the rules say of one block of a forged chain. */
export interface Judgment {
  /** `bad` breaks rules itself; `shaken` breaks none, but follows a bad one. */
  readonly state: 'good' | 'bad' | 'shaken';
  /** All rules that it breaks, in the words of the steps. */
  readonly reasons: readonly string[];
}

/**
 * Judges blocks as children of each other by all rules that the network has for blocks by themselves.
 *
 * @param parent - the block before the first one; undefined if that is the genesis block
 */
export function judge(parent: Block | undefined, blocks: readonly Draft[]): Judgment[] {
  let sound = true;
  return blocks.map((block, i) => {
    const reasons = reasonsAgainst(block, i === 0 ? parent : (blocks[i - 1] as Block));
    const state = reasons.length > 0 ? 'bad' : sound ? 'good' : 'shaken';
    sound = state === 'good';
    return { state, reasons };
  });
}

function reasonsAgainst(draft: Draft, parent: Block | undefined): string[] {
  const shape = checkShape(draft);
  if (shape !== undefined) return [shape]; // the other rules take only what is a block
  return rules.value
    .slice(1)
    .flatMap((rule) => rule(draft as unknown as Block, parent) ?? []);
}

/** Returns a block with its hashes made to fit: the link, the hash of its data, and its own. */
export function rehashed(draft: Draft, parent: Block | undefined): Block {
  const block = draft as unknown as Block;
  const previousHash = parent?.hash ?? block.previousHash;
  return sealed({ ...block, previousHash });
}

/** Rehashes a block and mines it, as an honest node does. */
export function remined(
  draft: Draft,
  parent: Block | undefined,
  signal: AbortSignal,
): Promise<Block> {
  return mine(rehashed(draft, parent), signal);
}
