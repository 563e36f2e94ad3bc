import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { widthOf } from './width.ts';
import { SearchDisplay, describeFind, formsOf } from './search-display.ts';

const search = { attempts: 12_900_000, expected: 2 ** 24, seconds: 0.52 };

/** A terminal that keeps what is written to it. */
function terminal(
  isTTY: boolean,
  columns = 120,
): { stream: NodeJS.WriteStream; text: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY, columns });
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    text: () => String(stream.read() ?? ''),
  };
}

describe('The words for a search', () => {
  it('are attempts, rate and odds, in many words and in fewer', () => {
    expect(formsOf(search, 25_300_000)).toEqual([
      '12.9 M of about 16.8 M tries, 25.3 MH/s, 0.5 s of about 0.7 s: 54 % of searches would have ended by now',
      '12.9 M tries, 25.3 MH/s, 54 % of searches would have ended by now',
      '12.9 M tries, 25.3 MH/s, odds 54 %',
      '12.9 M tries, odds 54 %',
    ]);
  });

  it.each([
    [2 ** 28, 'about 268 M tries', '27 s', '5 %'],
    [2 ** 32, 'about 4.29 G tries', '7.2 min', '<1 %'],
    [2 ** 60, 'about 2^60 tries', '3656 years', '<1 %'],
    [2 ** 256, 'about 2^256 tries', '4e+62 years', '<1 %'],
    [2 ** 20, 'about 1.05 M tries', '0.1 s', '>99 %'],
    [1, 'about 1 tries', '0.0 s', '100 %'],
  ])('stay readable with %d expected attempts', (expected, attempts, time, odds) => {
    const [words] = formsOf({ ...search, expected }, 10_000_000);
    expect(words).toContain(attempts);
    expect(words).toContain(`about ${time}`);
    expect(words).toContain(`: ${odds} of searches`);
  });

  it('do without the rate as long as there is none', () => {
    const [words] = formsOf({ ...search, attempts: 0 }, 0);
    expect(words).toBe('about 16.8 M tries expected, 0.5 s so far');
  });
});

describe('The words for a find', () => {
  it('are attempts, rate, and how many searches are over sooner', () => {
    expect(describeFind(search)).toBe(
      'Found after 12.9 M tries at 24.8 MH/s: 54 % of searches end sooner.',
    );
  });

  it('are few for luck at the first try', () => {
    expect(describeFind({ ...search, attempts: 1 })).toBe('Found at the first try.');
  });
});

describe('The display of a search', () => {
  const { env } = process;
  beforeEach(() => {
    process.env = { ...env, NO_COLOR: '', TERM: 'xterm' };
  });
  afterEach(() => {
    process.env = env;
  });

  it('draws on a terminal, and takes the line away afterwards', () => {
    const { stream, text } = terminal(true);
    const display = new SearchDisplay(stream);
    display.show(search, 25_300_000);
    display.show(search, 25_300_000);
    expect(text()).toContain('25.3 MH/s');
    display.show(null, 25_300_000);
    expect(text().endsWith('\u001b[2K')).toBe(true); // the sequence that erases a line
  });

  it.each([120, 80, 60, 40])('never draws more than a line of %d columns', (columns) => {
    for (const expected of [2, 2 ** 24, 2 ** 256]) {
      const { stream, text } = terminal(true, columns);
      const display = new SearchDisplay(stream);
      display.show({ ...search, expected }, 25_300_000);
      const line = stripVTControlCharacters(text());
      display.stop();
      expect(line).toContain('12.9 M');
      expect(widthOf(line)).toBeLessThan(columns);
    }
  });

  it('draws nothing for a search that has just begun', () => {
    const { stream, text } = terminal(true);
    new SearchDisplay(stream).show({ ...search, seconds: 0.1 }, 1);
    expect(text()).toBe('');
  });

  it.each([
    ['there is no terminal', false, {}],
    ['the terminal is a dumb one', true, { TERM: 'dumb' }],
    ['no colors are wanted', true, { NO_COLOR: '1' }],
  ])('writes nothing where %s', (_what, isTTY, changes) => {
    Object.assign(process.env, changes);
    const { stream, text } = terminal(isTTY);
    const display = new SearchDisplay(stream);
    display.show(search, 1);
    display.stop();
    expect(text()).toBe('');
  });
});
