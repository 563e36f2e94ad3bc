import { describe, expect, it } from '@jest/globals';
import { checkChain } from '#blocks';
import { Sync, consensusRules } from '#consensus';
import type { Message } from '#peers';
import { NOW, branch, expectBlocks, genesis, last, replay } from './blocks-for-test.ts';
import {
  Wire,
  chainOf,
  dataOf,
  greetingOf,
  nodeWith,
  nothing,
  server,
  stranger,
  tipAt,
  to,
} from './wire-for-test.ts';

describe('Task 11: answering for blocks', () => {
  it('answers a locator with the blocks after it, and one of its own tip with none', () => {
    const blocks = branch(genesis, 5, 'a');
    const sync = nodeWith(...blocks);
    sync.connected('peer', greetingOf(new Sync(genesis)));
    const ask = (...locator: string[]) =>
      to('peer', sync.received('peer', { type: 'getBlocks', locator }, NOW));
    expect(ask(stranger, blocks[2]?.hash ?? '')).toEqual([
      { type: 'blocks', blocks: blocks.slice(3) },
    ]);
    expect(ask(last(blocks).hash)).toEqual([{ type: 'blocks', blocks: [] }]);
    expect(ask()).toEqual([{ type: 'blocks', blocks: [genesis, ...blocks] }]);
  });

  it('answers before it has a chain, too: with no blocks', () => {
    const sync = new Sync();
    sync.connected('peer', { genesis: null, tip: null });
    const effects = sync.received('peer', { type: 'getBlocks', locator: [] }, NOW);
    expect(to('peer', effects)).toEqual([{ type: 'blocks', blocks: [] }]);
  });

  it('gives a peer little at first, and each time more, but never much more', () => {
    const sync = nodeWith(...branch(genesis, 1_200, 'a'));
    sync.connected('peer', greetingOf(new Sync(genesis)));
    const message: Message = { type: 'getBlocks', locator: [genesis.hash] };
    const sizes = Array.from({ length: 10 }, () => {
      const [answer] = to('peer', sync.received('peer', message, NOW));
      return answer?.type === 'blocks' ? answer.blocks.length : 0;
    });
    const [first = 0] = sizes;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(16);
    for (const [i, size] of sizes.slice(1).entries()) {
      expect(size).toBeGreaterThanOrEqual(sizes[i] ?? 0);
      expect(size).toBeLessThanOrEqual(4 * (sizes[i] ?? 0));
    }
    expect(sizes.at(-1)).toBe(500);
  });

  it('gives each peer little at first, whatever others got', () => {
    const sync = nodeWith(...branch(genesis, 60, 'a'));
    const message: Message = { type: 'getBlocks', locator: [genesis.hash] };
    const sizes = ['p1', 'p2', 'p3'].map((peer) => {
      sync.connected(peer, greetingOf(new Sync(genesis)));
      const [answer] = to(peer, sync.received(peer, message, NOW));
      return answer?.type === 'blocks' ? answer.blocks.length : 0;
    });
    for (const size of sizes) expect(size).toBeLessThanOrEqual(16);
  });

  it('sends a new block to a peer that it has just brought up to its parent', () => {
    const blocks = branch(genesis, 4, 'a');
    const sync = nodeWith(...blocks.slice(0, 3));
    sync.connected('peer', greetingOf(new Sync(genesis)));
    sync.received('peer', { type: 'getBlocks', locator: [genesis.hash] }, NOW);
    const block = last(blocks);
    expect(to('peer', sync.mined(block, NOW))).toEqual([
      { type: 'tip', tip: tipAt(block), block },
    ]);
  });

  it('takes an answer without blocks for no news of what the peer has', () => {
    const blocks = branch(genesis, 2, 'a');
    const sync = nodeWith(...blocks.slice(0, 1));
    sync.connected('peer', greetingOf(sync));
    const locator = blocks.slice(0, 1).map(({ hash }) => hash);
    sync.received('peer', { type: 'getBlocks', locator }, NOW);
    const block = last(blocks);
    expect(to('peer', sync.mined(block, NOW))).toEqual([
      { type: 'tip', tip: tipAt(block), block },
    ]);
  });

  it('gives nothing to whom is gone, or was never there', () => {
    const sync = nodeWith(...branch(genesis, 3, 'a'));
    const message: Message = { type: 'getBlocks', locator: [] };
    expect(sync.received('stranger', message, NOW)).toEqual(nothing);
    sync.connected('gone', greetingOf(sync));
    sync.disconnected('gone');
    expect(sync.received('gone', message, NOW)).toEqual(nothing);
  });
});

