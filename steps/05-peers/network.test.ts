import { on, once } from 'node:events';
import { createServer } from 'node:http';
import {
  connect as openTcp,
  createServer as createTcpServer,
  type AddressInfo,
} from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer, type ClientOptions, type RawData } from 'ws';
import {
  MAX_MESSAGE_BYTES,
  PROTOCOL_VERSION,
  PeerNetwork,
  type Hello,
  type Message,
  type NetworkOptions,
  type Peer,
} from '#peers';

const GENESIS = 'a'.repeat(64);
const OTHER_GENESIS = 'b'.repeat(64);

const networks: PeerNetwork[] = [];
const remotes: Remote[] = [];
const servers: { close: () => void }[] = [];

afterEach(async () => {
  for (const remote of remotes.splice(0)) remote.socket.terminate();
  await Promise.all(networks.splice(0).map((network) => network.close()));
  for (const server of servers.splice(0)) server.close();
});

/** Makes a node of the network that `genesis` names. It waits only briefly before redialing. */
function makeNode(
  genesis: string | null = GENESIS,
  options: Partial<NetworkOptions> = {},
) {
  const chain = () => ({ genesis, tip: null });
  const redial = { first: 50, max: 200 };
  const network = new PeerNetwork({ chain, redial, ...options });
  networks.push(network);
  return network;
}

/** Makes a node, and lets it listen on a free port. */
async function startNode(...options: Parameters<typeof makeNode>): Promise<PeerNetwork> {
  const network = makeNode(...options);
  await network.listen(0);
  return network;
}

function urlOf(network: PeerNetwork, host = '127.0.0.1'): string {
  return `ws://${host}:${network.port}`;
}

function helloOf(fields: Partial<Hello> = {}): Hello {
  const nodeId = '0123456789abcdef'.repeat(2);
  const own = { version: PROTOCOL_VERSION, nodeId, time: Date.now() };
  return { type: 'hello', ...own, genesis: GENESIS, tip: null, port: null, ...fields };
}

function tipOf(index: number): Message {
  return { type: 'tip', tip: { hash: GENESIS, index, work: '1' } };
}

/** A bare WebSocket that dials a node, and then does what the test says. */
class Remote {
  readonly socket: WebSocket;
  /** Why the connection ended, as the node said it. */
  readonly closed: Promise<string>;
  readonly #messages: AsyncIterator<unknown>;

  constructor(network: PeerNetwork, options: ClientOptions = {}) {
    this.socket = new WebSocket(urlOf(network), options);
    this.#messages = on(this.socket, 'message');
    this.socket.on('error', () => undefined); // a broken connection ends in 'close' as well
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (_code, reason) => resolve(String(reason)));
    });
    remotes.push(this);
  }

  /** Says each message, or a text as it stands. */
  async say(...messages: unknown[]): Promise<void> {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open');
    for (const message of messages) {
      this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    }
  }

  async next(): Promise<unknown> {
    const { value } = (await soon(this.#messages.next(), 'a message')) as {
      value: [RawData];
    };
    return JSON.parse(textOf(value[0]));
  }

  /** Says hello and waits until the node has answered with its own. */
  async greet(fields: Partial<Hello> = {}): Promise<Hello> {
    await this.say(helloOf(fields));
    return (await this.next()) as Hello;
  }

  /** Waits for a message of this type. */
  async nextOf(type: Message['type']): Promise<unknown> {
    for (;;) {
      const message = await this.next();
      if ((message as Message).type === type) return message;
    }
  }
}

function textOf(data: RawData): string {
  return (data as Buffer).toString();
}

/** Connects a bare WebSocket that says hello, and waits until the node has made it a peer. */
async function greet(network: PeerNetwork, fields: Partial<Hello> = {}): Promise<Remote> {
  const joined = soon(once(network, 'peer'), 'a peer');
  const remote = new Remote(network);
  await remote.say(helloOf(fields));
  await joined;
  return remote;
}

/** Turns a wait without end into a sentence. */
function soon<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(reject, 10_000, new Error(`Waited in vain for ${what}.`));
  });
  return Promise.race([promise, end]).finally(() => clearTimeout(timer));
}

/** Waits until `done()` holds, and looks whenever one of the nodes reports something. */
async function until(nodes: PeerNetwork[], what: string, done: () => boolean) {
  const names = ['peer', 'gone', 'failed', 'message'] as const;
  let look = (): void => undefined;
  const came = new Promise<void>((resolve) => {
    look = () => {
      if (done()) resolve();
    };
  });
  for (const node of nodes) for (const name of names) node.on(name, look);
  look();
  await soon(came, what).finally(() => {
    for (const node of nodes) for (const name of names) node.off(name, look);
  });
}

function idsOf(network: PeerNetwork): string[] {
  return network.peers.map(({ id }) => id).sort();
}

/** Waits until two nodes are each other's peers, over one and the same connection. */
async function untilConnected(a: PeerNetwork, b: PeerNetwork): Promise<[Peer, Peer]> {
  const between = () => [
    ...a.peers.filter(({ id }) => id === b.id),
    ...b.peers.filter(({ id }) => id === a.id),
  ];
  await until([a, b], 'one connection between two nodes', () => {
    const ends = between().map(({ outbound }) => outbound);
    return ends.length === 2 && ends[0] !== ends[1];
  });
  return between() as [Peer, Peer];
}

/** Notes who came and went. */
function diaryOf(network: PeerNetwork) {
  const entries: [event: string, id: string, reason?: string][] = [];
  network.on('peer', ({ id }) => entries.push(['peer', id]));
  network.on('gone', ({ id }, reason) => entries.push(['gone', id, reason]));
  return entries;
}

/** A url where nobody listens any more. */
async function deadUrl(): Promise<string> {
  const node = await startNode();
  const url = urlOf(node);
  await node.close();
  return url;
}

