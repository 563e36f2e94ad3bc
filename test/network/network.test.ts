import { afterEach, describe, expect, it } from '@jest/globals';
import { checkChain, type Block } from '#blocks';
import { consensusRules } from '#consensus';
import { TestNode, agreed, cleanUp, newFolder, easy, dataOf } from './harness.ts';

afterEach(cleanUp);

describe('A root and a joiner', () => {
  it('share the chain, whichever of the two a block is posted to', async () => {
    const root = await TestNode.start(easy);
    const joiner = await TestNode.join(root);
    const first = await root.post('to the root');
    await joiner.untilTip(first.hash);
    const second = await joiner.post('to the joiner');
    await root.untilTip(second.hash);
    const chain = await agreed(root, joiner);
    expect(dataOf(chain)).toEqual(['Genesis Block', 'to the root', 'to the joiner']);
    expect(checkChain(chain, consensusRules)).toBeUndefined();
  });

  it('give a block that is in the chain, with a Location that leads to it', async () => {
    const root = await TestNode.start(easy);
    const response = await fetch(`${root.http}/blocks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ data: 'hello' }),
    });
    expect(response.status).toBe(201);
    const block = (await response.json()) as Block;
    expect(await root.get(response.headers.get('location') ?? '')).toEqual(block);
    expect(await root.get('/blocks/latest')).toEqual(block);
  });

  it('answer to the names that other tutorials use', async () => {
    const root = await TestNode.start(easy);
    const other = await TestNode.start([...easy, '-n', root.ws]);
    const mined = await root.request<Block>('/mineBlock', { data: 'by another name' });
    expect(mined.status).toBe(201);
    await other.untilTip(mined.body.hash);
    const added = await root.request('/addPeer', { url: other.ws });
    expect([200, 201]).toContain(added.status);
  });

  it('warn when -d differs from what the network asks for', async () => {
    const root = await TestNode.start(easy);
    const joiner = await TestNode.start(['-d', '3', '-n', root.ws]);
    await joiner.until(({ msg }) => msg.includes('-d 3 is ignored'));
    const block = await joiner.post('mined with the difficulty of the network');
    expect(block.difficulty).toBe(8);
  });
});

describe('Nodes in a line', () => {
  it('pass blocks on both ways', async () => {
    const first = await TestNode.start(easy);
    const second = await TestNode.join(first);
    const third = await TestNode.join(second);
    const forth = await first.post('forth');
    await third.untilTip(forth.hash);
    const back = await third.post('back');
    await first.untilTip(back.hash);
    expect(dataOf(await agreed(first, second, third))).toEqual([
      'Genesis Block',
      'forth',
      'back',
    ]);
  });

  it('find the nodes that they were not told of', async () => {
    const first = await TestNode.start(easy);
    const second = await TestNode.join(first);
    const third = await TestNode.join(second);
    await third.until((line) => JSON.stringify(line).includes(first.ws));
    expect(JSON.stringify(await first.get('/peers'))).toContain(third.ws);
  });
});

describe('Five nodes', () => {
  it('end with the same chain when all of them mine at once', async () => {
    const root = await TestNode.start(easy);
    const others = await Promise.all([1, 2, 3, 4].map(() => TestNode.join(root)));
    const nodes = [root, ...others];
    const posts = nodes.flatMap((node, i) =>
      [1, 2, 3].map(async (n) => (await node.post(`${n} of node ${i}`)).data),
    );
    const texts = await Promise.all(posts);
    let chain = await agreed(...nodes);
    // Whoever lost a race mines its post again, so it may take some more blocks.
    while (!texts.every((text) => dataOf(chain).includes(text))) {
      await Promise.race(nodes.map((node) => node.nextLine()));
      chain = await agreed(...nodes);
    }
    expect(checkChain(chain, consensusRules)).toBeUndefined();
  });

  it('bring a late joiner up to date', async () => {
    const root = await TestNode.start(['-d', '0']);
    await Promise.all(Array.from({ length: 700 }, (_, i) => root.post(`block ${i}`)));
    const tip = await root.get<Block>('/blocks/latest');
    expect(tip.index).toBe(700);
    const joiner = await TestNode.join(root);
    await joiner.untilTip(tip.hash);
    await agreed(root, joiner);
  });
});

describe('A restarted node', () => {
  it('goes on with its chain and its peers, whichever node it is', async () => {
    const root = await TestNode.start(easy);
    const joiner = await TestNode.join(root);
    const before = await root.post('before');
    await joiner.untilTip(before.hash);

    await joiner.stop();
    const meanwhile = await root.post('meanwhile');
    const joinerAgain = await TestNode.start(['-w', joiner.wsPort], joiner.folder);
    await joinerAgain.untilTip(meanwhile.hash);

    await root.stop();
    const alone = await joinerAgain.post('alone');
    const rootAgain = await TestNode.start(['-w', root.wsPort], root.folder);
    await rootAgain.untilTip(alone.hash);
    const chain = await agreed(rootAgain, joinerAgain);
    expect(dataOf(chain)).toEqual(['Genesis Block', 'before', 'meanwhile', 'alone']);
  });

  it('has every block that it answered 201 for, even if it was killed', async () => {
    const node = await TestNode.start(easy);
    const blocks = await Promise.all([1, 2, 3, 4, 5].map((n) => node.post(`block ${n}`)));
    await node.kill();
    const again = await TestNode.start([], node.folder);
    const chain = await again.chain();
    expect(dataOf(chain)).toEqual(['Genesis Block', ...dataOf(blocks)]);
  });

  it('keeps nothing with --memory', async () => {
    const node = await TestNode.start(['--memory', ...easy]);
    await node.post('to be forgotten');
    await node.stop();
    const again = await TestNode.start(easy, node.folder);
    expect(await again.chain()).toHaveLength(1);
  });
});

describe('A network that parts', () => {
  it('agrees on the chain with more work when it meets again', async () => {
    const origin = await TestNode.start(easy);
    await origin.post('shared');
    await origin.stop();
    // Each half starts from a copy of the same chain, and knows nothing of the other half.
    const [left, right] = await Promise.all(
      [1, 2].map(async () => TestNode.start([], await newFolder(origin.folder))),
    );
    if (left === undefined || right === undefined)
      throw new Error('Two nodes were started.');
    const [leftToo, rightToo] = [await TestNode.join(left), await TestNode.join(right)];
    const short = await left.post('left 1');
    await leftToo.untilTip(short.hash);
    for (const data of ['right 1', 'right 2']) await right.post(data);
    const long = await rightToo.post('right 3');

    const { status } = await leftToo.request('/peers', { url: right.ws });
    expect(status).toBe(201);
    await Promise.all([left, leftToo].map((node) => node.untilTip(long.hash)));
    await left.until(({ msg }) => msg === 'Reorganization: 1 block gave way to 3 blocks');
    // What was posted on the left had been acknowledged, so it is mined again.
    await left.until(({ msg }) => msg.startsWith('Mined "left 1" again, as block 5'));
    const chain = await agreed(left, leftToo, right, rightToo);
    const right3 = ['right 1', 'right 2', 'right 3'];
    expect(dataOf(chain)).toEqual(['Genesis Block', 'shared', ...right3, 'left 1']);
  });
});

describe('A node of another network', () => {
  it('is refused in words, and keeps its own chain', async () => {
    const root = await TestNode.start(easy);
    const stranger = await TestNode.start([...easy]);
    const before = await stranger.chain();
    await stranger.stop();
    const refused = await TestNode.start(['-n', root.ws], stranger.folder);
    const { msg } = await refused.until((line) => line.msg.startsWith('No connection'));
    expect(msg).toMatch(
      /Different networks: genesis [0-9a-f]{12}… and [0-9a-f]{12}….*--data-dir/,
    );
    expect(await refused.chain()).toEqual(before);
    const asked = await root.request<{ detail: string }>('/peers', { url: refused.ws });
    expect(asked.status).toBe(502);
    expect(asked.body.detail).toContain('Different networks');
  });
});
