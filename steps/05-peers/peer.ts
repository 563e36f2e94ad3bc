import { EventEmitter } from 'node:events';
import { WebSocket, type RawData } from 'ws';
import {
  COSTS,
  HANDSHAKE_TIMEOUT,
  MAX_MESSAGES_PER_SECOND,
  MAX_UNSENT_BYTES,
} from './limits.ts';
import { parseMessage, type Hello, type Message } from './messages.ts';

/** The close code of a connection that one side does not want; the reason says why. */
const REFUSED = 4_000;

/** How long the reason in a close frame may be, in bytes (RFC 6455, section 5.5). */
const MAX_REASON_BYTES = 123;

/** Another node, as far as this one knows it. */
export interface Caller {
  /** The host name or address that it is seen at. */
  readonly host: string;
  /** Its id; undefined until it has said hello. */
  readonly id: string | undefined;
}

/** How much went through connections, in bytes of messages. */
export interface Traffic {
  /** Bytes that came. */
  received: number;
  /** Bytes that went out. */
  sent: number;
}

/** What a connection is told about itself when it begins. */
export interface PeerOptions {
  /** True if this node dialed the other. */
  readonly outbound: boolean;
  /** The host name or address of the other node. */
  readonly host: string;
  /** What to say first. */
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
  readonly #host: string;
  readonly #socket: WebSocket;
  readonly #traffic: Traffic;
  readonly #timers: NodeJS.Timeout[];
  #hello: Hello | undefined;
  #reason: string | undefined;
  #received = 0;
  #answered = true;

  /** Takes over a socket and says hello as soon as it is open. */
  constructor(socket: WebSocket, options: PeerOptions) {
    super();
    this.outbound = options.outbound;
    this.#host = options.host;
    this.#socket = socket;
    this.#traffic = options.traffic ?? { received: 0, sent: 0 };
    this.#timers = [
      setTimeout(() => this.#expectHello(), HANDSHAKE_TIMEOUT),
      setInterval(() => this.#readOn(), 1_000),
      setInterval(() => this.#checkAlive(), options.keepAlive),
    ];
    if (socket.readyState === WebSocket.OPEN) this.send(options.hello());
    else socket.once('open', () => this.send(options.hello()));
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('pong', () => (this.#answered = true));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', (_code, reason) => this.#end(String(reason)));
  }

  /** What the other node said of itself; an error before it did. */
  get hello(): Hello {
    if (this.#hello === undefined) throw new Error('The peer has not said hello yet.');
    return this.#hello;
  }

  /** The other node's id: 32 hex digits. */
  get id(): string {
    return this.hello.nodeId;
  }

  /** Where the other node can be dialed, or undefined if it does not listen. */
  get url(): string | undefined {
    const { port } = this.hello;
    return port === null ? undefined : `ws://${this.#host}:${port}`;
  }

  /** Who is at the other end. */
  get caller(): Caller {
    return { host: this.#host, id: this.#hello?.nodeId };
  }

  /** Sends a message, unless the connection is closing. */
  send(message: Message): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#socket.bufferedAmount > MAX_UNSENT_BYTES) {
      return this.blame('It reads too slowly.');
    }
    const bytes = Buffer.from(JSON.stringify(message));
    this.#traffic.sent += bytes.length;
    this.#socket.send(bytes, { binary: false });
  }

  /** Ends the connection because the other node does what no honest node does. */
  blame(reason: string): void {
    this.emit('blamed', reason);
    this.close(reason);
  }

  /** Ends the connection and tells the other node why, as far as a close frame can say. */
  close(reason: string): void {
    this.#reason ??= reason;
    const room = new Uint8Array(MAX_REASON_BYTES);
    const { read } = new TextEncoder().encodeInto(reason, room);
    this.#socket.close(REFUSED, reason.slice(0, read));
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#traffic.received += (data as Buffer).length;
    try {
      if (isBinary) throw new Error('Invalid message: it is not text');
      const message = parseMessage((data as Buffer).toString());
      this.#received += COSTS[message.type] ?? 1;
      if (this.#received >= MAX_MESSAGES_PER_SECOND) this.#socket.pause();
      this.#handle(message);
    } catch (error) {
      this.blame(error instanceof Error ? error.message : String(error));
    }
  }

  #handle(message: Message): void {
    if (this.#hello !== undefined) {
      if (message.type === 'hello') throw new Error('It said hello twice.');
      this.emit('message', message);
    } else {
      if (message.type !== 'hello') throw new Error('It did not say hello first.');
      this.#hello = message;
      this.emit('hello');
    }
  }

  #expectHello(): void {
    if (this.#hello === undefined) this.blame('It did not say hello in time.');
  }

  #readOn(): void {
    this.#received = 0;
    this.#socket.resume();
  }

  #checkAlive(): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (!this.#answered) this.#socket.terminate();
    else this.#socket.ping();
    this.#answered = false;
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
  return error.message || String(error.code);
}
