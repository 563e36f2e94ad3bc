import { once } from 'node:events';
import { AddressBook, type KnownAddress, type Redial } from './address-book.ts';
import { ConnectionManager, type ConnectionOptions } from './connection-manager.ts';
import * as limits from './limits.ts';
import type { Message } from './messages.ts';
import type { Peer } from './peer.ts';

/** What a {@link PeerNetwork} needs to know. */
export interface NetworkOptions extends ConnectionOptions {
  /** Whether to note a url that a peer names, its own or another; any unless given. */
  readonly heed?: (url: string, from: Peer) => boolean;
  /** How many peers to look for beyond those to keep; 8 unless given. */
  readonly outbound?: number;
  /** How long to wait before dialing again; at first 1,000 ms and at most 8,000 unless given. */
  readonly redial?: Redial;
}

/**
 * The connections of one node that finds others by itself. It asks each new peer whom it knows
 * (`getPeers`), and answers that question with the urls of its other peers, at most 100
 * (`peers`). It notes the url of each new peer and tells it to all others. What it has noted it
 * dials when the address book says so, looking twenty times in each `redial.first`, and reports
 * as `failed` what was in vain. Intervals are measured by a clock that nobody can set.
 */
export class PeerNetwork extends ConnectionManager {
  readonly #book: AddressBook;
  readonly #heed: (url: string, from: Peer) => boolean;
  readonly #timer: NodeJS.Timeout;
  #closed = false;

  /** Makes a network of this node alone; `options` say what it tells others of its chain. */
  constructor(options: NetworkOptions) {
    super(options);
    const { redial = { first: 1_000, max: 8_000 }, heed = () => true } = options;
    this.#book = new AddressBook(redial, options.outbound ?? limits.MAX_OUTBOUND);
    this.#heed = heed;
    this.#timer = setInterval(() => this.#dial(), redial.first / 20);
    this.on('peer', (peer) => this.#introduce(peer));
  }

  /** The urls that this node has heard of. */
  get addresses(): KnownAddress[] {
    return this.#book.known();
  }

  /**
   * Notes a url, to be dialed when the node wants peers. One that a peer names, `from`, is only
   * noted if `options.heed` agrees.
   */
  suggest(url: string, from?: Peer): void {
    if (from === undefined || this.#heed(url, from))
      this.#book.add(url, performance.now());
  }

  /** Dials a url at once and until it answers, and again whenever the connection is lost. */
  keep(url: string): void {
    this.#book.add(url, performance.now(), true);
    this.#dial();
  }

  /** Ends all connections, stops listening, and dials no more. */
  override async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await super.close();
  }

  /** Handles messages about peers, and passes on all others. */
  protected override handle(peer: Peer, message: Message): void {
    if (message.type === 'getPeers') {
      const others = this.peers.filter((other) => other !== peer);
      const urls = others.flatMap(({ url }) => url ?? []).slice(0, limits.MAX_URLS);
      peer.send({ type: 'peers', urls });
    } else if (message.type === 'peers') {
      for (const url of message.urls) this.suggest(url, peer);
    } else {
      super.handle(peer, message);
    }
  }

  #introduce(peer: Peer): void {
    peer.send({ type: 'getPeers' });
    if (peer.url === undefined) return;
    this.suggest(peer.url, peer);
    this.broadcast({ type: 'peers', urls: [peer.url] }, peer);
  }

  #dial(): void {
    if (this.#closed) return;
    for (const url of this.#book.take(performance.now())) void this.#holdOn(url);
  }

  async #holdOn(url: string): Promise<void> {
    let start = Infinity;
    try {
      const peer = await this.connect(url);
      start = performance.now();
      await once(peer, 'closed');
    } catch (error) {
      if (!this.#closed) this.emit('failed', url, (error as Error).message);
    }
    this.#book.release(url, performance.now(), performance.now() - start);
  }
}
