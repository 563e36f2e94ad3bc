/** How much somebody may say: each word spends some of it, and each second brings some back. */
export class Allowance {
  readonly #perSecond: number;
  readonly #atOnce: number;
  #left: number;
  #last = 0;

  /**
   * Makes an allowance of which nothing is spent yet.
   *
   * @param perSecond - how much of it comes back in a second
   * @param atOnce - how much of it there is at first, and at most
   */
  constructor(perSecond: number, atOnce: number) {
    this.#perSecond = perSecond;
    this.#atOnce = atOnce;
    this.#left = atOnce;
  }

  /**
   * Spends some of the allowance, and says whether there was so much of it.
   *
   * @param cost - how much, a number from 0 that need not be whole
   * @param now - the time in milliseconds, which never goes back
   */
  spend(cost: number, now: number): boolean {
    const back = ((now - this.#last) / 1_000) * this.#perSecond;
    this.#left = Math.min(this.#atOnce, this.#left + back) - cost;
    this.#last = now;
    return this.#left >= 0;
  }
}
