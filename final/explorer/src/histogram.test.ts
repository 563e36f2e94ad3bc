import { describe, expect, it } from '@jest/globals';
import { belowMean, histogram, meanOf, shapeInWords, wholeSteps } from './histogram.ts';

/** Values that are spread exactly as an exponential distribution with the mean 10 lets expect. */
const even = Array.from(
  { length: 1_000 },
  (_, i) => -10 * Math.log(1 - (i + 0.5) / 1_000),
);

describe('A histogram of intervals', () => {
  it('counts as many in each bin as expected where they are exponential', () => {
    const bins = histogram(even);
    expect(bins).toHaveLength(20);
    for (const { count, expected } of bins)
      expect(Math.abs(count - expected)).toBeLessThan(3);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(990);
    expect(belowMean(even)).toBeCloseTo(0.632, 2);
  });

  it('shows that regular intervals are no luck', () => {
    const bins = histogram([9, 10, 10, 10, 11]);
    expect(bins.map(({ count }) => count)).toEqual([1, 4, 0, 0, 0]);
    expect(bins[0]?.expected).toBeCloseTo(5 * (1 - Math.exp(-1)));
  });

  it('has no bins where there is nothing to count', () => {
    expect(histogram([])).toEqual([]);
    expect(histogram([0, 0])).toEqual([]);
    expect(meanOf([])).toBe(0);
  });
});

describe('What the shape of a histogram tells', () => {
  it('is luck where the values are exponential', () => {
    expect(shapeInWords(even)).toContain('what luck looks like');
  });

  it('is that people post, or that something sets the pace, where they are not', () => {
    const bursts = Array.from({ length: 50 }, (_, i) => (i % 10 === 0 ? 60_000 : 20));
    expect(shapeInWords(bursts)).toContain('where people post');
    const beat = Array.from({ length: 50 }, (_, i) => 1_000 + (i % 2));
    expect(shapeInWords(beat)).toContain('something sets the pace');
  });

  it('is not told of a few', () => {
    expect(shapeInWords([1, 2, 3])).toContain('too few');
  });
});

describe('The lines of an axis for blocks', () => {
  it('stand at whole numbers only', () => {
    expect(wholeSteps.every(Number.isInteger)).toBe(true);
    expect(wholeSteps.slice(0, 4)).toEqual([1, 2, 5, 10]);
  });
});
