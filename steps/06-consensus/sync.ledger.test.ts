import { describe, expect, it } from '@jest/globals';
import { genesisBlock, type Block } from '#blocks';
import { Sync } from '#consensus';
import { NOW, START, genesis, last } from './blocks-for-test.ts';
import { sums, tallyLedger, type Asked } from './tally-for-test.ts';
import { Wire, dataOf, greetingOf, liar, tipAt } from './wire-for-test.ts';

describe('Task 23: peers of such a network', () => {
  const ones = (count: number, parent = genesis) =>
    sums(parent, ...Array.from({ length: count }, () => 1));

  function tallyNode(blocks: readonly Block[], batch?: number) {
    const asked: Asked = { applied: [], verified: [] };
    const sync = new Sync(genesis, () => tallyLedger(asked, batch));
    for (const block of blocks) sync.mined(block, NOW);
    asked.applied.length = 0;
    return { sync, asked };
  }

  it('knows what its blocks lead to', () => {
    const blocks = sums(genesis, 3, 4);
    const { sync } = tallyNode(blocks);
    expect(sync.tree?.stateAt(last(blocks).hash)?.sum).toBe(7);
  });

  it('asks once what the network of its genesis block agrees on', () => {
    const seen: Block[] = [];
    const sync = new Sync(genesis, (block) => {
      seen.push(block);
      return tallyLedger();
    });
    sync.mined(last(ones(1)), NOW);
    expect(seen).toEqual([genesis]);
  });

  it('does not begin with a genesis block whose network it cannot be part of', () => {
    const sentence = 'This network counts in Roman numerals.';
    expect(() => new Sync(genesis, () => sentence)).toThrow(sentence);
  });

  it('joins a network with the ledger that the genesis block of this says', () => {
    const host = tallyNode(sums(genesis, 5, -2)).sync;
    const guest = new Sync(undefined, ({ hash }) =>
      hash === genesis.hash ? tallyLedger() : 'another',
    );
    const wire = new Wire({ host, guest });
    wire.join('host', 'guest');
    wire.settle();
    expect(dataOf(guest)).toEqual(dataOf(host));
    expect(guest.tree?.stateAt(guest.tree.chain.tip.hash)).toEqual({
      sum: 3,
      path: ' 5 -2',
    });
  });

  it('parts from a peer whose network it cannot be part of, and says why', () => {
    const sentence = 'This network counts in Roman numerals.';
    const host = tallyNode(ones(2)).sync;
    const guest = new Sync(undefined, () => sentence);
    const wire = new Wire({ host, guest });
    wire.join('host', 'guest');
    wire.settle();
    expect(guest.tree).toBeUndefined();
    expect(wire.refusals).toEqual([{ by: 'guest', peer: 'host', reason: sentence }]);
  });

  it('parts from a peer that sends a block which the ledger does not take', () => {
    const { sync } = tallyNode(ones(1));
    const bad = sums(last(ones(1)), -5, 10);
    const wire = new Wire({ node: sync, cheat: liar(() => bad) });
    wire.join('node', 'cheat');
    wire.settle();
    expect(dataOf(sync)).toEqual(['Genesis Block', '1']);
    expect(wire.refusals.map(({ by, peer }) => [by, peer])).toEqual([['node', 'cheat']]);
    expect(wire.refusals[0]?.reason).toContain('1 and -5 are below 0');
  });

  it('takes the next block that comes with a tip', () => {
    const blocks = ones(3);
    const { sync } = tallyNode(blocks.slice(0, 2));
    sync.connected('peer', greetingOf(sync));
    const block = last(blocks);
    const { taken } = sync.received(
      'peer',
      { type: 'tip', tip: tipAt(block), block },
      NOW,
    );
    expect(taken).toEqual([block]);
  });

  it('judges no block that nobody asked for, where the state before it is not at hand', () => {
    const blocks = ones(1_200);
    const { sync, asked } = tallyNode(blocks);
    sync.connected('peer', greetingOf(sync));
    const parent = blocks.find(({ hash }) => sync.tree?.hasState(hash) === false);
    const [block = genesis] = sums(parent ?? genesis, 7);
    const { taken, refuse } = sync.received(
      'peer',
      { type: 'tip', tip: tipAt(block), block },
      NOW,
    );
    expect(parent).toBeDefined();
    expect({ taken, refuse, applied: asked.applied }).toEqual({
      taken: [],
      refuse: [],
      applied: [],
    });
  });

  it('judges one branch of an answer, and no blocks on others', () => {
    const blocks = ones(1_200);
    const { sync } = tallyNode(blocks);
    const scattered = [150, 250, 350, 450].flatMap((index) =>
      sums(blocks[index - 1] ?? genesis, 7),
    );
    const wire = new Wire({ node: sync, costly: liar(() => scattered) });
    wire.join('node', 'costly');
    wire.settle();
    wire.pass(60_000);
    const held = scattered.filter(({ hash }) => sync.tree?.get(hash));
    expect(held).toEqual(scattered.slice(0, 1));
    expect(wire.refusals.map(({ peer }) => peer)).toEqual(['costly']);
  });

  it('sends no more data in an answer than the ledger says, and at least one block', () => {
    const data = `1${' '.repeat(99)}`;
    const blocks = sums(genesis, ...Array.from({ length: 20 }, () => data));
    const { sync } = tallyNode(blocks, 350);
    const ask = (locator: readonly string[]) => {
      sync.connected('peer', greetingOf(sync));
      const answers = [0, 1, 2, 3, 4, 5, 6, 7].map(() =>
        sync.received('peer', { type: 'getBlocks', locator }, NOW),
      );
      const message = answers.at(-1)?.send[0]?.message;
      return message?.type === 'blocks' ? message.blocks.length : 'no answer';
    };
    expect(ask([genesis.hash])).toBe(3);
    const { sync: mean } = tallyNode(blocks, 1);
    expect(mean.tree?.after([genesis.hash])).toHaveLength(1);
    expect(mean.tree?.maxBatch).toBe(1);
  });

  it('takes no more data of an answer than the ledger says', () => {
    const data = `1${' '.repeat(99)}`;
    const blocks = sums(genesis, ...Array.from({ length: 20 }, () => data));
    const { sync, asked } = tallyNode([], 350);
    const wire = new Wire({ node: sync, floods: liar(() => blocks) });
    wire.join('node', 'floods');
    wire.settle();
    expect(asked.applied.length).toBeLessThanOrEqual(3);
  });

  it('comes to the same sum as others, in small portions', () => {
    const data = `1${' '.repeat(99)}`;
    const blocks = sums(genesis, ...Array.from({ length: 50 }, () => data));
    const { sync: host } = tallyNode(blocks, 350);
    const { sync: guest } = tallyNode([], 350);
    const wire = new Wire({ host, guest });
    wire.join('host', 'guest');
    wire.settle();
    expect(guest.tree?.stateAt(last(blocks).hash)?.sum).toBe(50);
    expect(wire.refusals).toEqual([]);
  });

  it('sends and takes a mebibyte of text where the ledger says nothing', () => {
    const sync = new Sync(genesisBlock({ timestamp: START }));
    expect(sync.tree?.maxBatch).toBe(1_048_576);
  });
});
