import { describe, expect, it } from '@jest/globals';
import { nextBlock } from '#blocks';
import { Sync, type Effects, type Outgoing } from '#consensus';
import type { Message } from '#peers';
import { NOW, START, branch, expectBlocks, genesis, last } from './blocks-for-test.ts';
import {
  MINUTE,
  SECOND,
  Wire,
  aMinute,
  boast,
  chainOf,
  dataOf,
  greetingOf,
  liar,
  nodeWith,
  nothing,
  server,
  tipAt,
  to,
  type Script,
} from './wire-for-test.ts';

/** A message that is not about blocks. */
const tellNothing: Message = { type: 'getPeers' };

/** A peer that claims giant work and never answers. */
const silent = liar(() => undefined);

describe('Task 14: several peers, one at a time', () => {
  const blocks = branch(genesis, 90, 'a');

  it('asks one peer where several tell of the same block', () => {
    const sync = new Sync(genesis);
    const peers = ['p1', 'p2', 'p3', 'p4'];
    for (const peer of peers) sync.connected(peer, greetingOf(sync));
    const tip = tipAt(last(blocks));
    const asked = peers.flatMap(
      (peer) => sync.received(peer, { type: 'tip', tip }, NOW).send,
    );
    expect(asked).toHaveLength(1);
  });

  it('asks one at a time, also of those that have answered well before', () => {
    const sync = new Sync(genesis);
    const { greeting, answer } = server(blocks, 5);
    const open: Outgoing[] = [];
    /** Keeps the questions: of its tip a node may say what it likes here. */
    const keep = ({ send }: Effects) =>
      open.push(...send.filter(({ message }) => message.type === 'getBlocks'));
    for (const peer of ['p1', 'p2']) keep(sync.connected(peer, greeting));
    const answerNext = () => {
      const { to: peer, message } = open.shift() ?? { to: '', message: tellNothing };
      for (const reply of answer(message)) keep(sync.received(peer, reply, NOW));
    };
    while (chainOf(sync).length < 50) answerNext();
    for (let round = 0; round < 5; round += 1) {
      expect(open).toHaveLength(1);
      // Something else happens before the next answer comes.
      for (const peer of ['p1', 'p2']) keep(sync.received(peer, tellNothing, NOW));
      expect(open).toHaveLength(1);
      answerNext();
    }
  });

  it('asks the next peer at once when the asked one goes', () => {
    const sync = new Sync(genesis);
    const greeting = greetingOf(nodeWith(...branch(genesis, 3, 'a')));
    const asked = [
      ...sync.connected('p1', greeting).send,
      ...sync.connected('p2', greeting).send,
    ].map((outgoing) => outgoing.to);
    expect(asked).toHaveLength(1);
    const { send } = sync.disconnected(asked[0] ?? '');
    expect([...asked, ...send.map((outgoing) => outgoing.to)].sort()).toEqual([
      'p1',
      'p2',
    ]);
  });

  it('catches up on two blocks with these two, however many peers have them', () => {
    const sync = nodeWith(...blocks.slice(0, -2));
    const wire = new Wire({ sync });
    for (const name of ['p1', 'p2', 'p3', 'p4']) wire.add(name, server(blocks));
    for (const name of ['p1', 'p2', 'p3', 'p4']) wire.join('sync', name);
    wire.settle();
    expect(dataOf(sync).at(-1)).toBe(last(blocks).data);
    expect(wire.blocksSent.map(({ data }) => data)).toEqual(['a89', 'a90']);
  });

  it('gets a chain from two peers, each block once', () => {
    const sync = new Sync(genesis);
    const wire = new Wire({ sync, p1: server(blocks, 7), p2: server(blocks, 7) });
    wire.join('sync', 'p1');
    wire.join('sync', 'p2');
    wire.settle();
    expectBlocks(chainOf(sync), [genesis, ...blocks]);
    expect({ blocksSent: wire.blocksSent.length }).toEqual({ blocksSent: blocks.length });
  });

  it('gets a long lighter branch once, though several peers take turns in sending it', () => {
    const own = branch(genesis, 200, 'own ');
    const better = branch(genesis, 210, 'better ');
    const sync = nodeWith(...own);
    const wire = new Wire({ sync });
    for (const name of ['p1', 'p2', 'p3']) wire.add(name, server(better, 8));
    for (const name of ['p1', 'p2', 'p3']) wire.join('sync', name);
    wire.settle();
    expect(dataOf(sync).at(-1)).toBe(last(better).data);
    expect(wire.blocksSent.length).toBeLessThanOrEqual(1.25 * better.length);
  });

  it('goes on with another peer where the connection to the first one is lost', () => {
    const late = new Sync(genesis);
    const wire = new Wire({
      late,
      first: server(blocks, 20),
      second: server(blocks, 20),
    });
    wire.join('late', 'first');
    while (late.tree?.chain.length === 1) wire.deliver();
    const { length } = chainOf(late);
    wire.part('late', 'first');
    expect(chainOf(late)).toHaveLength(length);
    wire.join('late', 'second');
    wire.settle();
    expectBlocks(chainOf(late), [genesis, ...blocks]);
    // The batch that was lost on its way is sent again, and nothing that had arrived.
    expect(wire.blocksSent.length).toBeLessThanOrEqual(blocks.length + 20);
  });

  it('gets the best of three branches, and few blocks twice', () => {
    const branches = [100, 103, 106].map((count) => branch(genesis, count, `${count}: `));
    const sync = nodeWith(...branch(genesis, 90, 'own '));
    const wire = new Wire({ sync });
    for (const [i, one] of branches.entries()) wire.add(`p${i}`, server(one, 8));
    for (const i of branches.keys()) wire.join('sync', `p${i}`);
    wire.settle();
    expectBlocks(chainOf(sync), [genesis, ...(branches.at(-1) ?? [])]);
    expect(wire.blocksSent.length).toBeLessThanOrEqual(1.25 * branches.flat().length);
    expect(wire.refusals).toEqual([]);
  });
});

