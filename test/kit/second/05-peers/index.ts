// A second solution: one clock instead of many timers, lists instead of maps.
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { Router } from 'express';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { checkShape, type Block } from '#blocks';
import { sha256 } from '#hashing';
import { Problem, parse } from '#http';

export const PROTOCOL_VERSION = 2;
export const MAX_MESSAGE_BYTES = 8 << 20;

const hex = (digits: number) =>
  z.string().refine((text) => text.length === digits && !/[^0-9a-f]/.test(text));
const whole = z.number().refine((n) => Number.isSafeInteger(n));
const port = whole.refine((n) => n > 0 && n < 65_536);

const aBlock = z.custom<Block>((value) => !checkShape(value), {
  error: ({ input }) => checkShape(input) ?? 'no block',
});
const tip = z.strictObject({
  hash: hex(64),
  index: whole.refine((n) => n >= 0),
  work: z.string().refine((text) => /^[0-9]+$/.test(text) && text.length <= 100),
});

export const peerUrl = z
  .string({ error: 'A peer is written as ws://host:port.' })
  .refine(
    (text) => /^wss?:\/\/[^\s]+$/i.test(text) && text.length <= 200 && URL.canParse(text),
    {
      error: 'A peer is written as ws://host:port, with at most 200 characters.',
    },
  )
  .transform((text) => `${new URL(text).protocol}//${new URL(text).host}`);

const otherUrls = z
  .array(z.string())
  .max(100)
  .transform((all) => all.map((one) => peerUrl.safeParse(one).data))
  .transform((all) => all.filter((one) => one !== undefined));

const hello = z.object({
  type: z.literal('hello'),
  version: whole,
  nodeId: hex(32),
  nonce: z.optional(hex(32)),
  genesis: z.union([z.null(), hex(64)]),
  tip: z.union([z.null(), tip]),
  port: z.union([z.null(), port]),
  time: whole.refine((n) => n >= 0),
  code: z.optional(z.string().refine((text) => /^[a-zA-Z0-9_ ]{1,40}$/.test(text))),
  name: z.optional(
    z.string().refine((text) => {
      const letters = [...text];
      const isShown = letters.every(
        (letter) => !/[\p{Cc}\p{Cs}\p{Bidi_C}]/u.test(letter),
      );
      return letters.length > 0 && letters.length <= 24 && isShown;
    }),
  ),
});
function depthOf(value: unknown, most: number): number {
  if (most === 0 || typeof value !== 'object' || value === null) return 0;
  const depths = Object.values(value).map((part) => depthOf(part, most - 1));
  return 1 + depths.reduce((deepest, depth) => Math.max(deepest, depth), 0);
}

const message = z.discriminatedUnion('type', [
  hello,
  z.strictObject({ type: z.literal('tip'), tip, block: z.optional(aBlock) }),
  z.strictObject({ type: z.literal('getBlocks'), locator: z.array(hex(64)).max(100) }),
  z.strictObject({ type: z.literal('blocks'), blocks: z.array(aBlock).max(500) }),
  z.strictObject({ type: z.literal('getPeers') }),
  z.strictObject({ type: z.literal('peers'), urls: otherUrls }),
  z.strictObject({
    type: z.literal('topic'),
    topic: z.string().refine((text) => /^[A-Za-z0-9_]{1,20}$/.test(text)),
    body: z.unknown().refine((body) => depthOf(body, 33) < 33),
  }),
]);

export type Hello = z.infer<typeof hello>;
export type Tip = z.infer<typeof tip>;
export type Message = z.infer<typeof message>;

class Foreign extends Error {}

export function parseMessage(text: string): Message {
  let value: unknown;
  try {
    if (!isFlat(text)) throw new Error();
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (value === undefined) throw new Error('Invalid message: this is not JSON.');
  const { type, version } = Object(value) as Record<string, unknown>;
  if (type === 'hello' && Number.isSafeInteger(version) && version !== PROTOCOL_VERSION)
    throw new Foreign(
      `Other version: here ${PROTOCOL_VERSION}, there ${Number(version)}.`,
    );
  const { success, data, error } = message.safeParse(value);
  if (success) return data;
  const places = error.issues.map(
    (issue) => `${issue.path.map(String).join('.')}: ${issue.message}`,
  );
  throw new Error(`Invalid message: look at ${places[0]}.`);
}

/** Counts commas and brackets outside of texts, where there may be too many of them. */
function isFlat(text: string): boolean {
  if (text.length < 50_000) return true;
  let parts = 0;
  for (let i = 0; i < text.length && parts < 20_000; i += 1) {
    const sign = text[i];
    if (sign === '"') i = endOfText(text, i);
    else if (sign === '[' || sign === '{' || sign === ',') parts += 1;
  }
  return parts < 20_000;
}

function endOfText(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"') return i;
  }
  return text.length;
}

