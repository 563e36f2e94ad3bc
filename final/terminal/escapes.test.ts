import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { beginningOf, visible, visibleParts } from './escapes.ts';

describe('The parts of a text', () => {
  it('are what can be seen, and the escapes of what cannot, however many in a row', () => {
    expect(visibleParts('a\u200b\u2060b\nc')).toEqual([
      { text: 'a', isEscape: false },
      { text: '\\u200b\\u2060', isEscape: true },
      { text: 'b\nc', isEscape: false },
    ]);
    expect(visibleParts('')).toEqual([]);
  });

  it('tell a line break from a space where they are shown in one line', () => {
    expect(visible('a\nb\tc d')).toBe('a\\u000ab\\u0009c d');
  });

  it('hold all of the text', () => {
    const unescape = (text: string) =>
      text.replace(/\\u([0-9a-f]{4})/g, (_all, digits: string) =>
        String.fromCharCode(parseInt(digits, 16)),
      );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, isLine) => {
        const parts = visibleParts(text, isLine);
        const whole = parts.map((one) => (one.isEscape ? unescape(one.text) : one.text));
        expect(whole.join('')).toBe(text);
      }),
    );
  });
});

describe('The beginning of a text', () => {
  it('ends between two characters', () => {
    expect(beginningOf('a🌍b', 2)).toBe('a');
    expect(beginningOf('a🌍b', 3)).toBe('a🌍');
    expect(beginningOf('a🌍', 3)).toBe('a🌍');
  });
});
