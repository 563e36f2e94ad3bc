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
  /** The id of the node that is there, as far as is known. */
  id: string | undefined;
  /** Whether a node answered there. Others may say what they like. */
  reached: boolean;
  /** True from being dialed to the end of that connection. */
  busy: boolean;
  failures: number;
  /** Not to be dialed before this time, in milliseconds. */
  notBefore: number;
}

/** What may be known of a new address. */
interface NewAddress {
  readonly keep?: boolean;
  readonly id?: string;
}

/** How long to wait before dialing again, first and at most, in milliseconds. */
export interface Redial {
  /** The wait after a first failure; each further one doubles it. */
  readonly first: number;
  /** The longest wait. */
  readonly max: number;
}

/** The urls that a node has heard of, and when to dial which. */
export class AddressBook {
  readonly #addresses = new Map<string, Address>();
  readonly #redial: Redial;
  readonly #outbound: number;

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
  add(url: string, now: number, { keep = false, id }: NewAddress = {}): void {
    const address = this.#addresses.get(url);
    if (address !== undefined) {
      address.keep ||= keep;
      address.id = id ?? address.id;
    } else if (keep || this.#makeRoom()) {
      const notBefore = keep ? now : now + Math.random() * this.#redial.first;
      const state = { busy: false, reached: false, failures: 0, notBefore };
      this.#addresses.set(url, { url, keep, id, ...state });
    }
  }

  /** Returns all urls. */
  known(): KnownAddress[] {
    return [...this.#addresses.values()].map(({ url, keep }) => ({ url, keep }));
  }

  /** Notes which node answered at a url, so that one node under two urls is dialed once. */
  met(url: string, id: string): void {
    const address = this.#addresses.get(url);
    if (address === undefined) return;
    address.id = id;
    address.reached = true;
  }

  /** Returns the id of the node that was last met at a url. */
  idAt(url: string): string | undefined {
    return this.#addresses.get(url)?.id;
  }

  /**
   * Takes the urls to dial now. Each is taken once, until it is released.
   *
   * @param now - the time, in milliseconds
   * @param isConnected - whether a node with this id needs no dialing
   */
  take(now: number, isConnected: (id: string) => boolean): string[] {
    const addresses = [...this.#addresses.values()];
    let free =
      this.#outbound - addresses.filter(({ busy, keep }) => busy && !keep).length;
    const due = addresses.filter((address) => {
      if (address.busy || address.notBefore > now) return false;
      if (address.id !== undefined && isConnected(address.id)) return false;
      if (!address.keep) free -= 1;
      return address.keep || free >= 0;
    });
    for (const address of due) address.busy = true;
    return due.map((address) => address.url);
  }

  /** Gives a url back when its connection ended, `lasted` milliseconds after the dialing. */
  release(url: string, now: number, lasted: number): void {
    const address = this.#addresses.get(url);
    if (address === undefined) return;
    const { first, max } = this.#redial;
    const wait = Math.min(max, first * 2 ** address.failures);
    address.failures = lasted > SUCCESS ? 0 : address.failures + 1;
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
