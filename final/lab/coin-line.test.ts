import { describe, expect, it } from '@jest/globals';
import { coinLine, rewardIn } from './coin-line.ts';

const [a, b, root] = ['a'.repeat(64), 'b'.repeat(64), '0'.repeat(64)];
const reward = JSON.stringify(['reward', a, 102, root]);
const payment = JSON.stringify([a, b, 5, 2, 0, 'f'.repeat(128)]);

describe('What a block with coins carries', () => {
  it('is told in a line', () => {
    expect(coinLine(reward)).toBe('no payments, 102 to aaaaaaaa…');
    expect(coinLine(`${reward}\n${payment}`)).toBe('1 payment, 102 to aaaaaaaa…');
    expect(coinLine(`${reward}\n${payment}\n${payment}`)).toContain('2 payments');
  });

  it('is no line of coins where it is text', () => {
    expect(coinLine('hello')).toBeUndefined();
    expect(coinLine('["reward"]')).toBeUndefined();
    expect(coinLine('')).toBeUndefined();
  });

  it('begins with a reward', () => {
    expect(rewardIn(`${reward}\n${payment}`)).toEqual({ to: a, amount: 102, root });
  });
});
