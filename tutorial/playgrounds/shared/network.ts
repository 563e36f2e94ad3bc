import { joins, type Link } from '../../../final/explorer/components/graph.ts';
import { Timeline } from './timeline.ts';

/** A message on its way. */
export interface Packet<M> {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  readonly message: M;
  readonly sentAt: number;
  readonly arrivesAt: number;
}

/** A network of nodes in virtual time: messages take as long as their link's latency. */
export class Network<M> {
  readonly time: Timeline;
  readonly #deliver: (packet: Packet<M>) => void;
  #links: Link[] = [];
  #packets: Packet<M>[] = [];
  #sent = 0;

  /** Makes a network without links that gives each message to `deliver` when it arrives. */
  constructor(time: Timeline, deliver: (packet: Packet<M>) => void) {
    this.time = time;
    this.#deliver = deliver;
  }

  /** The links that stand. */
  get links(): readonly Link[] {
    return this.#links;
  }

  /** The messages on their way. */
  get packets(): readonly Packet<M>[] {
    return this.#packets;
  }

  /** The link between two nodes, if there is one. */
  link(one: string, other: string): Link | undefined {
    return this.#links.find((link) => joins(link, one, other));
  }

  /** Whom a node is connected with. */
  peersOf(id: string): string[] {
    return this.#links.flatMap(({ a, b }) => (a === id ? [b] : b === id ? [a] : []));
  }

  /** Connects two nodes, or gives their link another latency. */
  connect(one: string, other: string, latency: number): void {
    const index = this.#links.findIndex((link) => joins(link, one, other));
    const link = { a: one, b: other, latency };
    this.#links = index === -1 ? [...this.#links, link] : this.#links.with(index, link);
  }

  /** Cuts a link. What was on its way there is lost. */
  cut(one: string, other: string): void {
    this.#links = this.#links.filter((link) => !joins(link, one, other));
    this.#packets = this.#packets.filter(
      ({ from, to }) => !joins({ a: from, b: to }, one, other),
    );
  }

  /** Sends a message to a node that this one is connected with; it never overtakes another. */
  send(from: string, to: string, message: M): void {
    const link = this.link(from, to);
    if (link === undefined) return;
    const { now } = this.time;
    const before = this.#packets.findLast(
      (other) => other.from === from && other.to === to,
    );
    const arrivesAt = Math.max(now + link.latency, before?.arrivesAt ?? 0);
    const packet = { id: (this.#sent += 1), from, to, message, sentAt: now, arrivesAt };
    this.#packets = [...this.#packets, packet];
    this.time.later(arrivesAt - now, () => {
      if (!this.#packets.includes(packet)) return;
      this.#packets = this.#packets.filter((other) => other !== packet);
      this.#deliver(packet);
    });
  }
}
