import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clip, fit, widthOf, type Screen } from '../../tutorial/companion/fit.ts';

const screen: Screen = {
  title: 'Step 1  hashing',
  place: 'Write in my/01-hashing/, read tutorial/01-hashing.md',
  notes: '  ! A note.',
  body: '✗ Task 1: sha256\n\n  Expected  "a"\n  Found     "b"\n\n  step 1: 0 of 3 tasks',
  help: '  h hint  d diff  q quit\n  Watching my/01-hashing.',
  keys: 'h d q',
  isResult: true,
};
const { title, place, notes, body, help, keys } = screen;

/** How many rows a terminal needs for a text. */
function height(text: string, columns: number): number {
  const rows = text
    .split('\n')
    .map((line) => Math.max(1, Math.ceil(line.length / columns)));
  return rows.reduce((sum, one) => sum + one, 0);
}

describe('A screen', () => {
  const whole = [`${title}  ${place}`, notes, body, help].join('\n\n');

  it('is shown whole where there is room', () => {
    expect(fit(screen)).toBe(whole);
    expect(fit(screen, 80, 13)).toBe(whole);
  });

  it('breaks long lines between words, and keeps their indentation', () => {
    expect(fit({ ...screen, body: '    one two three' }, 12)).toContain(
      '\n    one two\n    three\n',
    );
  });

  it('gives up empty lines, the upper ones first, and only as many as it must', () => {
    const text = fit({ ...screen, body: 'a\n\nb\n\nc' }, 80, 10);
    expect(text).toBe(
      [`${title}  ${place}`, notes, 'a', '', 'b', '', 'c', '', help].join('\n'),
    );
  });

  it('gives up empty lines first, then the help, then what stands around the result', () => {
    const packed = whole.replaceAll(/\n\n+/g, '\n');
    expect(fit(screen, 80, 8)).toBe(packed);
    const short = [title, notes, body, keys].join('\n').replaceAll(/\n\n+/g, '\n');
    expect(fit(screen, 80, 7)).toBe(short);
    expect(fit(screen, 80, 6)).toBe(short.replace(`${notes}\n`, ''));
    expect(fit(screen, 80, 5)).toBe(body.replaceAll(/\n\n+/g, '\n'));
    const lines = body.replaceAll(/\n\n+/g, '\n').split('\n');
    expect(fit(screen, 80, 3)).toBe(
      [...lines.slice(0, 2), '… more: learn check'].join('\n'),
    );
  });

  it('keeps all of what is no result: what has left the terminal can be scrolled to', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`).join('\n');
    const text = fit({ ...screen, body: lines, isResult: false }, 80, 10);
    expect(text).toContain(lines);
  });

  it('never has more rows than the terminal, and begins with the result at least', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 60 }), { minLength: 1 }),
        fc.integer({ min: 19, max: 120 }),
        fc.integer({ min: 4, max: 50 }),
        (lines, columns, rows) => {
          const result = { ...screen, body: `first\n${lines.join('\n')}` };
          const text = fit(result, columns, rows);
          expect(height(text, columns)).toBeLessThanOrEqual(rows);
          expect(text).toMatch(/^first$/m);
        },
      ),
    );
  });
});

describe('Characters that are as wide as two, and those that take no room', () => {
  it('count as a terminal shows them', () => {
    expect(
      ['abc', '😀', '漢字', 'e\u0301', '\u001b[31mred\u001b[39m'].map(widthOf),
    ).toEqual([3, 2, 4, 1, 3]);
    expect(fit({ ...screen, body: '  漢字漢字 漢字漢字' }, 12)).toContain(
      '\n  漢字漢字\n  漢字漢字\n',
    );
  });

  it('are cut between them, and never to more than the room', () => {
    expect(clip('漢字漢字', 5)).toBe('漢字…');
    expect(clip('漢字', 4)).toBe('漢字');
    expect(clip('a👩\u200d👧b', 3)).toBe('a…');
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 20 }),
        (text, room) => {
          expect(widthOf(clip(text, room))).toBeLessThanOrEqual(room);
        },
      ),
    );
  });
});