export interface Traffic {
  received: number;
  sent: number;
}

export interface PeerOptions {
  readonly traffic?: Traffic;
  readonly dialed?: string | undefined;
  readonly host: string;
  readonly line?: Socket | undefined;
  readonly hello: () => Hello;
  readonly keepAlive: number;
  readonly handshake?: number;
}

export interface PeerEvents {
  hello: [];
  message: [message: Message];
  blamed: [reason: string];
  closed: [reason: string];
}

type State = 'waiting' | 'talking' | 'over';

const NEWS = 64 * 1_024;

/** Says how much is spent, and forgives it as time goes by. */
export class Allowance {
  private readonly perSecond: number;
  private readonly atOnce: number;
  private debt = 0;
  private time: number | undefined;

  constructor(perSecond: number, atOnce: number) {
    this.perSecond = perSecond;
    this.atOnce = atOnce;
  }

  spend(cost: number, now: number): boolean {
    const passed = now - (this.time ?? now);
    this.time = now;
    this.debt -= (passed / 1_000) * this.perSecond;
    if (this.debt < 0) this.debt = 0;
    this.debt += cost;
    return this.debt <= this.atOnce;
  }
}

const random = () => randomUUID().replaceAll('-', '');

export class Peer extends EventEmitter<PeerEvents> {
  readonly outbound: boolean;
  readonly host: string;
  readonly key = random();
  place: string | undefined;
  private state: State = 'waiting';
  private theirs: Hello | undefined;
  private why: string | undefined;
  private readonly socket: WebSocket;
  private readonly options: PeerOptions;
  private readonly clock: NodeJS.Timeout;
  private readonly begun = performance.now();
  private line: Socket | undefined;
  private readTo = 0;
  private readonly patience: number;
  private readonly words = new Allowance(1_000, 5_000);
  private questions = 0;
  private readonly pings: string[] = [];
  private lastRound = performance.now();
  private forgotten = '';

  constructor(socket: WebSocket, options: PeerOptions) {
    super();
    this.outbound = typeof options.dialed === 'string';
    this.host = options.host;
    this.socket = socket;
    this.options = options;
    this.line = options.line;
    this.patience = options.handshake ?? 5_000;
    const round = Math.min(200, options.keepAlive, this.patience / 2);
    this.clock = setInterval(() => this.tick(), round);
    if (this.outbound) socket.on('open', () => this.greet());
    socket
      .on('upgrade', (response) => {
        this.line = response.socket;
        this.place = 'ws://' + hostOf(this.line) + ':' + String(this.line.remotePort);
      })
      .on('message', (data: Buffer, isBinary: boolean) => this.take(data, isBinary))
      .on('ping', (data: Buffer) => this.hearFrame(data))
      .on('pong', (data: Buffer) => {
        this.hearFrame(data);
        const place = this.pings.indexOf(data.toString());
        if (place !== -1) this.pings.splice(0, place + 1);
      })
      .on('error', (error: NodeJS.ErrnoException) => {
        this.why ??=
          error.code === 'ECONNREFUSED'
            ? 'Nobody listens there.'
            : / 429$/.test(error.message)
              ? 'It does not let this node in for now.'
              : / \d{3}$/.test(error.message)
                ? 'Only an HTTP server is there, such as that of the API.'
                : [error.message, error.code, 'It failed.'].find((words) => words);
        if (error.code?.startsWith('WS_ERR') && this.why === error.message)
          this.emit('blamed', error.message);
      })
      .on('close', (_code, reason) => {
        clearInterval(this.clock);
        this.state = 'over';
        this.emit('closed', this.why ?? (reason.toString() || 'It broke.'));
      });
  }

  get hello(): Hello {
    if (this.theirs) return this.theirs;
    throw new Error('No hello came yet.');
  }

  get id(): string {
    return this.theirs === undefined ? '' : this.theirs.nodeId;
  }

  get url(): string | undefined {
    return this.outbound ? this.options.dialed : this.place;
  }

  get unsent(): number {
    return this.socket.bufferedAmount;
  }

