import { describe, expect, it } from '@jest/globals';
import { genesisBlock, nextBlock, type Block } from '#blocks';
import { MAX_AHEAD, Sync } from '#consensus';
import type { Message } from '#peers';
import { NOW, START, branch, genesis, last, withWork } from './blocks-for-test.ts';
import {
  chainOf,
  dataOf,
  greetingOf,
  nodeWith,
  nothing,
  tipAt,
  to,
} from './wire-for-test.ts';

describe('Task 8: a node of its own', () => {
  it('knows its genesis block, and says so', () => {
    const sync = new Sync(genesis);
    expect(chainOf(sync)).toEqual([genesis]);
    expect(sync.tip).toEqual({ hash: genesis.hash, index: 0, work: '1' });
    const hard = withWork(genesisBlock({ timestamp: START, difficulty: 4 }));
    expect(new Sync(hard).tip).toEqual({ hash: hard.hash, index: 0, work: '16' });
  });

  it('has nothing before it has a genesis block', () => {
    const sync = new Sync();
    expect(sync.tree).toBeUndefined();
    expect(sync.tip).toBeNull();
  });

  it('refuses a genesis block that breaks a rule', () => {
    expect(() => new Sync({ ...genesis, nonce: 1 })).toThrow(/hash/);
  });

  it('puts a mined block on its chain, and tells the change', () => {
    const sync = new Sync(genesis);
    const block = last(branch(genesis, 1, 'a'));
    expect(sync.mined(block, NOW)).toEqual({
      send: [],
      changes: [{ removed: [], added: [block] }],
      taken: [block],
      refuse: [],
    });
    expect(chainOf(sync)).toEqual([genesis, block]);
    expect(sync.tip).toEqual({ hash: block.hash, index: 1, work: '2' });
  });

  it('tells of each event what this one led to, and nothing of those before', () => {
    const sync = new Sync(genesis);
    const blocks = branch(genesis, 3, 'a');
    const told = blocks.map((block) => sync.mined(block, NOW));
    expect(told.map(({ taken }) => taken)).toEqual(blocks.map((block) => [block]));
    expect(told.map(({ changes }) => changes)).toEqual(
      blocks.map((block) => [{ removed: [], added: [block] }]),
    );
  });

  it('tells no change of a mined block that came too late to be on the best chain', () => {
    const sync = nodeWith(...branch(genesis, 3, 'a'));
    const late = last(branch(genesis, 1, 'b'));
    const { send, changes, taken } = sync.mined(late, NOW);
    expect({ send, changes, taken }).toStrictEqual({
      send: [],
      changes: [],
      taken: [late],
    });
    expect(dataOf(sync)).toEqual(['Genesis Block', 'a1', 'a2', 'a3']);
  });

  it('throws the reason at an invalid mined block, and is as it was', () => {
    const sync = new Sync(genesis);
    const block = last(branch(genesis, 1, 'a'));
    expect(() => sync.mined({ ...block, data: 'else' }, NOW)).toThrow(/dataHash/);
    expect(chainOf(sync)).toEqual([genesis]);
    expect(sync.mined(block, NOW).taken).toEqual([block]);
  });

  it.each<[string, Block | undefined, Block]>([
    ['is early', genesis, nextBlock(genesis, 'early', NOW + MAX_AHEAD + 1)],
    ['has no parent here', genesis, last(branch(genesis, 2, 'a'))],
    ['is known', genesis, genesis],
    ['comes before there is a tree', undefined, genesis],
  ])('does nothing about a mined block that %s', (_, first, block) => {
    const sync = new Sync(first);
    const { tip } = sync;
    expect(sync.mined(block, NOW)).toEqual(nothing);
    expect(sync.tip).toEqual(tip);
  });
});

describe('Task 9: telling peers of a new block', () => {
  const blocks = branch(genesis, 4, 'a');

  it('sends it, with its tip, to a peer that has its parent', () => {
    const sync = new Sync(genesis);
    sync.connected('peer', greetingOf(sync));
    const block = last(blocks.slice(0, 1));
    const tip = { hash: block.hash, index: 1, work: '2' };
    expect(to('peer', sync.mined(block, NOW))).toEqual([{ type: 'tip', tip, block }]);
  });

  it('sends one after the other, for the peer has each parent by then', () => {
    const sync = new Sync(genesis);
    sync.connected('peer', greetingOf(sync));
    for (const block of blocks)
      expect(to('peer', sync.mined(block, NOW))).toEqual([
        { type: 'tip', tip: tipAt(block), block },
      ]);
  });

  it('sends the tip alone to a peer that lacks the parent, or has no chain at all', () => {
    const sync = nodeWith(...blocks.slice(0, 3));
    sync.connected('behind', greetingOf(nodeWith(...blocks.slice(0, 2))));
    sync.connected('joiner', { genesis: null, tip: null });
    const effects = sync.mined(last(blocks), NOW);
    const message = { type: 'tip', tip: tipAt(last(blocks)) };
    expect(to('behind', effects)).toEqual([message]);
    expect(to('joiner', effects)).toEqual([message]);
  });

  it('tells its tip, without the block, to whoever connects with an older one', () => {
    // What the other side said may be out of date: this node's hello crossed a new block.
    const sync = nodeWith(...blocks);
    const message = { type: 'tip', tip: tipAt(last(blocks)) };
    const older = greetingOf(nodeWith(...blocks.slice(0, 3)));
    for (const greeting of [older, greetingOf(new Sync(genesis)), greetingOf(new Sync())])
      expect(to('peer', sync.connected('peer', greeting))).toEqual([message]);
  });

  it('says nothing to whoever connects with the same tip, or before it has one', () => {
    const sync = nodeWith(...blocks);
    expect(sync.connected('peer', greetingOf(sync))).toEqual(nothing);
    expect(new Sync().connected('peer', greetingOf(new Sync()))).toEqual(nothing);
  });

  it('says nothing of a mined block that is not on the best chain', () => {
    const sync = nodeWith(...blocks);
    sync.connected('peer', greetingOf(sync));
    expect(sync.mined(last(branch(genesis, 1, 'b')), NOW).send).toEqual([]);
  });

  it('says nothing to a peer that is gone', () => {
    const sync = new Sync(genesis);
    for (const peer of ['gone', 'here']) sync.connected(peer, greetingOf(sync));
    expect(sync.disconnected('gone')).toEqual(nothing);
    const { send } = sync.mined(last(blocks.slice(0, 1)), NOW);
    expect(send.map((outgoing) => outgoing.to)).toEqual(['here']);
  });

  it('says nothing of an invalid block', () => {
    const sync = new Sync(genesis);
    sync.connected('peer', greetingOf(sync));
    const [block] = blocks;
    if (block === undefined) throw new Error('No block.');
    expect(() => sync.mined({ ...block, data: 'else' }, NOW)).toThrow(/dataHash/);
    expect(to('peer', sync.mined(block, NOW))).toEqual([
      { type: 'tip', tip: tipAt(block), block },
    ]);
  });
});

