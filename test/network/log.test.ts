/** What a node tells of what others claim. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { genesisBlock, nextBlock } from '#blocks';
import { openStore } from '../../final/storage/level-store.ts';
import { TestNode, cleanUp, easy, newFolder, startCommand } from './harness.ts';
import { closeRawPeers, dial } from './raw-peer.ts';

afterEach(async () => {
  closeRawPeers();
  await cleanUp();
});

/** Makes a data folder with a chain of so many blocks without work. */
async function folderWith(length: number): Promise<string> {
  const chain = [genesisBlock({ timestamp: 0, difficulty: 0 })];
  for (const last of chain)
    if (chain.length < length) chain.push(nextBlock(last, `block ${chain.length}`, 0));
  const folder = await newFolder();
  const store = await openStore(folder);
  await store.write({ blocks: chain, tip: chain.at(-1)?.hash });
  await store.close();
  return folder;
}

describe('The log of a node', () => {
  it.each([
    [1_117, '1,117'], // in three answers
    [30, '30'], // in one
  ])('sums up in one line that it caught up with %d blocks', async (length, count) => {
    const source = await TestNode.start([], await folderWith(length));
    const joiner = await TestNode.join(source);
    const isSum = ({ msg }: { msg: string }) => msg.startsWith('Caught up');
    const { msg, hash } = await joiner.until(isSum);
    expect(msg).toMatch(new RegExp(`^Caught up: ${count} blocks in [\\d.]+ s$`));
    const next = await source.post('the next one');
    expect(hash).toBe(next.previousHash);
    await joiner.untilTip(next.hash);
    const told = joiner.lines.filter((line) => /^(Block|Caught)/.test(line.msg));
    expect(told.map((line) => line.msg)).toEqual([
      msg,
      expect.stringMatching(`^Block ${count}: .*"the next one"$`),
    ]);
  });

  it('names the block and no number where few came at once', async () => {
    const source = await TestNode.start([], await folderWith(3));
    const joiner = await TestNode.join(source);
    await joiner.until(({ msg }) => msg.startsWith('Block 2: '));
    expect(joiner.lines.filter(({ msg }) => msg.startsWith('Caught'))).toEqual([]);
  });

  it('gives the reason of a reorganization at the same work', async () => {
    const origin = await TestNode.start(easy);
    await origin.stop();
    const [one, other] = [
      await TestNode.start([], await newFolder(origin.folder)),
      await TestNode.start([], origin.folder),
    ];
    const [mine, theirs] = [await one.post('one'), await other.post('the other')];
    const loser = mine.hash < theirs.hash ? other : one;
    await one.request('/peers', { url: other.ws });
    const { msg } = await loser.until((line) => line.msg.startsWith('Reorganization'));
    const why = 'the same work, and the smaller hash wins';
    expect(msg).toBe(`Reorganization: 1 block gave way to 1 block: ${why}`);
  });

  it('says the difficulty in digits and in bits', async () => {
    const node = await TestNode.start(easy);
    const words =
      'Mining the genesis block of a new network, with 2 zero digits (8 bits)';
    expect(node.lines.map(({ msg }) => msg)).toContain(words);
    const joiner = await TestNode.start(['-n', node.ws, '-d', '3']);
    const { msg } = await joiner.until((line) => line.msg.includes('is ignored'));
    expect(msg).toBe('This network asks for 2 zero digits (8 bits); -d 3 is ignored');
  });

  it('asks whether bits were meant where there are too many digits', async () => {
    const node = startCommand('--memory', '-p', '0', '-w', '0', '-d', '16');
    await node.untilOutput(/Did you mean -d 4, 4 zero digits \(16 bits\)\?/);
    node.signal('SIGTERM');
    expect((await node.end).output).toContain('-d 16 means 16 zero digits (64 bits)');
  });

  it('tells each block though a peer claims to have a million', async () => {
    const node = await TestNode.start(easy);
    const liar = await dial(node);
    const tip = { hash: 'f'.repeat(64), index: 1_000_000, work: '1' };
    liar.send({ type: 'tip', tip });
    const { hash } = await node.post('told all the same');
    const line = await node.until((one) => one.hash === hash);
    expect(line.msg).toMatch(/^Block 1: .*"told all the same"$/);
  });

  it('sums up in one line that a peer names nodes where none is', async () => {
    const node = await TestNode.start(easy);
    const liar = await dial(node);
    const urls = Array.from({ length: 40 }, (_, i) => `ws://127.0.0.1:${i + 1}`);
    liar.send({ type: 'peers', urls });
    await node.until(({ msg }) => msg.includes('named could not be reached'));
    await node.post('something else to wait for');
    const lines = node.lines.map(({ msg }) => msg);
    expect(lines.filter((msg) => msg.includes('could not be reached'))).toHaveLength(1);
    expect(lines.filter((msg) => msg.startsWith('No connection to'))).toEqual([]);
  });

  it('names a node that the user named and that does not answer, once', async () => {
    const node = await TestNode.start(['-n', 'ws://127.0.0.1:1']);
    const { msg } = await node.until((line) => line.msg.startsWith('No connection'));
    expect(msg).toMatch(/^No connection to ws:\/\/127\.0\.0\.1:1: .* Trying again/);
  });
});
