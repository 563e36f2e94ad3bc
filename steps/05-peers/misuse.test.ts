import { once } from 'node:events';
import { connect as openTcp, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  FarEnd,
  OTHER_GENESIS,
  SENTENCE,
  atEnd,
  cleanUp,
  getPeers,
  helloOf,
  idOf,
  serve,
  soon,
  tipOf,
} from './far-end-for-test.ts';
import {
  closeNodes,
  greet,
  startNode as startAnyNode,
  urlOf,
} from './networks-for-test.ts';
import {
  MAX_MESSAGE_BYTES,
  type Hello,
  type NetworkOptions,
  type Peer,
  type PeerNetwork,
} from '#peers';

afterEach(async () => {
  cleanUp();
  await closeNodes();
});

/** Starts a node that dials nobody whom others have named. */
const startNode = (options: Partial<NetworkOptions> = {}) =>
  startAnyNode({ outbound: 0, ...options });

/** Lets as many nodes call as a node lets in. */
async function fill(network: PeerNetwork): Promise<FarEnd[]> {
  const fars: FarEnd[] = [];
  for (let i = 0; i < 128; i += 1) fars.push(await greet(network));
  return fars;
}

/** Opens a connection that says nothing. */
async function openSilent(network: PeerNetwork): Promise<Socket> {
  const socket = openTcp(network.port ?? 0, '127.0.0.1').on('error', () => undefined);
  atEnd(() => socket.destroy());
  await soon(once(socket, 'connect'), 'a connection');
  return socket;
}

/** A message that arrives shows that a peer is served. */
async function expectServed(network: PeerNetwork, far: FarEnd, peer: Peer | undefined) {
  const came = soon(once(network, 'message'), 'a message of an honest peer');
  await far.say(tipOf(5));
  expect(await came).toEqual([peer, tipOf(5)]);
}

/** The next that breaks the protocol, and the reason. */
const nextBlamed = (network: PeerNetwork) =>
  soon(once(network, 'blamed'), 'the event blamed') as Promise<[Peer, string]>;

