import { headerText, type Header } from '#blocks';
import { midstateOf, wordsOf } from './sha256.ts';

/** How many nonces share all but their last digits. */
export const NONCES = 10_000;

/** The most timestamps that a batch may have. */
export const MAX_TIMESTAMPS = 32;

/**
 * What the hashes of a batch have in common: the nonces differ in their last four digits,
 * which fill one word of the last SHA-256 block; the timestamps stand in a block before.
 */
export interface Batch {
  /** For each timestamp the state before the last block: 8 words. */
  readonly midstates: readonly Int32Array[];
  /** The last block: 16 words, with 0000 for the last four digits. */
  readonly words: Int32Array;
  /** Which of the words holds the last four digits. */
  readonly at: number;
  /** The bits that must be zero in the first word of the hash. */
  readonly mask: number;
}

/** What tries nonces. It keeps one batch at a time. */
export interface Kernel {
  /** How many nonces it tries at once: those of a scan begin and end at a multiple. */
  readonly lanes: number;
  /** About how many hashes take it some milliseconds. */
  readonly portion: number;
  /** Takes a batch up, for the scans that follow. */
  readonly prepare: (batch: Batch) => void;
  /**
   * Tries the nonces whose last four digits are `from` to `to` - 1: `lanes` of them with the
   * first timestamp, with the second, and so on, then the next ones. Returns the first that
   * is good as 10,000 times the number of its timestamp plus the last four digits; or -1.
   */
  readonly scan: (from: number, to: number) => number;
}

/**
 * Returns the lowest and the highest of the first digits of a nonce, those before the last
 * four. Their number is such that the last four fill one word, and that it is in the last
 * block.
 */
export function prefixesOf(header: Header): readonly [number, number] {
  const start = headerText({ ...header, nonce: 0 }).length - '0]'.length;
  for (let digits = 16; digits > 4; digits -= 1) {
    const end = start + digits;
    const isLast = Math.floor((end - 1) / 64) === Math.floor((end + ']'.length + 8) / 64);
    if (end % 4 !== 0 || !isLast) continue;
    const highest = Math.min(10 ** digits - 1, Number.MAX_SAFE_INTEGER - NONCES);
    return [10 ** (digits - 5), Math.floor(highest / NONCES)];
  }
  throw new RangeError('There is no nonce whose last digits fill a word of the header.');
}

/** Returns the states before the last block, for headers that differ in their timestamp. */
export function midstatesOf(header: Header, timestamps: readonly number[]): Int32Array[] {
  const nonce = NONCES * prefixesOf(header)[0];
  return timestamps.map((timestamp) => {
    const words = wordsOf(headerText({ ...header, timestamp, nonce }));
    return midstateOf(words, words.length / 16 - 1);
  });
}

/** Returns the batch of all nonces that begin with `prefix`. */
export function batchOf(
  header: Header,
  midstates: readonly Int32Array[],
  prefix: number,
): Batch {
  const text = headerText({ ...header, nonce: NONCES * prefix });
  const words = wordsOf(text).slice(-16);
  const at = ((text.length - '0000]'.length) % 64) / 4;
  const mask = header.difficulty === 0 ? 0 : -1 << Math.max(0, 32 - header.difficulty);
  return { midstates, words, at, mask };
}
