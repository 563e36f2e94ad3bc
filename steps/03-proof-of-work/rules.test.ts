import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '#hashing';
import {
  blockRules,
  brokenRule,
  checkChain,
  genesisBlock,
  hashBlock,
  nextBlock,
  type Block,
} from '#blocks';
import { workRules } from '#proof-of-work';

const NOON = 1_700_000_000_000;
const rules = [...blockRules, ...workRules];

// What a check says, in words where it gives undefined.
const broken = (value: unknown, previous?: Block) =>
  brokenRule(value, previous, rules) ?? 'nothing is wrong';
const verdict = (blocks: readonly unknown[]) =>
  checkChain(blocks, rules) ?? 'all is well';

/** Matches a sentence about a hash with too few zeros. */
const tooLittleWork: unknown = expect.stringMatching(/zero|work/i);
const naming = (field: string): unknown =>
  expect.stringMatching(new RegExp(`\\b${field}\\b`));

/** Changes a block and gives it the hash that its header then has, without mining. */
function forge(block: Block, changes: Partial<Block>): Block {
  const forged = { ...block, ...changes };
  return { ...forged, hash: hashBlock(forged) };
}

/** Looks for a nonce that gives a block exactly so many zero bits. */
function withZeros(block: Block, zeros: number): Block {
  for (let nonce = 0; ; nonce += 1) {
    const candidate = forge(block, { nonce });
    const bits = BigInt(`0x${candidate.hash}`).toString(2).padStart(256, '0');
    if (bits.indexOf('1') === zeros) return candidate;
  }
}

/** Does the work for a block: a little more than needed. */
const mined = (block: Block) => withZeros(block, block.difficulty + 1);

describe('Task 4: workRules', () => {
  let genesis: Block;
  let first: Block;
  let second: Block;
  beforeAll(() => {
    genesis = mined(genesisBlock({ timestamp: NOON, difficulty: 8 }));
    first = mined(nextBlock(genesis, 'Alice pays Bob 5', NOON));
    second = mined(nextBlock(first, 'Bob pays Carol 3', NOON));
  });

  it('finds nothing wrong with a chain of mined blocks', () => {
    expect(verdict([genesis, first, second])).toBe('all is well');
  });

  it('asks no work where the difficulty is 0', () => {
    const free = genesisBlock({ timestamp: NOON, difficulty: 0 });
    expect(verdict([free, nextBlock(free, 'hello', NOON)])).toBe('all is well');
    expect(broken(withZeros(free, 0))).toBe('nothing is wrong');
  });

  it.each([1, 2, 3, 4, 5, 8, 9])(
    'wants the very number of zero bits that is claimed: %d, and not one less',
    (difficulty) => {
      const block = genesisBlock({ timestamp: NOON, difficulty });
      expect(broken(withZeros(block, difficulty))).toBe('nothing is wrong');
      expect(broken(withZeros(block, difficulty + 1))).toBe('nothing is wrong');
      expect(broken(withZeros(block, difficulty - 1))).toEqual(tooLittleWork);
    },
  );

  it('wants work from the first block on', () => {
    const unmined = withZeros(genesis, 0);
    expect(broken(unmined)).toEqual(tooLittleWork);
    expect(verdict([unmined])).toMatch(/^Block 0: /);
  });

  it('does not believe the forger any more who only computes all hashes anew', () => {
    const data = 'Alice pays Mallory 500';
    const forged = withZeros({ ...first, data, dataHash: sha256(data) }, 2);
    const rest = forge(second, { previousHash: forged.hash });
    expect(checkChain([genesis, forged, rest]) ?? 'all is well').toBe('all is well');
    expect(verdict([genesis, forged, rest])).toMatch(/^Block 1: .*(zero|work)/i);
  });

  it('goes by the hash, not by what the block claims', () => {
    // Naivecoin believed such a block, and then mined for ever at its difficulty.
    const boaster = genesisBlock({ timestamp: NOON, difficulty: 256 });
    expect(broken(boaster)).toEqual(tooLittleWork);
    expect(broken(nextBlock(boaster, 'hello', NOON), boaster)).toEqual(tooLittleWork);
  });

  it('does not take zeros for work that are not the hash of the header', () => {
    const unmined = withZeros(first, 0);
    const zeros = { ...unmined, hash: '0'.repeat(64) };
    expect(broken(zeros, genesis)).toEqual(naming('hash'));
  });

  it.each([257, 500, 900])(
    'refuses the difficulty %d, which no hash can have',
    (bits) => {
      expect(broken(forge(genesis, { difficulty: bits }))).toEqual(naming('difficulty'));
      const block = forge(first, { difficulty: bits });
      expect(broken(block, genesis)).toEqual(naming('difficulty'));
    },
  );

  it('refuses a block that makes it easier than its parent, however good its hash', () => {
    for (const difficulty of [0, 7]) {
      const easy = withZeros({ ...first, difficulty }, 9);
      expect(broken(easy, genesis)).toEqual(naming('difficulty'));
    }
  });

  it('refuses a block that makes it harder than its parent, even if it did the work', () => {
    const hard = mined({ ...first, difficulty: 9 });
    expect(broken(hard, genesis)).toEqual(naming('difficulty'));
  });

  it('lets a first block choose its difficulty', () => {
    for (const difficulty of [0, 1, 7, 12]) {
      const block = mined(genesisBlock({ timestamp: NOON, difficulty }));
      expect(broken(block)).toBe('nothing is wrong');
    }
  });

  it('gives a reason for any JSON value, after the rules of step 2, and never throws', () => {
    const anyChange = fc.record({
      field: fc.constantFrom(...Object.keys(first)),
      value: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.jsonValue(), anyChange, (junk, { field, value }) => {
        fc.pre(JSON.stringify(value) !== JSON.stringify(first[field as keyof Block]));
        expect(broken(junk)).not.toBe('nothing is wrong');
        expect(broken(junk, genesis)).not.toBe('nothing is wrong');
        expect(broken({ ...first, [field]: value }, genesis)).not.toBe(
          'nothing is wrong',
        );
      }),
    );
  });
});
