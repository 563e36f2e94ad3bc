import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isBetter, type Candidate } from '#consensus';

const hash = fc
  .bigInt({ min: 0n, max: 2n ** 256n - 1n })
  .map((value) => value.toString(16).padStart(64, '0'));
// Few different works, so that ties are frequent; some are larger than a number can hold.
const work = fc.oneof(
  fc.bigInt({ min: 1n, max: 5n }),
  fc.constantFrom(2n ** 53n, 2n ** 53n + 1n, 2n ** 256n, 2n ** 256n + 1n),
);
const candidate: fc.Arbitrary<Candidate> = fc.record({
  // Hashes of equal beginning are compared to their end.
  hash: fc.oneof(
    hash,
    hash.map((text) => '0'.repeat(60) + text.slice(60)),
  ),
  work,
});

const of = (firstDigit: string, amount: bigint): Candidate => ({
  hash: firstDigit + '5'.repeat(63),
  work: amount,
});

/** The one that beats all that stand before it in the list and is beaten by none after. */
const winner = (candidates: readonly Candidate[]) =>
  candidates.reduce((best, other) => (isBetter(other, best) ? other : best));

describe('Task 1: the fork choice', () => {
  it('prefers the branch with more work', () => {
    expect(isBetter(of('9', 3n), of('1', 2n))).toBe(true);
    expect(isBetter(of('1', 2n), of('9', 3n))).toBe(false);
  });

  it('prefers the smaller hash where the work is equal', () => {
    expect(isBetter(of('1', 2n), of('9', 2n))).toBe(true);
    expect(isBetter(of('9', 2n), of('1', 2n))).toBe(false);
    expect(isBetter(of('9', 2n), of('a', 2n))).toBe(true);
    expect(isBetter(of('a', 2n), of('9', 2n))).toBe(false);
  });

  it('tells amounts of work apart that differ by 1 and are too large for a number', () => {
    expect(isBetter(of('9', 2n ** 80n + 1n), of('1', 2n ** 80n))).toBe(true);
    expect(isBetter(of('1', 2n ** 80n), of('9', 2n ** 80n + 1n))).toBe(false);
  });

  it('finds no branch better than itself', () => {
    fc.assert(fc.property(candidate, (a) => expect(isBetter(a, { ...a })).toBe(false)));
  });

  it('finds one of two different branches better, and never both', () => {
    fc.assert(
      fc.property(candidate, candidate, (a, b) => {
        fc.pre(a.hash !== b.hash || a.work !== b.work);
        expect([isBetter(a, b), isBetter(b, a)].sort()).toEqual([false, true]);
      }),
    );
  });

  it('finds what is better than a better branch better, too', () => {
    fc.assert(
      fc.property(candidate, candidate, candidate, (a, b, c) => {
        fc.pre(isBetter(a, b) && isBetter(b, c));
        expect(isBetter(a, c)).toBe(true);
      }),
    );
  });

  it('picks the same of many branches in whatever order they come', () => {
    const shuffled = fc
      .array(candidate, { minLength: 1, maxLength: 12 })
      .chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([all, again]) => expect(winner(again)).toEqual(winner(all))),
    );
  });
});
