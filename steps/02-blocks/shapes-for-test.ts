import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { Block } from '#blocks';

export const NOON = 1_700_000_000_000;
export const HASH = 'ab'.repeat(32);

/** A block as to its shape, whatever its hashes may be worth. */
export const shaped: Block = {
  index: 1,
  timestamp: NOON,
  previousHash: HASH,
  dataHash: HASH,
  difficulty: 0,
  nonce: 0,
  data: 'hello',
  hash: HASH,
};
export const fieldNames = Object.keys(shaped) as (keyof Block)[];

/** Matches a sentence that names a field; `dataHash` does not name `hash`. */
export const naming = (field: string): unknown =>
  expect.stringMatching(new RegExp(`\\b${field}\\b`));

export const anyData = fc.string({ unit: 'binary', maxLength: 50 });
export const anyHash = fc.nat().map((seed) => seed.toString(16).padStart(64, '0'));
export const anyCount = fc.maxSafeNat();

/** Any block as to its shape. */
export const anyBlock: fc.Arbitrary<Block> = fc.record({
  index: anyCount,
  timestamp: anyCount,
  previousHash: anyHash,
  dataHash: anyHash,
  difficulty: fc.nat(256),
  nonce: anyCount,
  data: anyData,
  hash: anyHash,
});
