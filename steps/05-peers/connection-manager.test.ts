import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect as openTcp } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocketServer } from 'ws';
import {
  FarEnd,
  GENESIS,
  OTHER_GENESIS,
  SENTENCE,
  cleanUp,
  deadUrl,
  getBlocks,
  helloOf,
  idOf,
  serve,
  someTurns,
  soon,
  start,
  timersBeyond,
  timersSet,
  tipOf,
  topicOf,
} from './far-end-for-test.ts';
import { greet, urlOf } from './networks-for-test.ts';
import {
  ConnectionManager,
  MAX_MESSAGE_BYTES,
  PROTOCOL_VERSION,
  proof,
  type ConnectionOptions,
  type Message,
  type Peer,
} from '#peers';

const nodes: ConnectionManager[] = [];

afterEach(async () => {
  cleanUp();
  // That close() works is for Task 10 to say.
  const ends = nodes.splice(0).map(async (node) => node.close());
  await soon(Promise.allSettled(ends), 'close()', 5_000);
});

/** Makes a node of the network that `genesis` names. */
function makeNode(
  genesis: string | null = GENESIS,
  options: Partial<ConnectionOptions> = {},
): ConnectionManager {
  const node = new ConnectionManager({
    chain: () => ({ genesis, tip: null }),
    ...options,
  });
  nodes.push(node);
  return node;
}

/** Makes a node, and lets it listen on a free port. */
async function startNode(...options: Parameters<typeof makeNode>) {
  const node = makeNode(...options);
  await node.listen(0);
  return node;
}

/** The next peer of a node. */
async function nextPeer(node: ConnectionManager): Promise<Peer> {
  const [peer] = (await soon(once(node, 'peer'), 'the event peer')) as [Peer];
  return peer;
}

/** The end of a node's next peer, and the reason. */
const nextGone = (node: ConnectionManager) =>
  soon(once(node, 'gone'), 'the event gone') as Promise<[Peer, string]>;

/** Connects two nodes; gives what each has of the other. */
async function connect(
  a: ConnectionManager,
  b: ConnectionManager,
): Promise<[Peer, Peer]> {
  const greeted = nextPeer(b);
  const toB = await soon(a.connect(urlOf(b)), 'the connection');
  return [toB, await greeted];
}

const keysOf = ({ peers }: ConnectionManager) => peers.map(({ key }) => key);

/** Notes who came, went and was blamed. */
function diaryOf(node: ConnectionManager) {
  const entries: string[] = [];
  node.on('peer', ({ id }) => entries.push(`peer ${id}`));
  node.on('gone', ({ id }) => entries.push(`gone ${id}`));
  node.on('blamed', ({ id }) => entries.push(`blamed ${id}`));
  return entries;
}

/** Why a node cannot be dialed. */
const failureOf = (node: ConnectionManager, url: string) =>
  soon(
    node.connect(url).then(
      () => 'CONNECTED',
      (error: unknown) => (error as Error).message,
    ),
    'the failure',
  );

