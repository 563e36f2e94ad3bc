import type { Block } from '#blocks';
import { leadingZeroBits, mine } from '#proof-of-work';
import { createKernel } from '../../../final/mining/choose-kernel.ts';
import { search } from '../../../final/mining/search.ts';
import { digestCount, watchDigests } from '../../../final/explorer/stand-ins/crypto.ts';

/** What can search for a nonce: the loop of step 3, or the kernel of the node. */
export type Engine = 'loop' | 'kernel';

/** What to search for. */
export interface Order {
  readonly block: Block;
  /** The timestamp that the block's must exceed: its parent's; -1 if it has none. */
  readonly after: number;
}

/** A block with its work done, and how many hashes that took. */
export interface Mined {
  readonly block: Block;
  readonly attempts: number;
}

/** How often to tell how many hashes were made, in milliseconds. */
const REPORT = 100;

/** How many near misses are shown. */
const SHOWN = 5;

/** An attempt: a nonce, and what came of it. */
export interface Attempt {
  readonly nonce: number;
  readonly hash: string;
}

/** What is told of a search while it goes on. */
export interface Progress {
  readonly hashes: number;
  /** The last attempt; the kernel of the node shows none. */
  readonly last?: Attempt | undefined;
  /** Those that had almost enough zero bits, the newest last. */
  readonly near?: readonly Attempt[];
}

/** How many bits may be missing for an attempt to be a near miss. */
export const NEAR = 4;

/** Searches, and tells about ten times a second how far it is. */
export type Search = (
  order: Order,
  tell?: (progress: Progress) => void,
) => Promise<Mined>;

/** Whether a hash has almost as many zero bits as it needs, but not all. */
export function isNear(hash: string, difficulty: number): boolean {
  const bits = leadingZeroBits(hash);
  return bits < difficulty && bits >= difficulty - NEAR;
}

/** The searches there are. */
export const searches: Readonly<Record<Engine, Search>> = {
  // Step 3 tries the nonces 0, 1, 2, …, so the count of the digests tells which one it was.
  async loop({ block }, tell = () => undefined) {
    const before = digestCount();
    let last: Attempt | undefined;
    let near: Attempt[] = [];
    watchDigests((hash, count) => {
      last = { nonce: count - before - 1, hash };
      if (isNear(hash, block.difficulty)) near = [...near.slice(1 - SHOWN), last];
    });
    const timer = setInterval(
      () => tell({ hashes: digestCount() - before, last, near }),
      REPORT,
    );
    try {
      const mined = await mine(block);
      tell({ hashes: digestCount() - before, last, near });
      return { block: mined, attempts: mined.nonce + 1 };
    } finally {
      clearInterval(timer);
      watchDigests(undefined);
    }
  },

  kernel({ block, after }, tell = () => undefined) {
    const run = search(createKernel(), block, { after });
    let attempts = 0;
    let told = performance.now();
    for (let step = run.next(); ; step = run.next()) {
      if (step.done === true) return Promise.resolve({ block: step.value, attempts });
      attempts += step.value;
      if (performance.now() - told < REPORT) continue;
      told = performance.now();
      tell({ hashes: attempts });
    }
  },
};
