import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { AddressBook, type Redial } from './address-book.ts';
import { MAX_URLS, PROTOCOL_VERSION, type Hello, type Message } from './messages.ts';
import { MAX_MESSAGE_BYTES, Peer } from './peer.ts';

/** How many peers a node has at most. */
const MAX_PEERS = 128;

/** What a {@link PeerNetwork} reports, and with what. */
export interface NetworkEvents {
  /** A handshake succeeded. */
  peer: [peer: Peer];
  /** A peer sent a message about blocks; those about peers are handled already. */
  message: [peer: Peer, message: Message];
  /** A peer is gone. */
  gone: [peer: Peer, reason: string];
  /** No connection to this url came about. */
  failed: [url: string, reason: string];
}

/** What a {@link PeerNetwork} needs to know. */
export interface NetworkOptions {
  /** What the handshake says of this node's chain; asked anew each time. */
  readonly chain: () => Pick<Hello, 'genesis' | 'tip'>;
  /** How often to check that silent peers are there, in milliseconds. */
  readonly keepAlive?: number;
  /** How long to wait before dialing again. */
  readonly redial?: Redial;
}

/** The connections of one node: it listens, dials, introduces peers, and keeps in touch. */
export class PeerNetwork extends EventEmitter<NetworkEvents> {
  /** This node's id, new at each start: 32 hex digits. */
  readonly id = randomBytes(16).toString('hex');
  readonly #chain: () => Pick<Hello, 'genesis' | 'tip'>;
  readonly #keepAlive: number;
  readonly #book: AddressBook;
  readonly #timer: NodeJS.Timeout;
  readonly #connections = new Set<Peer>();
  readonly #peers = new Map<string, Peer>();
  #server: WebSocketServer | undefined;
  #closed = false;

  /** @param options - what to say of the chain, and how patient to be */
  constructor(options: NetworkOptions) {
    super();
    const { chain, keepAlive = 30_000, redial = { first: 1_000, max: 60_000 } } = options;
    this.#chain = chain;
    this.#keepAlive = keepAlive;
    this.#book = new AddressBook(redial);
    this.#timer = setInterval(() => this.#dial(), redial.first / 2);
  }

