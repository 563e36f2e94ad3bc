import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { AddressBook, type KnownAddress, type Redial } from './address-book.ts';
import {
  HANDSHAKE_TIMEOUT,
  MAX_MESSAGE_BYTES,
  MAX_OUTBOUND,
  MAX_PEERS,
  MAX_URLS,
  MAX_WAITING,
} from './limits.ts';
import { PROTOCOL_VERSION, type Hello, type Message } from './messages.ts';
import { Peer, type Caller, type Traffic } from './peer.ts';

/** For `http`: how long a connection may take to ask for a WebSocket, in milliseconds. */
const SERVER_OPTIONS = {
  headersTimeout: HANDSHAKE_TIMEOUT,
  connectionsCheckingInterval: 1_000,
};

/** For `ws`: how large a message may be, and how long a goodbye may take. */
const SOCKET_OPTIONS = { maxPayload: MAX_MESSAGE_BYTES, closeTimeout: 1_000 };

/** What a {@link PeerNetwork} reports, and with what. */
export interface NetworkEvents {
  /** A handshake succeeded. */
  peer: [peer: Peer];
  /** A peer sent a message about blocks; those about peers are handled already. */
  message: [peer: Peer, message: Message];
  /** A node broke the protocol; its connection ends. */
  blamed: [who: Caller, reason: string];
  /** A peer is gone. */
  gone: [peer: Peer, reason: string];
  /** No connection to this url came about. */
  failed: [url: string, reason: string];
}

/** What a {@link PeerNetwork} needs to know. */
export interface NetworkOptions {
  /** What the handshake says of this node's chain and code; asked anew each time. */
  readonly chain: () => Pick<Hello, 'genesis' | 'tip' | 'code'>;
  /** Why not to let a node in; asked when it calls, and again when it has said hello. */
  readonly refuse?: (who: Caller) => string | undefined;
  /** How many peers to look for beyond those to keep; 8 unless given. */
  readonly outbound?: number;
  /** How often to check that silent peers are there, in milliseconds. */
  readonly keepAlive?: number;
  /** How long to wait before dialing again. */
  readonly redial?: Redial;
}

/** The connections of one node: it listens, dials, introduces peers, and keeps in touch. */
export class PeerNetwork extends EventEmitter<NetworkEvents> {
  /** This node's id, new at each start: 32 hex digits. */
  readonly id = randomBytes(16).toString('hex');
  /** How much went through all connections so far. */
  readonly traffic: Traffic = { received: 0, sent: 0 };
  readonly #options: NetworkOptions;
  readonly #http = createServer(SERVER_OPTIONS, (_req, res) => res.writeHead(426).end());
  readonly #book: AddressBook;
  readonly #timer: NodeJS.Timeout;
  readonly #waiting = new Set<Socket>();
  readonly #connections = new Set<Peer>();
  readonly #peers = new Map<string, Peer>();
  #closed = false;

  /** Makes a network of this node alone; `options` say what it tells others of its chain. */
  constructor(options: NetworkOptions) {
    super();
    this.#options = options;
    const { redial = { first: 1_000, max: 60_000 }, outbound = MAX_OUTBOUND } = options;
    this.#book = new AddressBook(redial, outbound);
    this.#timer = setInterval(() => this.#dial(), redial.first / 20);
  }