describe('Task 15: silent peers', () => {
  const blocks = branch(genesis, 120, 'a');

  it('are told the tip again after each minute, as the message may have been lost', () => {
    const sync = new Sync(genesis);
    sync.connected('peer', greetingOf(sync));
    const block = last(blocks.slice(0, 1));
    sync.mined(block, NOW);
    const told = to('peer', aMinute(sync));
    expect(told).toEqual([expect.objectContaining({ type: 'tip', tip: tipAt(block) })]);
    expect(to('peer', aMinute(sync))).toEqual(told); // and so on
  });

  it('are not told what they said themselves, nor asked for what is no better', () => {
    const sync = nodeWith(...branch(genesis, 3, 'a'));
    const greetings = [greetingOf(sync), greetingOf(new Sync(genesis))];
    for (const [i, greeting] of greetings.entries()) sync.connected(`${i}`, greeting);
    const { send } = { send: [...aMinute(sync).send, ...aMinute(sync).send] };
    expect(send.filter(({ message }) => message.type !== 'tip')).toEqual([]);
    expect(to('0', { send })).toEqual([]);
  });

  it('make no difference before there is a genesis block', () => {
    const sync = new Sync();
    sync.connected('peer', greetingOf(sync));
    expect(aMinute(sync).send).toEqual([]);
  });

  it('are asked one by one, after a long time without news too', () => {
    const sync = new Sync(genesis);
    const peers = ['p1', 'p2', 'p3', 'p4'];
    for (const peer of peers) sync.connected(peer, greetingOf(sync));
    const tip = tipAt(last(branch(genesis, 2, 'a')));
    for (let minute = 0; minute < 60; minute += 1) aMinute(sync);
    const asked = peers.flatMap(
      (peer) => sync.received(peer, { type: 'tip', tip }, NOW).send,
    );
    expect(asked).toHaveLength(1);
  });

  it('are asked once, and have time to answer: the line may be slow', () => {
    const wire = new Wire({ sync: nodeWith(...blocks.slice(0, 5)), silent });
    wire.join('sync', 'silent');
    wire.pass(90 * SECOND);
    expect(wire.requests('silent')).toBe(1);
    expect(wire.refusals).toEqual([]);
  });

  it('are parted from in the end, whoever else is there', () => {
    const honest = server(blocks);
    const copy = { ...silent, greeting: honest.greeting }; // what it claims comes from another one
    for (const [script, others] of [
      [silent, []],
      [silent, [honest]],
      [copy, [honest]],
    ] as const) {
      const wire = new Wire({ sync: nodeWith(...blocks.slice(0, 5)), silent: script });
      wire.join('sync', 'silent');
      for (const [i, other] of others.entries()) wire.add(`other ${i}`, other);
      for (const i of others.keys()) wire.join('sync', `other ${i}`);
      wire.pass(5 * MINUTE);
      expect(wire.refusals).toEqual([
        { by: 'sync', peer: 'silent', reason: expect.any(String) },
      ]);
    }
  });

  it('do not keep the node from the blocks of an honest peer', () => {
    const sync = nodeWith(...blocks.slice(0, 5));
    const wire = new Wire({ sync, silent, honest: server(blocks, 40) });
    wire.join('sync', 'silent');
    wire.join('sync', 'honest');
    wire.pass(5 * SECOND);
    expect(dataOf(sync).at(-1)).toBe(last(blocks).data);
  });

  describe.each([
    [15, 5 * SECOND],
    [64, 10 * SECOND],
  ])('%d that claim giant work', (count, delay) => {
    /** A node that has met so many, and then meets an honest peer with more blocks. */
    function crowd(script: Script, before: (wire: Wire) => void = () => undefined) {
      const sync = nodeWith(...blocks.slice(0, 5));
      const wire = new Wire({ sync, honest: server(blocks, 40) });
      for (let i = 0; i < count; i += 1) {
        wire.add(`liar ${i}`, script);
        wire.join(`sync`, `liar ${i}`);
      }
      before(wire);
      wire.join('sync', 'honest');
      return { sync, wire };
    }

    it('hold up an honest one for some seconds only', () => {
      const { sync, wire } = crowd(silent);
      wire.pass(delay);
      expect(dataOf(sync).at(-1)).toBe(last(blocks).data);
    });

    it('do so no longer by claiming just what the honest one has', () => {
      const tip = tipAt(last(blocks));
      const copy = { greeting: { genesis: genesis.hash, tip }, answer: () => [] };
      const { sync, wire } = crowd(copy);
      wire.pass(delay);
      expect(dataOf(sync).at(-1)).toBe(last(blocks).data);
    });

    it('do so no longer by having sent a good block before', () => {
      const greeting = greetingOf(nodeWith(...blocks.slice(0, 5)));
      const { sync, wire } = crowd({ greeting, answer: () => [] }, (early) => {
        early.settle();
        for (let i = 0; i < count; i += 1) {
          const tip = { ...boast, work: boast.work + String(i).padStart(3, '0') };
          const block = nextBlock(last(blocks.slice(0, 4)), `of liar ${i}`, START);
          early.say(`liar ${i}`, 'sync', { type: 'tip', tip, block });
        }
      });
      wire.pass(delay);
      expect(dataOf(sync).at(-1)).toBe(last(blocks).data);
    });

    it('are parted from, and the honest one is not', () => {
      const { wire } = crowd(silent);
      wire.pass(5 * MINUTE);
      expect(wire.refusals).toHaveLength(count);
      expect(wire.refusals.map(({ peer }) => peer)).not.toContain('honest');
    });
  });
});

