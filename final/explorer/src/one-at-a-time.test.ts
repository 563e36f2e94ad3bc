import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { oneAtATime } from './one-at-a-time.ts';

describe('What is to run one at a time', () => {
  it('runs once more for all calls that came while it ran', async () => {
    const ends: (() => void)[] = [];
    const start = oneAtATime(() => new Promise<void>((resolve) => ends.push(resolve)));
    for (let i = 0; i < 5; i += 1) start();
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await turn();
    expect(ends).toHaveLength(2);
    ends[1]?.();
    await turn();
    expect(ends).toHaveLength(2);
    start();
    expect(ends).toHaveLength(3);
  });
});