/** Starts a bare server that does with each connection what the test says. */
async function startServer(talk: (socket: WebSocket) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  servers.push(server);
  server.on('connection', talk);
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Starts something that is no node at all. */
async function startWebServer(): Promise<string> {
  const server = createServer((_req, res) => res.end('Welcome to my homepage!'));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Keeps a url where nobody listens, and waits until dialing it has failed some times. */
async function failures(node: PeerNetwork, url: string, count: number) {
  const seen: [url: string, reason: string][] = [];
  node.on('failed', (...failure) => seen.push(failure));
  node.keep(url);
  await until([node], `${count} failures`, () => seen.length >= count);
  return seen.slice(0, count);
}

describe('Task 3: the network', () => {
  describe('listening and dialing', () => {
    it('has an id of its own, 32 hex digits', () => {
      const [a, b] = [makeNode(), makeNode()];
      expect([a.id, b.id]).toEqual([
        expect.stringMatching(/^[0-9a-f]{32}$/),
        expect.stringMatching(/^[0-9a-f]{32}$/),
      ]);
      expect(a.id).not.toBe(b.id);
    });

    it('knows its port while it listens', async () => {
      const node = makeNode();
      expect(node.port).toBeNull();
      await node.listen(0);
      expect(node.port).toBeGreaterThan(0);
    });

    it('listens for this machine alone, unless told otherwise', async () => {
      const node = await startNode();
      // Whoever listens on all addresses listens on this one as well, where there is one.
      const socket = openTcp(node.port ?? 0, '127.0.0.2').setTimeout(1_000);
      const end = await new Promise((resolve) => {
        socket.once('connect', () => resolve('It let others in.'));
        socket.once('error', () => resolve('It is not there.'));
        socket.once('timeout', () => resolve('It is not there.'));
      });
      socket.destroy();
      expect(end).toBe('It is not there.');
    });

    it('passes on why it cannot listen', async () => {
      const { port } = await startNode();
      await expect(makeNode().listen(port ?? 0)).rejects.toMatchObject({
        code: 'EADDRINUSE',
      });
    });

    it('connects two nodes, which then know each other', async () => {
      const [a, b] = [await startNode(), await startNode()];
      const greeted = soon(once(b, 'peer'), 'a peer') as Promise<[Peer]>;
      const toB = await a.connect(urlOf(b));
      const [toA] = await greeted;
      expect(a.peers).toEqual([toB]);
      expect(b.peers).toEqual([toA]);
      const seen = ({ id, url, outbound }: Peer) => ({ id, url, outbound });
      expect([seen(toB), seen(toA)]).toEqual([
        { id: b.id, url: urlOf(b), outbound: true },
        { id: a.id, url: urlOf(a), outbound: false },
      ]);
    });

    it('connects a node that does not listen, and has no url for it', async () => {
      const [a, b] = [makeNode(), await startNode()];
      const greeted = once(b, 'peer') as Promise<[Peer]>;
      await a.connect(urlOf(b));
      const [toA] = await greeted;
      expect([toA.id, toA.url]).toEqual([a.id, undefined]);
    });

    it('says in its hello who it is, what it has, and where it listens', async () => {
      const tip = { hash: OTHER_GENESIS, index: 3, work: '65536' };
      const node = await startNode(GENESIS, {
        chain: () => ({ genesis: GENESIS, tip }),
      });
      expect(await new Remote(node).greet()).toEqual({
        type: 'hello',
        version: PROTOCOL_VERSION,
        nodeId: node.id,
        nonce: node.peers[0]?.key,
        genesis: GENESIS,
        tip,
        port: node.port,
        time: expect.any(Number),
      });
    });

    it('says in each hello what its clock shows', async () => {
      const node = await startNode();
      const before = Date.now();
      const { time } = await new Remote(node).greet();
      expect(time).toBeGreaterThanOrEqual(before);
      expect(time).toBeLessThanOrEqual(Date.now());
    });

    it('says in its hello what it is called, if anything', async () => {
      const node = await startNode(GENESIS, {
        chain: () => ({ genesis: GENESIS, tip: null, name: 'Ada’s' }),
      });
      expect(await new Remote(node).greet()).toMatchObject({ name: 'Ada’s' });
      await greet(node, { nodeId: '1'.repeat(32), name: 'Ben’s' });
      expect(node.peers.map(({ hello }) => hello.name)).toContain('Ben’s');
    });

    it('asks anew for each hello what its chain is', async () => {
      const tip = { hash: GENESIS, index: 0, work: '1' };
      const node = await startNode(GENESIS, {
        chain: () => ({ genesis: GENESIS, tip: { ...tip } }),
      });
      expect(await new Remote(node).greet()).toMatchObject({ tip: { index: 0 } });
      tip.index = 1;
      const other = { nodeId: '1'.repeat(32) };
      expect(await new Remote(node).greet(other)).toMatchObject({ tip: { index: 1 } });
    });

    it.each([
      ['where nobody listens', deadUrl],
      ['of a web server', startWebServer],
      ['that is none', async () => 'nonsense'],
    ])('rejects with a sentence when it dials a url %s', async (_name, url) => {
      const node = makeNode();
      await expect(node.connect(await url())).rejects.toThrow(/\w+ \w+/);
      expect(node.peers).toEqual([]);
    });
  });

  describe('whom it refuses', () => {
    /** Dials `b` from `a`: neither may become the other's peer. Returns the reason. */
    async function refused(a: PeerNetwork, b: PeerNetwork): Promise<string> {
      const diaries = [diaryOf(a), diaryOf(b)];
      const reason = await a.connect(urlOf(b)).then(
        () => '(they are connected)',
        (error: unknown) => (error as Error).message,
      );
      expect(diaries).toEqual([[], []]);
      return reason;
    }

    it('itself', async () => {
      const node = await startNode();
      expect(await refused(node, node)).toMatch(/own|itself|self/);
      expect(node.peers).toEqual([]);
    });

    it('a node of another network', async () => {
      const [a, b] = [await startNode(), await startNode(OTHER_GENESIS)];
      expect(await refused(a, b)).toMatch(/network|genesis/);
      expect(await refused(b, a)).toMatch(/network|genesis/);
    });

    it('a node without a genesis block that it dials', async () => {
      const [root, lost] = [await startNode(), await startNode(null)];
      expect(await refused(root, lost)).toMatch(/network|genesis/);
      expect(await refused(await startNode(null), lost)).toMatch(/network|genesis/);
    });

    it('but not a node without a genesis block that dials it: that one wants to join', async () => {
      const [root, joiner] = [await startNode(), await startNode(null)];
      const peer = await joiner.connect(urlOf(root));
      expect(peer.hello.genesis).toBe(GENESIS);
      await untilConnected(root, joiner);
    });

    it.each<[name: string, fields: object, reason: RegExp]>([
      ['another network', { genesis: OTHER_GENESIS }, /network|genesis/],
      ['another version of the protocol', { version: PROTOCOL_VERSION + 1 }, /version/],
      ['an older version of the protocol', { version: 1, time: undefined }, /version/],
      ['a version whose hello is another one', { version: 3, nodeId: 7 }, /version/],
    ])('%s, and says so in words, without blame', async (_name, fields, reason) => {
      const node = await startNode();
      const diary = diaryOf(node);
      node.on('blamed', (_peer, why) => diary.push(['blamed', '', why]));
      const remote = new Remote(node);
      await remote.say(helloOf(fields));
      expect(await soon(remote.closed, 'the end of the connection')).toMatch(reason);
      expect({ peers: node.peers, diary }).toEqual({ peers: [], diary: [] });
    });

    it('one that says it is this very node', async () => {
      const node = await startNode();
      const remote = new Remote(node);
      await remote.say(helloOf({ nodeId: node.id }));
      expect(await soon(remote.closed, 'the end')).toMatch(/own|itself|self/);
      expect(node.peers).toEqual([]);
    });

    it('says hello only to those that it takes for peers', async () => {
      const node = await startNode();
      const remote = new Remote(node);
      const heard: string[] = [];
      remote.socket.on('message', (data) => heard.push(textOf(data)));
      await remote.say(helloOf({ genesis: OTHER_GENESIS }));
      await soon(remote.closed, 'the refusal');
      expect(heard).toEqual([]);
    });

    it('nobody for an id that somebody else has as well: ids prove nothing', async () => {
      const node = await startNode();
      const [one, other] = [await greet(node), await greet(node)];
      expect(node.peers.map(({ id }) => id)).toEqual(Array(2).fill(helloOf().nodeId));
      expect(new Set(node.peers.map(({ key }) => key)).size).toBe(2);
      for (const [i, remote] of [one, other].entries()) {
        const came = soon(once(node, 'message'), 'a message');
        await remote.say(tipOf(i));
        expect(await came).toEqual([node.peers[i], tipOf(i)]);
      }
    });

    it('a caller that is at the very port where it has dialed, and met that id', async () => {
      const [a, b] = [await startNode(), await startNode()];
      await a.connect(urlOf(b));
      const [toB] = await untilConnected(a, b);
      const caller = new Remote(a);
      await caller.say(helloOf({ nodeId: b.id, port: b.port }));
      expect(await soon(caller.closed, 'the refusal')).toMatch(/connected/);
      expect(a.peers).toEqual([toB]);
    });

    it('dialing again a node that it has: there is one connection, under any of its names', async () => {
      const [a, b] = [await startNode(), await startNode()];
      const diaries = [diaryOf(a), diaryOf(b)];
      const first = await a.connect(urlOf(b));
      await untilConnected(a, b);
      expect(await a.connect(urlOf(b))).toBe(first);
      expect(await a.connect(urlOf(b, 'localhost'))).toBe(first);
      expect(await b.connect(urlOf(a))).toBe(b.peers[0]);
      expect(await b.connect(urlOf(a, 'localhost'))).toBe(b.peers[0]);
      expect(diaries).toEqual([[['peer', b.id]], [['peer', a.id]]]);
    });

    it('more peers than it can hold, in words', async () => {
      const node = await startNode();
      const answers = Array.from({ length: 200 }, async (_, i) => {
        const remote = new Remote(node);
        const joined = new Promise<string>((resolve) => {
          remote.socket.on('message', (data) => {
            if (textOf(data).includes('getPeers')) resolve('joined');
          });
        });
        await remote.say(helloOf({ nodeId: String(i).padStart(32, '0') }));
        return Promise.race([joined, remote.closed]);
      });
      const reasons = (await Promise.all(answers)).filter(
        (answer) => answer !== 'joined',
      );
      expect([...new Set(reasons)]).toEqual([expect.stringMatching(/peers/)]);
      expect(node.peers.length).toBe(200 - reasons.length);
    });
  });

  describe('messages', () => {
    it('reports those about blocks, with the peer that sent them, in order', async () => {
      const node = await startNode();
      const remote = await greet(node);
      const seen: unknown[] = [];
      node.on('message', ({ id }, message) => seen.push([id, message]));
      const messages: Message[] = [
        tipOf(1),
        { type: 'getBlocks', locator: [GENESIS] },
        { type: 'blocks', blocks: [] },
      ];
      node.broadcast({ type: 'getBlocks', locator: [] }); // or blocks would come unasked
      await remote.say(...messages);
      await until([node], 'three messages', () => seen.length === 3);
      expect(seen).toEqual(messages.map((message) => [helloOf().nodeId, message]));
    });

    it('handles those about peers itself', async () => {
      const node = await startNode();
      const remote = await greet(node);
      const seen: unknown[] = [];
      node.on('message', (_peer, message) => seen.push(message));
      await remote.say({ type: 'getPeers' }, { type: 'peers', urls: [] }, tipOf(1));
      await until([node], 'a message', () => seen.length > 0);
      expect(seen).toEqual([tipOf(1)]);
    });

    it('sends both ways between two nodes', async () => {
      const [a, b] = [await startNode(), await startNode()];
      await a.connect(urlOf(b));
      const [toB, toA] = await untilConnected(a, b);
      const [atA, atB] = [once(a, 'message'), once(b, 'message')];
      toB.send(tipOf(1));
      toA.send(tipOf(2));
      expect([await atA, await atB]).toEqual([
        [toB, tipOf(2)],
        [toA, tipOf(1)],
      ]);
    });

    it('broadcasts to every peer but the one that is excepted', async () => {
      const node = await startNode();
      const remotes: Remote[] = [];
      for (const nodeId of ['1', '2', '3'].map((digit) => digit.repeat(32))) {
        remotes.push(await greet(node, { nodeId }));
      }
      node.broadcast(tipOf(1));
      node.broadcast(tipOf(2), node.peers[1]);
      node.broadcast(tipOf(3));
      const heard = remotes.map(async (remote) => {
        const indexes: number[] = [];
        while (indexes.at(-1) !== 3) {
          const message = (await remote.nextOf('tip')) as Message & { type: 'tip' };
          indexes.push(message.tip.index);
        }
        return indexes;
      });
      expect(await Promise.all(heard)).toEqual([
        [1, 2, 3],
        [1, 3],
        [1, 2, 3],
      ]);
    });
  });

  describe('topics', () => {
    const topics = new Map([
      ['weather', (body: unknown) => (body === 'rain' ? undefined : 'no such weather')],
      [
        'news',
        (_body: unknown, bytes: number) => (bytes > 10 ? `${bytes} bytes` : undefined),
      ],
    ]);
    const on = (topic: string, body: unknown): Message => ({
      type: 'topic',
      topic,
      body,
    });

    it('are reported with their bodies if the node knows them, and only then', async () => {
      const node = await startNode(GENESIS, { topics });
      const remote = await greet(node);
      const seen: unknown[] = [];
      node.on('topic', (...entry) => seen.push(entry));
      node.on('message', (_peer, message) => seen.push(message));
      await remote.say(
        ...['sports', 'constructor', 'weather'].map((topic) => on(topic, 'rain')),
        on('news', 'x'.repeat(8)),
        tipOf(1),
      );
      await until([node], 'a message', () => seen.length > 2);
      const [peer] = node.peers;
      expect(seen).toEqual([
        [peer, 'weather', 'rain'],
        [peer, 'news', 'x'.repeat(8)],
        tipOf(1),
      ]);
    });

    it.each([
      ['says what its check refuses', on('weather', 'gold'), /weather.*no such weather/],
      ['says too much for its topic', on('news', 'ä'.repeat(5)), /news.*12 bytes/],
    ])('part with one that %s, and tell it why', async (_name, message, why) => {
      const node = await startNode(GENESIS, { topics });
      const remote = await greet(node);
      const topic = once(node, 'topic', { signal: AbortSignal.timeout(100) });
      await remote.say(message);
      expect(await soon(remote.closed, 'the end')).toMatch(why);
      await expect(topic).rejects.toThrow();
    });

    it('go to one peer, or to all but one', async () => {
      const node = await startNode();
      const [one, other] = [await greet(node), await greet(node)];
      node.broadcast(on('weather', 'rain'), node.peers[0]);
      node.peers[0]?.send(on('weather', 'sun'));
      expect(await one.nextOf('topic')).toEqual(on('weather', 'sun'));
      expect(await other.nextOf('topic')).toEqual(on('weather', 'rain'));
    });
  });

  describe('what no honest node does', () => {
    const tooLarge = JSON.stringify({
      type: 'getPeers',
      junk: 'x'.repeat(MAX_MESSAGE_BYTES),
    });

    it.each([
      ['{bad', '{bad'],
      ['null', 'null'],
      ['a type that is a number', '{"type":2}'],
      ['a list in a text', '{"type":2,"data":"[]"}'],
      ['null in a text', '{"type":2,"data":"null"}'],
      ['blocks that are none', '{"type":"blocks","blocks":[null]}'],
      ['a second hello', JSON.stringify(helloOf())],
      ['more than is taken at once', tooLarge],
    ])('%s ends that connection, and no other', async (_name, text) => {
      const node = await startNode();
      const good = await greet(node, { nodeId: 'd'.repeat(32) });
      const bad = await greet(node);
      const gone = soon(once(node, 'gone'), 'the end of that connection');
      await bad.say(text);
      const [peer, reason] = (await gone) as [Peer, string];
      expect([peer.id, reason]).toEqual([
        helloOf().nodeId,
        expect.stringMatching(/\w+ \w+/),
      ]);
      expect(idsOf(node)).toEqual(['d'.repeat(32)]);
      await good.say(tipOf(1));
      await soon(once(node, 'message'), 'a message of another peer');
      await greet(node); // and whoever behaves may come again
    });

    it('more than is taken at once ends a connection that it dialed, too', async () => {
      const node = await startNode();
      const url = await startServer((socket) => {
        socket.send(JSON.stringify(helloOf()));
        socket.send(tooLarge);
      });
      const gone = soon(once(node, 'gone'), 'the end of that connection');
      await node.connect(url);
      expect(await gone).toEqual([expect.anything(), expect.stringMatching(/\w+ \w+/)]);
    });

    it('talking before the hello ends that connection', async () => {
      const node = await startNode();
      const diary = diaryOf(node);
      const remote = new Remote(node);
      await remote.say({ type: 'getPeers' }, helloOf());
      expect(await soon(remote.closed, 'the end')).toMatch(/hello/i);
      expect(diary).toEqual([]);
    });

    it('a page in a browser is refused: it names its origin', async () => {
      const node = await startNode();
      const page = new Remote(node, { origin: 'http://localhost:3000' });
      const [error] = (await once(page.socket, 'error')) as [Error];
      expect(error.message).toMatch(/40[13]/);
      await greet(node);
    });

    it('a request of plain HTTP is answered with an error that tells of the other port', async () => {
      const node = await startNode();
      const res = await fetch(`http://127.0.0.1:${node.port}/blocks`);
      expect(await res.text()).toMatch(/HTTP.*port/);
      expect([res.status, res.headers.get('upgrade')]).toEqual([426, 'websocket']);
      await greet(node);
    });

    it('compression is neither offered nor taken', async () => {
      const node = await startNode();
      await greet(node);
      const remote = new Remote(node, { perMessageDeflate: true });
      await remote.say(helloOf());
      expect(remote.socket.extensions).toBe('');
      const offers: unknown[] = [];
      const server = new WebSocketServer({
        port: 0,
        host: '127.0.0.1',
        perMessageDeflate: true,
      });
      servers.push(server);
      server.on('connection', (_socket, { headers }) =>
        offers.push(headers['sec-websocket-extensions']),
      );
      await once(server, 'listening');
      node.keep(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
      await soon(once(server, 'connection'), 'a call');
      expect(offers).toEqual([undefined]);
    });

    it('hundreds of short connections leave nothing behind', async () => {
      const node = await startNode();
      for (let i = 0; i < 20; i += 1) {
        const crowd = Array.from({ length: 20 }, () => new Remote(node));
        for (const remote of crowd) {
          remote.socket.once('open', () => remote.socket.terminate());
        }
        await Promise.all(crowd.map((remote) => remote.closed));
      }
      await greet(node);
      expect(idsOf(node)).toEqual([helloOf().nodeId]);
    });

    it('silence is noticed: who answers no ping is dropped', async () => {
      const node = await startNode(GENESIS, { keepAlive: 50 });
      const gone = soon(once(node, 'gone'), 'the end of a peer that answers no ping');
      await new Remote(node, { autoPong: false }).say(helloOf());
      const [peer] = (await gone) as [Peer];
      expect(peer.id).toBe(helloOf().nodeId);
    });
  });

  describe('close', () => {
    it('ends all connections with a reason, in both directions, and stops listening', async () => {
      const [a, b, c] = [await startNode(), await startNode(), await startNode()];
      await a.connect(urlOf(b));
      await b.connect(urlOf(c));
      const remote = await greet(b);
      await Promise.all([untilConnected(a, b), untilConnected(b, c)]);
      const ends = Promise.all([once(a, 'gone'), once(c, 'gone')]);
      const url = urlOf(b);
      await b.close();
      expect({ peers: b.peers, port: b.port }).toEqual({ peers: [], port: null });
      const [[, toA], [, toC]] = (await soon(ends, 'the end at both others')) as [
        [Peer, string],
        [Peer, string],
      ];
      for (const reason of [toA, toC, await remote.closed]) {
        expect(reason).toMatch(/\w+ \w+/);
      }
      await expect(makeNode().connect(url)).rejects.toThrow();
    });

    it('does not wait for connections that never become peers, nor for those that do not answer', async () => {
      const node = await startNode();
      const tcp = openTcp(node.port ?? 0, '127.0.0.1');
      tcp.on('error', () => undefined);
      await once(tcp, 'connect');
      const mute = await greet(node);
      mute.socket.pause(); // it will not see that the node says goodbye
      await soon(node.close(), 'close() while a connection is idle and another is mute');
      tcp.destroy();
    });

    it('gives up what it is dialing, and dials no more', async () => {
      const [node, other] = [makeNode(), await startNode()];
      const diary = diaryOf(node);
      const failed: unknown[] = [];
      node.on('failed', (url) => failed.push(url));
      node.keep(urlOf(other));
      await node.close();
      node.keep(urlOf(other, 'localhost'));
      await failures(makeNode(), await deadUrl(), 3); // meanwhile it would have dialed again
      expect([diary, failed, other.peers]).toEqual([[], [], []]);
    });

    it('works on a node that never listened, and twice', async () => {
      const node = makeNode();
      await node.close();
      await node.close();
      expect(node.peers).toEqual([]);
    });

    it('leaves no timer behind', async () => {
      const timers = () =>
        process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
      const before = timers();
      const [a, b] = [await startNode(), await startNode()];
      a.keep(urlOf(b));
      await untilConnected(a, b);
      await Promise.all([a.close(), b.close()]);
      const more = Math.max(0, timers() - before); // those of earlier tests may have ended
      expect({ timersLeft: more }).toEqual({ timersLeft: 0 });
    });
  });
});

describe('Task 3: the network, when others misuse it', () => {
  it('reports who called and broke the protocol, by address and id', async () => {
    const node = await startNode();
    const remote = await greet(node, { nodeId: '1'.repeat(32) });
    const blamed = soon(once(node, 'blamed'), 'the blame') as Promise<[Peer, string]>;
    await remote.say('{bad');
    const [{ host, id }, reason] = await blamed;
    expect({ host, id }).toEqual({ host: '127.0.0.1', id: '1'.repeat(32) });
    expect(reason).toBe(await remote.closed);
  });

  it('reports who calls and breaks the protocol before it has said hello', async () => {
    const node = await startNode();
    const blamed = soon(once(node, 'blamed'), 'the blame') as Promise<[Peer, string]>;
    await new Remote(node).say('{bad');
    const [{ host, id }, reason] = await blamed;
    expect({ host, id }).toEqual({ host: '127.0.0.1', id: '' });
    expect(reason).toMatch(/JSON/);
  });

  it('blames nobody for what is at a url that somebody else may have named', async () => {
    const node = await startNode();
    const blamed: unknown[] = [];
    node.on('blamed', (...blame) => blamed.push(blame));
    const url = await startServer((socket) => socket.send('{bad'));
    await expect(node.connect(url)).rejects.toThrow(/JSON/);
    expect(blamed).toEqual([]);
  });

  it('asks whether to let somebody in who calls, and tells it with status 429', async () => {
    const asked: unknown[] = [];
    const node = await startNode(GENESIS, {
      refuse: (host) => {
        asked.push(host);
        return 'Not today.';
      },
    });
    const { socket } = new Remote(node);
    const [, response] = (await soon(
      once(socket, 'unexpected-response'),
      'a refusal',
    )) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(429);
    socket.terminate();
    expect(asked).toEqual(['127.0.0.1']);
    await expect(makeNode().connect(urlOf(node))).rejects.toThrow(
      /let|429|later|for now/,
    );
  });

  it('asks of each url that a peer names whether to note it, and who that was', async () => {
    const asked: unknown[] = [];
    const node = await startNode(GENESIS, {
      heed: (url, from) => {
        asked.push([url, from]);
        return url.endsWith('2');
      },
    });
    const remote = await greet(node, { port: 9001 });
    await remote.say(
      { type: 'peers', urls: ['ws://10.0.0.1:9002', 'ws://10.0.0.1:9003'] },
      tipOf(1),
    );
    await soon(once(node, 'message'), 'a message');
    const [peer] = node.peers;
    expect(asked).toEqual([
      ['ws://127.0.0.1:9001', peer],
      ['ws://10.0.0.1:9002', peer],
      ['ws://10.0.0.1:9003', peer],
    ]);
    expect(node.addresses).toEqual([{ url: 'ws://10.0.0.1:9002', keep: false }]);
  });

  it('lets nodes in while hundreds of connections wait and say nothing', async () => {
    const node = await startNode();
    const { port } = node;
    const ended = new Set<number>();
    for (let i = 0; i < 150; i += 1) {
      const socket = openTcp(port ?? 0, '127.0.0.1');
      await once(socket, 'connect');
      socket.destroy(); // who is gone takes no place
    }
    for (let i = 0; i < 300; i += 1) {
      const socket = openTcp(port ?? 0, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('close', () => ended.add(i));
      servers.push({ close: () => socket.destroy() });
      await once(socket, 'connect');
      if (i % 3 === 0) await new Remote(node).say(); // this one does ask for a WebSocket
    }
    await greet(node, { nodeId: '1'.repeat(32) });
    if (!ended.has(0))
      throw new Error('The oldest of 300 silent connections still waits.');
    if (ended.has(299)) throw new Error('The newest connection did not get its time.');
    expect(idsOf(node)).toEqual(['1'.repeat(32)]);
  });

  it('keeps its peers however many others call and go', async () => {
    const node = await startNode();
    const old = await greet(node, { nodeId: '1'.repeat(32) });
    for (let i = 0; i < 300; i += 1) {
      const socket = openTcp(node.port ?? 0, '127.0.0.1');
      servers.push({ close: () => socket.destroy() });
      await once(socket, 'connect');
    }
    await old.say(tipOf(5));
    expect(await soon(once(node, 'message'), 'a message')).toEqual([
      node.peers[0],
      tipOf(5),
    ]);
  });

  it('lets in 128 nodes, and can still dial when it is full', async () => {
    const node = await startNode();
    for (let i = 0; i < 128; i += 1) {
      await greet(node, { nodeId: i.toString(16).padStart(32, '0') });
    }
    const late = new Remote(node);
    await late.say(helloOf({ nodeId: 'f'.repeat(32) }));
    expect(await soon(late.closed, 'the refusal')).toMatch(/peer|full/i);
    const other = await startNode();
    expect((await node.connect(urlOf(other))).id).toBe(other.id);
  });

  it('asks when it is full whom to part with, and lets the next one in', async () => {
    const node = await startNode(GENESIS, { makeRoom: (peers) => peers[7] });
    const remotes: Remote[] = [];
    for (let i = 0; i < 128; i += 1) {
      remotes.push(await greet(node, { nodeId: i.toString(16).padStart(32, '0') }));
    }
    const gone = soon(once(node, 'gone'), 'one that makes room') as Promise<[Peer]>;
    await greet(node, { nodeId: 'f'.repeat(32) });
    expect((await gone)[0].id).toBe('7'.padStart(32, '0'));
    expect(await remotes[7]?.closed).toMatch(/room/);
    expect([node.peers.length, node.peers.at(-1)?.id]).toEqual([128, 'f'.repeat(32)]);
  });

  it('parts with another one for each that calls, even if those who leave are slow', async () => {
    const node = await startNode(GENESIS, { makeRoom: (peers) => peers[0] });
    const remotes: Remote[] = [];
    for (let i = 0; i < 128; i += 1) remotes.push(await greet(node));
    for (const { socket } of remotes) socket.pause(); // they hear no goodbye
    const [first, second, third] = node.peers;
    const gone: Peer[] = [];
    node.on('gone', (peer) => gone.push(peer));
    for (let i = 0; i < 3; i += 1) await greet(node);
    await until([node], 'three that make room', () => gone.length >= 3);
    expect(new Set(gone)).toEqual(new Set([first, second, third]));
    expect(node.peers.length).toBe(128);
  });

  describe('with what is not its own', () => {
    /** Dials a url until the node that is there takes the call, and gives what it has of it. */
    async function reach(node: PeerNetwork, other: PeerNetwork): Promise<Peer> {
      node.keep(urlOf(other));
      const peer = await node.connect(urlOf(other));
      await until([other], 'the other end of that connection', () =>
        other.peers.some(({ key }) => peer.hello.nonce === key),
      );
      return peer;
    }

    it.each<[what: string, of: (victim: PeerNetwork) => Partial<Hello>]>([
      ['id', ({ id }) => ({ nodeId: id })],
      ['port', ({ port }) => ({ port })],
      ['id and port', ({ id, port }) => ({ nodeId: id, port })],
    ])('does not keep two nodes apart whose %s callers have taken', async (_name, of) => {
      const [node, victim] = [await startNode(), await startNode()];
      await greet(node, of(victim));
      await greet(victim, of(node));
      expect((await reach(node, victim)).id).toBe(victim.id);
      expect((await reach(victim, node)).id).toBe(node.id);
    });

    it('does not answer with a caller that has taken the id of one that is not there', async () => {
      const [node, gone] = [await startNode(), await startNode()];
      const url = urlOf(gone);
      await greet(node, { nodeId: gone.id, port: gone.port });
      await gone.close();
      await expect(node.connect(url)).rejects.toThrow(/\w+ \w+/);
    });

    it('does not refuse a caller because one that it dialed has taken its id and port', async () => {
      const [node, victim] = [await startNode(), await startNode()];
      const stolen = helloOf({ nodeId: victim.id, port: victim.port });
      const url = await startServer((socket) => socket.send(JSON.stringify(stolen)));
      expect((await node.connect(url)).id).toBe(victim.id);
      await reach(victim, node);
    });

    it('does not take the word of a caller that it is the one who is at a url', async () => {
      const [node, other] = [await startNode(), await startNode()];
      const thief = await greet(node, { nodeId: other.id, port: other.port });
      const url = await startServer((socket) => {
        // Whoever is there claims to be connected already, and does not know the nonce.
        socket.close(4_000, `The two nodes are connected already. ${'0'.repeat(64)}`);
      });
      await expect(node.connect(url)).rejects.toThrow(/connected/);
      thief.socket.terminate();
    });
  });

  it('counts the bytes that went through all its connections', async () => {
    const [node, other] = [await startNode(), await startNode()];
    const peer = await node.connect(urlOf(other));
    await untilConnected(node, other);
    const came = soon(once(other, 'message'), 'the tip');
    peer.send(tipOf(1));
    await came;
    peer.close('It is late.');
    await until([node, other], 'the end', () => other.peers.length === 0);
    expect(node.traffic.sent).toBeGreaterThan(JSON.stringify(tipOf(1)).length);
    expect(other.traffic.received).toBe(node.traffic.sent);
    expect(node.traffic.received).toBeGreaterThan(0); // what came last may have been too late
    expect(node.traffic.received).toBeLessThanOrEqual(other.traffic.sent);
  });
});

describe('Task 4: the address book, seen from outside', () => {
  describe('a flood of false urls', () => {
    it('is remembered only in part', async () => {
      const node = makeNode(GENESIS, { redial: { first: 60_000, max: 60_000 } });
      for (let i = 0; i < 3_000; i += 1) node.suggest(`ws://127.0.0.1:${10_000 + i}`);
      expect(node.addresses.length).toBeLessThanOrEqual(1_000);
    });

    it('pushes out neither what is to be kept nor where a node was met', async () => {
      const node = makeNode();
      const kept = await deadUrl();
      const other = await startNode();
      node.suggest(urlOf(other));
      await untilConnected(node, other);
      node.keep(kept);
      const flood = () => {
        for (let i = 0; i < 3_000; i += 1) node.suggest(`ws://127.0.0.1:${10_000 + i}`);
        return node.addresses.map(({ url }) => url);
      };
      const both = expect.arrayContaining([kept, urlOf(other)]);
      expect(flood()).toEqual(both);
      const gone = once(node, 'gone');
      node.peers[0]?.close('It is late.');
      await gone;
      expect(flood()).toEqual(both);
    });

    it('leaves room for the next url', async () => {
      const node = makeNode(GENESIS, { redial: { first: 60_000, max: 60_000 } });
      for (let i = 0; i < 3_000; i += 1) node.suggest(`ws://127.0.0.1:${10_000 + i}`);
      const honest = urlOf(await startNode());
      node.suggest(honest);
      expect(node.addresses).toContainEqual({ url: honest, keep: false });
    });
  });

  describe('keep', () => {
    it('dials until somebody answers, and says each time why it failed', async () => {
      const url = await deadUrl();
      const node = makeNode();
      expect(await failures(node, url, 3)).toEqual(
        Array(3).fill([url, expect.stringMatching(/\w+ \w+/)]),
      );
      const late = makeNode();
      await late.listen(Number(new URL(url).port));
      await untilConnected(node, late);
    });

    it('dials again when the connection is lost', async () => {
      const [node, first] = [makeNode(), await startNode()];
      const { port } = first;
      const diary = diaryOf(node);
      node.keep(urlOf(first));
      await untilConnected(node, first);
      await first.close();

      const second = makeNode();
      await second.listen(port ?? 0);
      await untilConnected(node, second);
      expect(diary).toEqual([
        ['peer', first.id],
        ['gone', first.id, expect.stringMatching(/\w+ \w+/)],
        ['peer', second.id],
      ]);
    });

    it('is content with one connection, however often and by whatever name it is told', async () => {
      const [a, b] = [await startNode(), await startNode()];
      const diary = diaryOf(a);
      a.keep(urlOf(b));
      a.keep(urlOf(b));
      await untilConnected(a, b);
      a.keep(urlOf(b, 'localhost'));
      await a.connect(urlOf(b, 'localhost'));
      b.keep(urlOf(a));
      await failures(makeNode(), await deadUrl(), 3); // meanwhile it would have dialed again
      expect(diary).toEqual([['peer', b.id]]);
    });

    it('of two nodes that dial each other at the same moment leaves one connection', async () => {
      const [a, b] = [await startNode(), await startNode()];
      a.keep(urlOf(b));
      b.keep(urlOf(a));
      const [toB, toA] = await untilConnected(a, b);
      const [atA, atB] = [once(a, 'message'), once(b, 'message')];
      toB.send(tipOf(1));
      toA.send(tipOf(2));
      await soon(Promise.all([atA, atB]), 'messages both ways');
      expect([a.peers.length, b.peers.length]).toEqual([1, 1]);
    });

    it('dials at once, however long it waits after a failure', async () => {
      const patient = { first: 6_000_000, max: 6_000_000 };
      const [node, other] = [makeNode(GENESIS, { redial: patient }), await startNode()];
      node.keep(urlOf(other));
      await untilConnected(node, other);
    });

    it('goes on though somebody sets the clock back by an hour', async () => {
      const [node, url] = [makeNode(), await deadUrl()];
      await failures(node, url, 1);
      const { now } = Date;
      Date.now = () => now() - 3_600_000;
      try {
        await failures(node, url, 2);
        const late = makeNode();
        await late.listen(Number(new URL(url).port));
        await untilConnected(node, late);
      } finally {
        Date.now = now;
      }
    });

    it('never gives up a url that is to be kept', async () => {
      const node = makeNode(GENESIS, { redial: { first: 10, max: 20 } });
      const url = await deadUrl();
      node.suggest(url);
      await failures(node, url, 15);
      expect(node.addresses).toEqual([{ url, keep: true }]);
    });

    it('waits longer after each failure, up to a limit', async () => {
      const [patient, hasty] = [10_000, 10].map((max) =>
        makeNode(GENESIS, { redial: { first: 10, max } }),
      ) as [PeerNetwork, PeerNetwork];
      let tries = 0;
      patient.on('failed', () => (tries += 1));
      patient.keep(await deadUrl());
      await failures(hasty, await deadUrl(), 40);
      if (tries > 20) throw new Error(`It tried ${tries} times while another tried 40.`);
    });

    it('dials a node once that it is told of under two names', async () => {
      let dialed = 0;
      const url = await startServer((socket) => {
        dialed += 1;
        socket.send(JSON.stringify(helloOf()));
      });
      const node = await startNode();
      node.keep(url);
      await until([node], 'a peer', () => node.peers.length === 1);
      node.keep(url.replace('127.0.0.1', 'localhost'));
      await failures(node, await deadUrl(), 5); // meanwhile it would have dialed again
      expect(dialed).toBeLessThanOrEqual(2); // the second time it finds that it is the same
    });

    it('dials a url again only when the attempt before is over', async () => {
      let dialed = 0;
      const server = createTcpServer(() => (dialed += 1)); // and never an answer
      servers.push(server);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const node = makeNode();
      node.keep(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
      await failures(node, await deadUrl(), 4); // meanwhile it would have dialed again
      expect({ dialed }).toEqual({ dialed: 1 });
    });

    it('reports that a node was told to keep itself', async () => {
      const node = await startNode();
      const failed = soon(once(node, 'failed'), 'the failure');
      node.keep(urlOf(node));
      expect(await failed).toEqual([
        urlOf(node),
        expect.stringMatching(/own|itself|self/),
      ]);
    });

    it('reports that a node is of another network, and dials on: it may be replaced', async () => {
      const [node, foreign] = [makeNode(), await startNode(OTHER_GENESIS)];
      const { port } = foreign;
      const failed = soon(once(node, 'failed'), 'the failure');
      node.keep(urlOf(foreign));
      expect(await failed).toEqual([
        urlOf(foreign),
        expect.stringMatching(/network|genesis/),
      ]);
      await foreign.close();
      const right = makeNode();
      await right.listen(port ?? 0);
      await untilConnected(node, right);
    });
  });

  describe('finding others', () => {
    it('stops at as many as it was told, and does not count those to keep', async () => {
      const node = makeNode(GENESIS, { outbound: 2 });
      const others = await Promise.all([0, 1, 2, 3, 4].map(() => startNode()));
      const kept = await startNode();
      for (const other of others) node.suggest(urlOf(other));
      node.keep(urlOf(kept));
      await untilConnected(node, kept);
      await until([node], 'three peers', () => node.peers.length === 3);
      await failures(makeNode(), await deadUrl(), 4); // meanwhile it would have dialed more
      expect(node.peers).toHaveLength(3);
    });

    it('asks each new peer whom it knows', async () => {
      const node = await startNode();
      const remote = await greet(node);
      expect(await remote.next()).toMatchObject({ type: 'hello' });
      expect(await remote.next()).toEqual({ type: 'getPeers' });
    });

    it('answers with the urls of its other peers that listen', async () => {
      const node = await startNode();
      await greet(node, { nodeId: '1'.repeat(32), port: 9001 });
      await greet(node, { nodeId: '2'.repeat(32), port: null });
      const asking = await greet(node, { nodeId: '3'.repeat(32), port: 9003 });
      await asking.say({ type: 'getPeers' });
      expect(await asking.nextOf('peers')).toEqual({
        type: 'peers',
        urls: ['ws://127.0.0.1:9001'],
      });
    });

    it('tells its peers of a new one that listens, but not that one of itself', async () => {
      const node = await startNode();
      const old = await greet(node, { nodeId: '1'.repeat(32), port: 9001 });
      await greet(node, { nodeId: '2'.repeat(32), port: null });
      const young = await greet(node, { nodeId: '3'.repeat(32), port: 9003 });
      expect(await old.nextOf('peers')).toEqual({
        type: 'peers',
        urls: ['ws://127.0.0.1:9003'],
      });
      await young.say({ type: 'getPeers' });
      expect(await young.nextOf('peers')).toEqual({
        type: 'peers',
        urls: ['ws://127.0.0.1:9001'],
      });
    });

    it('dials whom it hears of', async () => {
      const [node, other] = [await startNode(), await startNode()];
      const remote = await greet(node);
      await remote.say({ type: 'peers', urls: [urlOf(other)] });
      await untilConnected(node, other);
    });

    it('dials who has dialed it to see who is there, and is content with one connection', async () => {
      const [a, b] = [await startNode(), await startNode()];
      const diaries = [diaryOf(a), diaryOf(b)];
      const failed: unknown[] = [];
      b.on('failed', (...failure) => failed.push(failure));
      await a.connect(urlOf(b));
      await failures(makeNode(), await deadUrl(), 5); // meanwhile it dials
      expect(await b.connect(urlOf(a))).toBe(b.peers[0]);
      expect(diaries).toEqual([[['peer', b.id]], [['peer', a.id]]]);
      expect(failed).toEqual([]);
    });

    it('dials one url that others named after the other, and not all at once', async () => {
      const node = makeNode(GENESIS, { redial: { first: 1_000, max: 1_000 } });
      let tries = 0;
      node.on('failed', () => (tries += 1));
      for (let i = 1; i <= 100; i += 1) node.suggest(`ws://127.0.0.1:${i}`);
      const hasty = makeNode(GENESIS, { redial: { first: 10, max: 10 } });
      await failures(hasty, await deadUrl(), 150); // a second, or somewhat more
      if (tries > 50)
        throw new Error(`It dialed ${tries} of 100 urls in about a second.`);
    });

    it('dials what it hears last first, however many false urls it has heard of', async () => {
      const node = makeNode(GENESIS, { redial: { first: 100, max: 10_000 } });
      for (let i = 0; i < 500; i += 1) node.suggest(`ws://127.0.0.1:${1 + i}`);
      const other = await startNode();
      node.suggest(urlOf(other));
      await untilConnected(node, other);
    });

    it('dials only some of very many, but each that is to be kept', async () => {
      const urls = await Promise.all(
        Array.from({ length: 30 }, (_, i) => {
          const hello = helloOf({ nodeId: String(i).padStart(32, '0') });
          return startServer((socket) => socket.send(JSON.stringify(hello)));
        }),
      );
      const node = await startNode();
      for (const url of urls) node.suggest(url);
      await until([node], 'some peers', () => node.peers.length >= 3);
      await failures(node, await deadUrl(), 4); // meanwhile it would have dialed them all
      const before = idsOf(node);
      expect(before.length).toBeLessThan(30);

      const left = urls.findIndex(
        (_, i) => !before.includes(String(i).padStart(32, '0')),
      );
      node.keep(urls[left] ?? '');
      const id = String(left).padStart(32, '0');
      await until([node], 'one that is to be kept', () => idsOf(node).includes(id));
      expect(idsOf(node)).toEqual(expect.arrayContaining(before));
    });

    it('is not stopped by urls where nobody is, nor by its own', async () => {
      const [node, other] = [await startNode(), await startNode()];
      const remote = await greet(node);
      const urls = [await deadUrl(), urlOf(node), urlOf(other)];
      await remote.say({ type: 'peers', urls });
      await untilConnected(node, other);
      expect(idsOf(node)).toEqual([helloOf().nodeId, other.id].sort());
    });

    it('lets a line of nodes, each told only of the one before, find each other', async () => {
      const line: PeerNetwork[] = [];
      for (let i = 0; i < 5; i += 1) {
        const node = await startNode();
        const before = line.at(-1);
        if (before !== undefined) node.keep(urlOf(before));
        line.push(node);
      }
      const ids = line.map(({ id }) => id);
      const others = (node: PeerNetwork) => ids.filter((id) => id !== node.id).sort();
      await until(line, 'five nodes to know each other', () =>
        line.every((node) => idsOf(node).join() === others(node).join()),
      );
    });

    it('lists what it has heard of, each url once', async () => {
      const node = makeNode();
      const [dead, kept] = [await deadUrl(), await deadUrl()];
      node.suggest(dead);
      node.suggest(dead);
      node.keep(kept);
      node.suggest(kept);
      expect(node.addresses).toEqual([
        { url: dead, keep: false },
        { url: kept, keep: true },
      ]);
    });

    it('dials again where nobody was the first time', async () => {
      const node = makeNode();
      const url = await deadUrl();
      const failed = soon(once(node, 'failed'), 'the first failure');
      node.suggest(url);
      await failed;
      const late = makeNode();
      await late.listen(Number(new URL(url).port));
      await untilConnected(node, late);
    });

    it('forgets a url where nobody ever is', async () => {
      const node = makeNode(GENESIS, { redial: { first: 10, max: 20 } });
      const url = await deadUrl();
      node.suggest(url);
      const known = () => node.addresses.some((address) => address.url === url);
      expect(known()).toBe(true);
      await failures(node, await deadUrl(), 30); // as often as this one would have failed
      expect(known()).toBe(false);
    });
  });
});
