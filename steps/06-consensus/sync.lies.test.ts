import { describe, expect, it } from '@jest/globals';
import { genesisBlock, nextBlock, type Block } from '#blocks';
import { MAX_AHEAD, Sync } from '#consensus';
import type { Message } from '#peers';
import { NOW, START, branch, genesis, last, withWork } from './blocks-for-test.ts';
import {
  MINUTE,
  SECOND,
  Wire,
  boast,
  chainOf,
  dataOf,
  greetingOf,
  liar,
  nodeWith,
  nothing,
  server,
  tipAt,
  type Script,
} from './wire-for-test.ts';

describe('Task 17: peers that lie', () => {
  const blocks = branch(genesis, 100, 'a');

  /** A node with 5 blocks, a liar that it meets first, and an honest peer with 100. */
  function stage(script: Script) {
    const victim = nodeWith(...blocks.slice(0, 5));
    const wire = new Wire({ victim, liar: script, honest: server(blocks, 30) });
    wire.join('victim', 'liar');
    wire.settle();
    wire.join('victim', 'honest');
    return { victim, honest: last(blocks), wire };
  }

  const nonsense: [string, Script][] = [
    ['does not answer', liar(() => undefined)],
    ['answers that it has no more blocks', liar(() => [])],
    ['sends the same known blocks again and again', liar(() => blocks.slice(0, 3))],
    ['sends the genesis block again and again', liar(() => [genesis])],
    [
      'sends blocks whose parents nobody knows',
      liar(() => branch(last(branch(genesis, 4, 'x')), 3, 'x')),
    ],
    [
      'sends the chain of another network',
      liar(() => {
        const other = genesisBlock({ timestamp: START, data: 'another network' });
        return [other, ...branch(other, 20, 'x')];
      }),
    ],
    [
      'sends a known block whose index is forged, a higher one each time',
      (() => {
        let index = 0;
        return liar(() => [{ ...genesis, index: (index += 1) }]);
      })(),
    ],
    [
      'sends the known blocks one by one',
      (() => {
        let index = 0;
        return liar(() => blocks.slice((index += 1) % 5, (index % 5) + 1));
      })(),
    ],
  ];

  describe.each(nonsense)('A peer that claims giant work and %s', (_, script) => {
    it('does not keep the node from the blocks of an honest peer', () => {
      const { victim, honest, wire } = stage(script);
      wire.pass(MINUTE);
      expect(dataOf(victim).at(-1)).toBe(honest.data);
    });

    it('is parted from in the end, and the honest peer is not', () => {
      const { wire } = stage(script);
      wire.pass(15 * MINUTE);
      expect(wire.refusals).toEqual([
        { by: 'victim', peer: 'liar', reason: expect.any(String) },
      ]);
    });

    it('is parted from where there is no other peer, too', () => {
      const wire = new Wire({ victim: nodeWith(...blocks.slice(0, 5)), liar: script });
      wire.join('victim', 'liar');
      wire.pass(15 * MINUTE);
      expect(wire.refusals).toHaveLength(1);
    });
  });

  it('are not asked again at once after an answer without use: it may have been bad luck', () => {
    const wire = new Wire({ victim: nodeWith(), liar: liar(() => []) });
    wire.join('victim', 'liar');
    wire.settle();
    expect(wire.requests('liar')).toBe(1);
    expect(wire.refusals).toEqual([]);
  });

  it('may have bad luck time after time, where good blocks come in between', () => {
    const sync = new Sync(genesis);
    let count = 0;
    // Two answers of three are of no use.
    const odd: Script = {
      greeting: { genesis: genesis.hash, tip: tipAt(last(blocks)) },
      answer: ({ type }) => {
        if (type !== 'getBlocks') return [];
        count += 1;
        const known = sync.tree?.chain.length ?? 1;
        const some = count % 3 === 0 ? blocks.slice(known - 1, known + 50) : [];
        return [{ type: 'blocks', blocks: some }];
      },
    };
    const wire = new Wire({ sync, odd });
    wire.join('sync', 'odd');
    wire.pass(10 * MINUTE);
    expect(dataOf(sync).at(-1)).toBe(last(blocks).data);
    expect(wire.refusals).toEqual([]);
  });

  it('do not come first again by claiming more, time after time', () => {
    const { victim, honest, wire } = stage(liar(() => undefined));
    for (let i = 0; i < 60; i += 1) {
      const tip = { ...boast, work: '9'.repeat(60) + String(i).padStart(3, '0') };
      wire.say('liar', 'victim', { type: 'tip', tip });
      wire.pass(SECOND);
    }
    expect(dataOf(victim).at(-1)).toBe(honest.data);
  });

  it('do not come first again by coming back as somebody else, time after time', () => {
    const full = nodeWith(...blocks.slice(0, 5));
    const honest: Script = {
      greeting: greetingOf(full),
      answer: (message) =>
        message.type === 'getBlocks'
          ? [{ type: 'blocks', blocks: full.tree?.after(message.locator) ?? [] }]
          : [],
    };
    const { victim, wire } = stage(liar(() => undefined));
    wire.add('silent', honest);
    wire.part('victim', 'honest');
    wire.join('victim', 'silent');
    for (let i = 0; i < 60; i += 1) {
      // There is a new liar before the last one goes, and new blocks that are not pushed.
      wire.add(
        `liar ${i}`,
        liar(() => undefined),
      );
      wire.join('victim', `liar ${i}`);
      wire.settle();
      wire.part('victim', `liar ${i - 1}`);
      if (i < 30)
        for (const block of blocks.slice(5 + 2 * i, 7 + 2 * i)) full.mined(block, NOW);
      if (full.tip) wire.say('silent', 'victim', { type: 'tip', tip: full.tip });
      wire.pass(2 * SECOND);
    }
    expect(dataOf(victim).at(-1)).toBe(full.tree?.chain.tip.data);
  });

  it('do not keep the turn by sending one known block every few seconds', () => {
    let index = 0;
    const { victim, honest, wire } = stage(liar(() => undefined));
    for (let i = 0; i < 20; i += 1) {
      index = (index + 1) % 5;
      wire.say('liar', 'victim', {
        type: 'blocks',
        blocks: blocks.slice(index, index + 1),
      });
      wire.pass(6 * SECOND);
    }
    expect(dataOf(victim).at(-1)).toBe(honest.data);
  });

  it.each([1, 6])(
    'do not keep the turn by sending one block of an endless side branch every %d s',
    (seconds) => {
      const side = branch(genesis, 60 / seconds, 'side ');
      const { victim, honest, wire } = stage(liar(() => undefined));
      for (const block of side) {
        wire.say('liar', 'victim', { type: 'blocks', blocks: [block] });
        wire.pass(seconds * SECOND);
      }
      expect(dataOf(victim).at(-1)).toBe(honest.data);
    },
  );

  it('do not keep the turn together, each by one new block in time', () => {
    const [victim, honest] = [nodeWith(...blocks.slice(0, 5)), nodeWith(...blocks)];
    const wire = new Wire({ victim });
    for (let i = 0; i < 6; i += 1) {
      let tip = genesis;
      const name = `liar ${i}`;
      const next = () => (tip = nextBlock(tip, `${name} ${tip.index}`, START));
      wire.add(
        name,
        liar(() => [next()]),
      );
      wire.slow(name, SECOND);
      wire.join('victim', name);
    }
    wire.pass(10 * SECOND);
    wire.add('honest', honest);
    wire.join('victim', 'honest');
    wire.pass(3 * MINUTE);
    expect(dataOf(victim).at(-1)).toBe(dataOf(honest).at(-1));
  });

  const forged: [string, Block][] = [
    ['other data', { ...last(blocks.slice(0, 6)), data: 'forged' }],
    ['a wrong index', withWork({ ...last(blocks.slice(0, 6)), index: 7 })],
    ['another difficulty', withWork({ ...last(blocks.slice(0, 6)), difficulty: 1 })],
  ];
  it.each(forged)('are parted from at once for a block with %s', (_, block) => {
    const victim = nodeWith(...blocks.slice(0, 5));
    const greeting = { genesis: genesis.hash, tip: boast };
    const messages: Message[] = [
      { type: 'tip', tip: boast, block },
      { type: 'blocks', blocks: [block, ...branch(block, 3, 'x')] },
      { type: 'blocks', blocks: [...blocks.slice(2, 5), block] },
      { type: 'blocks', blocks: [block, block] },
    ];
    for (const [i, message] of messages.entries()) {
      victim.connected(`liar ${i}`, greeting);
      const { send, changes, refuse } = victim.received(`liar ${i}`, message, NOW);
      expect(refuse).toEqual([{ peer: `liar ${i}`, reason: expect.any(String) }]);
      expect({ send, changes }).toEqual({ send: [], changes: [] });
      expect(victim.received(`liar ${i}`, message, NOW)).toEqual(nothing);
    }
    expect(chainOf(victim)).toEqual([genesis, ...blocks.slice(0, 5)]);
  });

  it('are parted from for an invalid block, and the next peer is asked at once', () => {
    const [, [, block] = ['', genesis]] = forged;
    const { victim, honest, wire } = stage(liar(() => [block]));
    wire.settle();
    expect(wire.refusals.map(({ peer }) => peer)).toEqual(['liar']);
    expect(dataOf(victim).at(-1)).toBe(honest.data);
  });

  it('leave behind the good blocks that came before the bad one', () => {
    const victim = new Sync(genesis);
    victim.connected('liar', { genesis: genesis.hash, tip: boast });
    const bad = { ...last(blocks.slice(0, 3)), data: 'forged' };
    const message: Message = { type: 'blocks', blocks: [...blocks.slice(0, 2), bad] };
    const { refuse } = victim.received('liar', message, NOW);
    expect(refuse.map(({ peer }) => peer)).toEqual(['liar']);
    expect(dataOf(victim)).toEqual(['Genesis Block', 'a1', 'a2']);
  });

  it('change nothing by blocks that nobody asked for, good ones or bad', () => {
    const next = blocks.slice(5, 7);
    const forged = { ...last(blocks.slice(0, 6)), data: 'forged' };
    for (const unasked of [[], [genesis], next, [forged], branch(genesis, 3, 'side ')]) {
      const victim = nodeWith(...blocks.slice(0, 5));
      victim.connected('peer', greetingOf(victim));
      const message: Message = { type: 'blocks', blocks: unasked };
      const { send, changes, taken } = victim.received('peer', message, NOW);
      expect({ send, changes, taken }).toEqual({ send: [], changes: [], taken: [] });
      for (const block of unasked.slice(1))
        expect(victim.tree?.get(block.hash)).toBeUndefined();
    }
  });

  it('change nothing by sending what another peer was asked for', () => {
    const victim = nodeWith(...blocks.slice(0, 5));
    const greeting = greetingOf(nodeWith(...blocks));
    const asked = ['p1', 'p2'].flatMap((peer) => victim.connected(peer, greeting).send);
    const [other] = ['p1', 'p2'].filter((peer) => peer !== asked[0]?.to);
    const message: Message = { type: 'blocks', blocks: blocks.slice(5, 9) };
    expect(victim.received(other ?? '', message, NOW).taken).toEqual([]);
    expect(victim.received(asked[0]?.to ?? '', message, NOW).taken).toHaveLength(4);
  });

  it('answer once for each time that they are asked', () => {
    const victim = nodeWith(...blocks.slice(0, 5));
    victim.connected('peer', greetingOf(nodeWith(...blocks.slice(0, 7))));
    const send = (...some: Block[]) =>
      victim.received('peer', { type: 'blocks', blocks: some }, NOW).taken;
    expect(send(...blocks.slice(5, 7))).toEqual(blocks.slice(5, 7));
    expect(send(...blocks.slice(7, 9))).toEqual([]);
  });

  it('are parted from if they go on sending blocks that nobody asked for', () => {
    const victim = nodeWith(...blocks.slice(0, 5));
    victim.connected('peer', greetingOf(victim));
    const message: Message = { type: 'blocks', blocks: blocks.slice(5, 6) };
    const refused = Array.from({ length: 10 }, () =>
      victim.received('peer', message, NOW).refuse.map(({ peer }) => peer),
    );
    expect(refused.flat()).toEqual(['peer']);
  });

  it('may tell anything of their tip: what counts is the blocks', () => {
    const victim = nodeWith(...blocks.slice(0, 5));
    victim.connected('liar', greetingOf(victim));
    const block = last(blocks.slice(0, 6));
    const tip = { ...boast, hash: block.hash };
    victim.received('liar', { type: 'tip', tip, block }, NOW);
    expect(victim.tip).toEqual(tipAt(block));
    expect(victim.tree?.work).toBe(7n);
  });
});

