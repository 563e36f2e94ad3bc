import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '#hashing';
import {
  Chain,
  genesisBlock,
  hashBlock,
  nextBlock,
  type Block,
  type Rule,
} from '#blocks';

const NOON = 1_700_000_000_000;
const makeGenesis = () => genesisBlock({ timestamp: NOON });

/** Adds one block per text, each a minute after its parent. */
function append(chain: Chain, ...texts: string[]): Block[] {
  return texts.map((data) => {
    const block = nextBlock(chain.tip, data, chain.tip.timestamp + 60_000);
    chain.append(block);
    return block;
  });
}

/** A new chain of a genesis block and one block per text, and a list of all of these. */
function chainOf(...texts: string[]): { chain: Chain; blocks: Block[] } {
  const genesis = makeGenesis();
  const chain = new Chain(genesis);
  return { chain, blocks: [genesis, ...append(chain, ...texts)] };
}

/** Changes a block and gives it the hash that its header then has. */
function forge(block: Block, changes: Partial<Block>): Block {
  const forged = { ...block, ...changes };
  return { ...forged, hash: hashBlock(forged) };
}

/** Runs what should throw an Error, and returns its name and its words. */
function errorOf(run: () => unknown): { name: string; message: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return { name: error.name, message: error.message };
    throw error;
  }
  return { name: 'none', message: 'no error, though there should be one' };
}

/** Compares how a chain ends with the list of blocks that should be on it. */
function expectEnd(chain: Chain, blocks: Block[]): void {
  const { length, tip } = chain;
  expect({ length, tip }).toEqual({ length: blocks.length, tip: blocks.at(-1) });
}

/** Compares all that a chain tells with the list of blocks that should be on it. */
function expectBlocks(chain: Chain, blocks: Block[], gone: Block[] = []): void {
  const onChain = new Set(blocks.map(({ hash }) => hash));
  expect({
    length: chain.length,
    tip: chain.tip,
    slice: chain.slice(),
    at: blocks.map((_, index) => chain.at(index)),
    atEnd: chain.at(blocks.length),
    find: blocks.map(({ hash }) => chain.find(hash)),
    foundThoughRemoved: gone.map(({ hash }) =>
      onChain.has(hash) ? undefined : chain.find(hash),
    ),
  }).toEqual({
    length: blocks.length,
    tip: blocks.at(-1),
    slice: blocks,
    at: blocks,
    atEnd: undefined,
    find: blocks,
    foundThoughRemoved: gone.map(() => undefined),
  });
}

