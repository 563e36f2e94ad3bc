import { MAX_DATA_BYTES, type Block } from './block.ts';
import { isCount, isData, isHash } from './values.ts';

/** What a field may be: a test, and the same in words. */
type Kind = readonly [test: (value: unknown) => boolean, words: string];

const count: Kind = [isCount, 'a whole number from 0'];
const hash: Kind = [isHash, '64 lowercase hex digits'];
const data: Kind = [isData, `well-formed text of at most ${MAX_DATA_BYTES} bytes`];
const isDifficulty = (value: unknown) => isCount(value) && value <= 256;

const shape: Record<keyof Block, Kind> = {
  index: count,
  timestamp: [isCount, 'a whole number of milliseconds'],
  previousHash: hash,
  dataHash: hash,
  difficulty: [isDifficulty, 'a whole number to 256'],
  nonce: count,
  data,
  hash,
};
const tests = Object.entries(shape);

/**
 * Says in words why `value` has not the shape of a block, or gives undefined where it has.
 * A block is an object with the eight fields of {@link Block}, in any order, and no others.
 * `index`, `timestamp`, `difficulty` and `nonce` are counts ({@link isCount}), the difficulty
 * of at most 256; `previousHash`, `dataHash` and `hash` are hashes ({@link isHash}), whatever
 * they may be worth; `data` is data ({@link isData}).
 *
 * The reason names a field that is missing, wrong, or too many (by at least its first 20
 * characters). Any value at all may be given: the function never throws.
 */
export function checkShape(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'it is not a JSON object';
  const fields = value as Record<string, unknown>;
  for (const [name, [test, words]] of tests) {
    if (!test(fields[name])) return `its ${name} is not ${words}`;
  }
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(shape, name));
  return unknown === undefined
    ? undefined
    : `it has an unknown field "${unknown.slice(0, 20)}"`;
}
