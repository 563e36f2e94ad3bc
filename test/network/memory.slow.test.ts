/** Nodes with a small heap, and chains that are far larger than it. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { genesisBlock, nextBlock, type Block } from '#blocks';
import { openStore } from '../../final/storage/level-store.ts';
import { TestNode, cleanUp, memoryOf, newFolder } from './harness.ts';
import { RawPeer, closeRawPeers, helloOf } from './raw-peer.ts';

afterEach(async () => {
  closeRawPeers();
  await cleanUp();
});

const MIB = 1_048_576;

/** How long the chain is: more than the heap holds. npm run test:memory takes 1,000. */
const COUNT = Number(process.env.BLOCKS ?? 320);

/** Starts a node whose heap is too small for all the data of such a chain. */
const small = ['env', 'NODE_OPTIONS=--max-old-space-size=300'];

const genesis = genesisBlock({ timestamp: 0, difficulty: 0 });

/** Writes a chain of blocks of 1 MiB to a new folder, and gives its last block. */
async function storeLarge(count: number, letter: string): Promise<[string, Block]> {
  const folder = await newFolder();
  const store = await openStore(folder);
  let tip = genesis;
  await store.write({ blocks: [tip], tip: tip.hash });
  for (let i = 1; i <= count; i += 1) {
    tip = nextBlock(tip, String(i).padEnd(MIB, letter), 0);
    await store.write({ blocks: [tip], tip: tip.hash });
  }
  await store.close();
  return [folder, tip];
}

/** How many bytes an answer of the API has. */
async function lengthOf(url: string): Promise<number> {
  const { body } = await fetch(url);
  if (body === null) throw new Error('The answer is empty.');
  let length = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) length += chunk.length;
  return length;
}

describe('A node with a heap of 300 MB', () => {
  it(`takes, serves, gives up and takes up again a chain of ${COUNT} blocks of 1 MiB`, async () => {
    const [folder, last] = await storeLarge(COUNT, 'a');
    const [otherFolder, better] = await storeLarge(COUNT + 1, 'b');
    const source = await TestNode.start([], folder, small);
    const node = await TestNode.start(['-n', source.ws], undefined, small);
    await node.untilTip(last.hash);
    expect(await lengthOf(`${node.http}/blocks`)).toBeGreaterThan(COUNT * MIB);
    const other = await TestNode.start(['-n', node.ws], otherFolder, small);
    await node.untilTip(better.hash);
    await source.untilTip(better.hash);
    await node.stop();
    const again = await TestNode.start(['-n', other.ws], node.folder, small);
    expect((await again.get<Block>('/blocks/latest')).hash).toBe(better.hash);
    const block = await again.post('after all that');
    await source.untilTip(block.hash);
  }, 400_000);

  it('gains less than 60 MB by 1,010 blocks of 1 MiB that have no parent and no work', async () => {
    const node = await TestNode.start(['-d', '2', '--shared-address'], undefined, small);
    const before = await memoryOf(node);
    let tip = genesisBlock({ timestamp: 1, difficulty: 8 });
    let peer: RawPeer | undefined;
    for (let i = 0; i < 1_010; i += 1) {
      if (peer?.socket.readyState !== WebSocket.OPEN) {
        peer = new RawPeer(new WebSocket(node.ws));
        const hello = await peer.receive('hello').catch(() => undefined);
        if (hello === undefined) break; // the node has had enough of this address
        peer.send(helloOf(hello.genesis));
      }
      tip = nextBlock(tip, String(i).padEnd(MIB, 'x'), 1);
      const { hash, index } = tip;
      const claim = { hash, index, work: String(2n ** 40n) };
      peer.send({ type: 'tip', tip: claim, block: tip });
    }
    expect((await memoryOf(node)) - before).toBeLessThan(60);
    await node.post('it still works');
  });
});
