// A third solution: checks written by hand, state in plain objects, functions that work on it,
// and a network that holds a manager of connections instead of being one.
import { randomBytes, randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { Router, type Request, type Response } from 'express';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { checkShape, type Block } from '#blocks';
import { sha256 } from '#hashing';
import { Problem, parse } from '#http';

export const MAX_MESSAGE_BYTES = 8_388_608;
export const PROTOCOL_VERSION = 2;

// Messages

export interface Tip {
  hash: string;
  index: number;
  work: string;
}
export interface Hello {
  type: 'hello';
  version: number;
  nodeId: string;
  nonce?: string | undefined;
  genesis: string | null;
  tip: Tip | null;
  port: number | null;
  time: number;
  code?: string | undefined;
  name?: string | undefined;
}
export type Message =
  | Hello
  | { type: 'tip'; tip: Tip; block?: Block | undefined }
  | { type: 'getBlocks'; locator: string[] }
  | { type: 'blocks'; blocks: Block[] }
  | { type: 'getPeers' }
  | { type: 'peers'; urls: string[] }
  | { type: 'topic'; topic: string; body: unknown };

/** Says where a value is wrong, or that it is right. */
type Check = (value: unknown, name: string) => string | undefined;

const is =
  (test: (value: unknown) => boolean, what: string): Check =>
  (value, name) =>
    test(value) ? undefined : `${name} is not ${what}`;
const text = (form: RegExp, what: string) =>
  is((value) => typeof value === 'string' && form.exec(value)?.[0] === value, what);
const whole = (from: number, to = Number.MAX_SAFE_INTEGER) =>
  is(
    (value) =>
      Number.isSafeInteger(value) && Number(value) >= from && Number(value) <= to,
    'a number',
  );
const orNull =
  (check: Check): Check =>
  (value, name) =>
    value === null ? undefined : check(value, name);
const maybe =
  (check: Check): Check =>
  (value, name) =>
    value === undefined ? undefined : check(value, name);
const list =
  (check: Check, max: number): Check =>
  (value, name) => {
    if (!Array.isArray(value) || value.length > max)
      return `${name} is not a list, or too long`;
    for (const one of value as unknown[]) {
      const wrong = check(one, name);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
const fields =
  (checks: Record<string, Check>, isOpen = false): Check =>
  (value, name) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return `${name} is not an object`;
    for (const [key, check] of Object.entries(checks)) {
      const wrong = check((value as Record<string, unknown>)[key], `${name}.${key}`);
      if (wrong !== undefined) return wrong;
    }
    const strange = Object.keys(value).find((key) => !Object.hasOwn(checks, key));
    return strange === undefined || isOpen
      ? undefined
      : `${name}.${strange} is not known`;
  };

const digest = text(/[0-9a-f]{64}/, '64 hex digits');
const number = text(/[0-9a-f]{32}/, '32 hex digits');
const tipCheck = fields({
  hash: digest,
  index: whole(0),
  work: text(/\d{1,100}/, 'a number'),
});
const blockCheck: Check = (value, name) => {
  const wrong = checkShape(value);
  return wrong === undefined ? undefined : `${name} is no block: ${wrong}`;
};
const anything: Check = () => undefined;
const shallow: Check = (value, name) => {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > 32) return `${name} has too many levels`;
    level = level.flatMap((one) =>
      typeof one === 'object' && one !== null ? (Object.values(one) as unknown[]) : [],
    );
  }
  return undefined;
};
const kinds = new Map<unknown, Record<string, Check>>([
  [
    'hello',
    {
      version: whole(PROTOCOL_VERSION, PROTOCOL_VERSION),
      nodeId: number,
      nonce: maybe(number),
      genesis: orNull(digest),
      tip: orNull(tipCheck),
      port: orNull(whole(1, 65_535)),
      time: whole(0),
      code: maybe(text(/[A-Za-z0-9_ ]{1,40}/, 'words')),
      name: maybe(text(/[^\p{Cc}\p{Cs}\p{Bidi_C}]{1,24}/u, 'a name')),
    },
  ],
  ['tip', { tip: tipCheck, block: maybe(blockCheck) }],
  ['getBlocks', { locator: list(digest, 100) }],
  ['blocks', { blocks: list(blockCheck, 500) }],
  ['getPeers', {}],
  [
    'peers',
    {
      urls: list(
        is((one) => typeof one === 'string', 'text'),
        100,
      ),
    },
  ],
  ['topic', { topic: text(/[A-Za-z0-9_]{1,20}/, 'a word'), body: shallow }],
]);

