import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CALLS_PER_SECOND,
  COST_OF_OFFENSE,
  ConnectionGater,
  MAX_CALLS,
  MAX_PEERS_PER_ADDRESS,
  REFUSED_FOR,
} from './connection-gater.ts';

const host = '192.0.2.1';
const calling = { host, id: undefined };
const honest = { host, id: 'a'.repeat(32) };
const offender = { host, id: 'b'.repeat(32) };

/** Lets an address call as often as it may, and returns how often that was. */
function callAll(gater: ConnectionGater, now: number, from = host): number {
  for (let calls = 0; calls < 10_000; calls += 1) {
    if (gater.refuse({ host: from, id: undefined }, 0, now) !== undefined) return calls;
  }
  return Infinity;
}

describe('The doorkeeper', () => {
  it('refuses a node that broke the protocol for a while, and says for how long', () => {
    const gater = new ConnectionGater();
    gater.blame(offender, 0);
    expect(gater.refuse(offender, 0, 1_000)).toMatch(/in 299 s/);
    expect(gater.refuse(offender, 0, REFUSED_FOR)).toBeUndefined();
  });

  it('lets the other nodes at the same address in meanwhile', () => {
    const gater = new ConnectionGater();
    gater.blame(offender, 0);
    expect(gater.refuse(calling, 0, 1)).toBeUndefined();
    expect(gater.refuse(honest, 0, 1)).toBeUndefined();
  });

  it('lets in who has the same id at another address: an id can be stolen', () => {
    const gater = new ConnectionGater();
    gater.blame(offender, 0);
    expect(gater.refuse({ ...offender, host: '192.0.2.2' }, 0, 1)).toBeUndefined();
  });

  it('lets an address call often at once, and then only so many times a second', () => {
    const gater = new ConnectionGater();
    expect(callAll(gater, 0)).toBe(MAX_CALLS);
    expect(callAll(gater, 1_000)).toBe(CALLS_PER_SECOND);
    expect(callAll(gater, 3_600_000)).toBe(MAX_CALLS);
  });

  it('counts each offense as many calls', () => {
    const gater = new ConnectionGater();
    gater.blame(calling, 0);
    expect(callAll(gater, 0)).toBe(MAX_CALLS - COST_OF_OFFENSE);
  });

  it('does not hold an offense against an address for ever', () => {
    const gater = new ConnectionGater();
    for (let i = 0; i < 1_000; i += 1) gater.blame(calling, 0);
    expect(callAll(gater, 0)).toBe(0);
    expect(callAll(gater, 1_000)).toBe(CALLS_PER_SECOND);
  });

  it('leaves room for nodes of other addresses', () => {
    const gater = new ConnectionGater();
    expect(gater.refuse(calling, MAX_PEERS_PER_ADDRESS, 0)).toMatch(
      /peers at this address/,
    );
    expect(gater.refuse(calling, MAX_PEERS_PER_ADDRESS - 1, 0)).toBeUndefined();
  });

  it('sets no limits by address where all peers share one', () => {
    const gater = new ConnectionGater(true);
    gater.blame(offender, 0);
    expect(callAll(gater, 0)).toBe(Infinity);
    expect(gater.refuse(honest, 1_000, 0)).toBeUndefined();
    expect(gater.refuse(offender, 0, 1)).toMatch(/broke the protocol/);
  });

  it('never lets an address call more often than its allowance, whatever happens', () => {
    const event = fc.record({
      wait: fc.nat(2_000),
      host: fc.constantFrom('192.0.2.1', '192.0.2.2'),
      isOffense: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 500 }), (events) => {
        const gater = new ConnectionGater();
        let now = 0;
        const calls = new Map<string, number>();
        for (const { wait, host, isOffense } of events) {
          now += wait;
          if (isOffense) gater.blame({ host, id: undefined }, now);
          else calls.set(host, (calls.get(host) ?? 0) + callAll(gater, now, host));
        }
        const most = MAX_CALLS + (now / 1_000) * CALLS_PER_SECOND;
        for (const count of calls.values()) expect(count).toBeLessThanOrEqual(most);
      }),
    );
  });
});
