/** What one peer, or many, can do to a node over the port for peers: each attack as it is done. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { genesisBlock, nextBlock, type Block } from '#blocks';
import { openStore } from '../../final/storage/level-store.ts';
import { TestNode, agreed, cleanUp, easy, memoryOf, newFolder } from './harness.ts';
import { RawPeer, closeRawPeers, dial, helloOf } from './raw-peer.ts';

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
  await store.write([{ removed: [], added }]);
  await store.close();
  return folder;
}

/** Makes sure that blocks still go both ways. */
async function expectHarmony(node: TestNode, friend: TestNode): Promise<void> {
  await node.post('from the node');
  await agreed(node, friend);
  const { hash } = await friend.post('from its friend');
  await node.untilTip(hash);
}

interface ListedPeer {
  readonly id: string;
  readonly url: string | null;
  readonly direction: string;
}

/** Waits until a node lists a peer of this kind. */
async function untilPeer(
  node: TestNode,
  isIt: (peer: ListedPeer) => boolean,
): Promise<ListedPeer> {
  for (;;) {
    const found = (await node.get<ListedPeer[]>('/peers')).find(isIt);
    if (found !== undefined) return found;
    await sleep(50);
  }
}

const idOf = async (node: TestNode) => (await node.get<{ id: string }>('/status')).id;

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
  /** Two nodes, one of which was told of the other, which then goes away. */
  async function parted() {
    const victim = await TestNode.start(easy);
    const node = await TestNode.start(['-n', victim.ws, '--outbound', '0']);
    await node.until(({ msg }) => msg.startsWith('Joined'));
    await victim.post('on disk');
    const id = await idOf(victim);
    const { ws, wsPort, folder } = victim;
    await victim.kill();
    await node.until(({ msg }) => msg.startsWith(`Lost ${ws}`));
    const comeBack = async () =>
      TestNode.start(['-w', wsPort, '--outbound', '0'], folder);
    return { node, id, url: ws, port: Number(wsPort), comeBack };
  }

  it.each(['id', 'port', 'id and port'])(
    'does not keep a node away whose %s it has taken',
    async (what) => {
      const { node, id, url, port, comeBack } = await parted();
      const thief = await dial(node, {
        ...(what.includes('id') && { nodeId: id }),
        ...(what.includes('port') && { port }),
      });
      const absent = await node.request('/peers', { url });
      expect(absent.status).toBe(502);
      const victim = await comeBack();
      const back = await untilPeer(
        node,
        (peer) => peer.url === url && peer.direction === 'outbound',
      );
      expect(back.id).toBe(await idOf(victim));
      expect(await node.request('/peers', { url })).toMatchObject({
        status: 200,
        body: back,
      });
      thief.socket.terminate();
      await expectHarmony(node, victim);
    },
  );

  it('does not have a node refused by breaking the protocol in its name', async () => {
    const { node, id, url, port, comeBack } = await parted();
    for (let i = 0; i < 3; i += 1) {
      const thief = await dial(node, { nodeId: id, port });
      thief.send('{bad');
      await thief.closed();
    }
    const victim = await comeBack();
    await untilPeer(node, (peer) => peer.url === url);
    const late = await TestNode.join(node); // from the same address
    await expectHarmony(late, victim);
  });

  it('is not dialed in place of a neighbor whose port it gives', async () => {
    const [node, neighbor] = [await TestNode.start(easy), await TestNode.start(easy)];
    const { genesis } = await readHello(neighbor);
    await dial(node, { port: Number(neighbor.wsPort) });
    // It is of another network, but it is dialed to find that out.
    const { msg } = await node.until((line) =>
      line.msg.includes(`No connection to ${neighbor.ws}`),
    );
    expect(msg).toContain(genesis?.slice(0, 12));
  });

  /** What a node says of itself to one that joins. */
  async function readHello(node: TestNode) {
    return (await dial(node)).receive('hello');
  }
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
    // More of the idle come and go, and the old friend stays.
    for (let i = 0; i < 20; i += 1) {
      idle.push(await dial(node, {}, { localAddress: '127.0.0.2' }));
    }
    await expectHarmony(node, friend);
    expect(friend.output).not.toContain('Lost');
    expect((await node.get<ListedPeer[]>('/peers')).length).toBeLessThanOrEqual(130);
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

describe('A port that is taken for the other one', () => {
  it('tells an HTTP client of the other port, with status 426', async () => {
    const node = await TestNode.start(easy);
    const response = await fetch(node.ws.replace('ws:', 'http:'));
    expect(response.status).toBe(426);
    expect(await response.text()).toMatch(/WebSocket.*HTTP API.*port/);
  });

  it('tells a WebSocket client and a node where peers connect', async () => {
    const node = await TestNode.start(easy);
    const url = node.http.replace('http:', 'ws:');
    const socket = new WebSocket(url).on('error', () => undefined);
    const [, answer] = (await once(socket, 'unexpected-response')) as [
      unknown,
      NodeJS.ReadableStream,
    ];
    let text = '';
    for await (const piece of answer) text += String(piece);
    expect(JSON.parse(text)).toMatchObject({ detail: expect.stringContaining(node.ws) });
    const { body } = await node.request<{ detail: string }>('/peers', { url });
    expect(body.detail).toMatch(/HTTP API/);
  });
});

describe('A hello', () => {
  it('may carry a name, which the node takes as text', async () => {
    const node = await TestNode.start(easy);
    const peer = await dial(node, { name: 'Ada’s node' });
    peer.send({ type: 'getPeers' });
    await peer.receive('peers');
    const bad = new RawPeer(new WebSocket(node.ws));
    await once(bad.socket, 'open');
    bad.send(helloOf(null, { name: '\u001b[2J' }));
    expect(await bad.closed()).toMatch(/^Invalid message: name/);
  });

  it('of a version before this one is answered in words, without blame', async () => {
    const node = await TestNode.start(easy);
    const old = { ...helloOf(null), version: 1, time: undefined }; // JSON leaves that out
    const peer = new RawPeer(new WebSocket(node.ws));
    await once(peer.socket, 'open');
    peer.send(old);
    expect(await peer.closed()).toBe('Different protocol versions: 2 and 1.');
    expect(node.output).not.toContain('Parting with');
  });
});
