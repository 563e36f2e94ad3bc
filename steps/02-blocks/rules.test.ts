import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '#hashing';
import {
  blockRules,
  brokenRule,
  checkChain,
  checkShape,
  genesisBlock,
  hashBlock,
  headerRules,
  nextBlock,
  type Block,
  type Rule,
} from '#blocks';
import {
  NOON,
  HASH,
  shaped,
  naming,
  anyData,
  anyHash,
  anyCount,
  anyBlock,
  fieldNames,
} from './shapes-for-test.ts';

/** A chain that keeps every rule, one block per text, a minute apart. */
function chainOf(...texts: string[]): Block[] {
  const blocks: Block[] = [];
  for (const data of texts) {
    const parent = blocks.at(-1);
    const block = parent
      ? nextBlock(parent, data, parent.timestamp + 60_000)
      : genesisBlock({ timestamp: NOON, data });
    blocks.push(block);
  }
  return blocks;
}

/** Changes a block and gives it the hash that its header then has, as a forger would. */
function forge(block: Block, changes: Partial<Block>): Block {
  const forged = { ...block, ...changes };
  return { ...forged, hash: hashBlock(forged) };
}

/** Copies a list with another value at one place. */
function replace(blocks: Block[], place: number, value: unknown): unknown[] {
  return blocks.map((block, i) => (i === place ? value : block));
}

// What a check says, in words where it gives undefined.
const broken = (value: unknown, previous?: Block) =>
  brokenRule(value, previous) ?? 'nothing is wrong';
const verdict = (blocks: readonly unknown[], rules?: readonly Rule[]) =>
  checkChain(blocks, rules) ?? 'all is well';

const anyName = fc.constantFrom(...fieldNames);

/** What a peer could put into a field: the right kind of value, or any other. */
const anyField = fc.oneof(anyCount, fc.nat(256), anyHash, anyData, fc.jsonValue());

/** A chain that keeps every rule. */
const anyChain: fc.Arbitrary<Block[]> = fc
  .array(anyData, { minLength: 1, maxLength: 6, size: '+1' })
  .map((texts) => chainOf(...texts));

/** Values that are no blocks. Each can come as JSON. */
const nasty: [string, unknown][] = [
  ['null', null],
  ['a number', 7],
  ['a text', 'block'],
  ['an empty list', []],
  ['a list with a block in it', [shaped]],
  ['an empty object', {}],
  ['an object that cannot be turned into text', { toString: null, valueOf: null }],
  ['a block inside __proto__', JSON.parse(`{"__proto__":${JSON.stringify(shaped)}}`)],
  ['lists in lists, very deep', JSON.parse('['.repeat(50_000) + ']'.repeat(50_000))],
];

