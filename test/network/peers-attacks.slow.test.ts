/** What one peer, or many, can do to a node over the port for peers: the attacks that take longer. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { genesisBlock, nextBlock, type Block } from '#blocks';
import { openStore } from '../../final/storage/level-store.ts';
import { TestNode, agreed, cleanUp, easy, memoryOf, newFolder } from './harness.ts';
import { expectDialed, expectHarmony, parted, type ListedPeer } from './peers-attacks.ts';
import { closeRawPeers, dial, pretend, type RawPeer } from './raw-peer.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  closeRawPeers();
});
afterAll(cleanUp);

/** Makes a data folder with a chain of so many blocks that carry `data`. */
async function chainOf(length: number, data: string): Promise<string> {
  const folder = await newFolder();
  const store = await openStore(folder);
  const added = [genesisBlock({ timestamp: 0, difficulty: 0 })];
  for (const last of added) {
    if (added.length < length) added.push(nextBlock(last, data, 0));
  }
  await store.write({ blocks: added, tip: added.at(-1)?.hash });
  await store.close();
  return folder;
}

describe('A peer that sends junk as fast as it can', () => {
  const hash = '0123456789abcdef'.repeat(4);
  const tip = { hash, index: 7, work: '1' };
  const text = (message: object) => JSON.stringify(message);
  const send = (data: string) => (socket: WebSocket) => socket.send(data);
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  let node: TestNode;
  let friend: TestNode;
  beforeAll(async () => {
    const folder = await chainOf(500, 'x'.repeat(700));
    node = await TestNode.start(['--shared-address'], folder); // or it would be let in seldom
    friend = await TestNode.join(node);
  });
  afterAll(cleanUp);

  const url = (i: number) => `ws://127.9.${i >> 8}.${i & 255}:9`;

  it.each<[name: string, flood: (socket: WebSocket, i: number) => void]>([
    [
      '8 MB of brackets in an unknown field',
      send(`{"type":"getPeers","x":${nested(4e6)}}`),
    ],
    [
      '64 KB of brackets in an unknown field',
      send(`{"type":"getPeers","x":${nested(3e4)}}`),
    ],
    [
      '64 KB of brackets on a topic',
      send(`{"type":"topic","topic":"x","body":${nested(3e4)}}`),
    ],
    ['an unknown field', send('{"type":"getPeers","x":1}')],
    [
      'an unknown topic',
      send(text({ type: 'topic', topic: 'x', body: 'x'.repeat(60_000) })),
    ],
    ['tips', send(text({ type: 'tip', tip }))],
    [
      'tips with a block',
      send(text({ type: 'tip', tip, block: genesisBlock({ timestamp: 0 }) })),
    ],
    ['questions for peers', send('{"type":"getPeers"}')],
    [
      'urls',
      (socket, i) => {
        const urls = Array.from({ length: 100 }, (_, j) => url((100 * i + j) % 65_536));
        socket.send(text({ type: 'peers', urls }));
      },
    ],
    ['questions for blocks', send('{"type":"getBlocks","locator":[]}')],
    [
      'long questions for blocks',
      send(text({ type: 'getBlocks', locator: Array(100).fill(hash) })),
    ],
    ['blocks that nobody asked for', send('{"type":"blocks","blocks":[]}')],
    ['pings', (socket) => socket.ping()],
    ['pongs', (socket) => socket.pong()],
    ['half a message', (socket) => socket.send('x'.repeat(1_000_000), { fin: false })],
  ])('such as %s is parted with, and the others are served', async (_name, flood) => {
    const peer = await dial(node);
    let reason: string | undefined;
    void peer.closed().then((why) => (reason = why));
    let sent = 0;
    while (reason === undefined) {
      if (peer.socket.bufferedAmount < 4_000_000) flood(peer.socket, (sent += 1));
      if (sent % 100 === 0 || peer.socket.bufferedAmount >= 4_000_000) await sleep(1);
    }
    while ((await node.get<ListedPeer[]>('/peers')).length > 1) await sleep(50);
    await expectHarmony(node, friend);
  });

  it('and is asked for blocks cannot make them of brackets', async () => {
    const liar = await dial(node);
    liar.send({ type: 'tip', tip: { ...tip, work: '9'.repeat(50) } });
    await liar.receive('getBlocks');
    liar.send(`{"type":"blocks","blocks":${nested(4e6)}}`);
    expect(await liar.closed()).toMatch(/^Invalid message/);
    await expectHarmony(node, friend);
  });
});

describe('A node that catches up at full speed', () => {
  it.each([
    ['many small blocks', 6_000, 10],
    ['blocks of 600 KB', 60, 600_000],
  ])('on %s is parted with by nobody', async (_name, length, size) => {
    const node = await TestNode.start([], await chainOf(length, 'x'.repeat(size)));
    const { hash } = await node.get<Block>('/blocks/latest');
    const joiners = await Promise.all(
      [1, 2, 3].map(() => TestNode.start(['-n', node.ws])),
    );
    await Promise.all(joiners.map((joiner) => joiner.untilTip(hash)));
    for (const each of [node, ...joiners]) {
      expect(each.output).not.toMatch(/Parting with|too much|too slowly|asked for/);
    }
  });
});

