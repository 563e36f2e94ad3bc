import { describe, expect, it } from '@jest/globals';
import { nearest } from './nearest.ts';

const words = ['mine', 'blocks', 'block', 'peers', 'status', 'events', '--json', '-p'];

describe('The nearest word', () => {
  it.each([
    ['bloks', 'blocks'],
    ['statsu', 'status'],
    ['peer', 'peers'],
    ['minee', 'mine'],
    ['--jsn', '--json'],
    ['block', 'block'],
  ])('to "%s" is "%s"', (typed, meant) => {
    expect(nearest(typed, words)).toBe(meant);
  });

  it.each(['dance', 'x', '-x', '', 'stop', 'verification'])(
    'to "%s" is none, since too little is left of each',
    (typed) => {
      expect(nearest(typed, words)).toBeUndefined();
    },
  );
});