  get isEnding(): boolean {
    return this.why !== undefined;
  }

  greet(): void {
    const { hello } = this.options;
    this.send(Object.assign(hello(), { nonce: this.key }));
  }

  blame(reason: string): void {
    if (this.why === undefined) this.emit('blamed', reason);
    this.close(reason);
  }

  send(message: Message): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (message.type === 'getBlocks') this.questions += 1;
    if (message.type === 'blocks') this.ping();
    const isLight = message.type !== 'tip' || (message.block?.data.length ?? 0) <= 4_096;
    const text = JSON.stringify(
      isLight ? message : { type: message.type, tip: message.tip },
    );
    if (this.options.traffic) this.options.traffic.sent += Buffer.byteLength(text);
    this.socket.send(text);
  }

  close(reason: string): void {
    this.why ??= reason;
    let words = reason;
    while (Buffer.byteLength(words) > 123) words = [...words].slice(0, -1).join('');
    this.socket.close(4000, words);
    setTimeout(() => this.socket.terminate(), 400).unref();
  }

  /** A ping or pong costs, but is not a part of the message that is coming. */
  private hearFrame(data: Buffer): void {
    this.readTo += 2 + (this.outbound ? 0 : 4) + data.length;
    this.count(1);
  }

  private take(data: Buffer, isBinary: boolean): void {
    if (this.socket.readyState !== this.socket.OPEN) {
      this.socket.pause();
      return;
    }
    this.readTo = this.line?.bytesRead ?? 0;
    if (this.options.traffic) this.options.traffic.received += data.length;
    if (isBinary) return this.blame('Invalid message: binary');
    if (data.length > NEWS && this.questions === 0)
      return this.blame('It sent a large message that nobody asked for.');
    let message: Message;
    try {
      message = parseMessage(data.toString());
    } catch (error) {
      if (error instanceof Foreign) return this.close(error.message);
      return this.blame((error as Error).message);
    }
    if (message.type === 'blocks') {
      if (this.questions < 1) return this.blame('Nobody asked it for blocks.');
      this.questions -= 1;
    } else {
      this.count(1 + data.length / 1_000);
    }
    const isHello = message.type === 'hello';
    if (isHello !== (this.state === 'waiting')) {
      return this.blame(isHello ? 'Hello comes once.' : 'Say hello first.');
    }
    if (message.type === 'hello') {
      this.theirs = message;
      this.state = 'talking';
      const { success, data } = peerUrl.safeParse(`ws://${this.host}:${message.port}`);
      if (!this.outbound && success) this.place = data;
      this.emit('hello');
      return;
    }
    if (message.type === 'getBlocks' && this.pings.length > 0) this.count(40);
    const isQuestion = message.type === 'getBlocks' || message.type === 'getPeers';
    if (isQuestion && this.unsent > 0) return;
    this.emit('message', message);
  }

  private count(points: number): void {
    const isFine = this.words.spend(points, performance.now());
    if (!isFine) this.blame('It talks too much.');
  }

  private ping(): void {
    if (this.pings.length > 10) return;
    const data = random();
    this.pings.push(data);
    this.socket.ping(data);
  }

  private tick(): void {
    const now = performance.now();
    if (this.state === 'waiting' && now - this.begun >= this.patience)
      this.blame('No hello came in time.');
    if ((this.line?.bytesRead ?? 0) - this.readTo > 3 * NEWS && this.questions === 0) {
      this.blame('It sends a message that is too large.');
      this.socket.pause();
    }
    if (now - this.lastRound < this.options.keepAlive * 0.9) return;
    this.lastRound = now;
    if (this.socket.readyState !== this.socket.OPEN) return;
    const [oldest = ''] = this.pings;
    if (oldest !== '' && oldest === this.forgotten) return this.socket.terminate();
    if (oldest === '') this.ping();
    this.forgotten = this.pings[0] ?? '';
  }
}

export type Topic = (body: unknown, bytes: number) => string | undefined;

export interface NetworkEvents {
  peer: [peer: Peer];
  message: [peer: Peer, message: Message];
  topic: [peer: Peer, topic: string, body: unknown];
  blamed: [caller: Peer, reason: string];
  gone: [peer: Peer, reason: string];
  failed: [url: string, reason: string];
}

export interface Redial {
  readonly first: number;
  readonly max: number;
}

export interface KnownAddress {
  readonly url: string;
  readonly keep: boolean;
}

