import { EventEmitter } from 'node:events';
import { WebSocket, type RawData } from 'ws';
import { parseMessage, type Hello, type Message } from './messages.ts';

/** The largest message taken, in bytes: a full block, even if JSON escapes all its data. */
export const MAX_MESSAGE_BYTES = 8 * 1_048_576;

/** Where a peer that does not read its messages is given up, in bytes. */
const MAX_UNSENT_BYTES = 4 * MAX_MESSAGE_BYTES;

/** How many messages a peer may send in a second; then it is not read until the next. */
const MAX_MESSAGES_PER_SECOND = 500;

/** How long a peer may take to say hello, in milliseconds. */
const HANDSHAKE_TIMEOUT = 5_000;

/** The close code of a connection that one side does not want; the reason says why. */
const REFUSED = 4_000;

/** How long the reason in a close frame may be, in bytes (RFC 6455, section 5.5). */
const MAX_REASON_BYTES = 123;

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
}

/** What a connection reports, and with what. */
export interface PeerEvents {
  /** The other node has said hello. */
  hello: [];
  /** A valid message came. It follows the hello. */
  message: [message: Message];
  /** The connection is over. */
  closed: [reason: string];
}

/** One connection to another node, from before the handshake to its end. */
export class Peer extends EventEmitter<PeerEvents> {
  /** True if this node dialed the other. */
  readonly outbound: boolean;
  readonly #host: string;
  readonly #socket: WebSocket;
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
    this.#timers = [
      setTimeout(() => this.#expectHello(), HANDSHAKE_TIMEOUT),
      setInterval(() => this.#readOn(), 1_000),
      setInterval(() => this.#checkAlive(), options.keepAlive),
    ];
    if (socket.readyState === WebSocket.OPEN) this.send(options.hello());
    else socket.once('open', () => this.send(options.hello()));
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('pong', () => (this.#answered = true));
    socket.on('error', (error) => (this.#reason ??= describe(error)));
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

  /** Sends a message, unless the connection is closing. */
  send(message: Message): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#socket.bufferedAmount > MAX_UNSENT_BYTES)
      this.close('It reads too slowly.');
    else this.#socket.send(JSON.stringify(message));
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
    this.#received += 1;
    if (this.#received >= MAX_MESSAGES_PER_SECOND) this.#socket.pause();
    try {
      if (isBinary) throw new Error('Invalid message: it is not text');
      this.#handle(parseMessage((data as Buffer).toString()));
    } catch (error) {
      this.close(error instanceof Error ? error.message : String(error));
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
    if (this.#hello === undefined) this.close('It did not say hello in time.');
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

  #end(reason: string): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.emit('closed', this.#reason ?? (reason || 'The connection was lost.'));
  }
}

function describe(error: Error & { code?: string }): string {
  if (error.code === 'ECONNREFUSED') return 'No node listens there.';
  return error.message || String(error.code);
}