describe('Task 6: blockRules and brokenRule', () => {
  let genesis: Block;
  let first: Block;
  let second: Block;
  beforeAll(() => {
    [genesis, first, second] = chainOf('Genesis', 'one', 'two') as [Block, Block, Block];
  });

  it('finds nothing wrong with an honest block', () => {
    expect(broken(genesis)).toBe('nothing is wrong');
    expect(broken(first, genesis)).toBe('nothing is wrong');
    expect(broken(second, first)).toBe('nothing is wrong');
  });

  it.each([0, 2, 1000, Number.MAX_SAFE_INTEGER])(
    'refuses an index that does not count up from the parent: %d after 0',
    (index) => {
      expect(broken(forge(first, { index }), genesis)).toEqual(naming('index'));
    },
  );

  it('refuses a first block whose index is not 0', () => {
    expect(broken(forge(genesis, { index: 1 }))).toEqual(naming('index'));
  });

  it('refuses a block whose previousHash is not the hash of its parent', () => {
    const stray = forge(first, { previousHash: HASH });
    const skipping = forge(second, { index: 1 });
    expect(broken(stray, genesis)).toEqual(naming('previousHash'));
    expect(broken(skipping, genesis)).toEqual(naming('previousHash'));
  });

  it('refuses a first block that claims to have a parent', () => {
    const child = forge(genesis, { previousHash: HASH });
    expect(broken(child)).toEqual(naming('previousHash'));
  });

  it('refuses a block that is not later than its parent', () => {
    for (const timestamp of [NOON, NOON - 1, 0]) {
      const block = forge(first, { timestamp });
      expect(broken(block, genesis)).toEqual(naming('timestamp'));
    }
    const justLater = forge(first, { timestamp: NOON + 1 });
    expect(broken(justLater, genesis)).toBe('nothing is wrong');
  });

  it('lets a first block have any timestamp', () => {
    expect(broken(forge(genesis, { timestamp: 0 }))).toBe('nothing is wrong');
  });

  it('refuses a block whose hash is not the hash of its header', () => {
    const { timestamp, nonce } = first;
    expect(broken({ ...first, hash: HASH }, genesis)).toEqual(naming('hash'));
    expect(broken({ ...first, nonce: nonce + 1 }, genesis)).toEqual(naming('hash'));
    expect(broken({ ...first, difficulty: 3 }, genesis)).toEqual(naming('hash'));
    expect(broken({ ...first, timestamp: timestamp + 1 }, genesis)).toEqual(
      naming('hash'),
    );
  });

  it('refuses data that does not belong to the dataHash', () => {
    const changed = { ...first, data: 'One' };
    const swapped = forge(first, { dataHash: sha256('something else') });
    expect(broken(changed, genesis)).toEqual(naming('dataHash'));
    expect(broken(swapped, genesis)).toEqual(naming('dataHash'));
  });

  it.each(nasty)('gives a reason for %s, first on the chain or later', (_name, value) => {
    expect(typeof brokenRule(value, undefined)).toBe('string');
    expect(typeof brokenRule(value, genesis)).toBe('string');
  });

  it('gives a reason for any JSON value, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), anyBlock), (value) => {
        expect(typeof brokenRule(value, undefined)).toBe('string');
        expect(typeof brokenRule(value, genesis)).toBe('string');
      }),
    );
  });

  it('gives a reason for an honest block with any other value in any one field', () => {
    fc.assert(
      fc.property(anyName, anyField, (field, value) => {
        fc.pre(JSON.stringify(value) !== JSON.stringify(first[field]));
        const block = { ...first, [field]: value };
        expect(broken(block, genesis)).not.toBe('nothing is wrong');
      }),
      { numRuns: 500 },
    );
  });

  it('walks a list of other rules, and gives the reason of the first that is broken', () => {
    const never: Rule = () => undefined;
    const noOne: Rule = ({ data }) => (data === 'one' ? 'its data is one' : undefined);
    const odd: Rule = ({ index }) => (index % 2 === 1 ? 'its index is odd' : undefined);
    expect(brokenRule(first, genesis, [never, noOne, odd])).toBe('its data is one');
    expect(brokenRule(first, genesis, [never, odd, noOne])).toBe('its index is odd');
    expect(brokenRule(second, first, [never, noOne, odd])).toBeUndefined();
  });

  it('asks no rule after one that is broken', () => {
    const mustNotRun: Rule = () => {
      throw new Error('This rule comes after a broken one and must not be asked.');
    };
    expect(typeof brokenRule(null, undefined, [checkShape, mustNotRun])).toBe('string');
  });

  it('hands each rule the block and its parent', () => {
    const calls: unknown[] = [];
    const spy: Rule = (...args) => void calls.push(args);
    brokenRule(genesis, undefined, [spy]);
    brokenRule(first, genesis, [spy]);
    expect(calls).toEqual([
      [genesis, undefined],
      [first, genesis],
    ]);
  });

  it('asks the given rules alone: a list without rules lets everything pass', () => {
    expect(brokenRule('anything', undefined, [])).toBeUndefined();
  });

  it('exports its own rules as a list to which later steps can add', () => {
    const noTwo: Rule = ({ data }) => (data === 'two' ? 'its data is two' : undefined);
    const rules = [...blockRules, noTwo];
    expect(brokenRule(first, genesis, rules)).toBeUndefined();
    expect(brokenRule(second, first, rules)).toBe('its data is two');
    expect(typeof brokenRule(first, undefined, rules)).toBe('string');
  });

  describe('The rules of the header', () => {
    const brokenHeader = (value: unknown, previous?: Block) =>
      brokenRule(value, previous, headerRules);

    it('do not look at the data, if it is data', () => {
      expect(brokenHeader({ ...first, data: 'else' }, genesis)).toBeUndefined();
      expect(brokenHeader(forge(first, { dataHash: HASH }), genesis)).toBeUndefined();
      expect(brokenHeader({ ...first, data: 5 }, genesis)).toEqual(naming('data'));
    });

    it('refuse all else that the rules of blocks refuse', () => {
      expect(brokenHeader(genesis)).toBeUndefined();
      expect(brokenHeader(forge(first, { index: 2 }), genesis)).toEqual(naming('index'));
      expect(brokenHeader(forge(first, { previousHash: HASH }), genesis)).toEqual(
        naming('previousHash'),
      );
      expect(brokenHeader(forge(first, { timestamp: NOON }), genesis)).toEqual(
        naming('timestamp'),
      );
      expect(brokenHeader({ ...first, nonce: 1 }, genesis)).toEqual(naming('hash'));
      expect(brokenHeader(null)).toEqual(expect.any(String));
    });
  });
});

