/** Peers that misbehave: each is dropped, and honest ones notice nothing. */
import { once } from 'node:events';
import { connect as openTcp, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { genesisBlock, nextBlock, type Block } from '#blocks';
import { openStore } from '../../final/storage/level-store.ts';
import { TestNode, agreed, cleanUp, easy, memoryOf, newFolder } from './harness.ts';
import { closeRawPeers, dial, helloOf } from './raw-peer.ts';

const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  closeRawPeers();
  await cleanUp();
});

const id = 'b'.repeat(32);

/** Starts two honest nodes that are peers. */
async function honestPair(folder?: string): Promise<[TestNode, TestNode]> {
  const node = await TestNode.start(easy, folder);
  return [node, await TestNode.join(node)];
}

/** Makes sure that blocks still go both ways. */
async function expectHarmony(node: TestNode, friend: TestNode): Promise<void> {
  await node.post('from the node');
  await agreed(node, friend);
  const { hash } = await friend.post('from its friend');
  await node.untilTip(hash);
}

/** Makes a data folder with a chain of 2,000 blocks, about 2 MB. */
async function longChain(): Promise<string> {
  const folder = await newFolder();
  const store = await openStore(folder);
  const added = [genesisBlock({ timestamp: 0, difficulty: 0 })];
  for (const last of added) {
    if (added.length < 2_000) added.push(nextBlock(last, 'x'.repeat(700), 0));
  }
  await store.write({ blocks: added, tip: added.at(-1)?.hash });
  await store.close();
  return folder;
}

/** Waits until the node's memory is down to `limit` MB; the test's time limit ends the wait. */
async function untilMemory(node: TestNode, limit: number): Promise<void> {
  while ((await memoryOf(node)) > limit);
}

describe('A peer that sends an invalid block', () => {
  it('is dropped, and who has the same id has nothing to suffer for it', async () => {
    const [node, friend] = await honestPair();
    const tip = await node.get<Block>('/blocks/latest');
    const bad: Block = { ...nextBlock(tip, 'bad', Date.now()), hash: 'f'.repeat(64) };
    const peer = await dial(node, { nodeId: id });
    const claim = { hash: bad.hash, index: bad.index, work: '1' };
    peer.send({ type: 'tip', tip: claim, block: bad });
    expect(await peer.closed()).toMatch(/invalid block/);
    await node.until(({ msg }) => msg.startsWith(`Parting with ${id.slice(0, 8)}`));
    await dial(node, { nodeId: id });
    await expectHarmony(node, friend);
  });
});

describe('A peer that asks for blocks without end', () => {
  it('gets them as fast as it reads, and the others are served as before', async () => {
    const [node, friend] = await honestPair(await longChain());
    const peer = await dial(node);
    const question = JSON.stringify({ type: 'getBlocks', locator: [] });
    let answers = 0;
    let isOver = false;
    peer.socket.on('message', () => {
      answers += 1;
      if (!isOver) peer.socket.send(question);
    });
    peer.socket.send(question);
    await expectHarmony(node, friend);
    isOver = true;
    expect(answers).toBeGreaterThan(1);
    expect(await node.get<unknown[]>('/peers')).toHaveLength(2);
  });
});

describe('Connections that come to nothing', () => {
  it('leave no memory behind, though 3,000 come and vanish (Pychain kept 52 KB of each)', async () => {
    const node = await TestNode.start([...easy, '--shared-address']);
    const connectTimes = async (times: number) => {
      for (let i = 0; i < times; i += 50) {
        await Promise.all(
          Array.from({ length: 50 }, async () => {
            const socket = new WebSocket(node.ws);
            await once(socket, 'open');
            socket.terminate();
            await once(socket, 'close');
          }),
        );
      }
    };
    await connectTimes(3_000); // the first ones warm the machine up
    const before = await memoryOf(node);
    await connectTimes(3_000);
    await untilMemory(node, before * 1.1);
    expect(await node.get('/peers')).toEqual([]);
  });

  it('do not keep others out while they wait for a handshake that never comes', async () => {
    const node = await TestNode.start(easy);
    const port = Number(node.wsPort);
    const upgrade =
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
    for (let i = 0; i < 400; i += 1) {
      const socket = openTcp(port, '127.0.0.1').on('error', () => undefined);
      sockets.push(socket);
      await once(socket, 'connect');
      if (i % 4 === 0) socket.write(upgrade); // a WebSocket that never says hello
      if (i % 4 === 1) socket.write('GET / HT'); // a request that never ends
    }
    await expectHarmony(node, await TestNode.join(node));
  });

  it('are refused when they come in a loop, and the peers notice nothing', async () => {
    const [node, friend] = await honestPair();
    let refused = 0;
    for (let i = 0; i < 400; i += 1) {
      const socket = new WebSocket(node.ws);
      socket.on('error', () => (refused += 1));
      socket.on('open', () => {
        socket.send(JSON.stringify(helloOf(null, { port: 1 + i })));
        socket.close();
      });
      await new Promise((resolve) => socket.on('close', resolve));
    }
    expect(refused).toBeGreaterThan(0);
    await expectHarmony(node, friend);
    const late = await TestNode.start(['-n', node.ws]); // it tries again until it is let in
    await late.until(({ msg }) => msg.startsWith('Joined the network'));
  });
});

describe('A peer that names thousands of false urls', () => {
  it('does not keep the node from finding the right ones', async () => {
    const origin = await TestNode.start(easy);
    await origin.stop();
    const copy = await newFolder(origin.folder);
    const node = await TestNode.start([], origin.folder);
    const hidden = await TestNode.start([], copy); // of the same network; nobody knows of it
    const friend = await TestNode.join(node);
    const liar = await dial(node);
    for (let i = 0; i < 50; i += 1) {
      // Addresses of this machine, at the port where everything is thrown away.
      const urls = Array.from({ length: 100 }, (_, j) => `ws://127.1.${i}.${j}:9`);
      liar.send({ type: 'peers', urls });
    }
    const honest = await dial(node);
    honest.send({ type: 'peers', urls: [hidden.ws] });
    await node.until(({ msg }) => msg === `Connected to ${hidden.ws}`);
    await expectHarmony(node, friend);
  });
});
