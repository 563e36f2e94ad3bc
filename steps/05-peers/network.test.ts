import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  FarEnd,
  OTHER_GENESIS,
  SENTENCE,
  cleanUp,
  deadUrl,
  getPeers,
  helloOf,
  idOf,
  serve,
  someTurns,
  soon,
  timersBeyond,
  timersSet,
  tipOf,
  topicOf,
} from './far-end-for-test.ts';
import { closeNodes, greet, makeNode, startNode, urlOf } from './networks-for-test.ts';
import type { Peer, PeerNetwork } from '#peers';

afterEach(async () => {
  cleanUp();
  await closeNodes();
});

/** Starts a node at the port where another one was. */
async function startAt(url: string): Promise<PeerNetwork> {
  return startNode({ port: Number(new URL(url).port) });
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
  await soon(came, what, 2_000).finally(() => {
    for (const node of nodes) for (const name of names) node.off(name, look);
  });
}

const keysOf = ({ peers }: PeerNetwork) => peers.map(({ key }) => key);
const idsOf = (network: PeerNetwork) => network.peers.map(({ id }) => id).sort();

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

/** Notes who came and went, and what was dialed in vain. */
function diaryOf(network: PeerNetwork) {
  const entries: string[] = [];
  network.on('peer', ({ id }) => entries.push(`peer ${id}`));
  network.on('gone', ({ id }) => entries.push(`gone ${id}`));
  network.on('failed', (url) => entries.push(`failed ${url}`));
  return entries;
}

/** The next failures of a node, as many as are asked for. */
async function failures(node: PeerNetwork, count: number) {
  const seen: [url: string, reason: string][] = [];
  const note = (...failure: [url: string, reason: string]) => seen.push(failure);
  node.on('failed', note);
  await until([node], `${count} failures`, () => seen.length >= count);
  node.off('failed', note);
  return seen.slice(0, count);
}