function urlIn(words: unknown): string | undefined {
  if (typeof words !== 'string' || words.length > 200) return undefined;
  try {
    const { protocol, host } = new URL(words);
    if (host === '' || !['ws:', 'wss:'].includes(protocol)) return undefined;
    return `${protocol}//${host}`;
  } catch {
    return undefined;
  }
}

const EXAMPLE = 'Name a peer like this: ws://localhost:8000.';
export const peerUrl = z
  .unknown()
  .refine((words) => urlIn(words) !== undefined, { error: EXAMPLE })
  .transform((words) => urlIn(words) ?? '');

class Stranger extends Error {}

export function parseMessage(words: string): Message {
  const value = valueOf(words) as Record<string, unknown> | null;
  if (typeof value !== 'object' || value === null)
    throw new Error('Invalid message: no JSON object.');
  const { type, version } = value;
  if (type === 'hello' && Number.isInteger(version) && version !== PROTOCOL_VERSION)
    throw new Stranger(
      `Its version is ${Number(version)}, and this one's is ${PROTOCOL_VERSION}.`,
    );
  const checks = kinds.get(type);
  if (checks === undefined) throw new Error('Invalid message: its type is none.');
  const wrong = fields({ ...checks, type: anything }, type === 'hello')(value, 'it');
  if (wrong !== undefined) throw new Error(`Invalid message: ${wrong}`);
  const known = [...Object.keys(checks), 'type'].filter((key) => key in value);
  const message = Object.fromEntries(known.map((key) => [key, value[key]])) as Message;
  if (message.type === 'peers')
    message.urls = message.urls.flatMap((url) => urlIn(url) ?? []);
  return message;
}

/** Reads JSON, unless it has so many signs outside of its texts that it would take long. */
function valueOf(words: string): unknown {
  let isInText = false;
  let outside = 0;
  for (let i = 0; i < words.length; i += 1) {
    const code = words.charCodeAt(i);
    if (code === 34) isInText = !isInText;
    if (isInText && code === 92) i += 1;
    if (!isInText) outside += 1;
    if (outside > 65_000) throw new Error('Invalid message: it has too many parts.');
  }
  try {
    return JSON.parse(words);
  } catch {
    throw new Error('Invalid message: this cannot be read as JSON.');
  }
}

// One connection

export class Allowance {
  /** The time at which all that was spent will have come back. */
  #paidOff = -Infinity;
  readonly #rate: number;
  readonly #most: number;

  constructor(perSecond: number, atOnce: number) {
    this.#rate = perSecond / 1_000;
    this.#most = atOnce;
  }

  spend(cost: number, now: number): boolean {
    this.#paidOff = Math.max(this.#paidOff, now) + cost / this.#rate;
    return this.#paidOff - now <= this.#most / this.#rate + 1e-6;
  }
}

export interface Traffic {
  received: number;
  sent: number;
}
export interface PeerOptions {
  readonly dialed?: string | undefined;
  readonly host: string;
  readonly line?: Socket | undefined;
  readonly hello: () => Hello;
  readonly keepAlive: number;
  readonly handshake?: number;
  readonly traffic?: Traffic;
}
export interface PeerEvents {
  hello: [];
  message: [message: Message];
  blamed: [reason: string];
  closed: [reason: string];
}

