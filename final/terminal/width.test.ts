import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clipped, columnsOf, padded, widthOf, wrapped } from './width.ts';

describe('The width of a terminal', () => {
  it('is what it says, and a usual one where it says nothing', () => {
    expect(columnsOf({ isTTY: true, columns: 40 })).toBe(40);
    expect(columnsOf({ isTTY: true, columns: 0 })).toBe(80);
    expect(columnsOf({ isTTY: true })).toBe(80);
  });

  it('has no end where there is no terminal', () => {
    expect(columnsOf({ columns: 40 })).toBe(Infinity);
  });
});

describe('A text on a terminal', () => {
  it('takes two columns for each letter of Chinese and for an emoji', () => {
    expect(['abc', '漢字', '🌍'].map(widthOf)).toEqual([3, 4, 2]);
  });

  it('is filled up by columns and not by letters', () => {
    expect(padded('漢', 4)).toBe('漢  ');
    expect(padded('7', 3, true)).toBe('  7');
    expect(padded('too long', 3)).toBe('too long');
  });

  it('is cut only where it is too long', () => {
    expect(clipped('0123456789', 10)).toBe('0123456789');
    expect(clipped('0123456789', 6)).toBe('01234…');
    expect(clipped('漢字漢字', 6)).toBe('漢字…');
    expect(clipped('漢字漢字', 2)).toBe('…');
  });

  it('is broken between words, and within words that are longer than a line', () => {
    expect(wrapped('all in one line', 20)).toEqual(['all in one line']);
    expect(wrapped('a line and one more', 10)).toEqual(['a line and', 'one more']);
    expect(wrapped('go 0123456789', 4)).toEqual(['go', '0123', '4567', '89']);
  });

  it('loses nothing when it is broken, and no line is too wide', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), (words, width) => {
        const lines = wrapped(words, width);
        const letters = (all: string) => all.replaceAll(' ', '');
        expect(letters(lines.join(''))).toBe(letters(words));
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
