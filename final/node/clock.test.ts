import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { PROTOCOL_VERSION, type Peer } from '#peers';
import { ClockWatch } from './clock.ts';

const HOUR = 3_600_000;

beforeEach(() => {
  jest.useFakeTimers({ now: 1_700_000_000_000 });
});
afterEach(() => {
  jest.useRealTimers();
});

/** A watch, with what it said so far; time passes in steps of a second. */
function watch() {
  const said: string[] = [];
  const stream = {
    write: (line: string) => said.push((JSON.parse(line) as { msg: string }).msg),
  };
  const clock = new ClockWatch(pino({}, stream));
  const pass = (seconds: number) => {
    for (let i = 0; i < seconds; i += 1) {
      jest.advanceTimersByTime(1_000);
      clock.compare(0);
    }
  };
  return { clock, said, pass };
}

/** As much of a peer as the watch looks at, whose clock differs so much. */
function peerWith(difference: number, url = 'ws://a:1'): Peer {
  const own = { version: PROTOCOL_VERSION, nodeId: '0'.repeat(32), port: null };
  const hello = { type: 'hello', ...own, genesis: null, tip: null };
  const time = Date.now() + difference;
  return { id: hello.nodeId, url, hello: { ...hello, time } } as unknown as Peer;
}

describe('A clock watch', () => {
  it('says at once that a clock of a peer differs, then once a minute while it is there', () => {
    const { clock, said, pass } = watch();
    const peer = peerWith(HOUR);
    clock.met(peer);
    expect(said).toEqual([expect.stringMatching(/ws:\/\/a:1: .*60 minutes ahead of/)]);
    pass(59);
    expect(said).toHaveLength(1);
    pass(181);
    expect(said).toHaveLength(5);
    clock.lost(peer);
    pass(180);
    expect(said).toHaveLength(5);
  });

  it('says in one line that the clocks of many differ', () => {
    const { clock, said, pass } = watch();
    for (let i = 0; i < 5; i += 1) clock.met(peerWith(-HOUR, `ws://a:${i}`));
    pass(60);
    expect(said).toHaveLength(6);
    expect(said.at(-1)).toMatch(/ws:\/\/a:0: .*60 minutes behind.* 4 more/);
    expect(clock.differing).toBe(5);
  });

  it.each([
    [61_000, /61 seconds ahead of/],
    [-5 * 60_000, /5 minutes behind/],
    [50 * HOUR, /2 days ahead of/],
  ])('says that a clock differs by %d ms in the unit that people use', (ms, words) => {
    const { clock, said } = watch();
    clock.met(peerWith(ms));
    expect(said).toEqual([expect.stringMatching(words)]);
  });

  it('says nothing while all clocks agree, however long', () => {
    const { clock, said, pass } = watch();
    clock.met(peerWith(0));
    clock.met(peerWith(59_000));
    pass(600);
    expect([said, clock.differing]).toEqual([[], 0]);
  });

  it('sees that this clock was set right, or wrong', () => {
    const { clock, said, pass } = watch();
    clock.met(peerWith(HOUR));
    jest.setSystemTime(Date.now() + HOUR);
    pass(120);
    expect([said.length, clock.differing]).toEqual([1, 0]);
    jest.setSystemTime(Date.now() + HOUR);
    pass(1);
    expect(said.at(-1)).toMatch(/60 minutes behind/);
  });
});
