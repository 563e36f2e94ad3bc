/** What peers do to keep nodes from agreeing: each is done here, and nothing comes of it. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { nextBlock, type Block } from '#blocks';
import { MAX_AHEAD } from '#consensus';
import { mine } from '#proof-of-work';
import { Link } from '../../final/lab/link.ts';
import { TestNode, agreed, cleanUp, dataOf, easy } from './harness.ts';
import { closeRawPeers, dial, type RawPeer } from './raw-peer.ts';

const open = new Set<{ close(): void }>();

afterEach(async () => {
  closeRawPeers();
  for (const each of open) each.close();
  open.clear();
  await cleanUp();
});

/** A claim that nobody can keep. */
const giant = { hash: 'f'.repeat(64), index: 1_000_000, work: '9'.repeat(60) };

const tipOf = ({ hash, index }: Block, work: number) => ({
  hash,
  index,
  work: String(work),
});

/** The work of a chain that ends in this block, at the difficulty of two zero digits. */
const workAt = ({ index }: Block) => (index + 1) * 256;

/** Mines blocks on a parent, without any node. */
async function branch(parent: Block, count: number, data = 'by hand'): Promise<Block[]> {
  const blocks: Block[] = [];
  for (let i = 0; i < count; i += 1)
    blocks.push(await mine(nextBlock(blocks.at(-1) ?? parent, data, Date.now())));
  return blocks;
}

const requestsTo = ({ messages }: RawPeer) =>
  messages.filter(({ type }) => type === 'getBlocks').length;

/** How many peers a node has parted with so far. */
const partings = ({ lines }: TestNode) =>
  lines.filter(({ msg }) => msg.startsWith('Parting with')).length;

describe('A merge after a partition', () => {
  it.each([15, 64])(
    'is not held up by %d peers that claim giant work and stay silent',
    async (count) => {
      const one = await TestNode.start([...easy, '--outbound', '0']);
      const link = new Link('other', 'one', () => Number(one.wsPort));
      open.add(link);
      await link.listen();
      const alone = ['--outbound', '0', '--shared-address'];
      const other = await TestNode.start(['-n', link.url, ...alone]);
      await other.until(({ msg }) => msg.startsWith('Joined'));
      link.cut();
      await other.until(({ msg }) => msg.startsWith('Lost'));
      await other.post('less work');
      for (const data of ['more', 'and more', 'work']) await one.post(data);

      const liars = await Promise.all(
        Array.from({ length: count }, () => dial(other, { tip: giant })),
      );
      link.heal();
      await other.until(({ msg }) => msg.startsWith('Reorganization: 1 block gave way'));
      expect(Math.max(...liars.map(requestsTo))).toBe(1);
      expect(dataOf(await agreed(one, other))).toContain('work');
    },
  );
});

describe('An honest peer behind a slow line', () => {
  const BYTES_PER_SECOND = 80_000;

  /** Passes bytes on to a node, and back from it slowly. */
  async function slowLineTo(port: number): Promise<string> {
    const server: Server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      near.pipe(far);
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
      far.on('data', (bytes) => {
        near.write(bytes);
        far.pause();
        setTimeout(() => far.resume(), (1_000 * bytes.length) / BYTES_PER_SECOND);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.add(server);
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('is waited for, and not dropped, though a large block takes it long', async () => {
    const slow = await TestNode.start([...easy, '--outbound', '0']);
    await slow.post('x'.repeat(1_048_576));
    const last = await slow.post('after the large block');
    const url = await slowLineTo(Number(slow.wsPort));
    const joiner = await TestNode.start(['-n', url, '--outbound', '0']);
    await joiner.untilTip(last.hash);
    expect(partings(joiner) + partings(slow)).toBe(0);
    expect(joiner.lines.filter(({ msg }) => msg.startsWith('Lost'))).toEqual([]);
  });
});

describe('Blocks that nobody asked for', () => {
  it('are not taken, and whoever sends them is parted with', async () => {
    const node = await TestNode.start([...easy, '--shared-address']);
    const friend = await TestNode.join(node);
    const tip = await node.get<Block>('/blocks/latest');
    const blocks = await branch(tip, 3);
    const peer = await dial(node);
    peer.send({ type: 'blocks', blocks });
    expect(await peer.closed()).toMatch(/nobody had asked for/);
    expect(await node.chain()).toEqual([tip]);
    const { hash } = await node.post('as before');
    await friend.untilTip(hash);
  });

  it('are not taken either while another peer is asked for them', async () => {
    const node = await TestNode.start([...easy, '--shared-address']);
    const tip = await node.get<Block>('/blocks/latest');
    const [first, ...more] = await branch(tip, 3);
    if (first === undefined) throw new Error('Three blocks were mined.');
    const asked = await dial(node, { tip: tipOf(first, 2 ** 20) });
    await asked.receive('getBlocks');
    const other = await dial(node);
    other.send({ type: 'blocks', blocks: [first, ...more] });
    expect(await other.closed()).toMatch(/nobody had asked for/);
    expect(await node.chain()).toEqual([tip]);
    asked.send({ type: 'blocks', blocks: [first] });
    await node.untilTip(first.hash);
  });
});

describe('Blocks dated as far ahead as may be', () => {
  it('do not keep the nodes from mining, one after the other', async () => {
    const node = await TestNode.start([...easy, '--shared-address']);
    const friend = await TestNode.join(node);
    const peer = await dial(node);
    for (let round = 0; round < 4; round += 1) {
      const parent = await node.get<Block>('/blocks/latest');
      const date = Date.now() + MAX_AHEAD - 1_000;
      const block = await mine(nextBlock(parent, `dated ahead ${round}`, date));
      peer.send({ type: 'tip', tip: tipOf(block, workAt(block)), block });
      await friend.untilTip(block.hash);
      // Each would wait for a minute, were a block to be dated no further than half as far.
      const posts = [node, friend].map((each) => each.post(`honest ${round}`));
      for (const { timestamp } of await Promise.all(posts))
        expect(timestamp - block.timestamp).toBeLessThan(1_000);
      await agreed(node, friend);
    }
  });

  it('let their children in a millisecond later, and not before', async () => {
    const node = await TestNode.start([...easy, '--shared-address']);
    const peer = await dial(node);
    const parent = await node.get<Block>('/blocks/latest');
    const block = await mine(nextBlock(parent, 'ahead', Date.now() + MAX_AHEAD + 3_000));
    const message = { type: 'tip', tip: tipOf(block, workAt(block)), block };
    peer.send(message);
    peer.send({ type: 'getBlocks', locator: [] });
    expect((await peer.receive('blocks')).blocks).toEqual([parent]);
    while (Date.now() < block.timestamp - MAX_AHEAD) await sleep(100);
    peer.send(message);
    await node.untilTip(block.hash);
    expect((await node.post('its child')).timestamp).toBe(block.timestamp + 1);
  });
});
