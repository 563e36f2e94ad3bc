import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SearchDisplay, describeSearch } from './search-display.ts';

const search = { attempts: 12_900_000, expected: 2 ** 24, seconds: 0.52 };

/** A terminal that keeps what is written to it. */
function terminal(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 120 });
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    text: () => String(stream.read() ?? ''),
  };
}

describe('The words for a search', () => {
  it('are rate, attempts against expected, time so far and expected', () => {
    expect(describeSearch(search, 25_300_000)).toBe(
      '25.3 MH/s, tried 12.9 M of 16.8 M expected, 0.5 s of about 0.7 s',
    );
  });

  it.each([
    [2 ** 28, '268 M expected', '27 s'],
    [2 ** 32, '4.29 G expected', '7.2 min'],
    [2 ** 40, '1.1 T expected', '31 hours'],
    [2 ** 48, '281 T expected', '326 days'],
    [2 ** 60, '2^60 expected', '3656 years'],
    [2 ** 256, '2^256 expected', '4e+62 years'],
  ])('stay readable with %d expected attempts', (expected, attempts, time) => {
    const words = describeSearch({ ...search, expected }, 10_000_000);
    expect(words).toContain(attempts);
    expect(words).toContain(`about ${time}`);
  });

  it('do without the rate as long as there is none', () => {
    expect(describeSearch({ ...search, attempts: 0 }, 0)).toBe(
      '16.8 M attempts expected, 0.5 s so far',
    );
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
