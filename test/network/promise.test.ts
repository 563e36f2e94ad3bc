/** A node that answers 201 makes a promise: the data ends on the best chain. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { checkChain, type Block } from '#blocks';
import { consensusRules } from '#consensus';
import { TestNode, agreed, cleanUp, newFolder, dataOf } from './harness.ts';

afterEach(cleanUp);

/** Starts two nodes that share a genesis block and do not know of each other. */
async function strangers(): Promise<[TestNode, TestNode]> {
  const origin = await TestNode.start(['-d', '2']);
  await origin.stop();
  const copy = await newFolder(origin.folder);
  return [await TestNode.start([], origin.folder), await TestNode.start([], copy)];
}

describe('A post that a reorganization takes off the chain', () => {
  it('is mined again on the new tip, and log and events say so', async () => {
    const [loser, winner] = await strangers();
    const post = await loser.post('a promise');
    for (const data of ['winner 1', 'winner 2', 'winner 3']) await winner.post(data);

    const events = await fetch(`${loser.http}/events`);
    await loser.request('/peers', { url: winner.ws });
    await loser.until(({ msg }) => msg.startsWith('Mined "a promise" again, as block 4'));
    await agreed(loser, winner);
    expect(dataOf(await winner.chain()).slice(1)).toEqual([
      'winner 1',
      'winner 2',
      'winner 3',
      'a promise',
    ]);
    expect(await readUntil(events, 'event: again')).toContain(post.hash);
  });

  it('is mined again after a restart, if the node was killed before', async () => {
    const [loser, winner] = await strangers();
    await loser.post('a promise');
    for (const data of ['winner 1', 'winner 2']) await winner.post(data);
    await loser.request('/peers', { url: winner.ws });
    await loser.until(({ msg }) => msg.startsWith('Reorganization'));
    await loser.kill();
    const again = await TestNode.start(['-n', winner.ws], loser.folder);
    await winner.until(({ msg }) => msg.includes('"a promise"'));
    const chain = await agreed(again, winner);
    expect(dataOf(chain)).toContain('a promise');
  });
});

describe('Three nodes that mine all the time', () => {
  it('end with all posts that were made to them on the one chain', async () => {
    const root = await TestNode.start(['-d', '3', '--mine']);
    const others = [await TestNode.join(root), await TestNode.join(root)];
    const nodes = [root, ...others];
    const ownNames = (n: number) => Array.from({ length: 100 }, (_, i) => `${n}:${i}`);
    const names = nodes.flatMap((_, n) => ownNames(n));
    await Promise.all(
      nodes.flatMap((node, n) => ownNames(n).map((name) => node.post(name))),
    );
    const isComplete = (chain: Block[]) => {
      const found = new Set(dataOf(chain));
      return names.every((name) => found.has(name));
    };
    // Blocks go on coming, so the nodes are asked again after each of them.
    for (const node of nodes) {
      while (!isComplete(await node.chain())) await node.nextLine();
    }
    const chain = await root.chain();
    expect(checkChain(chain, consensusRules)).toBeUndefined();
  });
});

/** Reads a stream of events up to the end of the first one of this kind. */
async function readUntil(response: Response, start: string): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value = '', done = true } = (await reader?.read()) ?? {};
    text += value;
    const event = text.split('\n\n').find((each) => each.startsWith(start));
    if (done || (event !== undefined && text.includes(`${event}\n\n`))) {
      await reader?.cancel();
      return event ?? '';
    }
  }
}