describe('Task 7: checkChain', () => {
  let chain: Block[];
  beforeAll(() => {
    chain = chainOf('Genesis', 'one', 'two', 'three', 'four', 'five');
  });

  /** Spoils a chain by changing fields of one block. */
  const changed = (place: number, changes: object) => (blocks: Block[]) =>
    replace(blocks, place, { ...blocks[place], ...changes });

  it('finds nothing wrong with an honest chain', () => {
    fc.assert(
      fc.property(anyChain, (blocks) => {
        expect(verdict(blocks)).toBe('all is well');
      }),
    );
  });

  it('finds nothing wrong with a chain of one good first block', () => {
    expect(verdict(chain.slice(0, 1))).toBe('all is well');
  });

  it('wants at least a first block, and says so in words', () => {
    expect(verdict([])).not.toBe('all is well');
    expect(verdict([])).toMatch(/\w+ \w+/);
  });

  // Many of these were believed by blockchain programs that people learn from.
  it.each<[string, (blocks: Block[]) => unknown[], RegExp]>([
    ['index "2" as a text', changed(2, { index: '2' }), /^Block 2: .*\bindex\b/],
    ['a timestamp of -1', changed(3, { timestamp: -1 }), /^Block 3: .*\btimestamp\b/],
    ['no date', changed(3, { timestamp: 'whenever' }), /^Block 3: .*\btimestamp\b/],
    ['a negative nonce', changed(4, { nonce: -5 }), /^Block 4: .*\bnonce\b/],
    ['the hash "deadbeef"', changed(1, { hash: 'deadbeef' }), /^Block 1: .*\bhash\b/],
    ['index 1000 at the end', changed(5, { index: 1000 }), /^Block 5: /],
    ['other data at the end', changed(5, { data: 'mine' }), /^Block 5: .*\bdataHash\b/],
    ['null at the end', (blocks) => [...blocks, null], /^Block 6: /],
    ['null alone', () => [null], /^Block 0: /],
    ['a lonely block 99', ([block]) => [{ ...block, index: 99 }], /^Block 0: /],
    ['a lonely block with other data', ([b]) => [{ ...b, data: 'x' }], /^Block 0: /],
    ['a chain without its first block', (blocks) => blocks.slice(1), /^Block 0: /],
    ['a chain with a hole', (blocks) => blocks.toSpliced(3, 1), /^Block 3: /],
    ['two blocks in the wrong order', ([a, b, c]) => [a, c, b], /^Block 1: /],
    ['a block that comes twice', (blocks) => [...blocks, blocks.at(-1)], /^Block 6: /],
    ['a second first block', ([block]) => [block, block], /^Block 1: /],
    ['the chain backwards', (blocks) => blocks.toReversed(), /^Block 0: /],
  ])('does not believe %s', (_what, spoil, reason) => {
    expect(verdict(spoil(chain))).toMatch(reason);
  });

  /** A chain and one of its places. */
  const anyPlace = anyChain.chain((blocks) =>
    fc.record({ blocks: fc.constant(blocks), place: fc.nat(blocks.length - 1) }),
  );

  it('names the very block in which any field was changed', () => {
    fc.assert(
      fc.property(anyPlace, anyName, anyField, ({ blocks, place }, field, value) => {
        fc.pre(JSON.stringify(value) !== JSON.stringify(blocks[place]?.[field]));
        const spoil = changed(place, { [field]: value });
        expect(verdict(spoil(blocks))).toMatch(new RegExp(`^Block ${place}: .`));
      }),
      { numRuns: 300 },
    );
  });

  it('names the block after one that was changed and given a fitting hash', () => {
    fc.assert(
      fc.property(anyChain, anyData, fc.nat(), ([genesis, ...rest], data, place) => {
        fc.pre(genesis !== undefined && rest.length > 0);
        const blocks = [genesis, ...rest];
        const i = place % rest.length;
        const block = blocks[i] ?? genesis;
        fc.pre(block.data !== data);
        const forged = forge(block, { data, dataHash: sha256(data) });
        expect(verdict(replace(blocks, i, forged))).toMatch(
          new RegExp(`^Block ${i + 1}: .*\\bpreviousHash\\b`),
        );
      }),
    );
  });

  it('names the first of several bad blocks', () => {
    const blocks = chain.map((block, i) => (i > 1 ? { ...block, data: 'mine' } : block));
    expect(verdict(blocks)).toMatch(/^Block 2: /);
  });

  it('says the same of a block as brokenRule does', () => {
    const [genesis, first] = chain as [Block, Block];
    const early = forge(first, { timestamp: NOON });
    expect(verdict([genesis, early])).toBe(`Block 1: ${broken(early, genesis)}`);
  });

  it('believes a forger who makes all later blocks anew, which costs nothing so far', () => {
    const [genesis, first] = chain as [Block, Block];
    const forged = forge(first, { data: 'mine', dataHash: sha256('mine') });
    expect(verdict([genesis, forged, nextBlock(forged, 'two', NOON)])).toBe(
      'all is well',
    );
  });

  it('gives a reason for any list of JSON values, and never throws', () => {
    fc.assert(
      fc.property(
        anyChain,
        fc.array(fc.jsonValue(), { minLength: 1 }),
        (blocks, junk) => {
          expect(verdict(junk)).toMatch(/^Block 0: ./);
          expect(verdict([...blocks, ...junk])).toMatch(
            new RegExp(`^Block ${blocks.length}: .`),
          );
        },
      ),
    );
  });

  it('goes by other rules where it is given some', () => {
    const noFour: Rule = ({ data }) => (data === 'four' ? 'its data is four' : undefined);
    expect(verdict(chain, [noFour])).toBe('Block 4: its data is four');
    expect(verdict(chain.slice(0, 4), [noFour])).toBe('all is well');
    expect(verdict(['anything'], [])).toBe('all is well');
  });

  it('leaves the blocks as they were', () => {
    const frozen = Object.freeze(chain.map((block) => Object.freeze({ ...block })));
    expect(verdict(frozen)).toBe('all is well');
    expect(frozen).toEqual(chain);
  });
});