describe('Task 10: a tip with its block', () => {
  const blocks = branch(genesis, 4, 'a');
  const tipWith = (block: Block): Message => ({ type: 'tip', tip: tipAt(block), block });

  it('brings the block onto the chain', () => {
    const sync = new Sync(genesis);
    sync.connected('peer', greetingOf(sync));
    for (const block of blocks) {
      const { changes, taken } = sync.received('peer', tipWith(block), NOW);
      expect(changes).toEqual([{ removed: [], added: [block] }]);
      expect(taken).toEqual([block]);
    }
    expect(chainOf(sync)).toEqual([genesis, ...blocks]);
  });

  it('passes a block on to all others, and sends nothing back', () => {
    const sync = new Sync(genesis);
    for (const peer of ['sender', 'second', 'third'])
      sync.connected(peer, greetingOf(sync));
    const block = last(blocks.slice(0, 1));
    const message: Message = { type: 'tip', tip: tipAt(block), block };
    const effects = sync.received('sender', message, NOW);
    expect(effects.changes).toEqual([{ removed: [], added: [block] }]);
    expect(to('sender', effects)).toEqual([]);
    expect(to('second', effects)).toEqual([message]);
    expect(to('third', effects)).toEqual([message]);
  });

  it('says nothing when the same block comes from the next peer', () => {
    const sync = new Sync(genesis);
    for (const peer of ['first', 'second']) sync.connected(peer, greetingOf(sync));
    const block = last(blocks.slice(0, 1));
    const message: Message = { type: 'tip', tip: tipAt(block), block };
    sync.received('first', message, NOW);
    expect(sync.received('second', message, NOW)).toEqual(nothing);
  });

  it('says nothing of a block that does not make the best chain better', () => {
    const sync = nodeWith(...blocks);
    for (const peer of ['first', 'second']) sync.connected(peer, greetingOf(sync));
    const side = last(branch(genesis, 1, 'b'));
    const message: Message = { type: 'tip', tip: tipAt(side), block: side };
    expect(sync.received('first', message, NOW).send).toEqual([]);
  });

  it('tells which blocks the tree took, on side branches too, and none else', () => {
    const [own, side] = [branch(genesis, 3, 'a'), branch(genesis, 2, 'b')];
    const sync = nodeWith(...own);
    sync.connected('peer', greetingOf(sync));
    const push = (block: Block) =>
      sync.received('peer', { type: 'tip', tip: tipAt(last(own)), block }, NOW).taken;
    expect(side.map(push)).toEqual(side.map((block) => [block]));
    const orphan = last(branch(last(branch(genesis, 5, 'x')), 1, 'x'));
    expect([last(own), last(side), orphan].flatMap(push)).toEqual([]);
    expect(dataOf(sync)).toEqual(['Genesis Block', 'a1', 'a2', 'a3']);
  });

  it('shows what its sender has, with the block or without: the next one is sent to it', () => {
    const sync = new Sync(genesis);
    sync.connected('sender', greetingOf(sync));
    sync.connected('late', greetingOf(new Sync()));
    const [first, second, third] = blocks;
    if (!first || !second || !third) throw new Error('No blocks.');
    sync.received('sender', tipWith(first), NOW);
    expect(to('sender', sync.mined(second, NOW))).toEqual([tipWith(second)]);
    sync.received('late', { type: 'tip', tip: tipAt(second) }, NOW);
    expect(to('late', sync.mined(third, NOW))).toEqual([tipWith(third)]);
  });

  it('changes nothing where it comes from a stranger', () => {
    const sync = new Sync(genesis);
    expect(sync.received('stranger', tipWith(last(blocks.slice(0, 1))), NOW)).toEqual(
      nothing,
    );
    expect(chainOf(sync)).toEqual([genesis]);
  });

  it('leaves messages alone that are not about blocks', () => {
    const sync = nodeWith(...branch(genesis, 2, 'a'));
    sync.connected('peer', greetingOf(sync));
    const others: Message[] = [
      { type: 'getPeers' },
      { type: 'peers', urls: ['ws://127.0.0.1:8001'] },
    ];
    for (const message of [...others, ...others, ...others]) {
      const effects = sync.received('peer', message, NOW);
      expect(effects).toEqual(nothing);
    }
  });
});
