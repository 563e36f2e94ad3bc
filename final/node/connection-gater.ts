import { MAX_DATA_BYTES } from '#blocks';
import type { Message, Peer } from '#peers';
import { Allowances } from './allowances.ts';
import { BoundedMap } from './bounded-map.ts';

/**
 * How many connections an address may open at once. A class behind one router has room, and
 * all may start again together.
 */
export const MAX_CALLS = 200;

/** How many more it may open each second: a program that dials in a loop gets no further. */
export const CALLS_PER_SECOND = 10;

/** As how many connections one counts that broke the protocol, whoever it said it was. */
export const COST_OF_OFFENSE = 50;

/** How many new urls one peer may name at once, and how many more each second. */
export const MAX_NAMED = 100;
const NAMED_PER_SECOND = 0.1;

/** The same for all peers at one address, and for all urls that lead to one address. */
export const MAX_NAMED_BY_ADDRESS = 4 * MAX_NAMED;
export const MAX_NAMED_AT_ADDRESS = 64;

/** How many urls are known not to be new: as many as a node remembers. */
const MAX_HEARD = 1_000;

/** How many peers keep their places because they were the last to bring a better chain. */
export const MAX_USEFUL = 8;

/** How much may wait for all peers together, in bytes. */
export const MAX_UNREAD = 64 * 1_048_576;

/**
 * How much data an answer may hold, as text length: honest ones have about that of one full block.
 * Many peers may answer at once.
 */
export const MAX_ANSWER = 2 * MAX_DATA_BYTES;

/** What counts of a peer: what it cannot choose, and its `key`, which this node has given it. */
type Seen = Pick<Peer, 'key' | 'host' | 'outbound' | 'unsent'>;

/**
 * Decides whom to let in, and whom to part with. Nothing that a node says of itself counts, as
 * others can say it, too: neither its id nor its port. What counts is its address, and what it
 * does. Many honest nodes may share an address, so it is slowed down and never shut out.
 */
export class ConnectionGater {
  readonly #sharedAddress: boolean;
  readonly #calls = new Allowances(MAX_CALLS, CALLS_PER_SECOND);
  readonly #named = new Allowances(MAX_NAMED, NAMED_PER_SECOND);
  readonly #namedBy = new Allowances(MAX_NAMED_BY_ADDRESS, 4 * NAMED_PER_SECOND);
  readonly #namedAt = new Allowances(MAX_NAMED_AT_ADDRESS, NAMED_PER_SECOND);
  readonly #heard = new BoundedMap<string, true>(MAX_HEARD);
  readonly #useful = new BoundedMap<string, true>(MAX_USEFUL);

  /** @param sharedAddress - true to set no limits by address, as all peers have the same */
  constructor(sharedAddress = false) {
    this.#sharedAddress = sharedAddress;
  }

  /** Returns why not to let somebody in who calls, or undefined. `now` is in milliseconds. */
  refuse(host: string, now: number): string | undefined {
    if (this.#sharedAddress) return undefined;
    if (this.#calls.spend(networkOf(host), now)) return undefined;
    return 'Too many connections come from this address.';
  }

  /** Notes that a node which called from an address broke the protocol. */
  blame({ host }: Pick<Seen, 'host'>, now: number): void {
    const network = networkOf(host);
    const left = this.#calls.left(network, now);
    this.#calls.spend(network, now, Math.min(left, COST_OF_OFFENSE));
  }

  /** Says whether to note a url that a peer named: no peer, and no address, may fill the book. */
  heed(url: string, { key, host }: Seen, now: number): boolean {
    if (this.#sharedAddress || this.#heard.has(url)) return true;
    const isAllowed =
      this.#named.spend(key, now) &&
      this.#namedBy.spend(networkOf(host), now) &&
      this.#namedAt.spend(networkOf(new URL(url).hostname), now);
    if (isAllowed) this.#heard.set(url, true);
    return isAllowed;
  }

  /** Notes that a peer brought a better chain. */
  delivered({ key }: Seen): void {
    this.#useful.set(key, true);
  }

  /**
   * Chooses whom to part with where all places are taken, so that nobody can take them all for
   * good: one of the younger half of the callers, of those who share an address with the most
   * others. Whoever was dialed stays, and who was useful.
   *
   * @param peers - all peers, the oldest first
   */
  makeRoom<P extends Seen>(peers: readonly P[]): P | undefined {
    const callers = peers.filter((peer) => !peer.outbound && !this.#useful.has(peer.key));
    const crowds = new Map<string, P[]>();
    for (const peer of callers.slice(callers.length / 2)) {
      const network = networkOf(peer.host);
      crowds.set(network, [...(crowds.get(network) ?? []), peer]);
    }
    const [largest = []] = [...crowds.values()].sort((a, b) => b.length - a.length);
    return largest[Math.floor(Math.random() * largest.length)];
  }

  /** Chooses whom to part with because too much waits for all together: those who read least. */
  tooSlow<P extends Seen>(peers: readonly P[]): P[] {
    let unread = peers.reduce((sum, { unsent }) => sum + unsent, 0);
    const slow: P[] = [];
    for (const peer of [...peers].sort((a, b) => b.unsent - a.unsent)) {
      if (unread <= MAX_UNREAD) break;
      unread -= peer.unsent;
      slow.push(peer);
    }
    return slow;
  }
}

/** The part of an address that costs something: of IPv6, a customer gets 64 bits for nothing. */
export function networkOf(host: string): string {
  if (!host.startsWith('[')) return host;
  const [front = '', back] = host.slice(1, -1).split('::');
  const groups = front === '' ? [] : front.split(':');
  const missing = back === undefined ? 0 : 8 - groups.length - back.split(':').length;
  return [
    ...groups,
    ...Array<string>(Math.max(0, missing)).fill('0'),
    ...(back ?? '').split(':'),
  ]
    .slice(0, 4)
    .join(':');
}

/** Whether a message has more blocks than an honest node would send at once. */
export function isTooMuch(message: Message): boolean {
  if (message.type !== 'blocks') return false;
  const length = message.blocks.reduce((sum, { data }) => sum + data.length, 0);
  return length > MAX_ANSWER;
}