  /** The peers whose handshake succeeded. */
  get peers(): Peer[] {
    return [...this.#peers.values()];
  }

  /** The port that this node listens on, or null if it does not. */
  get port(): number | null {
    return this.#server ? (this.#server.address() as AddressInfo).port : null;
  }

  /**
   * Accepts connections on `port` (0 takes a free one) of the address `host`.
   *
   * @throws the system's error, such as EADDRINUSE
   */
  async listen(port: number, host = '127.0.0.1'): Promise<void> {
    const server = new WebSocketServer({
      port,
      host,
      maxPayload: MAX_MESSAGE_BYTES,
      // A browser names the page it acts for as the origin: no page may drive this node.
      verifyClient: ({ origin }: { origin?: string }) => origin === undefined,
    });
    await once(server, 'listening');
    this.#server = server;
    server.on('connection', (socket, request) => {
      const address = String(request.socket.remoteAddress).replace(/^::ffff:/, '');
      this.#open(socket, address.includes(':') ? `[${address}]` : address);
    });
  }

  /**
   * Dials a url once and returns the peer, or the one that is connected there already.
   *
   * @param url - `ws://host:port`
   * @throws Error with a sentence if no connection comes about
   */
  connect(url: string): Promise<Peer> {
    const known = this.#peers.get(this.#book.idAt(url) ?? '');
    if (known !== undefined) return Promise.resolve(known);
    const socket = new WebSocket(url, { maxPayload: MAX_MESSAGE_BYTES });
    const peer = this.#open(socket, new URL(url).hostname, url);
    return new Promise((resolve, reject) => {
      peer.once('hello', () => {
        if (this.#peers.get(peer.id) === peer) resolve(peer);
      });
      peer.once('closed', (reason) => reject(new Error(reason)));
    });
  }

  /** Dials a url until it answers, and again whenever the connection is lost. */
  keep(url: string): void {
    this.#book.add(url, Date.now(), true);
    this.#dial();
  }

  /** Sends a message to every peer but `except`. */
  broadcast(message: Message, except?: Peer): void {
    for (const peer of this.#peers.values()) if (peer !== except) peer.send(message);
  }

  /** Ends all connections and stops listening. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    const connections = [...this.#connections];
    const ends = connections.map((peer) => once(peer, 'closed'));
    for (const peer of connections) peer.close('The node is stopping.');
    const impatience = setTimeout(
      () => connections.forEach((peer) => peer.terminate()),
      500,
    );
    await Promise.all(ends);
    clearTimeout(impatience);
    await new Promise((resolve) =>
      this.#server ? this.#server.close(resolve) : resolve(null),
    );
  }

  #open(socket: WebSocket, host: string, dialed?: string): Peer {
    const peer = new Peer(socket, {
      outbound: dialed !== undefined,
      host,
      keepAlive: this.#keepAlive,
      hello: () => this.#hello(),
    });
    this.#connections.add(peer);
    peer.once('closed', () => this.#connections.delete(peer));
    peer.once('hello', () => {
      if (dialed !== undefined) this.#book.setId(dialed, peer.id);
      const refusal = this.#refusal(peer);
      if (refusal === undefined) this.#join(peer);
      else peer.close(refusal);
    });
    return peer;
  }

  #hello(): Hello {
    const [version, nodeId, port] = [PROTOCOL_VERSION, this.id, this.port];
    return { type: 'hello', version, nodeId, port, ...this.#chain() };
  }

  /** Why the node that said hello cannot be a peer of this one. */
  #refusal(peer: Peer): string | undefined {
    const { version, genesis } = peer.hello;
    const own = this.#chain().genesis;
    const [dialing, dialed] = peer.outbound ? [own, genesis] : [genesis, own];
    if (version !== PROTOCOL_VERSION) {
      return `Different protocol versions: ${PROTOCOL_VERSION} and ${version}.`;
    }
    if (peer.id === this.id) return 'A node cannot be its own peer.';
    if (dialed === null) return 'The node that was dialed has not joined a network yet.';
    if (dialing !== null && dialing !== dialed) {
      return `Different networks: genesis ${dialing.slice(0, 12)}… and ${dialed.slice(0, 12)}….`;
    }
    if (this.#peers.has(peer.id)) return 'The two nodes are connected already.';
    if (this.#peers.size >= MAX_PEERS) return `The node has ${MAX_PEERS} peers already.`;
    return undefined;
  }

  #join(peer: Peer): void {
    this.#peers.set(peer.id, peer);
    peer.on('message', (message) => this.#handle(peer, message));
    peer.once('closed', (reason) => {
      this.#peers.delete(peer.id);
      this.emit('gone', peer, reason);
    });
    this.emit('peer', peer);
    peer.send({ type: 'getPeers' });
    if (peer.url === undefined) return;
    this.#book.add(peer.url, Date.now());
    this.#book.setId(peer.url, peer.id);
    this.broadcast({ type: 'peers', urls: [peer.url] }, peer);
  }

  #handle(peer: Peer, message: Message): void {
    if (message.type === 'getPeers') {
      const others = this.peers.filter((other) => other !== peer);
      const urls = others.flatMap(({ url }) => url ?? []).slice(0, MAX_URLS);
      peer.send({ type: 'peers', urls });
    } else if (message.type === 'peers') {
      for (const url of message.urls) this.#book.add(url, Date.now());
    } else {
      this.emit('message', peer, message);
    }
  }

  #dial(): void {
    if (this.#closed) return;
    const urls = this.#book.take(Date.now(), (id) => this.#isConnected(id));
    for (const url of urls) void this.#holdOn(url);
  }

  async #holdOn(url: string): Promise<void> {
    const start = Date.now();
    try {
      const peer = await this.connect(url);
      await once(peer, 'closed');
    } catch (error) {
      const twin = this.#isConnected(this.#book.idAt(url));
      if (!this.#closed && !twin) this.emit('failed', url, (error as Error).message);
    }
    this.#book.release(url, Date.now(), Date.now() - start);
  }

  #isConnected(id: string | undefined): boolean {
    return id === this.id || (id !== undefined && this.#peers.has(id));
  }
}
