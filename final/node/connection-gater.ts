import type { Caller } from '#peers';
import { BoundedMap } from './bounded-map.ts';

/** How long a node that broke the protocol is not let in again, in milliseconds. */
export const REFUSED_FOR = 5 * 60_000;

/** How many such nodes are remembered: the newest. */
const MAX_REFUSED = 1_000;

/**
 * How many connections an address may open at once. A class behind one router has room, and
 * all may start again together.
 */
export const MAX_CALLS = 200;

/** How many more it may open each second: a program that dials in a loop gets no further. */
export const CALLS_PER_SECOND = 10;

/** As how many connections one counts that broke the protocol, whatever id it gave. */
export const COST_OF_OFFENSE = 50;

/** How many of a node's peers may be at one address, so that no machine takes all the room. */
export const MAX_PEERS_PER_ADDRESS = 64;

/** How many addresses are remembered. */
const MAX_CALLERS = 10_000;

/** What is left to an address of the connections it may open. */
interface Allowance {
  readonly left: number;
  readonly at: number;
}

/**
 * Decides whom to let in. Ids are free to choose, and many honest nodes may share an address:
 * so a node that broke the protocol is refused by address and id together, and an address
 * as a whole only has to slow down.
 */
export class ConnectionGater {
  readonly #sharedAddress: boolean;
  readonly #refused = new BoundedMap<string, number>(MAX_REFUSED);
  readonly #allowances = new BoundedMap<string, Allowance>(MAX_CALLERS);

  /** @param sharedAddress - true to set no limits by address, as all peers have the same */
  constructor(sharedAddress = false) {
    this.#sharedAddress = sharedAddress;
  }

  /**
   * Returns why not to let a node in, or undefined. A node without an id is only calling.
   *
   * @param peers - how many peers are at its address already
   * @param now - the time, in milliseconds
   */
  refuse({ host, id }: Caller, peers: number, now: number): string | undefined {
    const until = this.#refused.get(`${host} ${id}`) ?? 0;
    if (until > now) {
      return `It broke the protocol: it is let in again in ${Math.ceil((until - now) / 1_000)} s.`;
    }
    if (this.#sharedAddress) return undefined;
    if (peers >= MAX_PEERS_PER_ADDRESS) {
      return `The node has ${MAX_PEERS_PER_ADDRESS} peers at this address already.`;
    }
    if (id !== undefined) return undefined;
    const left = this.#left(host, now);
    if (left < 1) return 'Too many connections come from this address.';
    this.#allowances.set(host, { left: left - 1, at: now });
    return undefined;
  }

  /** Notes that a node broke the protocol at the time `now`, in milliseconds. */
  blame({ host, id }: Caller, now: number): void {
    const left = Math.max(0, this.#left(host, now) - COST_OF_OFFENSE);
    this.#allowances.set(host, { left, at: now });
    if (id === undefined) return;
    this.#refused.set(`${host} ${id}`, now + REFUSED_FOR);
  }

  #left(host: string, now: number): number {
    const { left, at } = this.#allowances.get(host) ?? { left: MAX_CALLS, at: now };
    return Math.min(MAX_CALLS, left + ((now - at) / 1_000) * CALLS_PER_SECOND);
  }
}
