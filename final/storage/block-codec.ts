import type { Block } from '#blocks';

/** The keys of all blocks lie between these. */
export const ALL_BLOCKS = { gt: 'block:', lt: 'block;' };

/** How many digits the index has in a key: so keys sort as the numbers do. */
const DIGITS = 12;

/** What is written for a block: its fields in this order. Without names it is read faster. */
type Value = readonly [
  index: number,
  timestamp: number,
  previousHash: string,
  dataHash: string,
  difficulty: number,
  nonce: number,
  data: string,
  hash: string,
];

/** The marks of all blocks off the best chain lie between these. */
export const ALL_SIDE = { gt: 'side:', lt: 'side;' };

/** Returns the key of a block. */
export function keyOf({ index, hash }: Block): string {
  return `block:${String(index).padStart(DIGITS, '0')}:${hash}`;
}

/** Returns the key whose presence says that a block is off the best chain. */
export function sideKeyOf(block: Block): string {
  return keyOf(block).replace('block', 'side');
}

/** Returns the index in a key. */
export function indexOf(key: string): number {
  return Number(key.slice('block:'.length, 'block:'.length + DIGITS));
}

/** Returns what is written for a block. */
export function valueOf(block: Block): Value {
  const { index, timestamp, previousHash, dataHash, difficulty, nonce, data, hash } =
    block;
  return [index, timestamp, previousHash, dataHash, difficulty, nonce, data, hash];
}

/** Returns what was written as a block, unchecked: where it is damaged, fields are undefined. */
export function blockOf(written: unknown): Block {
  const value = (Array.isArray(written) ? written : []) as unknown as Value;
  const [index, timestamp, previousHash, dataHash, difficulty, nonce, data, hash] = value;
  return { index, timestamp, previousHash, dataHash, difficulty, nonce, data, hash };
}