export interface NetworkOptions {
  readonly chain: () => Pick<Hello, 'genesis' | 'tip' | 'code' | 'name'>;
  readonly refuse?: (host: string) => string | undefined;
  readonly makeRoom?: (peers: readonly Peer[]) => Peer | undefined;
  readonly heed?: (url: string, from: Peer) => boolean;
  readonly topics?: ReadonlyMap<string, Topic>;
  readonly outbound?: number;
  readonly keepAlive?: number;
  readonly redial?: Redial;
}

class Entry {
  readonly url: string;
  keep: boolean;
  busy = false;
  reached = false;
  fails = 0;
  due: number;
  constructor(url: string, keep: boolean, due: number) {
    this.url = url;
    this.keep = keep;
    this.due = due;
  }
}

/** A list, in which what is gone leaves no hole. */
export class AddressBook {
  private entries: Entry[] = [];
  private next = -Infinity;
  private readonly redial: Redial;
  private readonly outbound: number;
  private readonly chance: () => number;

  constructor(redial: Redial, outbound: number, chance = () => Math.random()) {
    this.redial = redial;
    this.outbound = outbound;
    this.chance = chance;
  }

  known(): KnownAddress[] {
    return this.entries.map(({ url, keep }) => ({ url, keep }));
  }

  add(url: string, now: number, keep = false): void {
    const known = this.entries.find((entry) => entry.url === url);
    if (known) {
      known.keep = known.keep || keep;
      if (keep) known.due = Math.min(known.due, now);
      return;
    }
    if (!keep && this.entries.length >= 1_000) {
      const stale = this.entries.findIndex(
        (one) => !one.keep && !one.reached && !one.busy,
      );
      if (stale === -1) return;
      this.entries.splice(stale, 1);
    }
    const wait = keep ? 0 : this.chance() * this.redial.first;
    this.entries.push(new Entry(url, keep, now + wait));
  }

  take(now: number): string[] {
    const due = this.entries.filter((entry) => !entry.busy && entry.due <= now);
    const taken = due.filter(({ keep }) => keep);
    const visited = this.entries.filter(({ busy, keep }) => busy && !keep).length;
    let best: Entry | undefined;
    if (visited < this.outbound && now >= this.next) {
      for (const entry of due)
        if (!entry.keep && (!best || entry.fails <= best.fails)) best = entry;
    }
    if (best) {
      taken.push(best);
      this.next = now + this.redial.first;
    }
    return taken.map((entry) => {
      entry.busy = true;
      return entry.url;
    });
  }

  release(url: string, now: number, lasted: number): void {
    const entry = this.entries.find((one) => one.url === url);
    if (!entry) return;
    entry.busy = false;
    entry.reached = entry.reached || lasted > 0;
    entry.fails = lasted > 30_000 ? 0 : entry.fails + 1;
    let wait = this.redial.first;
    for (let i = 1; i < entry.fails && wait < this.redial.max; i += 1) wait *= 2;
    wait = Math.min(wait, this.redial.max);
    entry.due = now + wait - (wait / 2) * (1 - this.chance());
    if (!entry.keep && entry.fails >= 10)
      this.entries = this.entries.filter((other) => other !== entry);
  }
}

export type Candidate = Pick<Peer, 'outbound' | 'place' | 'key' | 'hello'>;
export interface Self {
  readonly id: string;
  readonly genesis: string | null;
}

export const proof = (theirs: string | undefined, ours: string | undefined): string =>
  sha256([String(theirs), String(ours)].join(' '));

export function refusal(
  { hello, outbound, place }: Candidate,
  own: Self,
  others: readonly Candidate[],
): string | undefined {
  const host = outbound ? hello.genesis : own.genesis;
  const guest = outbound ? own.genesis : hello.genesis;
  if (hello.nodeId === own.id) return 'A node cannot be its own peer.';
  if (!host) return 'That node has not joined a network yet.';
  if (guest && guest !== host)
    return `Different networks: genesis ${guest.slice(0, 12)}… and ${host.slice(0, 12)}….`;
  for (const other of others) {
    const isThere = other.outbound && place !== undefined && other.place === place;
    if (isThere && other.hello.nodeId === hello.nodeId)
      return `Both are connected already: ${proof(hello.nonce, other.key)}`;
  }
  return undefined;
}

export class PeerNetwork extends EventEmitter<NetworkEvents> {
  readonly id = random();
  private readonly options: NetworkOptions;
  private readonly clock: NodeJS.Timeout;
  readonly traffic: Traffic = { sent: 0, received: 0 };
  private readonly strangers: Socket[] = [];
  private server: Server | undefined;
  private all: Peer[] = [];
  private joined: Peer[] = [];
  private readonly book: AddressBook;
  private isOver = false;

