// A second solution: one clock instead of many timers, lists instead of maps.
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { Router } from 'express';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { checkShape, type Block } from '#blocks';
import { Problem, parse } from '#http';

export const PROTOCOL_VERSION = 1;
export const MAX_MESSAGE_BYTES = 8 << 20;

const hex = (digits: number) =>
  z.string().refine((text) => text.length === digits && !/[^0-9a-f]/.test(text));
const whole = z.number().refine((n) => Number.isSafeInteger(n));
const port = whole.refine((n) => n > 0 && n < 65_536);

const aBlock = z.custom<Block>((value) => !checkShape(value), {
  error: ({ input }) => checkShape(input) ?? 'no block',
});
const tip = z.object({
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

const hello = z.object({
  type: z.literal('hello'),
  version: whole,
  nodeId: hex(32),
  genesis: z.union([z.null(), hex(64)]),
  tip: z.union([z.null(), tip]),
  port: z.union([z.null(), port]),
  code: z.optional(z.string().refine((text) => /^[a-zA-Z0-9_ ]{1,40}$/.test(text))),
});
const message = z.discriminatedUnion('type', [
  hello,
  z.object({ type: z.literal('tip'), tip, block: z.optional(aBlock) }),
  z.object({ type: z.literal('getBlocks'), locator: z.array(hex(64)).max(100) }),
  z.object({ type: z.literal('blocks'), blocks: z.array(aBlock).max(500) }),
  z.object({ type: z.literal('getPeers') }),
  z.object({ type: z.literal('peers'), urls: z.array(peerUrl).max(100) }),
]);

export type Hello = z.infer<typeof hello>;
export type Tip = z.infer<typeof tip>;
export type Message = z.infer<typeof message>;

export function parseMessage(text: string): Message {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (value === undefined) throw new Error('Invalid message: this is not JSON.');
  const { success, data, error } = message.safeParse(value);
  if (success) return data;
  const places = error.issues.map(
    (issue) => `${issue.path.map(String).join('.')}: ${issue.message}`,
  );
  throw new Error(`Invalid message: look at ${places[0]}.`);
}

export interface Caller {
  readonly host: string;
  readonly id: string | undefined;
}

export interface Traffic {
  received: number;
  sent: number;
}

export interface PeerOptions {
  readonly traffic?: Traffic;
  readonly outbound: boolean;
  readonly host: string;
  readonly hello: () => Hello;
  readonly keepAlive: number;
}

export interface PeerEvents {
  hello: [];
  message: [message: Message];
  blamed: [reason: string];
  closed: [reason: string];
}

type State = 'waiting' | 'talking' | 'over';

export class Peer extends EventEmitter<PeerEvents> {
  readonly outbound: boolean;
  private state: State = 'waiting';
  private theirs: Hello | undefined;
  private why: string | undefined;
  private readonly socket: WebSocket;
  private readonly options: PeerOptions;
  private readonly clock: NodeJS.Timeout;
  private readonly begun = Date.now();
  private messages: number[] = [];
  private lastRound = Date.now();
  private pong = true;

  constructor(socket: WebSocket, options: PeerOptions) {
    super();
    this.outbound = options.outbound;
    this.socket = socket;
    this.options = options;
    const round = Math.min(1_000, options.keepAlive);
    this.clock = setInterval(() => this.tick(), round);
    const greet = () => this.send(options.hello());
    if (socket.readyState === WebSocket.CONNECTING) socket.on('open', greet);
    else greet();
    socket
      .on('message', (data: Buffer, isBinary: boolean) => this.take(data, isBinary))
      .on('pong', () => {
        this.pong = true;
      })
      .on('error', (error: NodeJS.ErrnoException) => {
        this.why ??=
          error.code === 'ECONNREFUSED'
            ? 'Nobody listens there.'
            : / 429$/.test(error.message)
              ? 'It does not let this node in for now.'
              : [error.message, error.code, 'It failed.'].find((words) => words);
        if (error.code?.startsWith('WS_ERR')) this.emit('blamed', this.why ?? '');
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
    return this.hello.nodeId;
  }

  get url(): string | undefined {
    if (this.hello.port === null) return undefined;
    return 'ws://' + this.options.host + ':' + String(this.hello.port);
  }

  get caller(): Caller {
    return { id: this.theirs?.nodeId, host: this.options.host };
  }

  blame(reason: string): void {
    this.emit('blamed', reason);
    this.close(reason);
  }

  send(message: Message): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > 30_000_000) return this.blame('It does not read.');
    const text = JSON.stringify(message);
    if (this.options.traffic) this.options.traffic.sent += Buffer.byteLength(text);
    this.socket.send(text);
  }

  close(reason: string): void {
    this.why ??= reason;
    let words = reason;
    while (Buffer.byteLength(words) > 123) words = [...words].slice(0, -1).join('');
    this.socket.close(4000, words);
  }

  private take(data: Buffer, isBinary: boolean): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    const now = Date.now();
    this.messages = [...this.messages.filter((time) => now - time < 1_000), now];
    if (this.messages.length >= 400) {
      this.socket.pause();
      this.messages = [];
      setTimeout(() => this.socket.resume(), 1_000).unref();
    }
    if (this.options.traffic) this.options.traffic.received += data.length;
    if (isBinary) return this.blame('Invalid message: binary');
    let message: Message;
    try {
      message = parseMessage(data.toString());
    } catch (error) {
      return this.blame((error as Error).message);
    }
    const isHello = message.type === 'hello';
    if (isHello !== (this.state === 'waiting')) {
      return this.blame(isHello ? 'Hello comes once.' : 'Say hello first.');
    }
    if (message.type === 'hello') {
      this.theirs = message;
      this.state = 'talking';
      this.emit('hello');
    } else {
      this.emit('message', message);
    }
  }

  private tick(): void {
    const now = Date.now();
    if (this.state === 'waiting' && now - this.begun >= 5_000)
      this.blame('No hello came in time.');
    if (now - this.lastRound < this.options.keepAlive * 0.9) return;
    this.lastRound = now;
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (!this.pong) return this.socket.terminate();
    this.pong = false;
    this.socket.ping();
  }
}

export interface NetworkEvents {
  peer: [peer: Peer];
  message: [peer: Peer, message: Message];
  blamed: [who: Caller, reason: string];
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
  readonly chain: () => Pick<Hello, 'genesis' | 'tip' | 'code'>;
  readonly refuse?: (who: Caller) => string | undefined;
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
  id: string | undefined;
  constructor(url: string, keep: boolean, due: number) {
    this.url = url;
    this.keep = keep;
    this.due = due;
  }
}

export class PeerNetwork extends EventEmitter<NetworkEvents> {
  readonly id = randomUUID().replaceAll('-', '');
  private readonly options: NetworkOptions;
  private readonly redial: Redial;
  private readonly clock: NodeJS.Timeout;
  readonly traffic: Traffic = { sent: 0, received: 0 };
  private readonly strangers: Socket[] = [];
  private server: Server | undefined;
  private all: Peer[] = [];
  private joined: Peer[] = [];
  private entries: Entry[] = [];
  private isOver = false;

  constructor(options: NetworkOptions) {
    super();
    this.options = options;
    this.redial = options.redial ?? { first: 1_000, max: 60_000 };
    this.clock = setInterval(() => this.round(), this.redial.first / 25);
  }

  get peers(): Peer[] {
    return this.joined.slice();
  }

  get port(): number | null {
    const address = this.server?.address();
    return typeof address === 'object' && address ? address.port : null;
  }

  get addresses(): KnownAddress[] {
    return this.entries.map(({ url, keep }) => ({ url, keep }));
  }

  listen(port: number, host = '127.0.0.1'): Promise<void> {
    const server = createServer((_req, res) => {
      res.writeHead(426, { Connection: 'close' });
      res.end('Upgrade Required');
    });
    const sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    server.on('upgrade', (request, socket, head) => {
      const { refuse } = this.options;
      const host = hostOf(request.socket);
      if (refuse?.({ host, id: undefined }) !== undefined) {
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
        const peer = this.open(ws, host);
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
    const id = this.entries.find((entry) => entry.url === url)?.id;
    const there = this.joined.find((peer) => peer.id === id);
    if (there) return Promise.resolve(there);
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, { maxPayload: MAX_MESSAGE_BYTES });
      const peer = this.open(socket, new URL(url).hostname, url);
      peer.on('hello', () => {
        const found = this.joined.find((other) => other.id === peer.id);
        if (found) resolve(found);
      });
      peer.on('closed', (reason) => reject(new Error(reason)));
    });
  }

  suggest(url: string): void {
    this.note(url, false);
  }

  keep(url: string): void {
    this.note(url, true);
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

  private open(socket: WebSocket, host: string, dialed?: string): Peer {
    const { keepAlive = 30_000, chain } = this.options;
    const peer = new Peer(socket, {
      outbound: dialed !== undefined,
      host,
      keepAlive,
      traffic: this.traffic,
      hello: () => ({
        ...chain(),
        type: 'hello',
        version: PROTOCOL_VERSION,
        nodeId: this.id,
        port: this.port,
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
    peer.once('blamed', (reason) => this.emit('blamed', peer.caller, reason));
    peer.on('hello', () => {
      const entry = this.entries.find(({ url }) => url === dialed);
      if (entry) {
        entry.id = peer.id;
        entry.reached = true;
      }
      const reason = this.objection(peer);
      if (reason) peer.close(reason);
      else this.welcome(peer);
    });
    peer.on('message', (message) => {
      if (!this.joined.includes(peer)) return;
      if (message.type === 'peers') message.urls.forEach((url) => this.suggest(url));
      else if (message.type !== 'getPeers') this.emit('message', peer, message);
      else {
        const urls = this.joined.flatMap((other) =>
          other === peer ? [] : (other.url ?? []),
        );
        peer.send({ type: 'peers', urls: urls.slice(0, 100) });
      }
    });
    return peer;
  }

  private objection(peer: Peer): string | undefined {
    const theirs = peer.hello.genesis;
    const ours = this.options.chain().genesis;
    const host = peer.outbound ? theirs : ours;
    const guest = peer.outbound ? ours : theirs;
    if (peer.hello.version !== PROTOCOL_VERSION)
      return `Different protocol versions: ${PROTOCOL_VERSION} and ${peer.hello.version}.`;
    if (peer.id === this.id) return 'A node cannot be its own peer.';
    if (!host) return 'That node has not joined a network yet.';
    if (guest && guest !== host)
      return `Different networks: genesis ${guest.slice(0, 12)}… and ${host.slice(0, 12)}….`;
    if (this.joined.some(({ id }) => id === peer.id))
      return 'They are connected already.';
    if (this.joined.length >= 128 && !peer.outbound)
      return 'There are 128 peers already.';
    return this.options.refuse?.(peer.caller);
  }

  private welcome(peer: Peer): void {
    this.joined.push(peer);
    this.emit('peer', peer);
    peer.send({ type: 'getPeers' });
    const { url } = peer;
    if (url === undefined) return;
    this.note(url, false);
    for (const entry of this.entries) if (entry.url === url) entry.id = peer.id;
    this.broadcast({ type: 'peers', urls: [url] }, peer);
  }

  private note(url: string, keep: boolean): void {
    const known = this.entries.find((entry) => entry.url === url);
    if (known) known.keep = known.keep || keep;
    else {
      const stale = this.entries.findIndex((one) => !one.keep && !one.reached);
      const isFull = this.entries.length >= 1_000;
      if (isFull && !keep && stale === -1) return;
      if (isFull && !keep) this.entries.splice(stale, 1);
      const wait = keep ? 0 : Math.random() * this.redial.first;
      this.entries.push(new Entry(url, keep, Date.now() + wait));
    }
  }

  private round(): void {
    if (this.isOver) return;
    const taken = [...this.joined.map(({ id }) => id), this.id];
    let seats =
      (this.options.outbound ?? 8) -
      this.entries.filter(({ busy, keep }) => busy && !keep).length;
    for (const entry of this.entries) {
      if (entry.busy || entry.due > Date.now()) continue;
      if (entry.id !== undefined && taken.includes(entry.id)) continue;
      if (!entry.keep && seats <= 0) continue;
      if (!entry.keep) seats -= 1;
      void this.visit(entry);
    }
  }

  private async visit(entry: Entry): Promise<void> {
    entry.busy = true;
    const start = Date.now();
    const before = this.peers;
    try {
      const peer = await this.connect(entry.url);
      if (!before.includes(peer))
        await new Promise((resolve) => peer.once('closed', resolve));
    } catch (error) {
      if (!this.isOver) this.emit('failed', entry.url, (error as Error).message);
    }
    const { first, max } = this.redial;
    const wait = Math.min(first * 2 ** entry.fails, max);
    entry.fails = Date.now() - start > 30_000 ? 0 : entry.fails + 1;
    entry.due = Date.now() + wait * (0.6 + 0.4 * Math.random());
    entry.busy = false;
    if (!entry.keep && entry.fails >= 10) {
      this.entries = this.entries.filter((other) => other !== entry);
    }
  }
}

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
      const known = new Set(network.peers.map(({ id }) => id));
      let peer: Peer;
      try {
        peer = await network.connect(url);
      } catch (error) {
        throw new Problem(502, `${url} cannot be reached: ${(error as Error).message}`);
      }
      network.keep(url);
      res.status(known.has(peer.id) ? 200 : 201).json(show(peer));
    });
}
