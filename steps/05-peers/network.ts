import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { sha256 } from '#hashing';
import { AddressBook, type KnownAddress, type Redial } from './address-book.ts';
import * as limits from './limits.ts';
import { PROTOCOL_VERSION, type Hello, type Message } from './messages.ts';
import { Peer, hostOf, type PeerOptions, type Traffic } from './peer.ts';

/** For `http`: how long a connection may take to ask for a WebSocket, in milliseconds. */
const TIMEOUTS = {
  headersTimeout: limits.HANDSHAKE_TIMEOUT,
  connectionsCheckingInterval: 1_000,
};

/**
 * For `ws`: how large a message may be. Nothing is unpacked, and between two messages others
 * have their turn.
 */
const SOCKET_OPTIONS = {
  maxPayload: limits.MAX_MESSAGE_BYTES,
  perMessageDeflate: false,
  allowSynchronousEvents: false,
};

/** What somebody reads who takes this port for that of the HTTP API. */
const NO_PAGE = 'Here nodes speak over WebSocket. The HTTP API is at another port.\n';

/** Says why something said on a topic is wrong, if it is; `bytes` is its size as JSON. */
export type Topic = (body: unknown, bytes: number) => string | undefined;

/** What a {@link PeerNetwork} reports, and with what. */
export interface NetworkEvents {
  /** A handshake succeeded. */
  peer: [peer: Peer];
  /** A peer sent a message about blocks; those about peers are handled already. */
  message: [peer: Peer, message: Message];
  /** A peer sent something on a topic that this node knows, and it was checked. */
  topic: [peer: Peer, topic: string, body: unknown];
  /** A node that called this one broke the protocol; its connection ends. */
  blamed: [caller: Peer, reason: string];
  /** A peer is gone. */
  gone: [peer: Peer, reason: string];
  /** No connection to this url came about. */
  failed: [url: string, reason: string];
}