  /** The peers whose handshake succeeded. */
  get peers(): Peer[] {
    return [...this.#peers.values()];
  }

  /** The port that this node listens on, or null if it does not. */
  get port(): number | null {
    return (this.#http.address() as AddressInfo | null)?.port ?? null;
  }

  /**
   * Accepts connections on `port` (0 takes a free one) of the address `host`.
   *
   * @throws the system's error, such as EADDRINUSE
   */
  async listen(port: number, host = '127.0.0.1'): Promise<void> {
    this.#http.on('connection', (socket: Socket) => this.#wait(socket));
    this.#http.listen(port, host);
    await once(this.#http, 'listening');
    const server = new WebSocketServer({
      ...SOCKET_OPTIONS,
      server: this.#http,
      verifyClient: (
        { origin, req }: { origin?: string; req: IncomingMessage },
        answer,
      ) => {
        // A browser names the page it acts for as the origin: no page may drive this node.
        if (origin !== undefined) return answer(false, 403);
        const caller = { host: hostOf(req.socket), id: undefined };
        answer(this.#options.refuse?.(caller) === undefined, 429);
      },
    });
    server.on('connection', (socket, { socket: own }) => {
      const peer = this.#open(socket, hostOf(own));
      peer.once('hello', () => this.#waiting.delete(own));
    });
  }

  /**
   * Dials a url once and returns the peer, or the one that is connected there already.
   *
   * @param url - `ws://host:port`
   * @throws Error with a sentence if no connection comes about
   */
  async connect(url: string): Promise<Peer> {
    const known = this.#peers.get(this.#book.idAt(url) ?? '');
    if (known !== undefined) return known;
    const socket = new WebSocket(url, SOCKET_OPTIONS);
    const peer = this.#open(socket, new URL(url).hostname, url);
    return new Promise((resolve, reject) => {
      peer.once('hello', () => {
        const joined = this.#peers.get(peer.id);
        if (joined !== undefined) resolve(joined);
      });
      peer.once('closed', (reason) => reject(new Error(reason)));
    });
  }

  /** The urls that this node has heard of. */
  get addresses(): KnownAddress[] {
    return this.#book.known();
  }

  /** Notes a url, to be dialed when connections are wanted. */
  suggest(url: string): void {
    this.#book.add(url, Date.now());
  }

  /** Dials a url until it answers, and again whenever the connection is lost. */
  keep(url: string): void {
    this.#book.add(url, Date.now(), { keep: true });
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
    const stopped = new Promise((resolve) => this.#http.close(resolve));
    this.#http.closeAllConnections(); // those that have not become WebSockets
    const ends = [...this.#connections].map((peer) => once(peer, 'closed'));
    for (const peer of this.#connections) peer.close('The node is stopping.');
    await Promise.all([stopped, ...ends]);
  }

  /** Lets a new connection wait for its handshake; too many of them push the oldest out. */
  #wait(socket: Socket): void {
    this.#waiting.add(socket);
    socket.once('close', () => this.#waiting.delete(socket));
    const [oldest] = this.#waiting;
    if (this.#waiting.size > MAX_WAITING) oldest?.destroy();
  }

  #open(socket: WebSocket, host: string, dialed?: string): Peer {
    const { keepAlive = 30_000 } = this.#options;
    const { traffic } = this;
    const hello = () => this.#hello();
    const outbound = dialed !== undefined;
    const peer = new Peer(socket, { outbound, host, keepAlive, hello, traffic });
    this.#connections.add(peer);
    peer.once('closed', () => this.#connections.delete(peer));
    peer.once('blamed', (reason) => this.emit('blamed', peer.caller, reason));
    peer.once('hello', () => {
      if (dialed !== undefined) this.#book.met(dialed, peer.id);
      const refusal = this.#refusal(peer);
      if (refusal === undefined) this.#join(peer);
      else peer.close(refusal);
    });
    return peer;
  }

  #hello(): Hello {
    const [version, nodeId, port] = [PROTOCOL_VERSION, this.id, this.port];
    return { type: 'hello', version, nodeId, port, ...this.#options.chain() };
  }

  /** Why the node that said hello cannot be a peer of this one. */
  #refusal(peer: Peer): string | undefined {
    const { version, genesis } = peer.hello;
    const own = this.#options.chain().genesis;
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
    if (!peer.outbound && this.#peers.size >= MAX_PEERS) {
      return `The node has ${MAX_PEERS} peers already.`;
    }
    return this.#options.refuse?.(peer.caller);
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
    this.#book.add(peer.url, Date.now(), { id: peer.id });
    this.broadcast({ type: 'peers', urls: [peer.url] }, peer);
  }

  #handle(peer: Peer, message: Message): void {
    if (message.type === 'getPeers') {
      const others = this.peers.filter((other) => other !== peer);
      const urls = others.flatMap(({ url }) => url ?? []).slice(0, MAX_URLS);
      peer.send({ type: 'peers', urls });
    } else if (message.type === 'peers') {
      for (const url of message.urls) this.suggest(url);
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
      const before = this.peers;
      const peer = await this.connect(url);
      if (!before.includes(peer)) await once(peer, 'closed');
    } catch (error) {
      if (!this.#closed) this.emit('failed', url, (error as Error).message);
    }
    this.#book.release(url, Date.now(), Date.now() - start);
  }

  #isConnected(id: string): boolean {
    return id === this.id || this.#peers.has(id);
  }
}

/** The address at the other end, as it stands in a url. */
function hostOf({ remoteAddress }: Socket): string {
  const address = String(remoteAddress).replace(/^::ffff:/, '');
  return address.includes(':') ? `[${address}]` : address;
}