describe('Task 12: a first sync', () => {
  const blocks = branch(genesis, 60, 'a');

  it('asks a peer that has a better block, with a locator', () => {
    const sync = nodeWith(...branch(genesis, 3, 'a'));
    const greeting = greetingOf(nodeWith(...branch(genesis, 7, 'b')));
    const locator = sync.tree?.locator();
    expect(to('peer', sync.connected('peer', greeting))).toEqual([
      { type: 'getBlocks', locator },
    ]);
  });

  it('asks a peer when that tells of a better block', () => {
    const sync = new Sync(genesis);
    expect(sync.connected('peer', greetingOf(sync)).send).toEqual([]);
    const tip = tipAt(last(branch(genesis, 2, 'a')));
    const effects = sync.received('peer', { type: 'tip', tip }, NOW);
    expect(to('peer', effects)).toEqual([{ type: 'getBlocks', locator: [genesis.hash] }]);
  });

  it('asks no peer that has the same block, a worse one, or none', () => {
    const sync = nodeWith(...branch(genesis, 3, 'a'));
    const greetings = [
      greetingOf(sync),
      greetingOf(new Sync(genesis)),
      greetingOf(new Sync()),
    ];
    for (const [i, greeting] of greetings.entries()) {
      const { send } = sync.connected(`peer ${i}`, greeting);
      expect(send.filter(({ message }) => message.type === 'getBlocks')).toEqual([]);
    }
  });

  it('asks for a block of equal work only if its hash is smaller', () => {
    const pair = [
      nodeWith(...branch(genesis, 2, 'a')),
      nodeWith(...branch(genesis, 2, 'b')),
    ];
    const [winner, loser] = pair.sort((x, y) =>
      (x.tip?.hash ?? '') < (y.tip?.hash ?? '') ? -1 : 1,
    );
    if (winner === undefined || loser === undefined) throw new Error('No nodes.');
    const wire = new Wire({ winner, loser });
    wire.join('winner', 'loser');
    wire.settle();
    expect(wire.requests('loser')).toBe(0);
    expect(loser.tip).toEqual(winner.tip);
  });

  it('asks a peer that goes over to a block of as much work with a smaller hash', () => {
    const pair = ['a', 'b'].map((name) => branch(genesis, 2, name));
    const [better, worse] = pair.sort((x, y) => (last(x).hash < last(y).hash ? -1 : 1));
    const sync = nodeWith(...(worse ?? []));
    sync.connected('peer', greetingOf(sync));
    const message: Message = { type: 'tip', tip: tipAt(last(better ?? [])) };
    expect(to('peer', sync.received('peer', message, NOW))).toEqual([
      { type: 'getBlocks', locator: sync.tree?.locator() },
    ]);
  });

  it('does not ask a second time while it waits for the answer', () => {
    const sync = new Sync(genesis);
    sync.connected('peer', greetingOf(nodeWith(...blocks.slice(0, 5))));
    const message: Message = { type: 'tip', tip: tipAt(last(blocks)) };
    expect(sync.received('peer', message, NOW)).toEqual(nothing);
    expect(sync.mined(last(branch(genesis, 1, 'own ')), NOW).send).toEqual([]);
  });

  it('tells nothing of its tip to whom claims a better one', () => {
    const sync = new Sync(genesis);
    sync.connected('peer', greetingOf(nodeWith(...blocks)));
    const { send } = sync.mined(last(branch(genesis, 1, 'own ')), NOW);
    expect(send.filter(({ message }) => message.type === 'tip')).toEqual([]);
  });

  it('takes an answer block by block, and asks for what comes after', () => {
    const sync = new Sync(genesis);
    sync.connected('peer', server(blocks).greeting);
    const some = blocks.slice(0, 3);
    const effects = sync.received('peer', { type: 'blocks', blocks: some }, NOW);
    const chain = [genesis];
    replay(chain, effects.changes);
    expect(chain).toEqual([genesis, ...some]);
    expect(effects.taken).toEqual(some);
    expect(to('peer', effects)).toEqual([
      { type: 'getBlocks', locator: sync.tree?.locator() },
    ]);
  });

  it('asks for no more once it has what the peer claims', () => {
    const sync = new Sync(genesis);
    sync.connected('peer', server(blocks).greeting);
    const { send } = sync.received('peer', { type: 'blocks', blocks }, NOW);
    expect(send.filter(({ message }) => message.type === 'getBlocks')).toEqual([]);
    expect(dataOf(sync).at(-1)).toBe(last(blocks).data);
  });

  it('tells its other peers of what it has got', () => {
    const sync = new Sync(genesis);
    sync.connected('other', greetingOf(sync));
    sync.connected('peer', server(blocks).greeting);
    const effects = sync.received('peer', { type: 'blocks', blocks }, NOW);
    expect(to('other', effects)).toEqual([{ type: 'tip', tip: tipAt(last(blocks)) }]);
    expect(to('peer', effects)).toEqual([]);
  });

  it('gets all blocks, batch by batch, each block once', () => {
    const sync = new Sync(genesis);
    const wire = new Wire({ sync, peer: server(blocks, 7) });
    wire.join('sync', 'peer');
    wire.settle();
    expectBlocks(chainOf(sync), [genesis, ...blocks]);
    expect({ blocksSent: wire.blocksSent.length }).toEqual({ blocksSent: blocks.length });
    expect(checkChain(chainOf(sync), consensusRules)).toBeUndefined();
  });

  it('gets them from a node of its own kind', () => {
    const [full, empty] = [nodeWith(...blocks), new Sync(genesis)];
    const wire = new Wire({ full, empty });
    wire.join('empty', 'full');
    wire.settle();
    expectBlocks(chainOf(empty), [genesis, ...blocks]);
    expect({ blocksSent: wire.blocksSent.length }).toEqual({ blocksSent: blocks.length });
  });

  it('catches up on two blocks with these two', () => {
    const sync = nodeWith(...blocks.slice(0, -2));
    const wire = new Wire({ sync, peer: server(blocks) });
    wire.join('sync', 'peer');
    wire.settle();
    expect(dataOf(sync).at(-1)).toBe(last(blocks).data);
    expect(wire.blocksSent.map(({ data }) => data)).toEqual(['a59', 'a60']);
  });

  it('brings a block that was mined while both said hello to the other side', () => {
    const [a, b] = [new Sync(genesis), new Sync(genesis)];
    const wire = new Wire({ a, b });
    wire.join('a', 'b');
    const block = wire.mine('a', 'while the hellos cross');
    wire.settle();
    expect(b.tree?.chain.tip).toEqual(block);
  });

  it('does not start again with a peer that comes back', () => {
    const [full, late] = [nodeWith(...blocks), nodeWith(...blocks.slice(0, 50))];
    const wire = new Wire({ full, late });
    wire.join('late', 'full');
    wire.settle();
    wire.part('late', 'full');
    wire.mine('full', 'alone');
    wire.join('late', 'full');
    wire.settle();
    expect(late.tip).toEqual(full.tip);
    expect({ blocksSent: wire.blocksSent.length }).toEqual({ blocksSent: 11 });
  });
});

