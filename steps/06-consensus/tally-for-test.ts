/** A ledger for the tests of this step: a sum that must not fall below 0. */
import { blockRules, nextBlock, type Block } from '#blocks';
import type { Ledger } from '#consensus';
import { NOW } from './blocks-for-test.ts';

/** What is known after a block of such a network. */
export interface Tally {
  readonly sum: number;
  /** The data of all blocks, in order. */
  readonly path: string;
}

/** Notes what a ledger was asked. */
export interface Asked {
  readonly applied: string[];
  readonly verified: string[];
}

/** Each block adds its data, a number, to the sum. Data that ends in `!` only fails in `verify`. */
export function tallyLedger(asked?: Asked, batch?: number): Ledger<Tally> {
  return {
    rules: blockRules,
    initial: { sum: 0, path: '' },
    apply: ({ sum, path }, { data, index }, previous) => {
      asked?.applied.push(data);
      if (previous.index !== index - 1) return 'it was given with another parent';
      const after = sum + parseInt(data, 10);
      if (!(after >= 0)) return `${sum} and ${data} are below 0`;
      return { sum: after, path: `${path} ${data}` };
    },
    verify: (after, { data }) => {
      asked?.verified.push(data);
      if (!after.path.endsWith(` ${data}`)) return 'it was given with another state';
      return data.endsWith('!') ? 'it is not signed' : undefined;
    },
    ...(batch !== undefined && { batch }),
  };
}

/** Returns a branch after `parent` that has a block for each of these numbers. */
export function sums(parent: Block, ...numbers: readonly (number | string)[]): Block[] {
  const blocks: Block[] = [];
  for (const number of numbers)
    blocks.push(nextBlock(blocks.at(-1) ?? parent, String(number), NOW));
  return blocks;
}
