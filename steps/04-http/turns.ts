import { Problem } from './problem.ts';

/** Lets several pieces of work run one after the other, in the order in which they came. */
export class Turns {
  readonly #limit: number;
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;

  /**
   * Begins with nobody waiting.
   *
   * @param limit - how many may be inside at once: the one whose turn it is, and all that wait
   */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Calls `work` when its turn comes: all work that was handed in earlier has ended then, well
   * or not. Work that has ended leaves its place to others before its caller hears of it.
   *
   * @returns a promise of what `work` gives; it is rejected with what `work` throws, and with a
   * `Problem` 503 if `limit` are inside already: then `work` is never called
   */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#count >= this.#limit) {
      throw new Problem(
        503,
        `There is room for ${this.#limit} at a time. Try again later.`,
      );
    }
    this.#count += 1;
    const turn = this.#last.then(work).finally(() => (this.#count -= 1));
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
