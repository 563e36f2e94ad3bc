import type { Block } from '#blocks';

/** A block that somebody may have written anything into. */
export type Draft = Readonly<Record<keyof Block, unknown>>;

/** What is to be said of one block of a chain. */
export interface Verdict {
  /** `bad` breaks a rule itself; `shaken` keeps its rules, but follows a bad one. */
  readonly state: 'good' | 'bad' | 'shaken';
  /** The broken rule, in the words of the steps. */
  readonly reason: string | undefined;
}

/** The fields of a block, in the order in which they are shown. */
export const fields = [
  'data',
  'index',
  'timestamp',
  'difficulty',
  'nonce',
  'previousHash',
  'dataHash',
  'hash',
] as const satisfies readonly (keyof Block)[];