describe('Task 9: listen and connect', () => {
  describe('listen', () => {
    it('gives the node a port, which it has not got before', async () => {
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

    it('refuses a page in a browser, which names its origin', async () => {
      const node = await startNode();
      const page = FarEnd.to(node, { origin: 'http://localhost:3000' });
      const [error] = (await soon(once(page.socket, 'error'), 'a refusal')) as [Error];
      expect(error.message).toMatch(/403/);
      await greet(node);
    });

    it('refuses whom it has a reason against, by the host, with status 429', async () => {
      const asked: string[] = [];
      const refuse = (host: string) => {
        asked.push(host);
        return asked.length === 1 ? 'Not today.' : undefined;
      };
      const node = await startNode(GENESIS, { refuse });
      const [error] = (await soon(
        once(FarEnd.to(node).socket, 'error'),
        'a refusal',
      )) as [Error];
      expect(error.message).toMatch(/429/);
      await greet(node);
      expect(asked).toEqual(['127.0.0.1', '127.0.0.1']);
    });

    it('answers a request of plain HTTP with a sentence that tells of the other port', async () => {
      const node = await startNode();
      const res = await fetch(`http://127.0.0.1:${node.port}/blocks`);
      expect(await res.text()).toMatch(/HTTP.*port/);
      expect([res.status, res.headers.get('upgrade')]).toEqual([426, 'websocket']);
    });

    it('takes no compression from who offers it', async () => {
      const far = FarEnd.to(await startNode(), { perMessageDeflate: true });
      await far.greet();
      expect(far.socket.extensions).toBe('');
    });

    it('ends a connection on a message that is too large for any answer', async () => {
      const node = await startNode();
      const far = await greet(node);
      const gone = nextGone(node);
      for (let i = 0; i < 3; i += 1) node.peers[0]?.send(getBlocks);
      await far.say('x'.repeat(MAX_MESSAGE_BYTES + 1));
      expect((await gone)[1]).toMatch(SENTENCE);
    });
  });

  describe('the hello', () => {
    it('says who the node is, what it has, and where it listens', async () => {
      const tip = { hash: OTHER_GENESIS, index: 3, work: '65536' };
      const node = await startNode(GENESIS, { chain: () => ({ genesis: GENESIS, tip }) });
      expect(await FarEnd.to(node).greet()).toEqual({
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

    it('says an id of 32 hex digits, another one for each node', () => {
      const [a, b] = [makeNode(), makeNode()];
      expect([a.id, b.id]).toEqual(
        Array(2).fill(expect.stringMatching(/^[0-9a-f]{32}$/)),
      );
      expect(a.id).not.toBe(b.id);
    });

    it('says what the clock shows', async () => {
      const node = await startNode();
      const before = Date.now();
      const { time } = await FarEnd.to(node).greet();
      expect(time).toBeGreaterThanOrEqual(before);
      expect(time).toBeLessThanOrEqual(Date.now());
    });

    it('says what the node is called, if anything', async () => {
      const node = await startNode(GENESIS, {
        chain: () => ({ genesis: GENESIS, tip: null, name: 'Ada’s' }),
      });
      expect(await FarEnd.to(node).greet()).toMatchObject({ name: 'Ada’s' });
    });

    it('is asked for anew each time', async () => {
      let index = 0;
      const node = await startNode(GENESIS, {
        chain: () => {
          index += 1;
          return { genesis: GENESIS, tip: { hash: GENESIS, index, work: '1' } };
        },
      });
      const first = (await FarEnd.to(node).greet()).tip?.index ?? NaN;
      const second = (await FarEnd.to(node).greet()).tip?.index ?? NaN;
      expect(second).toBeGreaterThan(first);
    });

    it('is said only to those that are taken for peers', async () => {
      const node = await startNode();
      const far = FarEnd.to(node);
      await far.say(helloOf({ genesis: OTHER_GENESIS }));
      expect(await soon(far.closed, 'the refusal')).toMatch(/network|genesis/);
      expect(far.heard).toEqual([]);
    });
  });

  describe('connect', () => {
    it('connects two nodes, which then know each other', async () => {
      const [a, b] = [await startNode(), await startNode()];
      const [toB, toA] = await connect(a, b);
      expect([keysOf(a), keysOf(b)]).toEqual([[toB.key], [toA.key]]);
      const seen = ({ id, url, outbound }: Peer) => ({ id, url, outbound });
      expect([seen(toB), seen(toA)]).toEqual([
        { id: b.id, url: urlOf(b), outbound: true },
        { id: a.id, url: urlOf(a), outbound: false },
      ]);
    });

    it('connects a node that does not listen, and has no url for it', async () => {
      const [a, b] = [makeNode(), await startNode()];
      const [, toA] = await connect(a, b);
      expect([toA.id, toA.url]).toEqual([a.id, undefined]);
    });

    it('offers no compression', async () => {
      const server = new WebSocketServer({ noServer: true });
      const http = createServer().on('upgrade', (req, socket, head) => {
        server.handleUpgrade(req, socket, head, (ws) =>
          ws.send(JSON.stringify(helloOf())),
        );
        offers.push(req.headers['sec-websocket-extensions']);
      });
      const offers: unknown[] = [];
      await makeNode().connect(await start(http));
      expect(offers).toEqual([undefined]);
    });

    it.each([
      ['where nobody listens', deadUrl],
      ['of a web server', () => start(createServer((_req, res) => res.end('Welcome!')))],
      ['that is none', async () => 'nonsense'],
    ])('rejects with a sentence when it dials a url %s', async (_name, url) => {
      const node = makeNode();
      expect(await failureOf(node, await url())).toMatch(SENTENCE);
      expect(keysOf(node)).toEqual([]);
    });

    it('rejects with what the node says that refuses it', async () => {
      const { url } = await serve((socket) => socket.close(4_000, 'You are too early.'));
      expect(await failureOf(makeNode(), url)).toBe('You are too early.');
    });

    it('rejects with its own reason when it is the node that dials which refuses', async () => {
      const node = makeNode();
      const hello = helloOf({ genesis: OTHER_GENESIS });
      const { url } = await serve((socket) => socket.send(JSON.stringify(hello)));
      expect(await failureOf(node, url)).toMatch(/network|genesis/);
      expect(keysOf(node)).toEqual([]);
    });

    it('tells both sides why they are no peers, and neither takes the other for one', async () => {
      const [a, b] = [await startNode(), await startNode(OTHER_GENESIS)];
      const diaries = [diaryOf(a), diaryOf(b)];
      for (const [from, to] of [
        [a, b],
        [b, a],
        [a, a],
      ] as const) {
        expect(await failureOf(from, urlOf(to))).toMatch(/network|genesis|self|own/);
      }
      expect([diaries, a.peers, b.peers]).toEqual([[[], []], [], []]);
    });

    it('lets a node without a genesis block join', async () => {
      const [toRoot] = await connect(makeNode(null), await startNode());
      expect(toRoot.hello.genesis).toBe(GENESIS);
    });

    it('refuses a node of another version in words, without blame', async () => {
      const node = await startNode();
      const diary = diaryOf(node);
      const far = FarEnd.to(node);
      await far.say(helloOf({ version: PROTOCOL_VERSION + 1 }));
      expect(await soon(far.closed, 'the refusal')).toMatch(/version/);
      expect({ diary }).toEqual({ diary: [] });
    });

    it('makes one connection of two nodes, whoever dials, by whatever name', async () => {
      const [a, b] = [await startNode(), await startNode()];
      const diaries = [diaryOf(a), diaryOf(b)];
      const [toB, toA] = await connect(a, b);
      for (const host of ['127.0.0.1', 'localhost']) {
        const again = await soon(a.connect(urlOf(b, host)), 'the same peer');
        const back = await soon(b.connect(urlOf(a, host)), 'the same peer');
        expect([again.key, back.key]).toEqual([toB.key, toA.key]);
      }
      await someTurns();
      expect(diaries).toEqual([[`peer ${b.id}`], [`peer ${a.id}`]]);
    });

    it('refuses a caller that is where it has dialed, and met that id', async () => {
      const [a, b] = [await startNode(), await startNode()];
      const [toB] = await connect(a, b);
      const far = FarEnd.to(a);
      await far.say(helloOf({ nodeId: b.id, port: b.port, nonce: idOf('1') }));
      const reason = await soon(far.closed, 'the refusal');
      expect(reason.endsWith(proof(idOf('1'), toB.key))).toBe(true);
      expect(keysOf(a)).toEqual([toB.key]);
    });

    it.each([
      ['ends the one that came in if its own id is the smaller one', idOf('f'), 1],
      ['leaves both to the other node if its own id is the larger one', idOf('0'), 2],
    ])('of two nodes that have both dialed, %s', async (_name, nodeId, left) => {
      const node = await startNode();
      const { url } = await serve((socket) =>
        socket.send(JSON.stringify(helloOf({ nodeId }))),
      );
      const far = await greet(node, { nodeId, port: Number(new URL(url).port) });
      const toOther = await soon(node.connect(url), 'the peer');
      if (left === 1) expect(await soon(far.closed, 'the end')).toMatch(SENTENCE);
      await someTurns();
      expect(keysOf(node)).toContain(toOther.key);
      expect(node.peers).toHaveLength(left);
    });

    it('takes two nodes of the same id for two: ids prove nothing', async () => {
      const node = await startNode();
      const [one, other] = [await greet(node), await greet(node)];
      expect(node.peers.map(({ id }) => id)).toEqual([idOf('b'), idOf('b')]);
      const [first, second] = keysOf(node);
      expect(first).not.toBe(second);
      for (const [far, key] of [
        [other, second],
        [one, first],
      ] as const) {
        const gone = nextGone(node);
        far.socket.close();
        expect((await gone)[0].key).toBe(key);
      }
    });
  });

  it('reports a peer that is gone, and forgets it', async () => {
    const node = await startNode();
    const far = await greet(node);
    const gone = nextGone(node);
    const [peer] = node.peers;
    far.socket.close(4_000, 'I have to go.');
    const [whom, why] = await gone;
    expect([whom.key, why]).toEqual([peer?.key, 'I have to go.']);
    expect(keysOf(node)).toEqual([]);
  });

  it('gives away a list of its peers that nobody can change', async () => {
    const node = await startNode();
    await greet(node);
    node.peers.pop();
    expect(node.peers).toHaveLength(1);
  });

  it('looks whether silent peers are there as often as it was told', async () => {
    const node = await startNode(GENESIS, { keepAlive: 200 });
    const far = FarEnd.to(node, { autoPong: false });
    await far.greet();
    const [peer] = await nextGone(node);
    expect(peer.id).toBe(idOf('b'));
  });
});

describe('Task 10: broadcast, topics, close', () => {
  describe('messages', () => {
    it('are reported with the peer that sent them, in order', async () => {
      const node = await startNode();
      const far = await greet(node);
      const seen: unknown[] = [];
      const came = new Promise<void>((resolve) => {
        node.on('message', (peer, message) => {
          seen.push([peer, message]);
          if (seen.length === 3) resolve();
        });
      });
      const messages: Message[] = [tipOf(1), getBlocks, { type: 'blocks', blocks: [] }];
      node.broadcast(getBlocks); // or blocks would come unasked
      await far.say(...messages);
      await soon(came, 'three messages');
      expect(seen).toEqual(messages.map((message) => [node.peers[0], message]));
    });

    it('go both ways between two nodes', async () => {
      const [a, b] = [await startNode(), await startNode()];
      const [toB, toA] = await connect(a, b);
      const came = soon(
        Promise.all([once(a, 'message'), once(b, 'message')]),
        'messages',
      );
      toB.send(tipOf(1));
      toA.send(tipOf(2));
      expect(await came).toEqual([
        [toB, tipOf(2)],
        [toA, tipOf(1)],
      ]);
    });

    it('are broadcast to every peer but the one that is excepted', async () => {
      const node = await startNode();
      const fars = [await greet(node), await greet(node), await greet(node)];
      node.broadcast(tipOf(1));
      node.broadcast(tipOf(2), node.peers[1]);
      node.broadcast(tipOf(3));
      const heard = fars.map(async (far) => {
        const indexes: number[] = [];
        while (indexes.at(-1) !== 3) {
          const message = (await far.nextOf('tip')) as Message & { type: 'tip' };
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
        (_: unknown, bytes: number) => (bytes > 10 ? `${bytes} bytes` : undefined),
      ],
    ]);

    it('are reported with their bodies if the node knows them, and only then', async () => {
      const node = await startNode(GENESIS, { topics });
      const far = await greet(node);
      const seen: unknown[] = [];
      node.on('topic', (...entry) => seen.push(entry));
      const last = soon(once(node, 'message'), 'a message');
      for (const topic of ['sports', 'constructor', 'weather'])
        await far.say(topicOf(topic, 'rain'));
      await far.say(topicOf('news', 'x'.repeat(8)), tipOf(1));
      const [peer] = node.peers;
      expect(await last).toEqual([peer, tipOf(1)]);
      expect(seen).toEqual([
        [peer, 'weather', 'rain'],
        [peer, 'news', 'x'.repeat(8)],
      ]);
    });

    it.each([
      [
        'says what its check refuses',
        topicOf('weather', 'gold'),
        /weather.*no such weather/,
      ],
      [
        'says too many bytes for its topic',
        topicOf('news', 'ä'.repeat(5)),
        /news.*12 bytes/,
      ],
    ])('part with one that %s, and tell it why', async (_name, message, why) => {
      const node = await startNode(GENESIS, { topics });
      const far = await greet(node);
      const diary = diaryOf(node);
      node.on('topic', () => diary.push('topic'));
      const gone = nextGone(node);
      await far.say(message);
      expect(await soon(far.closed, 'the end')).toMatch(why);
      await gone;
      expect(diary).toEqual([`blamed ${idOf('b')}`, `gone ${idOf('b')}`]);
    });

    it('go to one peer, or to all but one', async () => {
      const node = await startNode();
      const [one, other] = [await greet(node), await greet(node)];
      node.broadcast(topicOf('weather', 'rain'), node.peers[0]);
      node.peers[0]?.send(topicOf('weather', 'sun'));
      expect(await one.nextOf('topic')).toEqual(topicOf('weather', 'sun'));
      expect(await other.nextOf('topic')).toEqual(topicOf('weather', 'rain'));
    });
  });

  describe('close', () => {
    it('ends all connections with a reason, in both directions, and stops listening', async () => {
      const [a, b, c] = [await startNode(), await startNode(), await startNode()];
      await connect(a, b);
      await connect(b, c);
      const far = await greet(b);
      const ends = [nextGone(a), nextGone(c)];
      const url = urlOf(b);
      await soon(b.close(), 'close()');
      expect({ peers: b.peers, port: b.port }).toEqual({ peers: [], port: null });
      const reasons = (await Promise.all(ends)).map(([, reason]) => reason);
      expect([...reasons, await soon(far.closed, 'the end')]).toEqual(
        Array(3).fill(expect.stringMatching(SENTENCE)),
      );
      expect(await failureOf(makeNode(), url)).toMatch(SENTENCE);
    });

    it('does not wait for connections that never become peers, nor for those that do not answer', async () => {
      const node = await startNode();
      const tcp = openTcp(node.port ?? 0, '127.0.0.1');
      tcp.on('error', () => undefined);
      await once(tcp, 'connect');
      const mute = await greet(node);
      mute.socket.pause(); // it will not see that the node says goodbye
      await soon(node.close(), 'close() while one is idle and another one mute', 5_000);
      tcp.destroy();
    });

    it('waits until all is over', async () => {
      const node = await startNode();
      await greet(node);
      const diary = diaryOf(node);
      await soon(node.close(), 'close()');
      expect(diary).toEqual([`gone ${idOf('b')}`]);
    });

    it('gives up what it is dialing', async () => {
      const [node, other] = [makeNode(), await startNode()];
      const diary = diaryOf(other);
      const dialing = failureOf(node, urlOf(other));
      await soon(node.close(), 'close()');
      expect(await dialing).toMatch(SENTENCE);
      await someTurns();
      expect([diary, node.peers]).toEqual([[], []]);
    });

    it('works on a node that never listened, and twice', async () => {
      const node = makeNode();
      await soon(node.close(), 'close()');
      await soon(node.close(), 'the second close()');
      expect(keysOf(node)).toEqual([]);
    });

    it('leaves no timer behind', async () => {
      const before = timersSet();
      const [a, b] = [await startNode(), await startNode()];
      await connect(a, b);
      await Promise.all([a.close(), b.close()]);
      expect({ timersLeft: await timersBeyond(before) }).toEqual({ timersLeft: 0 });
    });
  });
});
