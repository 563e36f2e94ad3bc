import { describe, expect, it } from '@jest/globals';
import { genesisBlock, type Block } from '#blocks';
import { MAX_AHEAD, Sync } from '#consensus';
import type { Message } from '#peers';
import { NOW, START, branch, genesis, last, replay } from './blocks-for-test.ts';
import {
  MINUTE,
  Wire,
  chainOf,
  dataOf,
  greetingOf,
  liar,
  nodeWith,
  server,
  tipAt,
  to,
  type Script,
} from './wire-for-test.ts';

describe('Task 19: a node that joins without a genesis block', () => {
  const blocks = branch(genesis, 60, 'a');
  const full = server(blocks, 20);
  const elsewhere = genesisBlock({ timestamp: START, data: 'another network' });
  /** A peer that announces a genesis block, and answers with these blocks. */
  const peerWith = (announced: string, answer: readonly Block[]): Script => ({
    greeting: { genesis: announced, tip: tipAt(last(answer)) },
    answer: ({ type }) =>
      type === 'getBlocks' ? [{ type: 'blocks', blocks: [...answer] }] : [],
  });

  it('takes the genesis block, and then the chain, from a peer', () => {
    const joiner = new Sync();
    const wire = new Wire({ joiner, full });
    wire.join('joiner', 'full');
    wire.settle();
    expect(dataOf(joiner).at(-1)).toBe(last(blocks).data);
  });

  it('tells the genesis block as its first change', () => {
    const joiner = new Sync();
    const asked = joiner.connected('peer', greetingOf(nodeWith(...blocks.slice(0, 2))));
    expect(to('peer', asked)).toEqual([{ type: 'getBlocks', locator: [] }]);
    const answer: Message = { type: 'blocks', blocks: [genesis, ...blocks.slice(0, 2)] };
    const { changes, taken } = joiner.received('peer', answer, NOW);
    expect(changes[0]).toEqual({ removed: [], added: [genesis] });
    expect(taken).toEqual([genesis, ...blocks.slice(0, 2)]);
    const chain: Block[] = [];
    replay(chain, changes);
    expect(chain).toEqual([genesis, ...blocks.slice(0, 2)]);
  });

  it('can join through a peer that has nothing but the genesis block', () => {
    const joiner = new Sync();
    const wire = new Wire({ joiner, full: new Sync(genesis) });
    wire.join('joiner', 'full');
    wire.settle();
    expect(chainOf(joiner)).toEqual([genesis]);
    wire.mine('joiner', 'mine');
    wire.settle();
    expect(dataOf(joiner)).toEqual(['Genesis Block', 'mine']);
  });

  it('takes a genesis block as early as any other block', () => {
    const early = genesisBlock({ timestamp: NOW + MAX_AHEAD });
    const joiner = new Sync();
    joiner.connected('peer', { genesis: early.hash, tip: tipAt(early) });
    const answer: Message = { type: 'blocks', blocks: [early] };
    expect(joiner.received('peer', answer, NOW).taken).toEqual([early]);
  });

  const difficult = genesisBlock({ timestamp: START, difficulty: 60 });
  const odd = branch(genesis, 1, 'x');
  const late = genesisBlock({ timestamp: NOW + 60 * MINUTE });
  it.each<[string, Script, RegExp]>([
    ['is not the announced one', peerWith(genesis.hash, [elsewhere]), /genesis/i],
    ['has not its work', peerWith(difficult.hash, [difficult]), /hash|work/i],
    ['is not the first of a chain', peerWith(last(odd).hash, odd), /index|previousHash/],
    ['has other data', peerWith(genesis.hash, [{ ...genesis, data: '?' }]), /dataHash/],
    ['is of the future', peerWith(late.hash, [late]), /genesis/i],
  ])(
    'parts from a peer whose genesis block %s, and joins the next',
    (_, script, reason) => {
      const joiner = new Sync();
      const wire = new Wire({ joiner, liar: script, full });
      wire.join('joiner', 'liar');
      wire.settle();
      expect(joiner.tree).toBeUndefined();
      expect(wire.refusals).toEqual([
        { by: 'joiner', peer: 'liar', reason: expect.stringMatching(reason) },
      ]);
      wire.join('joiner', 'full');
      wire.settle();
      expect(dataOf(joiner).at(-1)).toBe(last(blocks).data);
    },
  );

  it.each<[string, Script]>([
    ['does not answer', liar(() => undefined)],
    ['answers nothing', liar(() => [])],
  ])('joins through the next peer where the first one %s', (_, script) => {
    const joiner = new Sync();
    const wire = new Wire({ joiner, liar: script, full });
    wire.join('joiner', 'liar');
    wire.settle();
    wire.join('joiner', 'full');
    wire.pass(MINUTE);
    expect(dataOf(joiner).at(-1)).toBe(last(blocks).data);
  });

  it('parts from the peers of other networks once it belongs to one', () => {
    const joiner = new Sync();
    const greetings = new Map([
      ['full', greetingOf(nodeWith(...blocks))],
      ['twin', greetingOf(new Sync(genesis))],
      ['other', greetingOf(new Sync(elsewhere))],
    ]);
    const asked = [...greetings].flatMap(
      ([peer, greeting]) => joiner.connected(peer, greeting).send,
    );
    expect(asked.map(({ message }) => message.type)).toEqual(['getBlocks']);
    const [first] = asked.map((outgoing) => outgoing.to);
    const [own, strangers] =
      first === 'other' ? [elsewhere, ['full', 'twin']] : [genesis, ['other']];
    const answer: Message = { type: 'blocks', blocks: [own] };
    const { send, refuse } = joiner.received(first ?? '', answer, NOW);
    expect(refuse.map(({ peer }) => peer)).toEqual(strangers);
    for (const outgoing of send) expect(strangers).not.toContain(outgoing.to);
    for (const peer of strangers)
      expect(joiner.received(peer, { type: 'getBlocks', locator: [] }, NOW).send).toEqual(
        [],
      );
  });

  it('keeps the peers that have no network yet', () => {
    const [joiner, second] = [new Sync(), new Sync()];
    const wire = new Wire({ joiner, second, full });
    wire.join('joiner', 'second');
    wire.join('joiner', 'full');
    wire.settle();
    expect(wire.refusals.filter(({ by }) => by === 'joiner')).toEqual([]);
  });
});