describe('Task 8: Chain and append', () => {
  describe('constructor', () => {
    it('starts with the genesis block alone', () => {
      const genesis = makeGenesis();
      expectEnd(new Chain(genesis), [genesis]);
    });

    it.each<[string, (genesis: Block) => Block, RegExp]>([
      [
        'is not the first one',
        (block) => nextBlock(block, '', NOON),
        /index|previousHash/,
      ],
      ['was changed', (block) => ({ ...block, data: 'mine' }), /\bdataHash\b/],
      ['has another hash', (block) => ({ ...block, hash: sha256('') }), /\bhash\b/],
      [
        'claims to have a parent',
        (block) => forge(block, { previousHash: block.hash }),
        /\bpreviousHash\b/,
      ],
    ])('throws an Error with the reason when the block %s', (_what, spoil, reason) => {
      const block = spoil(makeGenesis());
      expect(errorOf(() => new Chain(block)).message).toMatch(reason);
    });
  });

  describe('append', () => {
    it('puts each block at the end', () => {
      const { chain, blocks } = chainOf('one', 'two', 'three');
      expectEnd(chain, blocks);
    });

    it.each<[string, (next: Block, tip: Block) => Block, RegExp]>([
      ['skips an index', (next) => forge(next, { index: 7 }), /\bindex\b/],
      ['is a genesis block', () => makeGenesis(), /index|previousHash|timestamp/],
      ['is the tip itself', (_next, tip) => tip, /index|previousHash|timestamp/],
      [
        'follows another block',
        (next) => forge(next, { previousHash: sha256('') }),
        /\bpreviousHash\b/,
      ],
      [
        'is not later than its parent',
        (next, { timestamp }) => forge(next, { timestamp }),
        /\btimestamp\b/,
      ],
      ['was changed', (next) => ({ ...next, data: 'mine' }), /\bdataHash\b/],
      ['has another hash', (next) => ({ ...next, hash: sha256('') }), /\bhash\b/],
      ['has one field more', (next) => Object.assign({ reward: 5 }, next), /\breward\b/],
    ])('refuses a block that %s, and stays as it was', (_what, spoil, reason) => {
      const { chain, blocks } = chainOf('one', 'two');
      const next = nextBlock(chain.tip, 'three', NOON);
      const refused = spoil(next, chain.tip);
      expect(errorOf(() => chain.append(refused)).message).toMatch(reason);
      expectEnd(chain, blocks);
    });

    it('takes a good block after it has refused a bad one', () => {
      const { chain, blocks } = chainOf('one', 'two');
      const next = nextBlock(chain.tip, 'three', NOON);
      const bad = { ...next, data: 'mine' };
      expect(errorOf(() => chain.append(bad)).message).toMatch(/\bdataHash\b/);
      chain.append(next);
      expectEnd(chain, [...blocks, next]);
    });
  });

  it('goes by other rules where it is given some', () => {
    const noBombs: Rule = ({ data }) => (data === 'bomb' ? 'it is a bomb' : undefined);
    const genesis = makeGenesis();
    const chain = new Chain(genesis, [noBombs]);
    const unfit = genesisBlock({
      timestamp: 0,
      data: 'no child of anybody, but no bomb',
    });
    chain.append(unfit);
    const bomb = nextBlock(unfit, 'bomb', NOON);
    expect(errorOf(() => chain.append(bomb)).message).toMatch(/it is a bomb/);
    expectEnd(chain, [genesis, unfit]);

    const start = genesisBlock({ timestamp: NOON, data: 'bomb' });
    expect(errorOf(() => new Chain(start, [noBombs])).message).toMatch(/it is a bomb/);
  });

  it('hands its rules each block together with its parent', () => {
    const calls: unknown[] = [];
    const spy: Rule = (...args) => void calls.push(args);
    const genesis = makeGenesis();
    const chain = new Chain(genesis, [spy]);
    const [one, two] = append(chain, 'one', 'two');
    expect(calls).toEqual([
      [genesis, undefined],
      [one, genesis],
      [two, one],
    ]);
  });

  it('keeps two chains apart', () => {
    const { chain: one, blocks } = chainOf('one', 'two');
    const { chain: other, blocks: others } = chainOf('eins');
    expectEnd(one, blocks);
    expectEnd(other, others);
  });
});

describe('Task 9: at, find and slice', () => {
  it('knows each block by its index and by its hash, and all of them as a list', () => {
    const { chain, blocks } = chainOf('one', 'two', 'three');
    expectBlocks(chain, blocks);
  });

  it('keeps two chains apart', () => {
    const { chain: one, blocks } = chainOf('one', 'two');
    const { chain: other, blocks: others } = chainOf('eins');
    expectBlocks(one, blocks, others);
    expectBlocks(other, others, blocks);
  });

  it('knows nothing of a block that was refused', () => {
    const { chain, blocks } = chainOf('one', 'two');
    const next = nextBlock(chain.tip, 'three', NOON);
    const refused = { ...next, data: 'mine' };
    expect(errorOf(() => chain.append(refused)).message).toMatch(/\bdataHash\b/);
    expectBlocks(chain, blocks, [next]);
    chain.append(next);
    expectBlocks(chain, [...blocks, next]);
  });

  describe('at', () => {
    it.each([2, 1_000_000, -1, 0.5, NaN])(
      'gives nothing for %d, which is the index of no block, of 0 and 1',
      (index) => {
        expect(chainOf('one').chain.at(index)).toBeUndefined();
      },
    );
  });

  describe('find', () => {
    it.each(['', '0', 'deadbeef', 'ab'.repeat(32), 'toString', '__proto__'])(
      'gives nothing for "%s", which is the hash of no block',
      (hash) => {
        expect(chainOf('one').chain.find(hash)).toBeUndefined();
      },
    );
  });

  describe('slice', () => {
    let chain: Chain;
    let blocks: Block[];
    beforeEach(() => {
      ({ chain, blocks } = chainOf('one', 'two', 'three'));
    });

    it('gives the blocks from one index to before another', () => {
      expect(chain.slice(1, 3)).toEqual(blocks.slice(1, 3));
      expect(chain.slice(2)).toEqual(blocks.slice(2));
      expect(chain.slice(0, 1)).toEqual(blocks.slice(0, 1));
    });

    it('gives what there is, where more is asked for', () => {
      expect(chain.slice(2, 100)).toEqual(blocks.slice(2));
      expect(chain.slice(2, Infinity)).toEqual(blocks.slice(2));
      expect(chain.slice(100)).toEqual([]);
      expect(chain.slice(100, 200)).toEqual([]);
    });

    it('gives a copy: whatever is done to it, the chain stays as it was', () => {
      chain.slice().reverse().pop();
      chain.slice().length = 0;
      expect(chain.slice()).toEqual(blocks);
      expectEnd(chain, blocks);
    });

    it('gives a copy: whatever the chain does, the list stays as it was', () => {
      const copy = chain.slice();
      append(chain, 'four');
      expect(copy).toEqual(blocks);
    });
  });
});

