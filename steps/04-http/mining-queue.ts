import { nextBlock, type Block } from '#blocks';
import { mine } from '#proof-of-work';
import { Turns } from './turns.ts';

/** How many requests may be in the queue. */
const MAX_WAITING = 1_000;

/** What a `MiningQueue` needs from its node. */
export interface MiningQueueOptions {
  /** Gives the block to build on. */
  readonly tip: () => Block;
  /** Adds a mined block to the chain; false if another block was faster. */
  readonly add: (block: Block) => boolean | Promise<boolean>;
  /**
   * Finds the nonce; it is told by `signal` when to stop. By default it is the `mine` of step 3.
   */
  readonly search?: (block: Block, signal: AbortSignal) => Promise<Block>;
}

/** Turns data into blocks, one after the other, each on the newest tip. */
export class MiningQueue {
  readonly #options: MiningQueueOptions;
  readonly #turns = new Turns(MAX_WAITING);
  #search = new AbortController();

  /** Makes an empty queue, which takes the tip from `options` and gives its blocks to them. */
  constructor(options: MiningQueueOptions) {
    this.#options = options;
  }

  /**
   * Mines a block that carries `data`, and returns it when it is on the chain. It waits for its
   * turn, takes the tip, searches and adds; if `add` says false, it begins again with the tip
   * that there is then.
   *
   * @throws what `tip`, `add` and the search throw, and what `nextBlock` throws at data that has no
   * hash; the next in the queue is mined all the same
   * @throws `Problem` 503 if 1,000 requests are in the queue already, the one that is being
   * mined included
   */
  mine(data: string): Promise<Block> {
    return this.#turns.take(() => this.#mineOnTip(data));
  }

  /**
   * Aborts the search under way, if there is one, and begins it again on the tip that there is
   * now. To be called when the tip has changed; whoever waits for the block notices nothing. A
   * block that such a search finds nevertheless is dropped; one that is being added is none of
   * its business.
   */
  restart(): void {
    this.#search.abort();
  }

  async #mineOnTip(data: string): Promise<Block> {
    const { tip, add } = this.#options;
    for (;;) {
      const block = await this.#find(nextBlock(tip(), data, Date.now()));
      if (block !== undefined && (await add(block))) return block;
    }
  }

  /** Searches until the block is found, or returns undefined when the search must restart. */
  async #find(unmined: Block): Promise<Block | undefined> {
    const { search = mine } = this.#options;
    this.#search = new AbortController();
    const { signal } = this.#search;
    try {
      const block = await search(unmined, signal);
      return signal.aborted ? undefined : block;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }
}
