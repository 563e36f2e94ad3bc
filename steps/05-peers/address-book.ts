import { MAX_ADDRESSES, MAX_FAILURES } from './limits.ts';

/** A connection that lasted this long was a success, in milliseconds. */
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

/** How long to wait before dialing again, first and at most, in milliseconds. */
export interface Redial {
  /** The wait after a first failure, which doubles, and between two urls that others named. */
  readonly first: number;
  /** The longest wait. */
  readonly max: number;
}

/** The urls that a node has heard of, and when to dial which. All times are in milliseconds. */
export class AddressBook {
  readonly #addresses = new Map<string, Address>();
  readonly #redial: Redial;
  readonly #outbound: number;
  #nextTry = 0;

  /**
   * Makes an empty book.
   *
   * @param redial - how long to wait between attempts
   * @param outbound - how many urls to dial at a time beyond those to keep
   */
  constructor(redial: Redial, outbound: number) {
    this.#redial = redial;
    this.#outbound = outbound;
  }

  /**
   * Notes a url at the time `now`. One that is to be kept is dialed at once and for as long
   * as the node runs; the others a little later, as their nodes may be about to dial this one.
   */
  add(url: string, now: number, keep = false): void {
    const address = this.#addresses.get(url);
    if (address !== undefined) {
      address.keep ||= keep;
    } else if (keep || this.#makeRoom()) {
      const notBefore = keep ? now : now + Math.random() * this.#redial.first;
      const state = { busy: false, reached: false, failures: 0, notBefore };
      this.#addresses.set(url, { url, keep, ...state });
    }
  }

  /** Returns all urls. */
  known(): KnownAddress[] {
    return [...this.#addresses.values()].map(({ url, keep }) => ({ url, keep }));
  }

  /**
   * Takes the urls to dial now: all that are to be kept, and one of the others if there are
   * too few connections and enough time has passed. Each is taken once, until it is released.
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

  /** Gives a url back when its connection ended, which lasted so long; 0 if there was none. */
  release(url: string, now: number, lasted: number): void {
    const address = this.#addresses.get(url);
    if (address === undefined) return;
    const { first, max } = this.#redial;
    const wait = Math.min(max, first * 2 ** address.failures);
    address.failures = lasted > SUCCESS ? 0 : address.failures + 1;
    address.reached ||= lasted > 0;
    if (!address.keep && address.failures >= MAX_FAILURES) this.#addresses.delete(url);
    address.busy = false;
    address.notBefore = now + wait * (0.5 + Math.random() / 2); // apart from the others
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