/** What a {@link PeerNetwork} needs to know. */
export interface NetworkOptions {
  /** What the handshake says of this node's chain, code and name; asked anew each time. */
  readonly chain: () => Pick<Hello, 'genesis' | 'tip' | 'code' | 'name'>;
  /** Why not to let somebody in who calls from an address; nobody is refused unless given. */
  readonly refuse?: (host: string) => string | undefined;
  /** Whom of those that stay to part with for one that calls; nobody unless given. */
  readonly makeRoom?: (peers: readonly Peer[]) => Peer | undefined;
  /** Whether to note a url that a peer names, its own or another; any unless given. */
  readonly heed?: (url: string, from: Peer) => boolean;
  /** What later steps speak of, by name. What is said on other topics is passed over. */
  readonly topics?: ReadonlyMap<string, Topic>;
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
  readonly #http = createServer(TIMEOUTS, (_req, res) =>
    res.writeHead(426, { Upgrade: 'websocket' }).end(NO_PAGE),
  );
  readonly #book: AddressBook;
  readonly #timer: NodeJS.Timeout;
  readonly #waiting = new Set<Socket>();
  readonly #connections = new Set<Peer>();
  readonly #peers = new Set<Peer>();
  #closed = false;

  /** Makes a network of this node alone; `options` say what it tells others of its chain. */
  constructor(options: NetworkOptions) {
    super();
    this.#options = options;
    const { redial = { first: 1_000, max: 8_000 }, outbound = limits.MAX_OUTBOUND } =
      options;
    this.#book = new AddressBook(redial, outbound);
    this.#timer = setInterval(() => this.#dial(), redial.first / 20);
  }

  /** The peers whose handshake succeeded, the oldest first. */
  get peers(): Peer[] {
    return [...this.#peers];
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
      verifyClient: (call: { origin?: string; req: IncomingMessage }, answer) => {
        // A browser names the page it acts for as the origin: no page may drive this node.
        if (call.origin !== undefined) return answer(false, 403);
        answer(this.#options.refuse?.(hostOf(call.req.socket)) === undefined, 429);
      },
    });
    server.on('connection', (socket, { socket: line }) => {
      const peer = this.#open(socket, { host: hostOf(line), line });
      peer.once('hello', () => this.#waiting.delete(line));
    });
  }

  /**
   * Dials a url once and returns the peer, or the one that is connected there already: the
   * one that was dialed there, or a caller that the node at this url knows to be itself.
   *
   * @param url - `ws://host:port`
   * @throws Error with a sentence if no connection comes about
   */
  async connect(url: string): Promise<Peer> {
    const known = this.peers.find((peer) => peer.outbound && peer.url === url);
    if (known !== undefined) return known;
    const socket = new WebSocket(url, SOCKET_OPTIONS);
    const peer = this.#open(socket, { host: new URL(url).hostname, dialed: url });
    socket.once('upgrade', () => {
      if (this.#at(peer.place) !== undefined) peer.close('It is connected already.');
    });
    return new Promise((resolve, reject) => {
      peer.once('hello', () => {
        if (this.#peers.has(peer)) resolve(peer);
      });
      peer.once('closed', (reason) => {
        const known = ({ hello }: Peer) => reason === twice(peer.key, hello.nonce);
        const there = this.#at(peer.place) ?? this.peers.find(known);
        if (there === undefined) reject(new Error(reason));
        else resolve(there);
      });
    });
  }

  /** The urls that this node has heard of. */
  get addresses(): KnownAddress[] {
    return this.#book.known();
  }

  /** Notes a url that a peer named or this node knows, to be dialed when it wants peers. */
  suggest(url: string, from?: Peer): void {
    const { heed } = this.#options;
    if (!from || !heed || heed(url, from)) this.#book.add(url, performance.now());
  }

  /** Dials a url until it answers, and again whenever the connection is lost. */
  keep(url: string): void {
    this.#book.add(url, performance.now(), true);
    this.#dial();
  }

  /** Sends a message to every peer but `except`. */
  broadcast(message: Message, except?: Peer): void {
    for (const peer of this.#peers) if (peer !== except) peer.send(message);
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
    if (this.#waiting.size > limits.MAX_WAITING) oldest?.destroy();
  }

  #open(socket: WebSocket, end: Pick<PeerOptions, 'host' | 'dialed' | 'line'>): Peer {
    const { keepAlive = 25_000 } = this.#options;
    const own = { keepAlive, traffic: this.traffic, hello: () => this.#hello() };
    const peer = new Peer(socket, { ...end, ...own });
    this.#connections.add(peer);
    peer.once('closed', () => this.#connections.delete(peer));
    // Others may have named whom this node dials: that one did not ask for it.
    if (!peer.outbound) peer.once('blamed', (why) => this.emit('blamed', peer, why));
    peer.once('hello', () => {
      const refusal = this.#refusal(peer);
      if (refusal === undefined) this.#join(peer);
      else peer.close(refusal);
    });
    return peer;
  }

  #hello(): Hello {
    const own = { version: PROTOCOL_VERSION, nodeId: this.id, port: this.port };
    return { type: 'hello', ...own, time: Date.now(), ...this.#options.chain() };
  }

  /** Why the node that said hello cannot be a peer of this one. */
  #refusal(peer: Peer): string | undefined {
    const { genesis, nonce } = peer.hello;
    const own = this.#options.chain().genesis;
    const [dialing, dialed] = peer.outbound ? [own, genesis] : [genesis, own];
    if (peer.id === this.id) return 'A node cannot be its own peer.';
    if (dialed === null) return 'The node that was dialed has not joined a network yet.';
    if (dialing !== null && dialing !== dialed) {
      return `Different networks: genesis ${dialing.slice(0, 12)}… and ${dialed.slice(0, 12)}….`;
    }
    const twin = this.#at(peer.place);
    if (twin?.id === peer.id) return twice(nonce, twin.key);
    const staying = this.peers.filter(({ isEnding }) => !isEnding);
    if (peer.outbound || staying.length < limits.MAX_PEERS) return undefined;
    const leaving = this.#options.makeRoom?.(staying);
    leaving?.close('The node makes room for others.');
    return leaving ? undefined : `The node has ${limits.MAX_PEERS} peers already.`;
  }

  /** The peer that was dialed at a place, under whatever name; or one that called from there. */
  #at(place: string | undefined, outbound = true): Peer | undefined {
    return this.peers.find((peer) => peer.outbound === outbound && peer.place === place);
  }

  #join(peer: Peer): void {
    this.#peers.add(peer);
    peer.on('message', (message) => this.#handle(peer, message));
    peer.once('closed', (reason) => {
      this.#peers.delete(peer);
      this.emit('gone', peer, reason);
    });
    if (!peer.outbound) peer.greet();
    this.emit('peer', peer);
    // Where both have dialed at once, one of them has to give way.
    const caller =
      peer.outbound && this.id < peer.id ? this.#at(peer.place, false) : undefined;
    if (caller?.id === peer.id) caller.close('The two nodes are connected already.');
    peer.send({ type: 'getPeers' });
    if (peer.url === undefined) return;
    this.suggest(peer.url, peer);
    this.broadcast({ type: 'peers', urls: [peer.url] }, peer);
  }

  #handle(peer: Peer, message: Message): void {
    if (message.type === 'getPeers') {
      const others = this.peers.filter((other) => other !== peer);
      const urls = others.flatMap(({ url }) => url ?? []).slice(0, limits.MAX_URLS);
      peer.send({ type: 'peers', urls });
    } else if (message.type === 'peers') {
      for (const url of message.urls) this.suggest(url, peer);
    } else if (message.type === 'topic') {
      this.#discuss(peer, message.topic, message.body);
    } else {
      this.emit('message', peer, message);
    }
  }

  #discuss(peer: Peer, topic: string, body: unknown): void {
    const check = this.#options.topics?.get(topic);
    const wrong = check?.(body, Buffer.byteLength(JSON.stringify(body)));
    if (wrong !== undefined) peer.blame(`Invalid message: on ${topic}, ${wrong}`);
    else if (check !== undefined) this.emit('topic', peer, topic, body);
  }

  #dial(): void {
    if (this.#closed) return;
    const urls = this.#book.take(performance.now());
    for (const url of urls) void this.#holdOn(url);
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

/** How a node says that it has dialed its caller: nobody else knows what both hellos said. */
function twice(callers: string | undefined, own: string | undefined): string {
  return `The two nodes are connected already. ${sha256(`${callers} ${own}`)}`;
}
