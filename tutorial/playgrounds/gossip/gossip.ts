import { sha256 } from '#hashing';
import type { Link } from '../../../final/explorer/components/graph.ts';
import { Network, type Packet } from '../shared/network.ts';
import { Timeline } from '../shared/timeline.ts';

/** A message that is passed on. Its id is the hash of the rest. */
export interface Rumor {
  readonly id: string;
  readonly origin: string;
  readonly text: string;
  readonly postedAt: number;
}

/** How a peer came to know a rumor. */
export interface Heard {
  /** Milliseconds after it was posted. */
  readonly after: number;
  /** Who told it first; undefined for the peer that posted it. */
  readonly from: string | undefined;
  /** How many others told it again. */
  readonly again: number;
}

/** Peers that pass on to all others what is new to them. */
export class Gossip {
  readonly network: Network<Rumor>;
  readonly #heard = new Map<string, Map<string, Heard>>();
  #rumor: Rumor | undefined;

  /** Makes a network of peers with these links. */
  constructor(links: readonly Link[]) {
    this.network = new Network(new Timeline(), (packet) => this.#receive(packet));
    for (const { a, b, latency } of links) this.network.connect(a, b, latency);
  }

  /** The rumor that was posted last. */
  get rumor(): Rumor | undefined {
    return this.#rumor;
  }

  /** Lets a peer post a text. */
  post(origin: string, text: string): Rumor {
    const postedAt = this.network.time.now;
    const id = sha256(JSON.stringify([origin, text, postedAt]));
    const rumor = { id, origin, text, postedAt };
    this.#rumor = rumor;
    this.#heard.set(id, new Map());
    this.#learn(origin, undefined, rumor);
    return rumor;
  }

  /** How a peer came to know the last rumor, or undefined if it does not. */
  heard(peer: string): Heard | undefined {
    return this.#heard.get(this.#rumor?.id ?? '')?.get(peer);
  }

  #receive({ from, to, message }: Packet<Rumor>): void {
    const peers = this.#heard.get(message.id);
    const before = peers?.get(to);
    if (before === undefined) this.#learn(to, from, message);
    else peers?.set(to, { ...before, again: before.again + 1 });
  }

  #learn(peer: string, from: string | undefined, rumor: Rumor): void {
    const after = this.network.time.now - rumor.postedAt;
    this.#heard.get(rumor.id)?.set(peer, { after, from, again: 0 });
    for (const other of this.network.peersOf(peer)) {
      if (other !== from) this.network.send(peer, other, rumor);
    }
  }
}
