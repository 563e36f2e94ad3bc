import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { brokenRule, genesisBlock, hashBlock, nextBlock, type Block } from '#blocks';
import { MAX_AHEAD, consensusRules, earliestTime } from '#consensus';
import { leadingZeroBits } from '#proof-of-work';

const START = 1_700_000_000_000;

/** Returns the block with the first nonce for which it has its work, or has it not. */
function withNonce(block: Block, hasWork: boolean): Block {
  for (let nonce = 0; ; nonce += 1) {
    const hash = hashBlock({ ...block, nonce });
    if (leadingZeroBits(hash) >= block.difficulty === hasWork)
      return { ...block, nonce, hash };
  }
}

const genesis = withNonce(genesisBlock({ timestamp: START, difficulty: 6 }), true);
const child = withNonce(nextBlock(genesis, 'a block', START + 1_000), true);

/** Why a block is refused, in words. */
const reasonOf = (block: Block, parent: Block) =>
  brokenRule(block, parent, consensusRules) ?? 'It keeps all rules.';

describe('Task 2: the rules and the clock', () => {
  describe('The rules', () => {
    it('pass a block that keeps the rules of blocks and has its work', () => {
      expect(brokenRule(genesis, undefined, consensusRules)).toBeUndefined();
      expect(brokenRule(child, genesis, consensusRules)).toBeUndefined();
    });

    it('refuse a block without its work', () => {
      const lazy = withNonce(child, false);
      expect(brokenRule(lazy, genesis)).toBeUndefined(); // step 2 sees nothing wrong in it
      expect(reasonOf(lazy, genesis)).toMatch(/hash|work/i);
    });

    it('refuse a block that has another difficulty than its parent', () => {
      for (const difficulty of [0, 5, 7]) {
        const other = withNonce({ ...child, difficulty }, true);
        expect(reasonOf(other, genesis)).toMatch(/difficulty/);
      }
    });

    it('refuse a block that breaks a rule of blocks, whatever its work', () => {
      const index = withNonce({ ...child, index: 2 }, true);
      expect(reasonOf(index, genesis)).toMatch(/index/);
      const timestamp = withNonce({ ...child, timestamp: START }, true);
      expect(reasonOf(timestamp, genesis)).toMatch(/timestamp/);
      const stranger = withNonce({ ...child, previousHash: child.hash }, true);
      expect(reasonOf(stranger, genesis)).toMatch(/previousHash/);
      const data = { ...child, data: 'another text' };
      expect(reasonOf(data, genesis)).toMatch(/dataHash/);
      expect(reasonOf({ ...child, nonce: -1 }, genesis)).toMatch(/nonce/);
    });

    it('give a reason for any value that is not a block, and never throw', () => {
      fc.assert(
        fc.property(
          fc.jsonValue(),
          fc.constantFrom(undefined, genesis),
          (value, previous) =>
            expect(brokenRule(value, previous, consensusRules)).toEqual(
              expect.any(String),
            ),
        ),
      );
    });

    it('do not look at the clock, for a block that is valid stays valid', () => {
      const future = withNonce(
        nextBlock(genesis, 'later', Date.now() + 10 * MAX_AHEAD),
        true,
      );
      expect(brokenRule(future, genesis, consensusRules)).toBeUndefined();
    });
  });

  describe('The clock', () => {
    it('may be two minutes behind a block', () => {
      expect(MAX_AHEAD).toBe(2 * 60 * 1_000);
    });

    it('lets a block in from two minutes before its timestamp on', () => {
      expect(earliestTime(child)).toBe(child.timestamp - 120_000);
      expect(earliestTime({ ...child, timestamp: 5_000_000 })).toBe(4_880_000);
    });

    it('makes the child of a block that is let in wait no longer than a millisecond', () => {
      const now = START + 50_000;
      const parent = withNonce(nextBlock(genesis, 'far ahead', now + MAX_AHEAD), true);
      expect(earliestTime(parent)).toBe(now);
      expect(earliestTime(nextBlock(parent, 'its child', now))).toBe(now + 1);
    });
  });
});
