import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_DATA_BYTES, isCount, isData, isHash } from '#blocks';

const HASH = 'ab'.repeat(32);

/** Values of other kinds, which can come as JSON. */
const others: readonly unknown[] = [
  null,
  true,
  [],
  {},
  [2],
  [HASH],
  ['text'],
  { toString: null },
];

/** The values that a test takes, of those that it should refuse. */
const takenOf = (values: readonly unknown[], test: (value: unknown) => boolean) =>
  values.filter((value) => test(value));

describe('Task 4: isCount, isHash and isData', () => {
  describe('isCount', () => {
    it.each([0, 1, 256, 1_700_000_000_000, Number.MAX_SAFE_INTEGER])(
      'takes the whole number %d',
      (value) => {
        expect(isCount(value)).toBe(true);
      },
    );

    it.each([
      ['below zero', -1],
      ['far below zero', Number.MIN_SAFE_INTEGER],
      ['not whole', 0.5],
      ['too large to be exact', 2 ** 53],
      ['endless', Infinity],
      ['no number', NaN],
    ])('refuses a number that is %s', (_why, value) => {
      expect(isCount(value)).toBe(false);
    });

    it('refuses text, even if it looks like a number', () => {
      expect(takenOf(['2', '0', '', ' ', '0x10', '1e3'], isCount)).toEqual([]);
    });

    it('refuses any other kind of value', () => {
      expect(takenOf([...others, undefined, 2n, Symbol('2')], isCount)).toEqual([]);
    });
  });

  describe('isHash', () => {
    it('takes 64 lowercase hex digits', () => {
      const digit = fc.constantFrom(...Array.from('0123456789abcdef'));
      fc.assert(
        fc.property(fc.string({ unit: digit, minLength: 64, maxLength: 64 }), (text) => {
          expect(isHash(text)).toBe(true);
        }),
      );
    });

    it.each([
      ['capitals', HASH.toUpperCase()],
      ['one capital', `A${HASH.slice(1)}`],
      ['a letter after f', `g${HASH.slice(1)}`],
      ['a sign between digits and letters', `:${HASH.slice(1)}`],
      ['the 0x of a hex number', `0x${HASH.slice(2)}`],
      ['an Arabic digit', `\u0663${HASH.slice(1)}`],
    ])('refuses text with %s', (_what, text) => {
      expect(isHash(text)).toBe(false);
    });

    it.each([
      ['nothing', ''],
      ['too little', 'deadbeef'],
      ['one digit less', HASH.slice(1)],
      ['one digit more', `${HASH}0`],
      ['a hash and a line break', `${HASH}\n`],
      ['a line break and a hash', `\n${HASH}`],
      ['a space and a hash', ` ${HASH}`],
      ['a line of text and a hash', `text\n${HASH}`],
    ])('refuses another length than 64 digits: %s', (_what, text) => {
      expect(isHash(text)).toBe(false);
    });

    it('refuses any other kind of value, even if it turns into a hash as text', () => {
      const like = { toString: () => HASH };
      const values = [...others, [[HASH]], like, 7, 2n, undefined, Symbol(HASH)];
      expect(takenOf(values, isHash)).toEqual([]);
    });
  });

  describe('isData', () => {
    it('takes any text that is whole, the empty one too', () => {
      expect(isData('')).toBe(true);
      expect(isData('\0')).toBe(true);
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (text) => {
          expect(isData(text)).toBe(true);
        }),
      );
    });

    it.each([
      ['x', 1, MAX_DATA_BYTES],
      ['é', 2, MAX_DATA_BYTES / 2],
      ['€', 3, Math.floor(MAX_DATA_BYTES / 3)],
      ['😀', 4, MAX_DATA_BYTES / 4],
    ])('takes 1 MiB, counted in bytes of UTF-8: %s has %d', (letter, bytes, most) => {
      expect(MAX_DATA_BYTES).toBe(1024 * 1024);
      const full = letter.repeat(most) + 'x'.repeat(MAX_DATA_BYTES - bytes * most);
      expect(isData(full)).toBe(true);
      expect(isData(`${full}x`)).toBe(false);
      expect(isData(letter.repeat(most + 1))).toBe(false);
    });

    it.each(['\ud83d', '\ude00', 'half \ud83d a character', '\ude00\ud83d'])(
      'refuses text with half a character in it, as here %j',
      (text) => {
        expect(isData(text)).toBe(false);
      },
    );

    it('refuses any other kind of value', () => {
      const values = [...others, 7, undefined, 2n, new String('text'), Symbol('text')];
      expect(takenOf(values, isData)).toEqual([]);
    });
  });
});