const KIB = 1_024;
const errors: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'Nobody is there to take the call.'],
  [/response: 429/, 'That node takes no calls from here for now.'],
  [/response: \d/, 'That is a web server: perhaps the port of the HTTP API.'],
];

function shortened(reason: string): string {
  const bytes = Buffer.from(reason).subarray(0, 123);
  return bytes.toString().replace(/\ufffd+$/, '');
}

function hostAt(line: Socket): string {
  const address = (line.remoteAddress ?? '').replace(/^::ffff:(?=\d)/i, '');
  return address.includes(':') ? `[${address}]` : address;
}

export class Peer extends EventEmitter<PeerEvents> {
  readonly outbound: boolean;
  readonly host: string;
  readonly key: string = randomBytes(16).toString('hex');
  place: string | undefined;
  readonly #ws: WebSocket;
  readonly #given: PeerOptions;
  readonly #state = {
    heard: undefined as Hello | undefined,
    end: undefined as string | undefined,
  };
  readonly #budget = new Allowance(1_000, 5_000);
  /** What was sent and is not answered: pings by their text, questions by their number. */
  readonly #open = { pings: new Map<string, number>(), questions: 0 };
  #halfRead = 0;
  #farewell: NodeJS.Timeout | undefined;

  constructor(ws: WebSocket, given: PeerOptions) {
    super();
    this.#ws = ws;
    this.#given = given;
    this.host = given.host;
    this.outbound = 'dialed' in given && given.dialed !== undefined;
    const patience = setTimeout(() => {
      if (!this.#state.heard) this.blame('There was no hello in time.');
    }, given.handshake ?? 5_000);
    const pulse = setInterval(() => this.#feelPulse(), given.keepAlive);
    this.#follow(given.line);
    ws.on('upgrade', ({ socket }) => {
      this.place = `ws://${hostAt(socket)}:${socket.remotePort}`;
      ws.on('open', () => this.#follow(socket));
    });
    ws.on('open', () => {
      if (this.outbound) this.greet();
    });
    ws.on('ping', ({ length }) => {
      this.#halfRead -= length + (this.outbound ? 2 : 6);
      this.#charge(1);
    });
    ws.on('pong', (data) => {
      this.#halfRead -= data.length + (this.outbound ? 2 : 6);
      this.#charge(1);
      if (!this.#open.pings.has(data.toString())) return;
      for (const text of this.#open.pings.keys()) {
        this.#open.pings.delete(text);
        if (text === data.toString()) break;
      }
    });
    ws.on('message', (data, isBinary) => {
      const wrong = this.#hear(data as Buffer, isBinary);
      if (wrong instanceof Stranger) this.close(wrong.message);
      else if (wrong !== undefined) this.blame(wrong);
    });
    ws.on('error', (error: Error & { code?: string }) => {
      const all = `${error.code} ${error.message}`;
      const words = errors.find(([form]) => form.test(all))?.[1] ?? error.message;
      const isNew = this.#state.end === undefined;
      this.#state.end ??= words;
      if (isNew && all.startsWith('WS_ERR')) this.emit('blamed', words);
    });
    ws.on('close', (_code, reason) => {
      clearTimeout(patience);
      clearInterval(pulse);
      clearTimeout(this.#farewell);
      const words = this.#state.end ?? reason.toString();
      this.emit('closed', words === '' ? 'It ended without a word.' : words);
    });
  }

  get hello(): Hello {
    const { heard } = this.#state;
    if (heard) return heard;
    throw new Error('Wait for its hello first.');
  }

  get id(): string {
    return this.#state.heard?.nodeId ?? '';
  }

  get url(): string | undefined {
    return this.#given.dialed ?? this.place;
  }

  get isEnding(): boolean {
    return this.#state.end !== undefined;
  }

  get unsent(): number {
    return this.#ws.bufferedAmount;
  }

  greet(): void {
    this.send({ nonce: this.key, ...this.#given.hello() });
  }

  send(message: Message): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    let said = message;
    if (said.type === 'tip' && said.block && said.block.data.length > 4 * KIB)
      said = { type: 'tip', tip: said.tip };
    const json = JSON.stringify(said);
    if (this.#given.traffic) this.#given.traffic.sent += Buffer.byteLength(json);
    if (said.type === 'getBlocks') this.#open.questions += 1;
    if (said.type === 'blocks' && this.#open.pings.size < 20) this.#ping(0);
    this.#ws.send(json);
  }

  blame(reason: string): void {
    if (!this.isEnding) this.emit('blamed', reason);
    this.close(reason);
  }

  close(reason: string): void {
    this.#state.end ??= reason;
    this.#ws.close(4_000, shortened(reason));
    this.#farewell ??= setTimeout(() => this.#ws.terminate(), 350);
  }

  #follow(line: Socket | undefined): void {
    line?.on('data', (piece: Buffer) => {
      this.#halfRead += piece.length;
      if (this.#halfRead < 200 * KIB || this.#open.questions > 0) return;
      this.blame('This is too large: nobody had asked for it.');
      this.#ws.pause();
    });
  }

  /** Takes a message. Gives what is wrong with it, or with its coming now. */
  #hear(data: Buffer, isBinary: boolean): Stranger | string | undefined {
    if (this.#ws.readyState !== WebSocket.OPEN) {
      this.#ws.pause();
      return undefined;
    }
    this.#halfRead = 0;
    if (this.#given.traffic) this.#given.traffic.received += data.length;
    if (isBinary) return 'Invalid message: these are bytes.';
    if (data.length > 64 * KIB && this.#open.questions === 0)
      return 'This is too large: nobody had asked for it.';
    let message: Message;
    try {
      message = parseMessage(data.toString());
    } catch (error) {
      return error instanceof Stranger ? error : (error as Error).message;
    }
    const isFirst = this.#state.heard === undefined;
    if (isFirst !== (message.type === 'hello'))
      return isFirst ? 'A hello has to come first.' : 'A hello comes only once.';
    if (message.type === 'hello') {
      this.#state.heard = message;
      this.place ??= urlIn(`ws://${this.host}:${message.port}`);
      return void this.emit('hello');
    }
    if (message.type === 'blocks') {
      if (this.#open.questions === 0) return 'Nobody had asked for these blocks.';
      this.#open.questions -= 1;
    } else this.#charge(1 + data.length / KIB);
    if (message.type === 'getBlocks' && this.#open.pings.size > 0) this.#charge(60);
    if (message.type.startsWith('get') && this.unsent > 0) return undefined;
    this.emit('message', message);
    return undefined;
  }

  #charge(cost: number): void {
    if (!this.#budget.spend(cost, performance.now()))
      this.blame('That was too much at once.');
  }

  #ping(age: number): void {
    const text = randomUUID();
    this.#open.pings.set(text, age);
    this.#ws.ping(text);
  }

  #feelPulse(): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    for (const [text, age] of this.#open.pings) {
      if (age >= 1) return this.#ws.terminate();
      this.#open.pings.set(text, age + 1);
    }
    if (this.#open.pings.size === 0) this.#ping(1);
  }
}

// The address book

export interface KnownAddress {
  readonly url: string;
  readonly keep: boolean;
}
export interface Redial {
  readonly first: number;
  readonly max: number;
}

interface Card {
  keep: boolean;
  state: 'free' | 'taken';
  isMet: boolean;
  strikes: number;
  from: number;
  /** Grows with each card: the newest has the largest. */
  readonly age: number;
}

export class AddressBook {
  readonly #cards: Record<string, Card> = Object.create(null) as Record<string, Card>;
  readonly #waits: Redial;
  readonly #most: number;
  readonly #dice: () => number;
  #count = 0;
  #quietUntil = 0;

  constructor(redial: Redial, outbound: number, random?: () => number) {
    this.#waits = redial;
    this.#most = outbound;
    this.#dice = random ?? (() => Math.random());
  }

  get #all(): [string, Card][] {
    return Object.entries(this.#cards);
  }

  known(): KnownAddress[] {
    return this.#all.map(([url, { keep }]) => ({ url, keep }));
  }

  add(url: string, now: number, keep = false): void {
    const card = this.#cards[url];
    if (card !== undefined) {
      if (keep && !card.keep && card.strikes === 0) card.from = now;
      card.keep = card.keep || keep;
      return;
    }
    if (!keep && this.#all.length > 999) {
      const useless = this.#all.find(
        ([, one]) => !one.keep && !one.isMet && one.state === 'free',
      );
      if (useless === undefined) return;
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
      delete this.#cards[useless[0]];
    }
    const from = keep ? now : now + this.#waits.first * this.#dice();
    this.#count += 1;
    const rest = { state: 'free', isMet: false, strikes: 0 } as const;
    this.#cards[url] = { keep, from, age: this.#count, ...rest };
  }

  take(now: number): string[] {
    const free = this.#all.filter(
      ([, { state, from }]) => state === 'free' && from <= now,
    );
    const [kept, others] = [true, false].map((keep) =>
      free.filter(([, card]) => card.keep === keep),
    );
    const chosen = [...(kept ?? [])];
    const taken = this.#all.filter(
      ([, card]) => card.state === 'taken' && !card.keep,
    ).length;
    const best = others?.sort(
      ([, a], [, b]) => a.strikes - b.strikes || b.age - a.age,
    )[0];
    if (best !== undefined && taken < this.#most && this.#quietUntil <= now) {
      chosen.push(best);
      this.#quietUntil = now + this.#waits.first;
    }
    for (const [, card] of chosen) card.state = 'taken';
    return chosen.map(([url]) => url);
  }

  release(url: string, now: number, lasted: number): void {
    const card = this.#cards[url];
    if (card === undefined) return;
    const steps = [this.#waits.first];
    while (steps.length < card.strikes + 1) steps.push(2 * (steps.at(-1) ?? 0));
    const isGood = lasted > 30_000;
    const wait = Math.min(this.#waits.max, (isGood ? steps[0] : steps.at(-1)) ?? 0);
    const share = 1 - (1 - this.#dice()) / 2;
    card.strikes = isGood ? 0 : card.strikes + 1;
    card.isMet = card.isMet || lasted > 0;
    card.state = 'free';
    card.from = now + share * wait;
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
    if (card.strikes > 9 && !card.keep) delete this.#cards[url];
  }
}

// Who may come in

export type Candidate = Pick<Peer, 'outbound' | 'place' | 'key' | 'hello'>;
export interface Self {
  readonly id: string;
  readonly genesis: string | null;
}

export function proof(callers: string | undefined, own: string | undefined): string {
  return sha256(String(callers) + ' ' + String(own));
}

const rules: readonly ((
  peer: Candidate,
  own: Self,
  peers: readonly Candidate[],
) => string | undefined)[] = [
  ({ hello }, { id }) => (hello.nodeId === id ? 'That is this node itself.' : undefined),
  ({ hello, outbound }, { genesis }) =>
    (outbound ? hello.genesis : genesis) === null
      ? 'Who is called must have joined a network.'
      : undefined,
  ({ hello, outbound }, { genesis }) => {
    const isNew = (outbound ? genesis : hello.genesis) === null;
    return isNew || genesis === hello.genesis ? undefined : 'The networks differ.';
  },
  ({ hello, place }, _own, peers) => {
    const same = peers.filter(
      (one) => one.outbound && one.place === place && place !== undefined,
    );
    const met = same.find((one) => one.hello.nodeId === hello.nodeId);
    return (
      met && `There is a connection: they are connected. ${proof(hello.nonce, met.key)}`
    );
  },
];

export function refusal(
  peer: Candidate,
  own: Self,
  peers: readonly Candidate[],
): string | undefined {
  for (const rule of rules) {
    const reason = rule(peer, own, peers);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

// Many connections

export type Topic = (body: unknown, bytes: number) => string | undefined;
export interface NetworkEvents {
  peer: [peer: Peer];
  message: [peer: Peer, message: Message];
  topic: [peer: Peer, topic: string, body: unknown];
  blamed: [caller: Peer, reason: string];
  gone: [peer: Peer, reason: string];
  failed: [url: string, reason: string];
}
export interface ConnectionOptions {
  readonly chain: () => Pick<Hello, 'genesis' | 'tip' | 'code' | 'name'>;
  readonly refuse?: (host: string) => string | undefined;
  readonly makeRoom?: (peers: readonly Peer[]) => Peer | undefined;
  readonly topics?: ReadonlyMap<string, Topic>;
  readonly keepAlive?: number;
}
export interface NetworkOptions extends ConnectionOptions {
  readonly heed?: (url: string, from: Peer) => boolean;
  readonly outbound?: number;
  readonly redial?: Redial;
}

const limits = {
  maxPayload: MAX_MESSAGE_BYTES,
  perMessageDeflate: false,
  allowSynchronousEvents: false,
} as const;

export class ConnectionManager extends EventEmitter<NetworkEvents> {
  readonly id: string = randomBytes(16).toString('hex');
  readonly traffic: Traffic = { received: 0, sent: 0 };
  readonly #given: ConnectionOptions;
  readonly #http = createServer({ headersTimeout: 5_000 }, (_req, res) => {
    res.statusCode = 426;
    res.setHeader('Upgrade', 'websocket');
    res.end('Nodes talk here. For HTTP there is another port.');
  });
  /** All connections: of those that are peers the number in the order of joining. */
  readonly #all = new Map<Peer, number | undefined>();
  #guests: Socket[] = [];
  #joined = 0;

  constructor(given: ConnectionOptions) {
    super();
    this.#given = given;
  }

  get peers(): Peer[] {
    const numbered = [...this.#all].filter(([, number]) => number !== undefined);
    return numbered.sort(([, a = 0], [, b = 0]) => a - b).map(([peer]) => peer);
  }

  get port(): number | null {
    const address = this.#http.address();
    return address !== null && typeof address === 'object' ? address.port : null;
  }

  async listen(port: number, host = '127.0.0.1'): Promise<void> {
    const sockets = new WebSocketServer({ ...limits, noServer: true });
    this.#http.on('connection', (line) => {
      this.#guests.push(line);
      line.on('close', () => this.#letGo(line));
      while (this.#guests.length > 100) this.#guests.shift()?.destroy();
    });
    this.#http.on('upgrade', (request, line, head) => {
      const from = hostAt(request.socket);
      const deny = (status: string) =>
        line.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      if ('origin' in request.headers) return void deny('403 Forbidden');
      if (this.#given.refuse?.(from)) return void deny('429 Too Many Requests');
      sockets.handleUpgrade(request, line, head, (ws) => {
        const peer = this.#meet(ws, { host: from, line: request.socket });
        peer.once('hello', () => this.#letGo(request.socket));
      });
    });
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject).listen(port, host, resolve);
    });
  }

  async connect(url: string): Promise<Peer> {
    const before = this.peers.find((one) => one.outbound && one.url === url);
    if (before) return before;
    const ws = new WebSocket(url, limits);
    const peer = this.#meet(ws, { host: new URL(url).hostname, dialed: url });
    const same = () =>
      this.peers.find((one) => one.outbound && one.place === peer.place && one !== peer);
    ws.on('upgrade', () => {
      if (same()) peer.close('There is a connection under another name.');
    });
    const { promise, resolve, reject } = settle<Peer>();
    peer.on('hello', () => {
      if (this.#all.get(peer) !== undefined) resolve(peer);
    });
    peer.on('closed', (reason) => {
      const proven = this.peers.find(({ hello }) =>
        reason.endsWith(proof(peer.key, hello.nonce)),
      );
      const found = same() ?? proven;
      if (found) resolve(found);
      else reject(new Error(reason));
    });
    return promise;
  }

  broadcast(message: Message, except?: Peer): void {
    for (const peer of this.peers.filter((one) => one !== except)) peer.send(message);
  }

  async close(): Promise<void> {
    const all = [...this.#all.keys()];
    const over = all.map((peer) => new Promise((done) => peer.once('closed', done)));
    for (const peer of all) peer.close('This node shuts down.');
    await new Promise((done) => {
      this.#http.close(done);
      this.#http.closeAllConnections();
    });
    await Promise.all(over);
  }

  #letGo(line: Socket): void {
    this.#guests = this.#guests.filter((one) => one !== line);
  }

  #meet(ws: WebSocket, end: Pick<PeerOptions, 'host' | 'dialed' | 'line'>): Peer {
    const hello = (): Hello => ({
      type: 'hello',
      time: Date.now(),
      version: PROTOCOL_VERSION,
      nodeId: this.id,
      port: this.port,
      ...this.#given.chain(),
    });
    const { keepAlive = 30_000 } = this.#given;
    const peer = new Peer(ws, { ...end, hello, keepAlive, traffic: this.traffic });
    this.#all.set(peer, undefined);
    if (!peer.outbound) peer.on('blamed', (reason) => this.emit('blamed', peer, reason));
    peer.on('hello', () => {
      const reason = this.#objection(peer);
      if (reason === undefined) this.#seat(peer);
      else peer.close(reason);
    });
    peer.on('message', (message) => {
      if (this.#all.get(peer) === undefined) return;
      if (message.type === 'topic') this.#discuss(peer, message);
      else this.emit('message', peer, message);
    });
    peer.on('closed', (reason) => {
      const wasPeer = this.#all.get(peer) !== undefined;
      this.#all.delete(peer);
      if (wasPeer) this.emit('gone', peer, reason);
    });
    return peer;
  }

  #objection(peer: Peer): string | undefined {
    const { genesis } = this.#given.chain();
    const reason = refusal(peer, { id: this.id, genesis }, this.peers);
    if (reason !== undefined || peer.outbound) return reason;
    const staying = this.peers.filter((one) => !one.isEnding);
    if (staying.length < 128) return undefined;
    const chosen = this.#given.makeRoom?.(staying);
    chosen?.close('There must be room for others.');
    return chosen ? undefined : 'All places for peers are taken.';
  }

  #seat(peer: Peer): void {
    this.#joined += 1;
    this.#all.set(peer, this.#joined);
    if (peer.outbound && this.id < peer.id) {
      const double = this.peers.find(
        (one) => !one.outbound && one.place === peer.place && one.id === peer.id,
      );
      double?.close('Both have dialed.');
    }
    if (!peer.outbound) peer.greet();
    this.emit('peer', peer);
  }

  #discuss(peer: Peer, { topic, body }: Message & { type: 'topic' }): void {
    const judge = this.#given.topics?.get(topic);
    if (!judge) return;
    const wrong = judge(body, Buffer.byteLength(JSON.stringify(body)));
    if (wrong === undefined) this.emit('topic', peer, topic, body);
    else peer.blame(`On ${topic}: ${wrong}`);
  }
}

function settle<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  return { promise, resolve, reject };
}

export class PeerNetwork extends EventEmitter<NetworkEvents> {
  readonly #manager: ConnectionManager;
  readonly #book: AddressBook;
  readonly #given: NetworkOptions;
  #next: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(given: NetworkOptions) {
    super();
    this.#given = given;
    this.#manager = new ConnectionManager(given);
    const { first, max } = given.redial ?? { first: 1_000, max: 8_000 };
    this.#book = new AddressBook({ first, max }, given.outbound ?? 8);
    const look = () => {
      this.#dial();
      this.#next = setTimeout(look, first / 20);
    };
    look();
    this.#manager
      .on('peer', (peer) => {
        this.emit('peer', peer);
        peer.send({ type: 'getPeers' });
        const { url } = peer;
        if (url === undefined) return;
        this.suggest(url, peer);
        this.broadcast({ type: 'peers', urls: [url] }, peer);
      })
      .on('message', (peer, message) => {
        if (message.type === 'peers')
          for (const url of message.urls) this.suggest(url, peer);
        else if (message.type === 'getPeers')
          peer.send({ type: 'peers', urls: this.#urls(peer) });
        else this.emit('message', peer, message);
      })
      .on('gone', (...about) => this.emit('gone', ...about))
      .on('topic', (...about) => this.emit('topic', ...about))
      .on('blamed', (...about) => this.emit('blamed', ...about));
  }

  get id(): string {
    return this.#manager.id;
  }

  get traffic(): Traffic {
    return this.#manager.traffic;
  }

  get peers(): Peer[] {
    return this.#manager.peers;
  }

  get port(): number | null {
    return this.#manager.port;
  }

  get addresses(): KnownAddress[] {
    return this.#book.known();
  }

  listen(port: number, host?: string): Promise<void> {
    return this.#manager.listen(port, host);
  }

  connect(url: string): Promise<Peer> {
    return this.#manager.connect(url);
  }

  broadcast(message: Message, except?: Peer): void {
    this.#manager.broadcast(message, except);
  }

  suggest(url: string, from?: Peer): void {
    const { heed } = this.#given;
    if (from !== undefined && heed?.(url, from) === false) return;
    this.#book.add(url, performance.now());
  }

  keep(url: string): void {
    this.#book.add(url, performance.now(), true);
    this.#dial();
  }

  async close(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#next);
    await this.#manager.close();
  }

  #urls(asking: Peer): string[] {
    const urls = this.peers.map((peer) => (peer === asking ? undefined : peer.url));
    return urls.filter((url) => url !== undefined).slice(0, 100);
  }

  #dial(): void {
    if (this.#isOver) return;
    const release = (url: string, lasted: number) =>
      this.#book.release(url, performance.now(), lasted);
    for (const url of this.#book.take(performance.now())) {
      this.connect(url).then(
        (peer) => {
          const start = performance.now();
          peer.once('closed', () => release(url, performance.now() - start));
        },
        (error: unknown) => {
          if (!this.#isOver) this.emit('failed', url, (error as Error).message);
          release(url, 0);
        },
      );
    }
  }
}

// The routes

export const newPeer = z.object(
  { url: peerUrl },
  { error: 'Send an object in JSON, such as {"url":"ws://localhost:8000"}.' },
);

export function peerRoutes(network: PeerNetwork): Router {
  const shown = ({ id, url, outbound }: Peer) => ({
    id,
    url: url ?? null,
    direction: outbound ? 'outbound' : 'inbound',
  });
  const add = async (req: Request, res: Response): Promise<void> => {
    const { url } = parse(newPeer, req.body);
    const keys = new Set(network.peers.map(({ key }) => key));
    try {
      const peer = await network.connect(url);
      network.keep(url);
      res.status(keys.has(peer.key) ? 200 : 201).json(shown(peer));
    } catch (error) {
      throw new Problem(502, `There is no way to ${url}: ${(error as Error).message}`);
    }
  };
  const router = Router();
  router
    .route('/peers')
    .get((_req, res) => void res.json(network.peers.map(shown)))
    .post(add);
  return router;
}