describe('Task 13: a lighter branch', () => {
  it('lets one of two that parted and meet again give way', () => {
    const stem = branch(genesis, 3, 'shared ');
    const [a, b] = [nodeWith(...stem), nodeWith(...stem)];
    const wire = new Wire({ a, b });
    wire.join('a', 'b');
    wire.settle();
    wire.part('a', 'b');
    for (const data of ['a1', 'a2']) wire.mine('a', data);
    for (const data of ['b1', 'b2', 'b3']) wire.mine('b', data);
    wire.join('a', 'b');
    wire.settle();
    const expected = [
      'Genesis Block',
      'shared 1',
      'shared 2',
      'shared 3',
      'b1',
      'b2',
      'b3',
    ];
    expect(dataOf(a)).toEqual(expected);
    expect(dataOf(b)).toEqual(expected);
  });

  it('tells which blocks a reorganization takes off and puts on', () => {
    const [a, b] = [branch(genesis, 2, 'a'), branch(genesis, 3, 'b')];
    const sync = nodeWith(...a);
    sync.connected('peer', greetingOf(nodeWith(...b)));
    const effects = sync.received('peer', { type: 'blocks', blocks: b }, NOW);
    const chain = [genesis, ...a];
    replay(chain, effects.changes);
    expect(chain).toEqual([genesis, ...b]);
    expect(effects.changes.flatMap(({ removed }) => removed)).toEqual(a);
  });

  it.each([5, 40])(
    'is got where it comes in batches of %d blocks, and stays the lighter one for long',
    (size) => {
      const stem = branch(genesis, 10, 's');
      const [own, better] = [branch(last(stem), 90, 'a'), branch(last(stem), 95, 'b')];
      const sync = nodeWith(...stem, ...own);
      const wire = new Wire({ sync, peer: server([...stem, ...better], size) });
      wire.join('sync', 'peer');
      wire.settle();
      expectBlocks(chainOf(sync), [genesis, ...stem, ...better]);
      expect(wire.blocksSent.length).toBeLessThanOrEqual(200);
      expect(wire.refusals).toEqual([]);
    },
  );

  it.each([1, 5, 40])(
    'is got from far back in batches of %d blocks, of which the first hold only what is known',
    (size) => {
      const stem = branch(genesis, 500, 's');
      const [own, better] = [branch(last(stem), 200, 'a'), branch(last(stem), 204, 'b')];
      const sync = nodeWith(...stem, ...own);
      // No solution need know of this peer more than that it names its blocks in order.
      const wire = new Wire({ sync, peer: server([...stem, ...better], size) });
      wire.join('sync', 'peer');
      wire.settle();
      expectBlocks(chainOf(sync), [genesis, ...stem, ...better]);
      expect(wire.blocksSent.length).toBeLessThanOrEqual(700);
      expect(wire.refusals).toEqual([]);
    },
  );

  it('is got from a node of the same kind', () => {
    const stem = branch(genesis, 500, 's');
    const a = nodeWith(...stem, ...branch(last(stem), 200, 'a'));
    const b = nodeWith(...stem, ...branch(last(stem), 210, 'b'));
    const wire = new Wire({ a, b });
    wire.join('a', 'b');
    wire.settle();
    expect(a.tip).toEqual(b.tip);
    expect(wire.blocksSent.length).toBeLessThanOrEqual(700);
  });

  it('is got from a peer that goes over to another one in the meantime', () => {
    const own = branch(genesis, 60, 'own ');
    const [old, next] = [branch(genesis, 70, 'old '), branch(genesis, 80, 'new ')];
    const sync = nodeWith(...own);
    const before = server(old, 8);
    const after = server(next, 8);
    let isOver = false;
    const peer = {
      greeting: before.greeting,
      answer: (message: Message) => (isOver ? after : before).answer(message),
    };
    const wire = new Wire({ sync, peer });
    wire.join('sync', 'peer');
    while (sync.tree?.get(old[0]?.hash ?? '') === undefined) wire.deliver();
    isOver = true;
    wire.say('peer', 'sync', { type: 'tip', tip: tipAt(last(next)) });
    wire.settle();
    expect(dataOf(sync).at(-1)).toBe('new 80');
    expect(wire.refusals).toEqual([]);
  });

  it('begins its locators at its own tip again once it has caught up', () => {
    const blocks = branch(genesis, 6, 'a');
    const sync = new Sync(genesis);
    sync.connected('peer', greetingOf(nodeWith(...blocks.slice(0, 2))));
    sync.received('peer', { type: 'blocks', blocks: blocks.slice(0, 2) }, NOW);
    for (const block of blocks.slice(2, 4)) sync.mined(block, NOW);
    const message: Message = { type: 'tip', tip: tipAt(last(blocks)) };
    expect(to('peer', sync.received('peer', message, NOW))).toEqual([
      { type: 'getBlocks', locator: sync.tree?.locator() },
    ]);
  });
});
