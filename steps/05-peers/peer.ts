import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { Allowance } from './allowance.ts';
import * as limits from './limits.ts';
import {
  OtherVersion,
  parseMessage,
  peerUrl,
  type Hello,
  type Message,
} from './messages.ts';
import { fitting, wordsFor } from './reasons.ts';

/** The close code of a connection that one side does not want; the reason says why. */
const REFUSED = 4_000;

/** How long a goodbye may take, in milliseconds. */
const GOODBYE = 500;

/** What it counts to ask before one has taken the last answer, in bytes. */
const HASTE = 50 * 1_024;

const TOO_LARGE = `It sent more than ${limits.MAX_NEWS} bytes that nobody had asked for.`;

/** How much went through connections, in bytes of messages as UTF-8. */
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
  /** How long the other node may take to say hello, in milliseconds; 5,000 unless given. */
  readonly handshake?: number;
  /** Where to count what goes through. */
  readonly traffic?: Traffic;
}

/** What a connection reports, and with what. */
export interface PeerEvents {
  /** The other node has said hello. */
  hello: [];
  /** A valid message came. It follows the hello. */
  message: [message: Message];
  /** The other node did what no honest node does. The end of the connection follows. */
  blamed: [reason: string];
  /** The connection is over, and nothing follows. It comes once. */
  closed: [reason: string];
}

/** The address at the other end of a TCP connection, as it stands in a url. */
export function hostOf({ remoteAddress }: Socket): string {
  const address = String(remoteAddress).replace(/^::ffff:/, '');
  return address.includes(':') ? `[${address}]` : address;
}

/** One connection to another node, from before the handshake to its end. */
export class Peer extends EventEmitter<PeerEvents> {
  /** True if this node dialed the other. */
  readonly outbound: boolean;
  /** The host name or address of the other node. */
  readonly host: string;
  /**
   * 32 hex digits that tell this connection from all others, drawn at random. They are said as
   * the `nonce` in this side's hello, and nowhere else.
   */
  readonly key = randomBytes(16).toString('hex');
  /**
   * Where the other node is, as `ws://address:port`. If it was dialed, that is where the line
   * leads, known before the hello; else its host, with the port that its hello names. Undefined
   * without a port, and where others could not dial that: see {@link peerUrl}.
   */
  place: string | undefined;
  readonly #options: PeerOptions;
  readonly #socket: WebSocket;
  readonly #traffic: Traffic;
  readonly #timers: NodeJS.Timeout[];
  readonly #allowance = new Allowance(limits.MAX_PER_SECOND, limits.MAX_AT_ONCE);
  #hello: Hello | undefined;
  #reason: string | undefined;
  #ping = '';
  #pong = '';
  #overdue: string | undefined;
  #asked = 0;
  #unfinished = 0;