describe('Task 12: misuse', () => {
  describe('blame', () => {
    it('is reported of who called and broke the protocol, once, with the peer', async () => {
      const node = await startNode();
      const far = await greet(node, { nodeId: idOf('1') });
      const [peer] = node.peers;
      const blamed: string[][] = [];
      node.on('blamed', ({ key }, reason) => blamed.push([key, reason]));
      const gone = soon(once(node, 'gone'), 'the event gone');
      await far.say('{bad', '{bad');
      const reason = await soon(far.closed, 'the end');
      expect((await gone)[1]).toBe(reason);
      expect(blamed).toEqual([[peer?.key, reason]]);
    });

    it('is reported of who breaks the protocol before it has said hello', async () => {
      const node = await startNode();
      const blamed = nextBlamed(node);
      await FarEnd.to(node).say('{bad');
      const [{ host, id }, reason] = await blamed;
      expect({ host, id }).toEqual({ host: '127.0.0.1', id: '' });
      expect(reason).toMatch(/JSON/);
    });

    it('is on nobody for what is at a url that somebody else may have named', async () => {
      const node = await startNode();
      const blamed: string[] = [];
      node.on('blamed', (_caller, reason) => blamed.push(reason));
      const { url } = await serve((socket) => socket.send('{bad'));
      await expect(soon(node.connect(url), 'the failure')).rejects.toThrow(/JSON/);
      expect(blamed).toEqual([]);
    });
  });

  describe('what breaks the protocol', () => {
    const tooLarge = `{"type":"getPeers","junk":"${'x'.repeat(MAX_MESSAGE_BYTES)}"}`;

    it.each([
      ['{bad', '{bad'],
      ['null', 'null'],
      ['a type that is a number', '{"type":2}'],
      ['blocks that are none', '{"type":"blocks","blocks":[null]}'],
      ['a second hello', JSON.stringify(helloOf())],
      ['more than is taken at once', tooLarge],
    ])('as %s does ends that connection, and no other', async (_name, text) => {
      const node = await startNode();
      const good = await greet(node, { nodeId: idOf('d') });
      const bad = await greet(node);
      const [peer, other] = node.peers;
      const gone = soon(once(node, 'gone'), 'the end of that connection');
      await bad.say(text);
      expect((await gone)[0]).toBe(other);
      expect(node.peers).toEqual([peer]);
      await expectServed(node, good, peer);
      await greet(node); // and whoever behaves may come again
    });

    it('ends a connection that the node has dialed, too', async () => {
      const node = await startNode();
      const { url } = await serve((socket) => {
        socket.send(JSON.stringify(helloOf()));
        socket.send(tooLarge);
      });
      const gone = soon(once(node, 'gone'), 'the end of that connection');
      await node.connect(url);
      await gone;
    });
  });

  describe('many connections', () => {
    it('that come and go leave nothing behind', async () => {
      const node = await startNode();
      for (let i = 0; i < 10; i += 1) {
        const crowd = Array.from({ length: 20 }, () => FarEnd.to(node));
        for (const { socket } of crowd) socket.once('open', () => socket.terminate());
        await Promise.all(crowd.map(({ closed }) => soon(closed, 'the end')));
      }
      await greet(node);
      expect(node.peers.map(({ id }) => id)).toEqual([idOf('b')]);
    });

    it('that wait and say nothing keep no node out: the oldest has to go', async () => {
      const node = await startNode();
      for (let i = 0; i < 20; i += 1) (await openSilent(node)).destroy(); // they take no place
      const silent: Socket[] = [];
      for (let i = 0; i < 110; i += 1) {
        silent.push(await openSilent(node));
        if (i % 10 === 0) await FarEnd.to(node).say(); // this one does ask for a WebSocket
      }
      await greet(node);
      const [oldest, youngest] = [silent[0], silent.at(-1)];
      if (oldest?.closed === false)
        await soon(once(oldest, 'close'), 'the oldest to be ended');
      expect({ youngestWaits: youngest?.closed }).toEqual({ youngestWaits: false });
    });

    it('that wait and say nothing push out no peer', async () => {
      const node = await startNode();
      const old = await greet(node);
      for (let i = 0; i < 150; i += 1) await openSilent(node);
      await expectServed(node, old, node.peers[0]);
    });

    it('are let in up to 128, and a full node can still dial', async () => {
      const node = await startNode();
      await fill(node);
      const late = FarEnd.to(node);
      await late.say(helloOf({ nodeId: idOf('f') }));
      expect(await soon(late.closed, 'the refusal')).toMatch(SENTENCE);
      const other = await startNode();
      expect((await soon(node.connect(urlOf(other)), 'a peer')).id).toBe(other.id);
      expect(node.peers).toHaveLength(129);
    });

    it('do not count when they are about to end: the next one is let in', async () => {
      const node = await startNode();
      const [slow] = await fill(node);
      slow?.socket.pause(); // it hears no goodbye
      node.peers[0]?.close('It is late.');
      await greet(node, { nodeId: idOf('f') });
      expect(node.peers.at(-1)?.id).toBe(idOf('f'));
    });

    it('are told of a hundred urls at most', async () => {
      const node = await startNode();
      for (let i = 0; i < 101; i += 1) await greet(node, { port: 9_000 + i });
      const far = await greet(node);
      await far.say(getPeers);
      const { urls } = (await far.nextOf('peers')) as { urls: string[] };
      expect(new Set(urls).size).toBe(100);
    });

    it('make room for the next one where the owner of the node says for whom', async () => {
      const node = await startNode({ makeRoom: (peers) => peers[7] });
      const fars = await fill(node);
      const leaving = node.peers[7];
      const gone = soon(once(node, 'gone'), 'one that makes room');
      await greet(node, { nodeId: idOf('f') });
      expect((await gone)[0]).toBe(leaving);
      expect(await fars[7]?.closed).toMatch(SENTENCE);
      expect([node.peers.length, node.peers.at(-1)?.id]).toEqual([128, idOf('f')]);
    });

    it('make no room for one that is refused all the same', async () => {
      const asked: unknown[] = [];
      const node = await startNode({
        makeRoom: (peers) => {
          asked.push(peers.length);
          return peers[0];
        },
      });
      await fill(node);
      const far = FarEnd.to(node);
      await far.say(helloOf({ genesis: OTHER_GENESIS }));
      expect(await soon(far.closed, 'the refusal')).toMatch(/network|genesis/);
      expect({ asked, peers: node.peers.length }).toEqual({ asked: [], peers: 128 });
    });

    it('make room once for each that calls, even if those who leave are slow', async () => {
      const asked: number[] = [];
      const node = await startNode({
        makeRoom: (peers) => {
          asked.push(peers.length);
          return peers[0];
        },
      });
      for (const { socket } of await fill(node)) socket.pause(); // they hear no goodbye
      const leaving = node.peers.slice(0, 3);
      const gone: Peer[] = [];
      const all = new Promise<void>((resolve) => {
        node.on('gone', (peer) => {
          if (gone.push(peer) === 3) resolve();
        });
      });
      for (let i = 0; i < 3; i += 1) await greet(node);
      await soon(all, 'three that make room', 5_000);
      expect(new Set(gone)).toEqual(new Set(leaving));
      expect({ asked, peers: node.peers.length }).toEqual({
        asked: [128, 128, 128], // only those that stay
        peers: 128,
      });
    });
  });

  describe('what callers say of themselves', () => {
    /** Dials a node until it takes the call, and gives what the caller has of it. */
    async function reach(node: PeerNetwork, other: PeerNetwork): Promise<Peer> {
      node.keep(urlOf(other));
      const peer = await soon(node.connect(urlOf(other)), 'a peer');
      const isThere = () => other.peers.some(({ key }) => peer.hello.nonce === key);
      if (!isThere()) await soon(once(other, 'peer'), 'the other end of that connection');
      expect(isThere()).toBe(true);
      return peer;
    }

    it.each<[what: string, of: (victim: PeerNetwork) => Partial<Hello>]>([
      ['id', ({ id }) => ({ nodeId: id })],
      ['port', ({ port }) => ({ port })],
      ['id and port', ({ id, port }) => ({ nodeId: id, port })],
    ])('does not keep two nodes apart whose %s they have taken', async (_name, of) => {
      const [node, victim] = [await startNode(), await startNode()];
      await greet(node, of(victim));
      await greet(victim, of(node));
      expect((await reach(node, victim)).id).toBe(victim.id);
      expect((await reach(victim, node)).id).toBe(node.id);
    });

    it('is not believed in place of one that is not there', async () => {
      const [node, gone] = [await startNode(), await startNode()];
      const url = urlOf(gone);
      await greet(node, { nodeId: gone.id, port: gone.port });
      await gone.close();
      await expect(soon(node.connect(url), 'the failure')).rejects.toThrow(/\w+ \w+/);
    });

    it('keeps nobody out whose id and port one has taken that the node dialed', async () => {
      const [node, victim] = [await startNode(), await startNode()];
      const stolen = helloOf({ nodeId: victim.id, port: victim.port });
      const { url } = await serve((socket) => socket.send(JSON.stringify(stolen)));
      expect((await node.connect(url)).id).toBe(victim.id);
      await reach(victim, node);
    });

    it('is believed of a url only with the proof that a peer is there', async () => {
      const [node, other] = [await startNode(), await startNode()];
      const thief = await greet(node, {
        nodeId: other.id,
        port: other.port,
        nonce: idOf('1'),
      });
      const { url } = await serve((socket) => {
        // Whoever is there claims to be connected already, and does not know the nonce.
        socket.close(4_000, `The two nodes are connected already. ${'0'.repeat(64)}`);
      });
      await expect(soon(node.connect(url), 'the failure')).rejects.toThrow(/connected/);
      thief.socket.terminate();
    });
  });

  it('is counted in bytes, as all that goes through the connections of a node', async () => {
    const [node, other] = [await startNode(), await startNode()];
    const peer = await node.connect(urlOf(other));
    const came = soon(once(other, 'message'), 'the tip');
    const gone = soon(once(other, 'gone'), 'the end');
    peer.send(tipOf(1));
    await came;
    peer.close('It is late.');
    await gone;
    expect(node.traffic.sent).toBeGreaterThan(JSON.stringify(tipOf(1)).length);
    expect(other.traffic.received).toBe(node.traffic.sent);
    expect(node.traffic.received).toBeGreaterThan(0); // what came last may have been too late
    expect(node.traffic.received).toBeLessThanOrEqual(other.traffic.sent);
  });
});