describe('Peers that ask and never read', () => {
  it('cost little memory, 64 of them, and are all parted with', async () => {
    const node = await TestNode.start(
      ['--shared-address'],
      await chainOf(2_000, 'x'.repeat(700)),
    );
    const peers = await Promise.all(Array.from({ length: 64 }, () => dial(node)));
    const before = await memoryOf(node);
    for (const { socket } of peers) socket.pause();
    for (const peer of peers) {
      for (let i = 0; i < 60; i += 1) peer.send({ type: 'getBlocks', locator: [] });
    }
    let most = 0;
    while ((await node.get<ListedPeer[]>('/peers')).length > 0) {
      most = Math.max(most, await memoryOf(node));
      await sleep(200);
    }
    expect(most).toBeLessThan(before + 150); // it was 2,165 before there was a limit
  }, 120_000);
});

describe('A caller with the name of somebody else', () => {
  it.each(['id', 'port'])(
    'does not keep a node away whose %s it has taken',
    async (what) => {
      const { node, id, url, port, comeBack } = await parted();
      const thief = await dial(node, what === 'id' ? { nodeId: id } : { port });
      const absent = await node.request('/peers', { url });
      expect(absent.status).toBe(502);
      const victim = await comeBack();
      await expectDialed(node, victim);
      thief.socket.terminate();
      await expectHarmony(node, victim);
    },
  );

  it('does not have a node refused by breaking the protocol in its name', async () => {
    const { node, id, port, comeBack } = await parted();
    for (let i = 0; i < 3; i += 1) {
      const thief = await dial(node, { nodeId: id, port });
      thief.send('{bad');
      await thief.closed();
    }
    const victim = await comeBack();
    await expectDialed(node, victim);
    const late = await TestNode.join(node); // from the same address
    await expectHarmony(late, victim);
  });

  it('is not dialed in place of a neighbor whose port it gives', async () => {
    const [node, neighbor] = [await TestNode.start(easy), await pretend()];
    await dial(node, { port: Number(new URL(neighbor.url).port) });
    const { port } = await (await neighbor.next()).receive('hello');
    expect(port).toBe(Number(node.wsPort)); // it was dialed, to find out who is there
  });
});

describe('Idle peers that take all places', () => {
  it('do not keep a new node out, and push out no old one', async () => {
    const node = await TestNode.start(easy);
    const friend = await TestNode.join(node);
    const idle: RawPeer[] = [];
    for (const localAddress of ['127.0.0.2', '127.0.0.3']) {
      for (let i = 0; i < 64; i += 1) idle.push(await dial(node, {}, { localAddress }));
    }
    const joiners = [await TestNode.join(node), await TestNode.join(node)];
    await node.post('for all');
    await agreed(node, friend, ...joiners);
    // More of the idle come, those that must leave do not answer, and the old friend stays.
    for (const localAddress of ['127.0.0.4', '127.0.0.5', '127.0.0.6']) {
      for (const { socket } of idle) socket.pause();
      const more = Array.from({ length: 90 }, () => dial(node, {}, { localAddress }));
      idle.push(...(await Promise.all(more)));
    }
    for (const { socket } of idle) socket.resume();
    await expectHarmony(node, friend);
    expect(friend.output).not.toContain('Lost');
    while ((await node.get<ListedPeer[]>('/peers')).length > 130) await sleep(100);
  });
});

describe('A peer that names thousands of urls', () => {
  it('has the node dial few of them, and what others name before them', async () => {
    const calls: string[] = [];
    const server = createServer((socket) => {
      calls.push(String(socket.localAddress));
      socket.destroy();
    });
    servers.push(server);
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const node = await TestNode.start(easy);
    const friend = await TestNode.join(node);
    const liar = await dial(node);
    for (let i = 0; i < 43; i += 1) {
      const urls = Array.from({ length: 100 }, (_, j) => `ws://127.1.${i}.${j}:${port}`);
      liar.send({ type: 'peers', urls });
    }
    while (calls.length === 0) await sleep(20);
    const hidden = await TestNode.start(['-n', friend.ws, '--outbound', '0']);
    await node.until(({ msg }) => msg.includes(hidden.ws));
    expect(calls.length).toBeLessThan(30); // 4,300 were named
    await expectHarmony(node, friend);
  });

  it('is not blamed for urls that are none, as it may have heard them', async () => {
    const node = await TestNode.start(easy);
    const peer = await dial(node);
    peer.send({ type: 'peers', urls: ['ws://[fe80::1%wlan0]:8000', 'nonsense'] });
    peer.send({ type: 'getPeers' });
    expect(await peer.receive('peers')).toEqual({ type: 'peers', urls: [] });
  });
});

describe('A server that offers compression to those that dial it', () => {
  it('is refused, and unpacks nothing', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => {
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
            'Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Accept: x\r\n\r\n',
        );
      });
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const node = await TestNode.start(easy);
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await node.request('/peers', { url })).status).toBe(502);
  });
});
