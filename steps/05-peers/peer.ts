import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import * as limits from './limits.ts';
import {
  OtherVersion,
  parseMessage,
  peerUrl,
  type Hello,
  type Message,
} from './messages.ts';

/** The close code of a connection that one side does not want; the reason says why. */
const REFUSED = 4_000;

/** How long the reason in a close frame may be, in bytes (RFC 6455, section 5.5). */
const MAX_REASON_BYTES = 123;

/** How long a goodbye may take, in milliseconds. */
const GOODBYE = 500;

/** What it counts to ask before one has taken the last answer, in bytes. */
const HASTE = 50 * 1_024;

const TOO_LARGE = `It sent more than ${limits.MAX_NEWS} bytes that nobody had asked for.`;

/** How much went through connections, in bytes of messages. */
export interface Traffic {
  /** Bytes that came. */
  received: number;
  /** Bytes that went out. */
  sent: number;
}

/** What a connection is told about itself when it begins. */
export interface PeerOptions {
  /** The url that this node dialed; undefined if the other node called. */
  readonly dialed?: string | undefined;
  /** The host name or address of the other node. */
  readonly host: string;
  /** The TCP connection that it called over, where there is one. */
  readonly line?: Socket | undefined;
  /** What to say of this node. */
  readonly hello: () => Hello;
  /** How often to check that the other node is there, in milliseconds. */
  readonly keepAlive: number;
  /** Where to count what goes through. */
  readonly traffic?: Traffic;
}

/** What a connection reports, and with what. */
export interface PeerEvents {
  /** The other node has said hello. */
  hello: [];
  /** A valid message came. It follows the hello. */
  message: [message: Message];
  /** The other node broke the protocol. The end of the connection follows. */
  blamed: [reason: string];
  /** The connection is over. */
  closed: [reason: string];
}

/** One connection to another node, from before the handshake to its end. */
export class Peer extends EventEmitter<PeerEvents> {
  /** True if this node dialed the other. */
  readonly outbound: boolean;
  /** The host name or address of the other node. */
  readonly host: string;
  /** Tells this connection from all others. It is said in the hello, and nowhere else. */
  readonly key = randomBytes(16).toString('hex');
  /** Where the other node is, as `ws://address:port`: seen, if it was dialed; else as it says. */
  place: string | undefined;
  readonly #options: PeerOptions;
  readonly #socket: WebSocket;
  readonly #traffic: Traffic;
  readonly #timers: NodeJS.Timeout[];
  #hello: Hello | undefined;
  #reason: string | undefined;
  #ping = '';
  #pong = '';
  #overdue: string | undefined;
  #asked = 0;
  #spent = 0;
  #unfinished = 0;

