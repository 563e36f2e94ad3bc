import { describe, expect, it } from '@jest/globals';
import { comparisonOf, partsOfHint } from './telling.ts';

describe('Two values', () => {
  it('are cut where they begin to differ', () => {
    const compared = { expected: '"abcdef"', found: '"abcxyz"', same: 4, path: '' };
    expect(comparisonOf(compared)).toEqual({
      same: '"abc',
      expected: 'def"',
      found: 'xyz"',
      where: '',
    });
  });

  it('that begin alike for long are shown from shortly before that place', () => {
    const long = 'a'.repeat(1_000);
    const { same, found } = comparisonOf({
      expected: `${long}b${long}`,
      found: `${long}c`,
      same: 1_000,
      path: '[2].hash',
    });
    expect([same, found]).toEqual([`…${'a'.repeat(20)}`, 'c']);
  });

  it('tell in which part they differ, and what stands beside it', () => {
    const compared = { expected: '1', found: '2', path: '.index', beside: 'hash = "a"' };
    expect(comparisonOf(compared).where).toBe('They differ at index, where hash = "a":');
  });
});

describe('A hint', () => {
  it('is taken apart into prose with words of code, and code', () => {
    expect(partsOfHint('Ask `typeof`\nfirst.\n\n```ts\nconst a = 1;\n```\n')).toEqual([
      {
        isCode: false,
        text: 'Ask `typeof`\nfirst.',
        words: [
          { text: 'Ask ', isCode: false },
          { text: 'typeof', isCode: true },
          { text: ' first.', isCode: false },
        ],
      },
      { isCode: true, text: 'const a = 1;', words: [] },
    ]);
  });
});
