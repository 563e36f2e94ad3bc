import { BoundedMap } from './bounded-map.ts';

/** How many of those who spend are remembered: the newest. */
const MAX_REMEMBERED = 10_000;

/**
 * What each of many may still do of something: so much at once, and so much more a second. This
 * is known as a token bucket. Times are in milliseconds.
 */
export class Allowances {
  readonly #atOnce: number;
  readonly #perSecond: number;
  readonly #spent = new BoundedMap<string, { left: number; at: number }>(MAX_REMEMBERED);

  /** Makes allowances of `atOnce`, which grow again by `perSecond`. */
  constructor(atOnce: number, perSecond: number) {
    this.#atOnce = atOnce;
    this.#perSecond = perSecond;
  }

  /** Says how much somebody has left at the time `now`. */
  left(who: string, now: number): number {
    const { left, at } = this.#spent.get(who) ?? { left: this.#atOnce, at: now };
    return Math.min(this.#atOnce, left + ((now - at) / 1_000) * this.#perSecond);
  }

  /** Takes so much off what somebody has left, and says whether it was there to be taken. */
  spend(who: string, now: number, amount = 1): boolean {
    const left = this.left(who, now) - amount;
    if (left >= 0) this.#spent.set(who, { left, at: now });
    return left >= 0;
  }
}