describe('Task 10: rewind', () => {
  it('takes the blocks after an index off, and returns them, oldest first', () => {
    const { chain, blocks } = chainOf('one', 'two', 'three', 'four');
    expect(chain.rewind(2)).toEqual(blocks.slice(3));
    expectBlocks(chain, blocks.slice(0, 3), blocks);
  });

  it('goes back as far as the genesis block', () => {
    const { chain, blocks } = chainOf('one', 'two');
    expect(chain.rewind(0)).toEqual(blocks.slice(1));
    expectBlocks(chain, blocks.slice(0, 1), blocks);
  });

  it('takes nothing off when it is to stop at the tip', () => {
    const { chain, blocks } = chainOf('one', 'two');
    expect(chain.rewind(2)).toEqual([]);
    expectBlocks(chain, blocks);
  });

  it.each([3, 1_000, -1, 0.5, NaN])(
    'throws a RangeError where there is no block to stop at: %d, of 0 to 2',
    (index) => {
      const { chain, blocks } = chainOf('one', 'two');
      const { name, message } = errorOf(() => chain.rewind(index));
      expect(name).toBe('RangeError');
      expect(message).not.toBe('');
      expectBlocks(chain, blocks);
    },
  );

  it('makes room for another branch', () => {
    const { chain, blocks } = chainOf('one', 'two', 'three');
    chain.rewind(1);
    const branch = append(chain, 'zwei', 'drei', 'vier');
    expectBlocks(chain, [...blocks.slice(0, 2), ...branch], blocks);
  });

  it('lets the blocks that it took off be put back', () => {
    const { chain, blocks } = chainOf('one', 'two', 'three');
    for (const block of chain.rewind(0)) chain.append(block);
    expectBlocks(chain, blocks);
  });

  it('leaves no place for a block that followed one taken off', () => {
    const { chain, blocks } = chainOf('one', 'two');
    const next = nextBlock(chain.tip, 'three', NOON);
    chain.rewind(1);
    expect(errorOf(() => chain.append(next)).message).toMatch(/index|previousHash/);
    expectBlocks(chain, blocks.slice(0, 2), [...blocks, next]);
  });

  it('leaves alone the lists that the chain gave away', () => {
    const { chain, blocks } = chainOf('one', 'two');
    const copy = chain.slice();
    chain.rewind(0).pop();
    expect(copy).toEqual(blocks);
    expectBlocks(chain, blocks.slice(0, 1), blocks);
  });

  it('lets rules see the block to which it went back as the parent', () => {
    const parents: unknown[] = [];
    const spy: Rule = (_block, previous) => void parents.push(previous);
    const chain = new Chain(makeGenesis(), [spy]);
    const [one] = append(chain, 'one', 'two');
    chain.rewind(1);
    append(chain, 'other');
    expect(parents.at(-1)).toEqual(one);
  });

  it('does whatever a plain list of blocks would, through any appends and rewinds', () => {
    const anyStep = fc.oneof(
      fc.record({ append: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ rewindTo: fc.nat(10) }),
    );
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 20 }), (steps) => {
        const { chain, blocks } = chainOf();
        const seen: Block[] = [];
        for (const step of steps) {
          if ('append' in step) {
            const added = append(chain, step.append);
            blocks.push(...added);
            seen.push(...added);
          } else if (step.rewindTo < blocks.length) {
            const removed = blocks.splice(step.rewindTo + 1);
            expect(chain.rewind(step.rewindTo)).toEqual(removed);
          }
        }
        expectBlocks(chain, blocks, seen);
      }),
    );
  });
});
