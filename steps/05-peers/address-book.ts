import { MAX_ADDRESSES, MAX_FAILURES } from './limits.ts';

/** A connection that lasted longer than this was a success, in milliseconds. */
const SUCCESS = 30_000;

/** A url that a node has heard of. */
export interface KnownAddress {
  /** `ws://host:port`. */
  readonly url: string;
  /** Whether it is never to be forgotten, and always to be dialed. */
  readonly keep: boolean;
}

interface Address extends KnownAddress {
  keep: boolean;
  /** Whether a node answered there. Others may say what they like. */
  reached: boolean;
  /** True from being dialed to the end of that connection. */
  busy: boolean;
  failures: number;
  /** Not to be dialed before this time, in milliseconds. */
  notBefore: number;
}

/** How long to wait before dialing again, in milliseconds. */
export interface Redial {
  /** The wait after a first failure, which doubles with each further one. */
  readonly first: number;
  /** The longest wait. */
  readonly max: number;
}

/**
 * The urls that a node has heard of, and when to dial which. It opens no connections and looks
 * at no clock: it is told the time, in milliseconds.
 */
export class AddressBook {
  readonly #addresses = new Map<string, Address>();
  readonly #redial: Redial;
  readonly #outbound: number;
  readonly #random: () => number;
  #nextTry = 0;

  /**
   * Makes an empty book.
   *
   * @param redial - how long to wait between attempts
   * @param outbound - how many urls to dial at a time beyond those to keep
   * @param random - gives a number from 0 to below 1, each time another one; `Math.random`
   *   unless given
   */
  constructor(redial: Redial, outbound: number, random: () => number = Math.random) {
    this.#redial = redial;
    this.#outbound = outbound;
    this.#random = random;
  }

  /**
   * Notes a url at the time `now`, once, however often it is named. One to `keep` (false unless
   * given, and never taken back) is to be dialed at once, and is never forgotten. The others
   * wait by chance, for `random()` of `redial.first`, as their nodes may be about to dial this one.
   * Where 1,000 urls are known, a new one takes the place of one that is not to be kept, is not
   * taken, and was never reached; without such a one it is noted only if it is to be kept.
   */
  add(url: string, now: number, keep = false): void {
    const address = this.#addresses.get(url);
    if (address !== undefined) {
      address.keep ||= keep;
    } else if (keep || this.#makeRoom()) {
      const notBefore = keep ? now : now + this.#random() * this.#redial.first;
      const state = { busy: false, reached: false, failures: 0, notBefore };
      this.#addresses.set(url, { url, keep, ...state });
    }
  }

  /** Returns all urls in the order in which they were noted, as copies. */
  known(): KnownAddress[] {
    return [...this.#addresses.values()].map(({ url, keep }) => ({ url, keep }));
  }

  /**
   * Takes the urls to dial at the time `now`: those whose wait is over, all that are to be kept,
   * and at most one of the others. Of these it takes none while `outbound` of them are taken,
   * nor before `redial.first` has passed since the last one; it takes the one that failed least
   * often in a row, and of several the newest. What is taken is not taken again until it is
   * released.
   */
  take(now: number): string[] {
    const all = [...this.#addresses.values()];
    const due = all.filter(({ busy, notBefore }) => !busy && notBefore <= now);
    const taken = due.filter(({ keep }) => keep);
    const found = all.filter(({ busy, keep }) => busy && !keep).length;
    if (found < this.#outbound && now >= this.#nextTry) {
      // What is new comes first, so that no number of urls in vain keeps it waiting.
      const others = due.filter(({ keep }) => !keep).reverse();
      const [next] = others.sort((a, b) => a.failures - b.failures);
      if (next !== undefined) {
        taken.push(next);
        this.#nextTry = now + this.#redial.first;
      }
    }
    for (const address of taken) address.busy = true;
    return taken.map(({ url }) => url);
  }

  /**
   * Gives a url back at the time `now`, when its connection ended, to be taken again after a
   * wait. A connection that lasted longer than 30 seconds was a success: all failures before it
   * are forgotten, and the wait is `redial.first`. All else is a failure: the wait is
   * `redial.first` after the first one, doubles with each, and is at most `redial.max`. Chance
   * shortens every wait: by half if `random()` is 0, by less the more that is, by nothing if it is
   * nearly 1. After ten failures in a row the url is forgotten, unless it is to be kept.
   *
   * @param lasted - how long the connection lasted; 0 or less if none came about. More than 0
   *   means that a node was reached
   */
  release(url: string, now: number, lasted: number): void {
    const address = this.#addresses.get(url);
    if (address === undefined) return;
    address.failures = lasted > SUCCESS ? 0 : address.failures + 1;
    address.reached ||= lasted > 0;
    if (!address.keep && address.failures >= MAX_FAILURES) this.#addresses.delete(url);
    const { first, max } = this.#redial;
    const wait = Math.min(max, first * 2 ** Math.max(0, address.failures - 1));
    address.notBefore = now + wait * (0.5 + this.#random() / 2); // apart from the others
    address.busy = false;
  }

  /** Forgets a url that never worked if there are too many. Says whether there is room. */
  #makeRoom(): boolean {
    if (this.#addresses.size < MAX_ADDRESSES) return true;
    for (const { url, keep, busy, reached } of this.#addresses.values()) {
      if (!keep && !busy && !reached) return this.#addresses.delete(url);
    }
    return false;
  }
}