describe('Task 11: introductions', () => {
  describe('what peers tell each other', () => {
    it('begins with the question whom the new one knows', async () => {
      const far = FarEnd.to(await startNode());
      await far.greet();
      expect(await far.next()).toEqual(getPeers);
    });

    it('is the urls of all others that listen', async () => {
      const node = await startNode();
      await greet(node, { port: 9_001 });
      await greet(node, { port: null });
      const far = await greet(node, { port: 9_003 });
      await far.say(getPeers);
      const urls = ['ws://127.0.0.1:9001'];
      expect(await far.nextOf('peers')).toEqual({ type: 'peers', urls });
    });

    it('is the url of a new one that listens, but not to that one', async () => {
      const node = await startNode();
      const old = await greet(node, { port: 9_001 });
      await greet(node, { port: null });
      const young = await greet(node, { port: 9_003 });
      const urls = ['ws://127.0.0.1:9003'];
      expect(await old.nextOf('peers')).toEqual({ type: 'peers', urls });
      await young.say(getPeers);
      expect(await young.nextOf('peers')).toMatchObject({
        urls: ['ws://127.0.0.1:9001'],
      });
    });

    it('is dialed', async () => {
      const [node, other] = [await startNode(), await startNode()];
      const far = await greet(node);
      const urls = [await deadUrl(), urlOf(node), urlOf(other)];
      await far.say({ type: 'peers', urls });
      await untilConnected(node, other);
    });

    it('is noted only if the node heeds it, and who has named it', async () => {
      const asked: unknown[] = [];
      const heed = (url: string, from: Peer) => {
        asked.push([url, from]);
        return url.endsWith('2');
      };
      const redial = { first: 60_000, max: 60_000 };
      const node = await startNode({ heed, redial });
      const far = await greet(node, { port: 9_001 });
      const urls = ['ws://10.0.0.1:9002', 'ws://10.0.0.1:9003'];
      const came = soon(once(node, 'message'), 'a message');
      await far.say({ type: 'peers', urls }, tipOf(1));
      await came;
      const [peer] = node.peers;
      expect(asked).toEqual(['ws://127.0.0.1:9001', ...urls].map((url) => [url, peer]));
      expect(node.addresses).toEqual([{ url: urls[0], keep: false }]);
    });

    it('is handled by the node itself: it reports only messages about blocks and topics', async () => {
      const topics = new Map([['weather', () => undefined]]);
      const node = await startNode({ topics });
      const far = await greet(node);
      const seen: unknown[] = [];
      node.on('message', (_peer, message) => seen.push(message));
      node.on('topic', (_peer, _topic, body) => seen.push(body));
      const came = soon(once(node, 'message'), 'a message');
      await far.say(getPeers, { type: 'peers', urls: [] }, topicOf('weather', 'rain'));
      await far.say(tipOf(1));
      await came;
      expect(seen).toEqual(['rain', tipOf(1)]);
    });
  });

  describe('keep', () => {
    it('dials at once, however long it waits after a failure', async () => {
      const redial = { first: 6_000_000, max: 6_000_000 };
      const [node, other] = [makeNode({ redial }), await startNode()];
      node.keep(urlOf(other));
      await untilConnected(node, other);
    });

    it('dials until somebody answers, and says each time why it failed', async () => {
      const [node, url] = [makeNode(), await deadUrl()];
      node.keep(url);
      expect(await failures(node, 3)).toEqual(
        Array(3).fill([url, expect.stringMatching(SENTENCE)]),
      );
      await untilConnected(node, await startAt(url));
    });

    it('dials again when the connection is lost', async () => {
      const [node, first] = [makeNode(), await startNode()];
      const url = urlOf(first);
      node.keep(url);
      await untilConnected(node, first);
      await first.close();
      await untilConnected(node, await startAt(url));
    });

    it('is content with one connection, however often and by whatever name it is told', async () => {
      const [a, b] = [await startNode(), await startNode()];
      const diary = diaryOf(a);
      a.keep(urlOf(b));
      a.keep(urlOf(b));
      await untilConnected(a, b);
      a.keep(urlOf(b, 'localhost'));
      b.keep(urlOf(a));
      await someTurns(20);
      expect(diary).toEqual([`peer ${b.id}`]);
    });

    it('of two nodes that dial each other at the same moment leaves one connection', async () => {
      const [a, b] = [await startNode(), await startNode()];
      a.keep(urlOf(b));
      b.keep(urlOf(a));
      const [toB, toA] = await untilConnected(a, b);
      const came = Promise.all([once(a, 'message'), once(b, 'message')]);
      toB.send(tipOf(1));
      toA.send(tipOf(2));
      await soon(came, 'messages both ways');
      await someTurns();
      expect([a, b].map(keysOf)).toEqual([[toB.key], [toA.key]]);
    });

    it('goes on though somebody sets the clock back by an hour', async () => {
      const [node, url] = [makeNode(), await deadUrl()];
      node.keep(url);
      await failures(node, 1);
      const { now } = Date;
      Date.now = () => now() - 3_600_000;
      try {
        await failures(node, 2);
      } finally {
        Date.now = now;
      }
    });

    it('reports that a node was told to keep itself', async () => {
      const node = await startNode();
      node.keep(urlOf(node));
      expect(await failures(node, 1)).toEqual([
        [urlOf(node), expect.stringMatching(/own|itself|self/)],
      ]);
    });

    it('reports that a node is of another network, and dials on: it may be replaced', async () => {
      const [node, foreign] = [makeNode(), await startNode({ genesis: OTHER_GENESIS })];
      const url = urlOf(foreign);
      node.keep(url);
      expect(await failures(node, 1)).toEqual([
        [url, expect.stringMatching(/network|genesis/)],
      ]);
      await foreign.close();
      await untilConnected(node, await startAt(url));
    });
  });

  describe('suggest', () => {
    it('has a url dialed when the node wants peers', async () => {
      const redial = { first: 200, max: 200 };
      const [node, other] = [makeNode({ redial }), await startNode()];
      node.suggest(urlOf(other));
      await untilConnected(node, other);
    });

    it('has it dialed again where nobody was the first time', async () => {
      const [node, url] = [makeNode(), await deadUrl()];
      node.suggest(url);
      await failures(node, 1);
      await untilConnected(node, await startAt(url));
    });

    it('has a url forgotten where nobody ever is', async () => {
      const node = makeNode({ redial: { first: 5, max: 10 } });
      node.suggest(await deadUrl());
      await failures(node, 10);
      await someTurns();
      expect(node.addresses).toEqual([]);
    });

    it('is content with as many peers as the node looks for, beyond those to keep', async () => {
      const node = makeNode({ outbound: 2, heed: () => false });
      const others = await Promise.all([0, 1, 2, 3, 4].map(() => startNode()));
      const kept = await startNode();
      for (const other of others) node.suggest(urlOf(other));
      node.keep(urlOf(kept));
      await until([node], 'three peers', () => node.peers.length === 3);
      await someTurns(20);
      expect(node.peers).toHaveLength(3);
      expect(idsOf(node)).toContain(kept.id);
    });

    it('looks for eight unless told otherwise', async () => {
      const node = makeNode({ redial: { first: 5, max: 10 } });
      for (let i = 0; i < 12; i += 1) {
        const hello = JSON.stringify(helloOf({ nodeId: idOf(i.toString(16)) }));
        const { url } = await serve((socket) => socket.send(hello));
        node.suggest(url);
      }
      await until([node], 'eight peers', () => node.peers.length === 8);
      await someTurns(20);
      expect(node.peers).toHaveLength(8);
    });

    it('lists what the node has heard of, each url once', async () => {
      const redial = { first: 60_000, max: 60_000 };
      const [node, url, kept] = [makeNode({ redial }), await deadUrl(), await deadUrl()];
      node.suggest(url);
      node.suggest(url);
      node.keep(kept);
      node.suggest(kept);
      expect(node.addresses).toEqual([
        { url, keep: false },
        { url: kept, keep: true },
      ]);
    });

    it('notes what the node was told itself, whatever it heeds of others', () => {
      const node = makeNode({ heed: () => false });
      node.suggest('ws://10.0.0.1:8000');
      expect(node.addresses).toEqual([{ url: 'ws://10.0.0.1:8000', keep: false }]);
    });
  });

  describe('finding each other', () => {
    it('dials who has called to see who is there, and is content with one connection', async () => {
      const [a, b] = [await startNode(), await startNode()];
      const [first, second] = [diaryOf(a), diaryOf(b)];
      await a.connect(urlOf(b));
      const [, toA] = await untilConnected(a, b);
      await someTurns(20);
      expect(await b.connect(urlOf(a))).toBe(toA);
      expect([first, second]).toEqual([[`peer ${b.id}`], [`peer ${a.id}`]]);
      expect(b.addresses).toEqual([{ url: urlOf(a), keep: false }]);
    });

    it('is done by a line of nodes, each told only of the one before', async () => {
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
  });

  describe('close', () => {
    it('gives up what is being dialed, and dials no more', async () => {
      const [node, other] = [makeNode(), await startNode()];
      const diary = diaryOf(node);
      node.keep(urlOf(other));
      await soon(node.close(), 'close()');
      node.keep(urlOf(other, 'localhost'));
      await someTurns(20);
      expect([diary, other.peers]).toEqual([[], []]);
    });

    it('dials no more what it had a connection to', async () => {
      const [node, other] = [makeNode(), await startNode()];
      node.keep(urlOf(other));
      await untilConnected(node, other);
      const diary = diaryOf(other);
      await soon(node.close(), 'close()');
      await someTurns(20);
      expect([diary, keysOf(node)]).toEqual([[`gone ${node.id}`], []]);
    });

    it('leaves no timer behind', async () => {
      const before = timersSet();
      const [a, b] = [await startNode(), await startNode()];
      a.keep(urlOf(b));
      await untilConnected(a, b);
      await Promise.all([a.close(), b.close()]);
      expect({ timersLeft: await timersBeyond(before) }).toEqual({ timersLeft: 0 });
    });
  });
});
