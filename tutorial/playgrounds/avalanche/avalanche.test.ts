import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '#hashing';
import { LinkError } from '../shared/link.ts';
import {
  BITS,
  bitsOf,
  bitsOfLetter,
  changes,
  expectedCount,
  format,
  hunted,
  huntInWords,
  start,
  withOneChange,
  zerosOf,
  type Hunt,
} from './avalanche.ts';

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

  it('turns over one bit of the UTF-8 form of a letter, and of nothing else', () => {
    const bitsIn = (text: string) =>
      Array.from(new TextEncoder().encode(text), (byte) =>
        byte.toString(2).padStart(8, '0'),
      ).join('');
    const lines = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lines, fc.nat(), (text, pick) => {
        const letters = Array.from(text);
        const place = pick % letters.length;
        const bits = bitsOfLetter(text, place);
        const letter = letters[place] ?? '';
        expect(bits.map(({ bit }) => bit).join('')).toBe(bitsIn(letter));
        for (const { flipped } of bits) {
          if (flipped === undefined) continue;
          const [before, after] = [bitsIn(text), bitsIn(flipped)];
          expect(after).toHaveLength(before.length);
          const turned = Array.from(after).filter((bit, i) => bit !== before[i]);
          expect(turned).toHaveLength(1);
        }
      }),
    );
  });

  it('turns over no bit where what comes of it is no line of text', () => {
    // A byte of ASCII with its first bit set begins nothing, and J is a line break with 0x40.
    const flips = bitsOfLetter('J', 0).map(({ flipped }) => flipped);
    expect(flips.slice(0, 3)).toEqual([undefined, undefined, 'j']);
  });

  it('keeps the best of a hunt for zeros, and says how far the next is', () => {
    const texts = ['a', 'b', ...Array.from({ length: 300 }, (_, i) => `text ${i}`)];
    const hunt = texts.reduce<Hunt>(hunted, { tried: 0, zeros: 0, best: '' });
    const most = Math.max(...texts.map(zerosOf));
    expect(hunt.tried).toBe(302);
    expect(hunt.zeros).toBe(most);
    expect(zerosOf(hunt.best)).toBe(most);
    expect(hunt.best).toBe(texts.find((text) => zerosOf(text) === most));
    expect(sha256(hunt.best)).toMatch(new RegExp(`^0{${most}}[^0]`));
    expect(huntInWords({ tried: 0, zeros: 0, best: '' })).toBe(
      'About one text in 16 begins with 1 zero.',
    );
    expect(huntInWords(hunt)).toMatch(/^302 texts tried: \d zeros?, with “/);
  });

  it('does not begin with its challenge done', () => {
    expect(zerosOf(start.text)).toBe(0);
  });

  it('stands in a link with both texts', () => {
    const texts = { before: 'a & b', text: 'é ' };
    expect(format.read(format.write(texts))).toEqual(texts);
    expect(format.read({})).toBe(start);
    expect(() => format.read({ text: 'x'.repeat(201) })).toThrow(LinkError);
    expect(() => format.read({ texts: 'x' })).toThrow(LinkError);
  });
});
