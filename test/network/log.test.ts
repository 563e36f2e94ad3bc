/** What a node tells of what others claim. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { TestNode, cleanUp, easy } from './harness.ts';
import { closeRawPeers, dial } from './raw-peer.ts';

afterEach(async () => {
  closeRawPeers();
  await cleanUp();
});

describe('The log of a node', () => {
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