  /**
   * Takes over a socket, and listens to all its events, its errors as well. If this node has
   * dialed, it says hello as soon as the socket is open; if not, it waits for `greet`.
   */
  constructor(socket: WebSocket, options: PeerOptions) {
    super();
    const { handshake = limits.HANDSHAKE_TIMEOUT, keepAlive, line } = options;
    this.outbound = options.dialed !== undefined;
    this.host = options.host;
    this.#options = options;
    this.#socket = socket;
    this.#traffic = options.traffic ?? { received: 0, sent: 0 };
    this.#timers = [
      setTimeout(() => this.#expectHello(), handshake),
      setInterval(() => this.#checkAlive(), keepAlive),
    ];
    if (line !== undefined) this.#watch(line);
    socket.once('upgrade', ({ socket: line }) => {
      socket.once('open', () => this.#watch(line));
      this.place = `ws://${hostOf(line)}:${line.remotePort}`;
    });
    if (this.outbound) socket.once('open', () => this.greet());
    socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary));
    socket.on('ping', (data) => this.#payForPing(data));
    socket.on('pong', (data) => this.#hearPong(data));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', (_code, reason) => this.#end(String(reason)));
  }

  /**
   * What the other node said of itself.
   *
   * @throws Error with a sentence before it has said hello
   */
  get hello(): Hello {
    if (this.#hello === undefined) throw new Error('The peer has not said hello yet.');
    return this.#hello;
  }

  /** The id that the other node gives itself, which anybody can repeat; empty before hello. */
  get id(): string {
    return this.#hello?.nodeId ?? '';
  }

  /** The url that was dialed; of a caller its place, so undefined if it does not listen. */
  get url(): string | undefined {
    return this.#options.dialed ?? this.place;
  }

  /** Says hello. Whoever was called does so when it takes the caller for a peer. */
  greet(): void {
    this.send({ ...this.#options.hello(), nonce: this.key });
  }

  /**
   * Sends a message as JSON text, unless the connection is not open. Of a `tip` whose block has
   * more than 4,096 characters of data only the tip is sent: who wants that block can ask for it.
   * The `message` stays as it is.
   */
  send(message: Message): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (message.type === 'tip' && (message.block?.data.length ?? 0) > limits.MAX_GIFT) {
      return this.send({ type: 'tip', tip: message.tip });
    }
    const bytes = Buffer.from(JSON.stringify(message));
    if (message.type === 'getBlocks') this.#asked += 1;
    if (message.type === 'blocks') this.#poke();
    this.#traffic.sent += bytes.length;
    this.#socket.send(bytes, { binary: false });
  }

  /** Counts what comes over the line, also of a message that never ends. */
  #watch(line: Socket): void {
    line.on('data', ({ length }: Buffer) => {
      this.#unfinished += length;
      const isAnswer = this.#asked > 0 && !this.isEnding;
      if (this.#unfinished <= 2 * limits.MAX_NEWS || isAnswer) return;
      this.blame(TOO_LARGE);
      this.#socket.pause();
    });
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#traffic.received += data.length;
    this.#unfinished = 0;
    if (isBinary) return this.blame('Invalid message: it is not text');
    if (data.length > limits.MAX_NEWS && this.#asked === 0) return this.blame(TOO_LARGE);
    let message: Message;
    try {
      message = parseMessage(data.toString());
    } catch (error) {
      const { message: reason } = error as Error;
      return error instanceof OtherVersion ? this.close(reason) : this.blame(reason);
    }
    if (message.type === 'hello' && this.#hello === undefined) this.#meet(message);
    else this.#hear(message, data.length);
  }

  #meet(hello: Hello): void {
    this.#hello = hello;
    const url = `ws://${this.host}:${hello.port}`;
    this.place ??= peerUrl.safeParse(url).data; // none without a port that all can dial
    this.emit('hello');
  }

  #end(reason: string): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.emit('closed', this.#reason ?? (reason || 'The connection was lost.'));
  }

  /** Whether the connection is about to end, since this side has a reason for it. */
  get isEnding(): boolean {
    return this.#reason !== undefined;
  }

  /**
   * Ends the connection, open or not, and tells the other node why: in a close frame of the code
   * 4000, with as many whole characters of the reason as fit into its 123 bytes. Who does not
   * answer within half a second is cut off. The first reason counts, and is what `closed`
   * reports, in full.
   */
  close(reason: string): void {
    this.#reason ??= reason;
    this.#socket.close(REFUSED, fitting(reason));
    this.#timers.push(setTimeout(() => this.#socket.terminate(), GOODBYE));
  }

  /** Reports the other node as `blamed`, once, and ends the connection with that reason. */
  blame(reason: string): void {
    if (this.#reason === undefined) this.emit('blamed', reason);
    this.close(reason);
  }

  #fail(error: Error & { code?: string }): void {
    const reason = wordsFor(error);
    // Only what the other node sends can be wrong about the WebSocket protocol itself.
    const isTheirs = error.code?.startsWith('WS_ERR_') && this.#reason === undefined;
    this.#reason ??= reason;
    if (isTheirs) this.emit('blamed', reason);
  }

  #expectHello(): void {
    if (this.#hello === undefined) this.blame('It did not say hello in time.');
  }

  /** Takes a message that is not a first hello. */
  #hear(message: Message, bytes: number): void {
    if (this.#hello === undefined) return this.blame('It did not say hello first.');
    if (message.type === 'hello') return this.blame('It said hello twice.');
    if (message.type === 'blocks') {
      if (this.#asked === 0)
        return this.blame('It sent blocks that nobody had asked for.');
      this.#asked -= 1;
    } else {
      this.#pay(bytes);
    }
    const isQuestion = message.type === 'getBlocks' || message.type === 'getPeers';
    if (isQuestion && !this.#mayAsk(message.type)) return;
    this.emit('message', message);
  }

  /** Counts what nobody asked for. */
  #pay(bytes: number): void {
    const isPaid = this.#allowance.spend(1 + bytes / 1_024, performance.now());
    if (!isPaid) this.blame('It says too much.');
  }

  /** How many bytes wait for the other node to read. */
  get unsent(): number {
    return this.#socket.bufferedAmount;
  }

  /** Whether a question may be answered: who asks on has to take first what is on its way. */
  #mayAsk(type: 'getBlocks' | 'getPeers'): boolean {
    if (type === 'getBlocks' && this.#pong !== this.#ping) this.#pay(HASTE);
    return this.unsent === 0;
  }

  /** Sends a ping, unless one is on its way. The answer shows that all before it was read. */
  #poke(): void {
    if (this.#pong !== this.#ping) return;
    this.#ping = randomBytes(8).toString('hex');
    this.#socket.ping(this.#ping);
  }

  #hearPong(data: Buffer): void {
    this.#pong = String(data);
    this.#payForPing(data);
  }

  /** Pays for a ping or pong. It came over the line, and is no part of the message that comes. */
  #payForPing({ length }: Buffer): void {
    const frame = this.outbound ? 2 : 6; // who calls has to mask what it says, with 4 bytes
    this.#unfinished -= frame + length;
    this.#pay(0);
  }

  #checkAlive(): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#pong !== this.#ping && this.#ping === this.#overdue)
      return this.#socket.terminate();
    this.#poke();
    this.#overdue = this.#ping;
  }
}
