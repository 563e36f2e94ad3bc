import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '#hashing';
import { BITS, bitsOf, changes, expectedCount, withOneChange } from './avalanche.ts';

const texts = fc.string({ unit: 'binary', minLength: 1 });

describe('The avalanche', () => {
  it('shows the bits of the digest of step 1', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const bits = bitsOf(text);
        expect(bits).toHaveLength(BITS);
        const number = BigInt(`0b${bits.join('')}`);
        expect(number.toString(16).padStart(64, '0')).toBe(sha256(text));
      }),
    );
  });

  it('marks no bit between a text and itself, and about half of them otherwise', () => {
    const count = (a: string, b: string) =>
      changes(bitsOf(a), bitsOf(b)).filter(Boolean).length;
    expect(count('hello', 'hello')).toBe(0);
    expect(count('hello', 'hallo')).toBeGreaterThan(80);
    expect(count('hello', 'hallo')).toBeLessThan(176);
  });

  it('changes exactly one character', () => {
    const isOneChange = (text: string) => {
      const [before, after] = [Array.from(text), Array.from(withOneChange(text))];
      expect(after).toHaveLength(before.length);
      expect(after.filter((character, i) => character !== before[i])).toHaveLength(1);
    };
    fc.assert(fc.property(texts, isOneChange));
  });

  it('expects as many changed bits as tossed coins show heads', () => {
    const all = Array.from({ length: BITS + 1 }, (_, i) => expectedCount(i, 1_000));
    expect(all.reduce((sum, count) => sum + count, 0)).toBeCloseTo(1_000, 6);
    expect(all.indexOf(Math.max(...all))).toBe(128);
    expect(expectedCount(0, 2 ** 40)).toBeCloseTo(2 ** -216, 70);
  });
});
