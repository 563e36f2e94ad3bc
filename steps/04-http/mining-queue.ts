import { nextBlock, type Block } from '#blocks';
import { mine } from '#proof-of-work';
import { Problem } from './problem.ts';

/** How many requests may wait for their turn. */
const MAX_WAITING = 1_000;

/** What a {@link MiningQueue} needs from its node. */
export interface MiningQueueOptions {
  /** Gives the block to build on. */
  readonly tip: () => Block;
  /** Adds a mined block to the chain; false if another block was faster. */
  readonly add: (block: Block) => boolean | Promise<boolean>;
  /** Finds the nonce; by default the `mine` of step 3. */
  readonly search?: (block: Block, signal: AbortSignal) => Promise<Block>;
}

/** Turns data into blocks, one after the other, each on the newest tip. */
export class MiningQueue {
  readonly #options: MiningQueueOptions;
  #last: Promise<unknown> = Promise.resolve();
  #search = new AbortController();
  #waiting = 0;

  /** Makes an empty queue that takes its blocks from and gives them to `options`. */
  constructor(options: MiningQueueOptions) {
    this.#options = options;
  }

  /**
   * Mines a block that carries `data` and returns it when it is on the chain.
   *
   * @throws {@link Problem} 503 if too many requests are waiting already
   */
  async mine(data: string): Promise<Block> {
    if (this.#waiting >= MAX_WAITING) {
      throw new Problem(
        503,
        `${MAX_WAITING} blocks are waiting to be mined. Try again later.`,
      );
    }
    this.#waiting += 1;
    const turn = this.#last.then(() => this.#mineOnTip(data));
    this.#last = turn.catch(() => undefined).then(() => (this.#waiting -= 1));
    return turn;
  }

  /** Starts the search under way again. To be called when the tip has changed. */
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
