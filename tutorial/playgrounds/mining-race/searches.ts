import type { Block } from '#blocks';
import { mine } from '#proof-of-work';
import { createKernel } from '../../../final/mining/choose-kernel.ts';
import { search } from '../../../final/mining/search.ts';
import { digestCount } from '../../../final/explorer/stand-ins/crypto.ts';

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

/** Searches, and tells about ten times a second how many hashes it has made. */
export type Search = (order: Order, tell?: (hashes: number) => void) => Promise<Mined>;

/** The searches there are. */
export const searches: Readonly<Record<Engine, Search>> = {
  async loop({ block }, tell = () => undefined) {
    const before = digestCount();
    const timer = setInterval(() => tell(digestCount() - before), REPORT);
    const mined = await mine(block);
    clearInterval(timer);
    return { block: mined, attempts: mined.nonce + 1 };
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
      tell(attempts);
    }
  },
};
