import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quote } from './quote.ts';

describe('quote', () => {
  it('leaves harmless text as it is, in quotes', () => {
    expect(quote('Grüße 🌍')).toBe('"Grüße 🌍"');
  });

  it('cuts long text', () => {
    expect(quote('x'.repeat(100), 3)).toBe('"xxx…"');
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
