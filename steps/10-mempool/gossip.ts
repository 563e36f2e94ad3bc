import type { Accounts } from '#accounts';
import type { Outgoing, Refusal } from '#consensus';
import { isSigned, parsePayment, paymentId, paymentLine, paymentText } from '#signatures';
import type { Payment } from '#signatures';
import type { Pool } from './pool.ts';

/** How many lines a message has at most. */
const MAX_LINES = 100;

/** How many payments go to a peer in a second, and how many at once after a time of silence. */
const RATE = { second: 20, burst: 200 };

/** How many more than these a peer may send: no two clocks tick alike. */
const SLACK = 200;

/** Of how many payments it is known at most that a peer has them. */
const MAX_KNOWN = 10_000;

/** How often payments of this node are sent again while they wait, in seconds. */
const REPEAT = 60;

/** What is to be done after an event. */
export interface GossipEffects {
  /** Messages to send, in this order. */
  readonly send: readonly Outgoing[];
  /** Payments that came into the pool. */
  readonly taken: readonly Payment[];
  /** Peers to part from. To a {@link Gossip} they are gone already. */
  readonly refuse: readonly Refusal[];
}

interface PeerState {
  readonly id: string;
  /** The ids of payments that it has, or that were sent to it. */
  readonly known: Set<string>;
  /** The ids of what is still to be sent to it. */
  queue: Set<string>;
  /** How many payments may go to it at once. */
  mayGet: number;
  /** How many it may send at once. */
  maySend: number;
}

/** What an event has led to so far. */
class Collected implements GossipEffects {
  readonly send: Outgoing[] = [];
  readonly taken: Payment[] = [];
  readonly refuse: Refusal[] = [];
}

/** The lines of a body, or undefined if it is not `{lines}` with 1 to 100 texts. */
function linesOf(body: unknown): readonly string[] | undefined {
  if (typeof body !== 'object' || body === null || !('lines' in body)) return undefined;
  const { lines } = body;
  if (!Array.isArray(lines) || lines.length < 1 || lines.length > MAX_LINES)
    return undefined;
  const texts = [...(lines as unknown[])].filter((line) => typeof line === 'string');
  return texts.length === lines.length ? texts : undefined;
}

/**
 * Passes payments on between peers, on the topic `payments`, in a body `{lines}` of at most 100
 * lines. Like `Sync`, it is told what happens and says what to do.
 */
export class Gossip {
  readonly #network: string;
  readonly #pool: Pool;
  readonly #peers = new Map<string, PeerState>();
  /** The ids of payments that were made at this node. */
  readonly #own = new Set<string>();
  #ticks = 0;
  #effects = new Collected();

  /**
   * Begins without peers.
   *
   * @param network - the hash of the genesis block
   * @param pool - where payments wait, which takes those that come
   */
  constructor(network: string, pool: Pool) {
    this.#network = network;
    this.#pool = pool;
  }

  /** A peer is connected from now on: it is sent what waits. */
  connected(peer: string): GossipEffects {
    this.#peers.set(peer, {
      id: peer,
      known: new Set(),
      queue: new Set(this.#pool.waiting.keys()),
      mayGet: RATE.burst,
      maySend: RATE.burst + SLACK,
    });
    return this.#finish();
  }

  /** A peer is gone. */
  disconnected(peer: string): void {
    this.#peers.delete(peer);
  }

  /** A payment was made at this node and is in its pool: it is sent to all peers. */
  offer(payment: Payment): GossipEffects {
    const id = paymentId(payment);
    this.#own.add(id);
    this.#passOn(id);
    return this.#finish();
  }

  /**
   * A peer sent something on the topic `payments`: what the pool takes of it is passed on. What
   * comes from a peer that is not connected (any more) is left alone.
   *
   * @param body - what it sent: any value may be given
   * @param accounts - those after the tip
   */
  received(peer: string, body: unknown, accounts: Accounts): GossipEffects {
    const state = this.#peers.get(peer);
    if (state === undefined) return this.#finish();
    const lines = linesOf(body);
    if (lines === undefined)
      this.#drop(state, 'What it sent is no list of at most 100 payments.');
    else {
      state.maySend -= lines.length;
      if (state.maySend < 0) this.#drop(state, 'It sends too many payments.');
      else for (const line of lines) this.#take(state, line, accounts);
    }
    return this.#finish();
  }

  /** Takes a line of a peer, unless the peer was parted from for one before it. */
  #take(peer: PeerState, line: string, accounts: Accounts): void {
    if (!this.#peers.has(peer.id)) return;
    const payment = parsePayment(line);
    if (payment === undefined)
      return this.#drop(peer, 'It sent a line that is no payment.');
    const id = paymentId(payment);
    this.#know(peer, id);
    if (this.#pool.get(id)) return;
    const text = paymentText(this.#network, payment);
    if (!isSigned(text, payment.signature, payment.from))
      return this.#drop(peer, 'It sent a payment that its payer did not sign.');
    if (this.#pool.add(payment, accounts) !== undefined) return;
    this.#effects.taken.push(payment);
    this.#passOn(id);
  }

  #passOn(id: string): void {
    for (const { known, queue } of this.#peers.values())
      if (!known.has(id)) queue.add(id);
  }

  /** Notes that a peer has a payment, and forgets what it has had for longest. */
  #know({ known, queue }: PeerState, id: string): void {
    queue.delete(id);
    known.add(id);
    const [oldest = ''] = known;
    if (known.size > MAX_KNOWN) known.delete(oldest);
  }

  /** Ends every event: sends what may be sent now, and hands it all out. */
  #finish(): GossipEffects {
    for (const peer of this.#peers.values()) {
      const lines = this.#nextLines(peer);
      for (let i = 0; i < lines.length; i += MAX_LINES) {
        const body = { lines: lines.slice(i, i + MAX_LINES) };
        const message = { type: 'topic', topic: 'payments', body } as const;
        this.#effects.send.push({ to: peer.id, message });
      }
    }
    const effects = this.#effects;
    this.#effects = new Collected();
    return effects;
  }

  /** Takes from the queue of a peer what may be sent to it now. What is parked comes last. */
  #nextLines(peer: PeerState): string[] {
    if (peer.mayGet === 0 || peer.queue.size === 0) return [];
    const waiting = [...peer.queue].filter((id) => this.#pool.get(id) !== undefined);
    const parked = waiting.filter((id) => this.#pool.isParked(id));
    const ready = waiting.filter((id) => !this.#pool.isParked(id));
    const next = [...ready, ...parked];
    peer.queue = new Set(next.splice(peer.mayGet));
    peer.mayGet -= next.length;
    for (const id of next) this.#know(peer, id);
    return next.flatMap((id) => {
      const payment = this.#pool.get(id);
      return payment === undefined ? [] : paymentLine(payment);
    });
  }

  #drop({ id }: PeerState, reason: string): void {
    this.#peers.delete(id);
    this.#effects.refuse.push({ peer: id, reason });
  }

  /** A second has passed. */
  tick(): GossipEffects {
    this.#ticks += 1;
    for (const peer of this.#peers.values()) {
      peer.mayGet = Math.min(RATE.burst, peer.mayGet + RATE.second);
      peer.maySend = Math.min(RATE.burst + SLACK, peer.maySend + RATE.second);
    }
    if (this.#ticks % REPEAT === 0) this.#repeat();
    return this.#finish();
  }

  /** Sends own payments again: a peer may not have been able to take them. */
  #repeat(): void {
    for (const id of this.#own) {
      if (this.#pool.get(id) === undefined) this.#own.delete(id);
      else for (const { queue } of this.#peers.values()) queue.add(id);
    }
  }
}
