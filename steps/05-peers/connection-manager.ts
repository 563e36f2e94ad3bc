import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { proof, refusal } from './admission.ts';
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

/** What a node reports of its peers, and with what. */
export interface NetworkEvents {
  /** A handshake succeeded: the peer is among `peers` from now on. */
  peer: [peer: Peer];
  /** A peer sent a message; a `PeerNetwork` reports only those about blocks. */
  message: [peer: Peer, message: Message];
  /** A peer sent something on a topic that this node knows, and it was checked. */
  topic: [peer: Peer, topic: string, body: unknown];
  /**
   * A node that called this one broke the protocol, perhaps before it had said hello; its
   * connection ends. Whom this node has dialed is not reported: others may have named its url.
   */
  blamed: [caller: Peer, reason: string];
  /** A peer is gone: it is not among `peers` any more. */
  gone: [peer: Peer, reason: string];
  /** No connection to this url came about. Only a `PeerNetwork` reports it. */
  failed: [url: string, reason: string];
}

/** What a {@link ConnectionManager} needs to know. */
export interface ConnectionOptions {
  /** What the handshake says of this node's chain, code and name; asked anew each time. */
  readonly chain: () => Pick<Hello, 'genesis' | 'tip' | 'code' | 'name'>;
  /** Why not to let somebody in who calls from an address; nobody is refused unless given. */
  readonly refuse?: (host: string) => string | undefined;
  /** Whom of those that stay to part with for one that calls; nobody unless given. */
  readonly makeRoom?: (peers: readonly Peer[]) => Peer | undefined;
  /** What later steps speak of, by name. What is said on other topics is passed over. */
  readonly topics?: ReadonlyMap<string, Topic>;
  /** How often to check that silent peers are there, in milliseconds; 25,000 unless given. */
  readonly keepAlive?: number;
}