describe('Task 18: blocks of the future', () => {
  /** A block that may not be accepted before this time. */
  const blockFor = (time: number) => nextBlock(genesis, 'early', time + MAX_AHEAD);

  it('are not taken, with a tip or as an answer, and cost the peer nothing', () => {
    const early = blockFor(NOW + SECOND);
    const sync = new Sync(genesis);
    sync.connected('peer', greetingOf(sync));
    for (let i = 0; i < 9; i += 1) {
      const message: Message = { type: 'tip', tip: tipAt(early), block: early };
      const { taken, refuse } = sync.received('peer', message, NOW);
      expect({ taken, refuse }).toEqual({ taken: [], refuse: [] });
    }
    expect(chainOf(sync)).toEqual([genesis]);
  });

  it('are not held against the peer, and are asked for again when their time has come', () => {
    const ahead = new Sync(genesis);
    const block = blockFor(NOW + 5 * SECOND);
    ahead.mined(block, NOW + 5 * SECOND);
    const sync = new Sync(genesis);
    const wire = new Wire({ sync, ahead });
    wire.join('sync', 'ahead');
    wire.pass(4 * SECOND);
    expect(chainOf(sync)).toEqual([genesis]);
    wire.pass(4 * SECOND);
    expect(chainOf(sync)).toEqual([genesis, block]);
    expect(wire.refusals).toEqual([]);
  });

  it('that are pushed come again, too', () => {
    const [ahead, sync] = [new Sync(genesis), new Sync(genesis)];
    const wire = new Wire({ sync, ahead });
    wire.join('sync', 'ahead');
    wire.settle();
    const block = wire.mine('ahead', 'early', MAX_AHEAD + 90 * SECOND);
    wire.pass(80 * SECOND);
    expect(chainOf(sync)).toEqual([genesis]);
    wire.pass(80 * SECOND);
    expect(chainOf(sync)).toEqual([genesis, block]);
    expect(wire.refusals).toEqual([]);
  });

  it('are not asked for all the time', () => {
    const ahead = new Sync(genesis);
    ahead.mined(blockFor(NOW + 60 * MINUTE), NOW + 60 * MINUTE);
    const wire = new Wire({ sync: new Sync(genesis), ahead });
    wire.join('sync', 'ahead');
    wire.pass(10 * MINUTE);
    expect(wire.requests('ahead')).toBeLessThanOrEqual(20);
    expect(wire.refusals).toEqual([]);
  });

  it('do not part their miner from the network for long once it gives them up', () => {
    // Its clock was a day ahead. Now that is right, and it takes the others' longer chain.
    const ahead = new Sync(genesis);
    ahead.mined(blockFor(NOW + 1_440 * MINUTE), NOW + 1_440 * MINUTE);
    const sync = new Sync(genesis);
    const wire = new Wire({ sync, ahead, others: nodeWith(...branch(genesis, 9, 'a')) });
    wire.join('sync', 'ahead');
    wire.pass(5 * SECOND);
    expect(chainOf(sync)).toEqual([genesis]);
    wire.join('ahead', 'others');
    wire.pass(5 * MINUTE);
    expect(dataOf(sync).at(-1)).toBe('a9');
  });

  it('do not hold up what other peers have', () => {
    const ahead = new Sync(genesis);
    const early = blockFor(NOW + 60 * MINUTE);
    for (const block of [early, ...branch(early, 20, 'x')])
      ahead.mined(block, NOW + 120 * MINUTE);
    const [sync, honest] = [new Sync(genesis), nodeWith(...branch(genesis, 9, 'a'))];
    const wire = new Wire({ sync, ahead, honest });
    wire.join('sync', 'ahead');
    wire.join('sync', 'honest');
    wire.pass(5 * SECOND);
    expect(ahead.tip?.index).toBe(21);
    expect(dataOf(sync).at(-1)).toBe(dataOf(honest).at(-1));
  });
});
