import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quote, quoteWithin } from './quote.ts';
import { widthOf } from './width.ts';

describe('quote', () => {
  it('leaves harmless text as it is, in quotes', () => {
    expect(quote('Grüße 🌍')).toBe('"Grüße 🌍"');
  });

  it('cuts long text', () => {
    expect(quote('x'.repeat(100), 3)).toBe('"xxx…"');
  });

  it('cuts between characters, and not through one', () => {
    expect(quote('ab🌍', 3)).toBe('"ab…"');
  });

  it.each([
    ['of a direction', 'a\u202egpj.exe', '"a\\u202egpj.exe"'],
    ['of an isolate', '\u2066a\u2069', '"\\u2066a\\u2069"'],
    ['of a mark of direction', '\u200e\u200f\u061c', '"\\u200e\\u200f\\u061c"'],
    ['of no width', 'a\u200bb\u2060c\u00ad', '"a\\u200bb\\u2060c\\u00ad"'],
    ['of the order of bytes', '\ufeffa', '"\\ufeffa"'],
    ['of tags', 'a\u{e0041}', '"a\\udb40\\udc41"'],
    ['of a variation', 'a\ufe0f b\u{e0100}', '"a\\ufe0f b\\udb40\\udd00"'],
    ['of a filler', '\u3164\u115f', '"\\u3164\\u115f"'],
    ['of a line', 'a\u2028b\nc\td', '"a\\u2028b\\nc\\td"'],
    ['that is a half', 'a\ud83d', '"a\\ud83d"'],
    ['in the midst of a symbol', '👩\u200b👩', '"👩\\u200b👩"'],
  ])('shows each character %s', (_what, text, shown) => {
    expect(quote(text)).toBe(shown);
    expect(JSON.parse(quote(text))).toBe(text);
  });

  it('leaves symbols whole that are made of several characters', () => {
    for (const symbol of ['👩‍👩‍👧', '❤️', '👍🏽', '🏳️‍🌈', '1️⃣'])
      expect(quote(symbol)).toBe(`"${symbol}"`);
  });

  it('leaves no character that could drive a terminal', () => {
    const isControl = (c: string) => c < ' ' || (c >= '\u007f' && c <= '\u009f');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const characters = quote(`${text}\u001b[2J\u009b`, 1_000).split(/(?:)/u);
        expect(characters.filter(isControl)).toEqual([]);
      }),
    );
  });
});

describe('quoteWithin', () => {
  it('cuts a text so that it fits into the columns that there are', () => {
    expect(quoteWithin('short', 80)).toBe('"short"');
    expect(quoteWithin('漢字漢字漢字', 10)).toBe('"漢字漢…"');
    expect(quoteWithin('', 3)).toBe('""');
  });

  it('counts escapes, too, and never needs more than it has', () => {
    const text = fc.string({ unit: 'grapheme' }).map((some) => `\u001b${some}`);
    fc.assert(
      fc.property(text, fc.integer({ min: 3, max: 70 }), (some, width) => {
        expect(widthOf(quoteWithin(some, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
