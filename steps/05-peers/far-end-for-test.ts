/**
 * The other end of connections, for the tests of step 5: bare WebSockets that do what a test
 * says, and waits that end.
 *
 * @module
 */
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { WebSocket, WebSocketServer, type ClientOptions, type RawData } from 'ws';
import { genesisBlock } from '#blocks';
import {
  MAX_MESSAGE_BYTES,
  PROTOCOL_VERSION,
  Peer,
  type ConnectionManager,
  type Hello,
  type Message,
  type PeerOptions,
} from '#peers';

export const GENESIS = 'a'.repeat(64);
export const OTHER_GENESIS = 'b'.repeat(64);

/** How long to wait for what takes some milliseconds. */
const PATIENCE = 1_000;

/** One turn of a wait, in milliseconds. */
const TURN = 10;

/** What matches any sentence. */
export const SENTENCE = /\w+ \w+/;

/** An id or a nonce made of one hex digit. */
export const idOf = (digit: string) => digit.repeat(32);

/** A hello of a node that does not listen, with other fields where they are given. */
export function helloOf(fields: Partial<Hello> = {}): Hello {
  const own = { version: PROTOCOL_VERSION, nodeId: idOf('b'), time: 1_700_000_000_000 };
  return { type: 'hello', ...own, genesis: GENESIS, tip: null, port: null, ...fields };
}

export function tipOf(index: number): Message {
  return { type: 'tip', tip: { hash: GENESIS, index, work: '1' } };
}

export const topicOf = (topic: string, body: unknown): Message => ({
  type: 'topic',
  topic,
  body,
});

export const getBlocks: Message = { type: 'getBlocks', locator: [] };
export const getPeers: Message = { type: 'getPeers' };

/** An answer to `getBlocks`: one block whose data is that long. */
export function blocksOf(length: number, filling = 'x'): Message {
  return { type: 'blocks', blocks: [blockOf(length, filling)] };
}

export const blockOf = (length: number, filling = 'x') =>
  genesisBlock({ timestamp: 1, data: filling.repeat(length) });

const opened: (() => void)[] = [];

/** Has something ended when the test is over. */
export function atEnd(end: () => void): void {
  opened.push(end);
}

/** Ends all that was opened here. */
export function cleanUp(): void {
  for (const end of opened.splice(0)) end();
}

/** An error of the test that called: what tests share is not to blame. */
function complaint(words: string): Error {
  const error = new Error(words);
  const lines = (error.stack ?? '').split('\n');
  error.stack = lines.filter((line) => !line.includes('-for-test.ts')).join('\n');
  return error;
}

/**
 * Turns a wait without end into a sentence. The wait is counted in turns of the program, in
 * which both ends live: on a busy machine it takes longer.
 */
export function soon<T>(
  promise: Promise<T>,
  what: string,
  patience = PATIENCE,
): Promise<T> {
  const error = complaint(`Waited in vain for ${what}.`); // here, so that it knows the test
  let timer: NodeJS.Timeout | undefined;
  let turns = patience / TURN;
  const end = new Promise<never>((_resolve, reject) => {
    timer = setInterval(() => {
      turns -= 1;
      if (turns <= 0) reject(error);
    }, TURN);
  });
  return Promise.race([promise, end]).finally(() => clearInterval(timer));
}

/** Lets some turns of the program pass, in which what is wrong would happen. */
export async function someTurns(count = 10): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((done) => setTimeout(done, 5));
}

export function textOf(data: RawData): string {
  return (data as Buffer).toString();
}