  /** Takes over a socket. Whoever has dialed says hello as soon as it is open. */
  constructor(socket: WebSocket, options: PeerOptions) {
    super();
    this.outbound = options.dialed !== undefined;
    this.host = options.host;
    this.#options = options;
    this.#socket = socket;
    this.#traffic = options.traffic ?? { received: 0, sent: 0 };
    this.#timers = [
      setTimeout(() => this.#expectHello(), limits.HANDSHAKE_TIMEOUT),
      setInterval(() => this.#forgive(), 1_000),
      setInterval(() => this.#checkAlive(), options.keepAlive),
    ];
    socket.once('upgrade', ({ socket: line }) => {
      socket.once('open', () => this.#watch(line));
      this.place = `ws://${hostOf(line)}:${line.remotePort}`;
    });
    if (options.line !== undefined) this.#watch(options.line);
    if (this.outbound) socket.once('open', () => this.greet());
    socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary));
    socket.on('pong', (data) => (this.#pong = String(data)));
    for (const sign of ['ping', 'pong'] as const) socket.on(sign, () => this.#spend(0));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', (_code, reason) => this.#end(String(reason)));
  }

  /** What the other node said of itself; an error before it did. */
  get hello(): Hello {
    if (this.#hello === undefined) throw new Error('The peer has not said hello yet.');
    return this.#hello;
  }

  /** The id that the other node gives itself, which anybody can repeat; empty before hello. */
  get id(): string {
    return this.#hello?.nodeId ?? '';
  }

  /** Where the other node was dialed, or says that it can be; undefined if it does not listen. */
  get url(): string | undefined {
    return this.#options.dialed ?? this.place;
  }

  /** Whether the connection is about to end. */
  get isEnding(): boolean {
    return this.#reason !== undefined;
  }

  /** How many bytes wait for the other node to read. */
  get unsent(): number {
    return this.#socket.bufferedAmount;
  }

  /** Says hello. Whoever was called does so when it takes the caller for a peer. */
  greet(): void {
    this.send({ ...this.#options.hello(), nonce: this.key });
  }

  /** Sends a message, unless the connection is closing. */
  send(message: Message): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (message.type === 'tip' && (message.block?.data.length ?? 0) > limits.MAX_GIFT) {
      return this.send({ type: 'tip', tip: message.tip }); // it asks for the block if it likes
    }
    const bytes = Buffer.from(JSON.stringify(message));
    if (message.type === 'getBlocks') this.#asked += 1;
    if (message.type === 'blocks') this.#poke();
    this.#traffic.sent += bytes.length;
    this.#socket.send(bytes, { binary: false });
  }

  /** Ends the connection because the other node does what no honest node does. */
  blame(reason: string): void {
    if (this.#reason === undefined) this.emit('blamed', reason);
    this.close(reason);
  }

  /** Ends the connection and tells the other node why, as far as a close frame can say. */
  close(reason: string): void {
    this.#reason ??= reason;
    if (this.unsent > limits.MAX_NEWS) return this.#socket.terminate(); // it does not read
    const room = new Uint8Array(MAX_REASON_BYTES);
    const { read } = new TextEncoder().encodeInto(reason, room);
    this.#socket.close(REFUSED, reason.slice(0, read));
    this.#timers.push(setTimeout(() => this.#socket.terminate(), GOODBYE));
  }

  /** Ends the connection as soon as more has come of a message than it may have. */
  #watch(line: Socket): void {
    line.on('data', ({ length }: Buffer) => {
      this.#unfinished += length;
      if (this.#unfinished <= 2 * limits.MAX_NEWS || this.#asked > 0) return;
      this.blame(TOO_LARGE);
      this.#socket.pause();
    });
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return this.#socket.pause();
    this.#traffic.received += data.length;
    this.#unfinished = 0;
    try {
      if (isBinary) throw new Error('Invalid message: it is not text');
      if (data.length > limits.MAX_NEWS && this.#asked === 0) throw new Error(TOO_LARGE);
      const message = parseMessage(data.toString());
      if (message.type !== 'blocks') this.#spend(data.length);
      else if (this.#asked > 0) this.#asked -= 1;
      else throw new Error('It sent blocks that nobody had asked for.');
      this.#handle(message);
    } catch (error) {
      if (error instanceof OtherVersion) return this.close(error.message);
      this.blame(error instanceof Error ? error.message : String(error));
    }
  }

  #handle(message: Message): void {
    if (this.#hello !== undefined) {
      if (message.type === 'hello') throw new Error('It said hello twice.');
      if (message.type === 'getBlocks' && this.#pong !== this.#ping) this.#spend(HASTE);
      // Who asks on has to take first what is on its way.
      if (!message.type.startsWith('get') || this.unsent === 0)
        this.emit('message', message);
    } else {
      if (message.type !== 'hello') throw new Error('It did not say hello first.');
      this.#hello = message;
      const url = `ws://${this.host}:${message.port}`;
      this.place ??= peerUrl.safeParse(url).data; // none without a port that all can dial
      this.emit('hello');
    }
  }

  #spend(bytes: number): void {
    this.#spent += 1 + bytes / 1_024;
    if (this.#spent > limits.MAX_AT_ONCE) this.blame('It says too much.');
  }

  #forgive(): void {
    this.#spent = Math.max(0, this.#spent - limits.MAX_PER_SECOND);
  }

  #expectHello(): void {
    if (this.#hello === undefined) this.blame('It did not say hello in time.');
  }

  #checkAlive(): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#pong !== this.#ping && this.#ping === this.#overdue)
      return this.#socket.terminate();
    this.#poke();
    this.#overdue = this.#ping;
  }

  /** Sends a ping, unless one is on its way. The answer shows that all before it was read. */
  #poke(): void {
    if (this.#pong !== this.#ping) return;
    this.#ping = randomBytes(8).toString('hex');
    this.#socket.ping(this.#ping);
  }

  #fail(error: Error & { code?: string }): void {
    this.#reason ??= describe(error);
    // Only what the other node sends can be wrong about the WebSocket protocol itself.
    if (error.code?.startsWith('WS_ERR_')) this.emit('blamed', this.#reason);
  }

  #end(reason: string): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.emit('closed', this.#reason ?? (reason || 'The connection was lost.'));
  }
}

function describe(error: Error & { code?: string }): string {
  if (error.code === 'ECONNREFUSED') return 'No node listens there.';
  if (error.message.endsWith('429')) return 'The node does not let this one in for now.';
  if (error.message.startsWith('Unexpected server response'))
    return 'No node is there, but a web server: it may be the port of the HTTP API.';
  return error.message || String(error.code);
}

/** The address at the other end, as it stands in a url. */
export function hostOf({ remoteAddress }: Socket): string {
  const address = String(remoteAddress).replace(/^::ffff:/, '');
  return address.includes(':') ? `[${address}]` : address;
}
