import type { Block, Rule } from '#blocks';
import { consensusRules } from './rules.ts';

/**
 * What the nodes of a network agree on beside the order of the blocks: what the blocks lead to,
 * one after the other. `S` is what is known after a block, such as who owns how much, and never
 * changes. Whatever a block holds, nothing here throws, and all of it always says the same.
 */
export interface Ledger<S extends object> {
  /** What a block must keep that cost little to ask, its work included. They come first. */
  readonly rules: readonly Rule[];
  /** What is known after the genesis block. */
  readonly initial: S;
  /** Returns what is known after `block`, which keeps the rules, or why it may not follow. */
  apply(state: S, block: Block, previous: Block): S | string;
  /** Says what is wrong with a block that led to `after`: what costs much to ask, asked once. */
  verify?(after: S, block: Block): string | undefined;
  /** How many characters of data an answer to a locator has at most; 1,048,576 unless given. */
  readonly batch?: number;
}

/** The ledger of a network whose blocks carry any text: nothing is known but the blocks. */
export const textLedger: Ledger<object> = {
  rules: consensusRules,
  initial: {},
  apply: (state) => state,
};
