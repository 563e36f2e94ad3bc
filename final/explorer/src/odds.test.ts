import { describe, expect, it } from '@jest/globals';
import { oddsAfter, percent } from './odds.ts';

describe('The odds that a search has ended', () => {
  it('are 63 % after as many attempts as it takes on average, and never certain', () => {
    expect(percent(oddsAfter(0, 65_536))).toBe('0 %');
    expect(percent(oddsAfter(65_536, 65_536))).toBe('63 %');
    expect(percent(oddsAfter(5 * 65_536, 65_536))).toBe('99.3 %');
    expect(percent(oddsAfter(100 * 65_536, 65_536))).toBe('nearly 100 %');
  });

  it('are those of a die: after one throw of six sides, about one sixth', () => {
    expect(oddsAfter(1, 6)).toBeCloseTo(1 / 6, 1);
  });
});