  constructor(options: NetworkOptions) {
    super();
    this.options = options;
    const { redial = { first: 1_000, max: 9_000 }, outbound = 8 } = options;
    this.book = new AddressBook(redial, outbound);
    this.clock = setInterval(() => this.round(), redial.first / 25);
  }

  get peers(): Peer[] {
    return this.joined.slice();
  }

  get port(): number | null {
    const address = this.server?.address();
    return typeof address === 'object' && address ? address.port : null;
  }

  get addresses(): KnownAddress[] {
    return this.book.known();
  }

  listen(port: number, host = '127.0.0.1'): Promise<void> {
    const server = createServer((_req, res) => {
      res.writeHead(426, { Connection: 'close', Upgrade: 'websocket' });
      res.end('Only nodes talk here. HTTP is spoken on the other port.');
    });
    const sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      allowSynchronousEvents: false,
    });
    server.on('upgrade', (request, socket, head) => {
      const { refuse } = this.options;
      const host = hostOf(request.socket);
      if (refuse?.(host) !== undefined) {
        socket.end(
          'HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
        );
        return;
      }
      if (request.headers.origin !== undefined) {
        socket.end(
          'HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
        );
        return;
      }
      sockets.handleUpgrade(request, socket, head, (ws) => {
        const peer = this.open(ws, host, request.socket);
        peer.once('hello', () => this.admit(request.socket));
      });
    });
    server.headersTimeout = 5_000;
    server.on('connection', (socket) => {
      this.strangers.push(socket);
      socket.once('close', () => this.admit(socket));
      if (this.strangers.length > 100) this.strangers.shift()?.destroy();
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        this.server = server;
        resolve();
      });
    });
  }

  connect(url: string): Promise<Peer> {
    const there = this.joined.find((peer) => peer.outbound && peer.url === url);
    if (there) return Promise.resolve(there);
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, {
        maxPayload: MAX_MESSAGE_BYTES,
        perMessageDeflate: false,
        allowSynchronousEvents: false,
      });
      const peer = this.open(socket, new URL(url).hostname, undefined, url);
      const same = () =>
        this.joined.find((other) => other.outbound && other.place === peer.place);
      socket.on('upgrade', () => {
        const other = same();
        if (other === undefined) return;
        resolve(other);
        peer.close('It is connected under another name.');
      });
      peer.on('hello', () => {
        if (this.joined.includes(peer)) resolve(peer);
      });
      peer.on('closed', (reason) => {
        const caller = this.joined.find(({ hello }) =>
          reason.includes(proof(peer.key, hello.nonce)),
        );
        const found = same() ?? caller;
        if (found) resolve(found);
        else reject(new Error(reason));
      });
    });
  }

  suggest(url: string, from?: Peer): void {
    if (from && this.options.heed && !this.options.heed(url, from)) return;
    this.book.add(url, performance.now());
  }

  keep(url: string): void {
    this.book.add(url, performance.now(), true);
    this.round();
  }

  broadcast(message: Message, except?: Peer): void {
    this.joined.filter((peer) => peer !== except).forEach((peer) => peer.send(message));
  }

  async close(): Promise<void> {
    this.isOver = true;
    clearInterval(this.clock);
    const ends = this.all.map(
      (peer) => new Promise((resolve) => peer.once('closed', resolve)),
    );
    const impatience = setTimeout(() => {
      for (const socket of this.sockets) socket.terminate();
    }, 800);
    for (const peer of this.all) peer.close('This node is stopping.');
    const { server } = this;
    if (server) {
      const stopped = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await stopped;
    }
    await Promise.all(ends);
    clearTimeout(impatience);
  }

  private readonly sockets = new Set<WebSocket>();

  private admit(socket: Socket): void {
    const place = this.strangers.indexOf(socket);
    if (place !== -1) this.strangers.splice(place, 1);
  }

  private open(socket: WebSocket, host: string, line?: Socket, dialed?: string): Peer {
    const { keepAlive = 20_000, chain } = this.options;
    const peer = new Peer(socket, {
      dialed,
      line,
      host,
      keepAlive,
      traffic: this.traffic,
      hello: () => ({
        ...chain(),
        type: 'hello',
        version: PROTOCOL_VERSION,
        nodeId: this.id,
        port: this.port,
        time: Date.now(),
      }),
    });
    this.all.push(peer);
    this.sockets.add(socket);
    peer.on('closed', (reason) => {
      this.sockets.delete(socket);
      this.all = this.all.filter((other) => other !== peer);
      if (!this.joined.includes(peer)) return;
      this.joined = this.joined.filter((other) => other !== peer);
      this.emit('gone', peer, reason);
    });
    peer.once('blamed', (reason) => {
      if (dialed === undefined) this.emit('blamed', peer, reason);
    });
    peer.on('hello', () => {
      const reason = this.objection(peer);
      if (reason) peer.close(reason);
      else this.welcome(peer);
    });
    peer.on('message', (message) => {
      if (this.joined.includes(peer)) this.hear(peer, message);
    });
    return peer;
  }

  private hear(peer: Peer, message: Message): void {
    switch (message.type) {
      case 'peers':
        return message.urls.forEach((url) => this.suggest(url, peer));
      case 'getPeers': {
        const others = this.joined.filter((other) => other !== peer);
        const urls = others.flatMap((other) => other.url ?? []);
        return peer.send({ type: 'peers', urls: urls.slice(0, 100) });
      }
      case 'topic': {
        const { topic, body } = message;
        const bytes = Buffer.from(JSON.stringify(body)).length;
        const check = this.options.topics?.get(topic);
        if (check === undefined) return;
        const reason = check(body, bytes);
        if (reason === undefined) this.emit('topic', peer, topic, body);
        else peer.blame(`Wrong on ${topic}: ${reason}`);
        return;
      }
      default:
        this.emit('message', peer, message);
    }
  }

  private objection(peer: Peer): string | undefined {
    const own = { id: this.id, genesis: this.options.chain().genesis };
    const reason = refusal(peer, own, this.joined);
    if (reason !== undefined) return reason;
    const lasting = this.peers.filter((other) => !other.isEnding);
    if (lasting.length < 128 || peer.outbound) return undefined;
    const loser = this.options.makeRoom?.(lasting);
    if (loser === undefined) return 'There are 128 peers already.';
    loser.close('It has to make room.');
    return undefined;
  }

  private welcome(peer: Peer): void {
    this.joined.push(peer);
    if (!peer.outbound) peer.greet();
    this.emit('peer', peer);
    peer.send({ type: 'getPeers' });
    const { url, id, place } = peer;
    const callers = this.joined.filter((other) => !other.outbound && other.id === id);
    if (peer.outbound && id > this.id)
      callers.find((other) => other.place === place)?.close('connected already');
    if (url === undefined) return;
    this.suggest(url, peer);
    this.broadcast({ type: 'peers', urls: [url] }, peer);
  }

  private round(): void {
    if (this.isOver) return;
    for (const url of this.book.take(performance.now())) void this.visit(url);
  }

  private async visit(url: string): Promise<void> {
    let lasted = 0;
    try {
      const peer = await this.connect(url);
      const start = performance.now();
      await new Promise((resolve) => peer.once('closed', resolve));
      lasted = performance.now() - start;
    } catch (error) {
      if (!this.isOver) this.emit('failed', url, (error as Error).message);
    }
    this.book.release(url, performance.now(), lasted);
  }
}

// One class does both: it finds others even where it is only asked to listen and dial.
export { PeerNetwork as ConnectionManager };
export type { NetworkOptions as ConnectionOptions };

function hostOf({ remoteAddress = '' }: Socket): string {
  const plain = remoteAddress.replace('::ffff:', '');
  return plain.includes(':') ? `[${plain}]` : plain;
}

export const newPeer = z.object(
  { url: peerUrl },
  { error: 'Send JSON such as {"url":"ws://localhost:8000"}.' },
);

export function peerRoutes(network: PeerNetwork): Router {
  const show = (peer: Peer) => ({
    direction: peer.outbound ? 'outbound' : 'inbound',
    id: peer.id,
    url: peer.url ?? null,
  });
  return Router()
    .get('/peers', (_req, res) => void res.json(network.peers.map(show)))
    .post('/peers', async (req, res) => {
      const { url } = parse(newPeer, req.body);
      const known = new Set(network.peers);
      let peer: Peer;
      try {
        peer = await network.connect(url);
      } catch (error) {
        throw new Problem(502, `${url} cannot be reached: ${(error as Error).message}`);
      }
      network.keep(url);
      res.status(known.has(peer) ? 200 : 201).json(show(peer));
    });
}