/** A bare WebSocket, which notes what it is told. */
export class FarEnd {
  readonly socket: WebSocket;
  /** What it was told: each message as JSON. */
  readonly heard: unknown[] = [];
  /** Why the connection ended, as it was told. */
  readonly closed: Promise<string>;
  #isOver: string | undefined;
  #read = 0;
  readonly #news = new EventEmitter();

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      this.heard.push(JSON.parse(textOf(data)));
      this.#news.emit('news');
    });
    socket.on('error', () => undefined); // a broken connection ends in 'close' as well
    this.closed = new Promise((resolve) => {
      socket.once('close', (_code, reason) => {
        this.#isOver = String(reason);
        this.#news.emit('news');
        resolve(this.#isOver);
      });
    });
    atEnd(() => socket.terminate());
  }

  /** Dials the node that listens there. */
  static to(node: Pick<ConnectionManager, 'port'>, options: ClientOptions = {}): FarEnd {
    return new FarEnd(new WebSocket(`ws://127.0.0.1:${node.port}`, options));
  }

  /** Sends messages when the connection stands: objects as JSON, others as they are. */
  async say(...messages: unknown[]): Promise<void> {
    if (this.socket.readyState === WebSocket.CONNECTING)
      await soon(once(this.socket, 'open'), 'the connection');
    for (const message of messages) {
      const raw = typeof message === 'string' || Buffer.isBuffer(message);
      this.socket.send(raw ? message : JSON.stringify(message));
    }
  }

  /** Gives the next message. It fails at once if the connection ends before. */
  async next(): Promise<unknown> {
    while (this.#read >= this.heard.length) {
      if (this.#isOver !== undefined)
        throw complaint(`No message came: the connection was ended (${this.#isOver}).`);
      await soon(once(this.#news, 'news'), 'a message');
    }
    this.#read += 1;
    return this.heard[this.#read - 1];
  }

  /** Gives the next message of a type. */
  async nextOf(type: Message['type']): Promise<unknown> {
    for (;;) {
      const message = await this.next();
      if ((message as Message).type === type) return message;
    }
  }

  /** Says hello, and gives the node's. */
  async greet(fields: Partial<Hello> = {}): Promise<Hello> {
    await this.say(helloOf(fields));
    return (await this.nextOf('hello')) as Hello;
  }
}

/** Opens a bare server on a free port, which does with each connection what the test says. */
export async function serve(talk?: (socket: WebSocket) => void) {
  const maxPayload = MAX_MESSAGE_BYTES;
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload });
  atEnd(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  if (talk !== undefined) server.on('connection', talk);
  await once(server, 'listening');
  return { server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Lets a server of any kind listen on a free port; gives its url. */
export async function start(server: Server): Promise<string> {
  const lines = new Set<Socket>();
  server.on('connection', (line: Socket) => lines.add(line));
  atEnd(() => {
    for (const line of lines) line.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A url where nobody listens. */
export async function deadUrl(): Promise<string> {
  const server = createServer();
  const url = await start(server);
  await new Promise((resolve) => server.close(resolve));
  return url;
}

/** Makes a Peer of a socket, and notes all that it reports. */
export function peerOf(socket: WebSocket, options: Partial<PeerOptions>) {
  const host = '127.0.0.1';
  const own = { keepAlive: 30_000, hello: () => helloOf({ nodeId: idOf('a') }) };
  const peer = new Peer(socket, { host, ...own, ...options });
  socket.on('error', () => undefined); // or the next test would be blamed for it
  atEnd(() => socket.terminate());
  const events: unknown[][] = [];
  const news = new EventEmitter();
  const note = (...event: unknown[]) => {
    events.push(event);
    news.emit('event');
  };
  peer.on('hello', () => note('hello'));
  peer.on('message', (message) => note('message', message));
  peer.on('closed', (reason) => note('closed', reason));
  /** Waits until the peer has reported that many events; it fails at once if it ends before. */
  const heard = async (count: number) => {
    while (events.length < count) {
      const [name, reason] = events.at(-1) ?? [];
      if (name === 'closed')
        throw complaint(`The connection has ended (${String(reason)}).`);
      await soon(once(news, 'event'), `event ${events.length + 1} of the peer`);
    }
  };
  const closed = new Promise<string>((resolve) => peer.once('closed', resolve));
  /** Why the connection ended. */
  const end = (patience?: number) => soon(closed, 'the end of the connection', patience);
  return { peer, events, heard, end };
}

/** Connects a Peer that was called with the bare WebSocket that called it. */
export async function meet(options: Partial<PeerOptions> & { autoPong?: boolean } = {}) {
  const { autoPong = true, ...rest } = options;
  const { server, url } = await serve();
  const accepted = once(server, 'connection') as Promise<[WebSocket, IncomingMessage]>;
  const far = new FarEnd(new WebSocket(url, { autoPong }));
  const [socket, { socket: line }] = await soon(accepted, 'a connection');
  const peer = peerOf(socket, { line, ...rest });
  await far.say();
  return { far, socket, ...peer };
}

/** Makes a Peer that dials, and the bare WebSocket that it reaches. */
export async function call(options: Partial<PeerOptions> = {}) {
  const { server, url } = await serve();
  const accepted = once(server, 'connection') as Promise<[WebSocket]>;
  const socket = new WebSocket(url);
  const peer = peerOf(socket, { dialed: url, ...options });
  const [other] = await soon(accepted, 'a connection');
  return { far: new FarEnd(other), url, socket, ...peer };
}

/** How many timers are set. */
export const timersSet = () =>
  process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

/** How many timers are set at most within some turns: those of earlier tests may come and go. */
export async function timersAtMost(): Promise<number> {
  let most = 0;
  for (let turn = 0; turn < 20; turn += 1) {
    most = Math.max(most, timersSet());
    await someTurns(1);
  }
  return most;
}

/** How many timers stay set beyond so many. That of the other side may end some turns later. */
export async function timersBeyond(count: number): Promise<number> {
  for (let turn = 0; turn < 200 && timersSet() > count; turn += 1)
    await new Promise((done) => setImmediate(done));
  return Math.max(0, timersSet() - count); // those of earlier tests may have ended
}
