import { describe, expect, it } from '@jest/globals';
import {
  amount,
  counted,
  difficultyInWords,
  duration,
  grouped,
  percentage,
  rate,
} from './numbers.ts';

describe('Numbers for people', () => {
  it('stand in groups of three digits', () => {
    expect([0, 999, 1_117, 131_072].map(grouped)).toEqual([
      '0',
      '999',
      '1,117',
      '131,072',
    ]);
    expect(grouped(2n ** 64n)).toBe('18,446,744,073,709,551,616');
  });

  it('say how many of a thing there are', () => {
    expect(counted(1, 'block')).toBe('1 block');
    expect(counted(1_117, 'block')).toBe('1,117 blocks');
  });

  it.each([
    [16, '4 zero digits (16 bits)'],
    [4, '1 zero digit (4 bits)'],
    [0, '0 zero digits (0 bits)'],
    [17, '17 zero bits'],
    [1, '1 zero bit'],
  ])('say %d bits in both units, where they are whole digits', (bits, words) => {
    expect(difficultyInWords(bits)).toBe(words);
  });

  it.each([
    [7, '7', '7 H/s'],
    [310_000, '310 k', '310 kH/s'],
    [12_900_000, '12.9 M', '12.9 MH/s'],
    [2 ** 32, '4.29 G', '4.29 GH/s'],
    [2 ** 60, '2^60', '2^60 H/s'],
  ])('have three digits and a prefix: %d', (n, asAmount, asRate) => {
    expect(amount(n)).toBe(asAmount);
    expect(rate(n)).toBe(asRate);
  });

  it.each([
    [0.04, '0.0 s'],
    [1.23, '1.2 s'],
    [27, '27 s'],
    [430, '7.2 min'],
    [111_600, '31 hours'],
    [28_166_400, '326 days'],
    [115_300_000_000, '3656 years'],
  ])('give %d seconds in their largest unit', (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });

  it('call a share all or nothing only where it is', () => {
    const shares = [0, 1e-9, 0.61, 0.999, 1].map(percentage);
    expect(shares).toEqual(['0 %', '<1 %', '61 %', '>99 %', '100 %']);
  });
});