/** The connections of one node: it listens, dials, and passes messages on. */
export class ConnectionManager extends EventEmitter<NetworkEvents> {
  /** This node's id, drawn at random at each start: 32 hex digits. */
  readonly id = randomBytes(16).toString('hex');
  /** How much went through all connections so far. */
  readonly traffic: Traffic = { received: 0, sent: 0 };
  readonly #options: ConnectionOptions;
  readonly #http = createServer(TIMEOUTS, (_req, res) =>
    res.writeHead(426, { Upgrade: 'websocket' }).end(NO_PAGE),
  );
  readonly #waiting = new Set<Socket>();
  readonly #connections = new Set<Peer>();
  readonly #peers = new Set<Peer>();

  /** Begins without connections; `options` say what to tell others of this node's chain. */
  constructor(options: ConnectionOptions) {
    super();
    this.#options = options;
  }

  /** The peers whose handshake succeeded, the oldest first; a list of the caller's own. */
  get peers(): Peer[] {
    return [...this.#peers];
  }

  /** The port that this node listens on, or null if it does not. */
  get port(): number | null {
    return (this.#http.address() as AddressInfo | null)?.port ?? null;
  }

  /**
   * Accepts WebSockets on `port` (0 takes a free one) of the address `host`, which is this
   * machine's alone (127.0.0.1) unless given. Messages of more than `MAX_MESSAGE_BYTES` end a
   * connection, and nothing is compressed. A request without a WebSocket is answered with status
   * 426, the header `Upgrade: websocket`, and a sentence that tells of the HTTP API's port; one of
   * a page in a browser, which names its `Origin`, with 403; one that `options.refuse` has a reason
   * for, with 429.
   *
   * @throws the system's error, such as EADDRINUSE
   */
  async listen(port: number, host = '127.0.0.1'): Promise<void> {
    this.#http.on('connection', (line: Socket) => this.#wait(line));
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
   * Dials a url once and returns the peer. Two nodes have one connection, so if there is one it
   * returns that peer, and leaves no other connection: the one that was dialed at this url, or
   * at the same place under another name (which is noticed before anybody says hello), or the
   * caller that the node at this url proves to be when it refuses, with the {@link proof} at the
   * end of its reason.
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
        const isProven = ({ hello }: Peer) =>
          reason.endsWith(proof(peer.key, hello.nonce));
        const there = this.#at(peer.place) ?? this.peers.find(isProven);
        if (there === undefined) reject(new Error(reason));
        else resolve(there);
      });
    });
  }

  /** Lets a new connection wait for its handshake. */
  #wait(line: Socket): void {
    this.#waiting.add(line);
    line.once('close', () => this.#waiting.delete(line));
    if (this.#waiting.size > limits.MAX_WAITING) this.#pushOut();
  }

  #open(socket: WebSocket, end: Pick<PeerOptions, 'host' | 'dialed' | 'line'>): Peer {
    const { keepAlive = 25_000 } = this.#options;
    const own = { keepAlive, traffic: this.traffic, hello: () => this.#hello() };
    const peer = new Peer(socket, { ...end, ...own });
    this.#connections.add(peer);
    peer.once('closed', () => this.#connections.delete(peer));
    // Others may have named whom this node dials: that one did not ask for it.
    if (!peer.outbound) peer.once('blamed', (why) => this.emit('blamed', peer, why));
    peer.once('hello', () => this.#admit(peer));
    return peer;
  }

  #hello(): Hello {
    const own = { version: PROTOCOL_VERSION, nodeId: this.id, port: this.port };
    return { type: 'hello', ...own, time: Date.now(), ...this.#options.chain() };
  }

  /** Makes a node that has said hello a peer, or tells it why not. */
  #admit(peer: Peer): void {
    const own = { id: this.id, genesis: this.#options.chain().genesis };
    let reason = refusal(peer, own, this.peers);
    if (!peer.outbound && this.#peers.size >= limits.MAX_PEERS)
      reason ??= this.#makeRoom();
    if (reason === undefined) this.#join(peer);
    else peer.close(reason);
  }

  #join(peer: Peer): void {
    this.#peers.add(peer);
    peer.on('message', (message) => this.handle(peer, message));
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
  }

  /** The peer that was dialed at a place, under whatever name; or one that called from there. */
  #at(place: string | undefined, outbound = true): Peer | undefined {
    return this.peers.find((peer) => peer.outbound === outbound && peer.place === place);
  }

  /** Sends a message to every peer but `except`. */
  broadcast(message: Message, except?: Peer): void {
    for (const peer of this.#peers) if (peer !== except) peer.send(message);
  }

  /** Takes a message of a peer: on a topic it is checked, all others are reported. */
  protected handle(peer: Peer, message: Message): void {
    if (message.type !== 'topic') return void this.emit('message', peer, message);
    const { topic, body } = message;
    const check = this.#options.topics?.get(topic);
    if (check === undefined) return;
    const wrong = check(body, Buffer.byteLength(JSON.stringify(body)));
    if (wrong === undefined) this.emit('topic', peer, topic, body);
    else peer.blame(`Invalid message: on ${topic}, ${wrong}`);
  }

  /**
   * Ends all connections with a reason and stops listening; resolves when all is over, without
   * waiting for who does not answer. It can be called twice, and without `listen`.
   */
  async close(): Promise<void> {
    const stopped = new Promise((resolve) => this.#http.close(resolve));
    this.#http.closeAllConnections(); // those that have not become WebSockets
    const ends = [...this.#connections].map((peer) => once(peer, 'closed'));
    for (const peer of this.#connections) peer.close('The node is stopping.');
    await Promise.all([stopped, ...ends]);
  }

  /** Ends the oldest of too many connections that are not peers yet. */
  #pushOut(): void {
    const [oldest] = this.#waiting;
    oldest?.destroy();
  }

  /** Parts with a peer where there are too many, or says that there is no room. */
  #makeRoom(): string | undefined {
    const staying = this.peers.filter(({ isEnding }) => !isEnding);
    if (staying.length < limits.MAX_PEERS) return undefined;
    const leaving = this.#options.makeRoom?.(staying);
    if (leaving === undefined) return `The node has ${limits.MAX_PEERS} peers already.`;
    leaving.close('The node makes room for others.');
    return undefined;
  }
}
