import { describe, expect, it } from '@jest/globals';
import { encode } from 'uqr';
import { qrCode } from './qr.ts';

/** Reads the squares of a drawn code again: true where it is dark. */
function squaresOf(lines: readonly string[]): boolean[][] {
  const dark: Record<string, readonly [boolean, boolean]> = {
    '█': [false, false],
    '▀': [false, true],
    '▄': [true, false],
    ' ': [true, true],
  };
  return lines.flatMap((line) => {
    const pairs = Array.from(line, (character) => dark[character] ?? [false, false]);
    return [pairs.map(([upper]) => upper), pairs.map(([, lower]) => lower)];
  });
}

describe('A QR code in the terminal', () => {
  const text = './pychain join 192.168.1.20';
  const lines = qrCode(text);

  it('draws the squares of the code of a text, two in each character', () => {
    const { data, size } = encode(text, { border: 2 });
    expect(squaresOf(lines).slice(0, size)).toEqual(data);
  });

  it('has a light frame, is as wide as it is high, and fits into 40 columns', () => {
    const squares = squaresOf(lines);
    const [first = [], second = []] = squares;
    expect([...first, ...second].some((dark) => dark)).toBe(false);
    expect(lines[0]?.length).toBeLessThanOrEqual(40);
    expect(Math.abs((lines[0]?.length ?? 0) - squares.length)).toBeLessThanOrEqual(1);
  });
});
