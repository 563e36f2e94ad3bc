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

/** The field that a broken rule names, and what should stand there. */
export interface Fault {
  readonly field: keyof Block;
  /** The value that the rule asks for, where only one will do. */
  readonly expected: string | undefined;
  /** What the field should be, where several will do. */
  readonly words?: string;
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

/** Reads what was typed into a field: a whole number where one can be, otherwise text. */
export function read(field: keyof Block, typed: string): unknown {
  const isNumber = ['index', 'timestamp', 'difficulty', 'nonce'].includes(field);
  return isNumber && /^-?\d+$/.test(typed.trim()) ? Number(typed) : typed;
}

/** Returns the blocks with one field of one of them changed. */
export function edited(
  blocks: readonly Draft[],
  place: number,
  field: keyof Block,
  value: unknown,
): Draft[] {
  return blocks.map((block, i) => (i === place ? { ...block, [field]: value } : block));
}
