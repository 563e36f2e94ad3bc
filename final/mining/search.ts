import { hashBlock, type Block } from '#blocks';
import { leadingZeroBits } from '#proof-of-work';
import {
  MAX_TIMESTAMPS,
  NONCES,
  batchOf,
  midstatesOf,
  prefixesOf,
  type Kernel,
} from './kernel.ts';

/** From which difficulty on several timestamps are tried, so that they share the schedule. */
const SHARED_FROM = 12;

/** Which blocks are to be tried. */
export interface Range {
  /** The timestamp that the block's must exceed: its parent's; -1 if it has none. */
  readonly after: number;
  /** Which part of the nonces to try, from 0. */
  readonly part?: number;
  /** In how many parts the nonces are divided. */
  readonly parts?: number;
}

/** A try of a search: what was put into the header. */
export interface Try {
  readonly timestamp: number;
  readonly nonce: number;
}

/**
 * Searches for a block, with a kernel. It tries nonces, and timestamps too: first the block's
 * own and up to 31 milliseconds before, then later ones (that takes days, so they have come
 * by then). It yields the number of hashes it has tried since it last did so, every few
 * milliseconds; the caller may then let others have their turn, or end the search.
 *
 * @param look - is called with the last try of each portion, for those who want to watch
 * @returns the block with the timestamp, the nonce and the hash that were found
 */
export function* search(
  kernel: Kernel,
  block: Block,
  { after, part = 0, parts = 1 }: Range,
  look?: (last: Try) => void,
): Generator<number, Block> {
  const [lowest, highest] = prefixesOf(block);
  for (const timestamps of windows(block, after)) {
    const step = kernel.portion / timestamps.length;
    const nonces = Math.max(1, Math.floor(step / kernel.lanes)) * kernel.lanes;
    const midstates = midstatesOf(block, timestamps);
    for (let prefix = lowest + part; prefix <= highest; prefix += parts) {
      kernel.prepare(batchOf(block, midstates, prefix));
      for (let from = 0; from < NONCES;) {
        const to = Math.min(from + nonces, NONCES);
        const hit = kernel.scan(from, to);
        const digits = hit % NONCES;
        // The kernel looks at 32 bits of a hash. Where they are not enough, it goes on.
        const end = hit < 0 ? to : digits - (digits % kernel.lanes) + kernel.lanes;
        look?.({
          timestamp: timestamps.at(-1) ?? block.timestamp,
          nonce: NONCES * prefix + end - 1,
        });
        yield (end - from) * timestamps.length;
        from = end;
        if (hit < 0) continue;
        const timestamp = timestamps[Math.floor(hit / NONCES)] ?? block.timestamp;
        const found = { ...block, timestamp, nonce: NONCES * prefix + digits };
        const hash = hashBlock(found);
        if (leadingZeroBits(hash) >= block.difficulty) return { ...found, hash };
      }
    }
  }
  throw new Error('All nonces and timestamps were tried.');
}

/** Gives lists of timestamps to try together. Those of a list have the same length as text. */
function* windows(block: Block, after: number): Generator<number[]> {
  const size = block.difficulty < SHARED_FROM ? 1 : MAX_TIMESTAMPS;
  let latest = block.timestamp;
  let earliest = Math.max(after + 1, latest - size + 1);
  while (latest <= Number.MAX_SAFE_INTEGER) {
    const all = Array.from({ length: latest - earliest + 1 }, (_, i) => latest - i);
    const digits = String(latest).length;
    yield all.filter((timestamp) => String(timestamp).length === digits);
    earliest = latest + 1;
    latest += size;
  }
}
