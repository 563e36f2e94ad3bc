import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { binned, mean } from './histogram.ts';
import {
  count,
  duration,
  list,
  short,
} from '../../../final/explorer/components/words.ts';

describe('A histogram', () => {
  it('counts each value once, those outside in the outermost bins', () => {
    const range = { from: 0, to: 4, width: 0.25 };
    const values = fc.array(fc.double({ min: -10, max: 10, noNaN: true }));
    fc.assert(
      fc.property(values, (values) => {
        const bins = binned(values, range);
        expect(bins).toHaveLength(16);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
        for (const { from, to, count } of bins.slice(1, -1)) {
          expect(count).toBe(values.filter((v) => v >= from && v < to).length);
        }
      }),
    );
  });

  it('has a mean only if it has values', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(mean([])).toBeUndefined();
  });
});

describe('Words', () => {
  it('count with the right noun', () => {
    expect([1, 2, 1_234].map((n) => count(n, 'block'))).toEqual([
      '1 block',
      '2 blocks',
      '1,234 blocks',
    ]);
  });

  it('give a duration in the unit that suits it', () => {
    const year = 365.25 * 86_400_000;
    const times = [0.25, 120, 1_500, 90_000, 7_200_000, 30 * 86_400_000, 3e9 * year];
    expect(times.map(duration)).toEqual([
      '0.3 ms',
      '120 ms',
      '1.5 s',
      '1.5 min',
      '2.0 h',
      '30 days',
      '3.0 billion years',
    ]);
  });

  it('list names, and shorten hashes', () => {
    expect([[], ['Ada'], ['Ada', 'Ben', 'Cleo']].map(list)).toEqual([
      '',
      'Ada',
      'Ada, Ben and Cleo',
    ]);
    expect(short(`not ${'ab'.repeat(32)}, but 12`)).toBe('not abababab…, but 12');
  });
});