describe('Task 16: slow peers', () => {
  const blocks = branch(genesis, 200, 'a');

  it('stay, and their late blocks are taken, time after time', () => {
    const sync = new Sync(genesis);
    const slow: Script = { greeting: greetingOf(sync), answer: () => [] };
    const wire = new Wire({ sync, slow });
    wire.join('sync', 'slow');
    for (const block of blocks.slice(0, 10)) {
      wire.say('slow', 'sync', { type: 'tip', tip: tipAt(block) });
      wire.pass(15 * SECOND);
      wire.say('slow', 'sync', { type: 'blocks', blocks: [block] });
      wire.pass(15 * SECOND);
      expect(sync.tip).toEqual(tipAt(block));
    }
    expect(wire.refusals).toEqual([]);
  });

  it('may take a minute and a half for each answer: the blocks may be large', () => {
    const sync = new Sync(genesis);
    const wire = new Wire({ sync, slow: server(blocks, 20) });
    wire.slow('slow', 90 * SECOND);
    wire.join('sync', 'slow');
    wire.pass(20 * MINUTE);
    expect(dataOf(sync).at(-1)).toBe(last(blocks).data);
    expect(wire.refusals).toEqual([]);
  });

  it('do not keep a quick one waiting', () => {
    const late = new Sync(genesis);
    const wire = new Wire({ late, slow: server(blocks, 5), quick: server(blocks, 30) });
    wire.slow('slow', 50 * SECOND);
    wire.join('late', 'slow');
    wire.pass(2 * MINUTE); // now it is known to be slow, and is asked again
    wire.join('late', 'quick');
    wire.pass(5 * SECOND);
    expect(dataOf(late).at(-1)).toBe(last(blocks).data);
  });

  it('are waited for by ticks: a clock that is set changes nothing', () => {
    const sync = nodeWith(...blocks.slice(0, 5));
    sync.connected('slow', server(blocks).greeting);
    sync.connected('other', greetingOf(sync));
    for (const now of [NOW + 24 * 60 * MINUTE, NOW - 24 * 60 * MINUTE]) {
      sync.received('other', { type: 'getBlocks', locator: [] }, now);
      expect(sync.tick()).toEqual(nothing);
    }
    const answer: Message = { type: 'blocks', blocks: blocks.slice(5, 8) };
    expect(sync.received('slow', answer, NOW).taken).toEqual(blocks.slice(5, 8));
  });

  it('send what is lacking once, and not all of them, where there are eight', () => {
    const chain = branch(genesis, 400, 'a');
    const late = new Sync(genesis);
    const wire = new Wire({ late });
    for (let i = 1; i <= 8; i += 1) {
      wire.add(`p${i}`, nodeWith(...chain));
      wire.slow(`p${i}`, 3 * SECOND);
      wire.join('late', `p${i}`);
    }
    wire.pass(2 * MINUTE);
    expect(dataOf(late).at(-1)).toBe(last(chain).data);
    expect(wire.refusals).toEqual([]);
    if (wire.blocksSent.length > 2 * chain.length)
      throw new Error(
        `For ${chain.length} blocks ${wire.blocksSent.length} were sent: the peers have the ` +
          'same ones, and need not send them all.',
      );
  });
});
