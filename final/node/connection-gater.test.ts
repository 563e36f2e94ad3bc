import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { genesisBlock } from '#blocks';
import {
  CALLS_PER_SECOND,
  COST_OF_OFFENSE,
  ConnectionGater,
  MAX_ANSWER,
  MAX_CALLS,
  MAX_NAMED,
  MAX_NAMED_AT_ADDRESS,
  MAX_NAMED_BY_ADDRESS,
  MAX_UNREAD,
  MAX_USEFUL,
  isTooMuch,
  networkOf,
} from './connection-gater.ts';

const host = '192.0.2.1';

/** Lets an address call as often as it may, and returns how often that was. */
function callAll(gater: ConnectionGater, now: number, from = host): number {
  for (let calls = 0; calls < 10_000; calls += 1) {
    if (gater.refuse(from, now) !== undefined) return calls;
  }
  return Infinity;
}

type SeenPeer = ReturnType<typeof peerAt>;

let made = 0;

/** As much of a peer as the connection gater looks at. */
function peerAt(from: string, { outbound = false, unsent = 0 } = {}) {
  made += 1;
  return { key: `key ${made}`, host: from, outbound, unsent };
}

const peersAt = (from: string, count: number) =>
  Array.from({ length: count }, () => peerAt(from));

describe('The connection gater', () => {
  it('lets an address call often at once, and then only so many times a second', () => {
    const gater = new ConnectionGater();
    expect(callAll(gater, 0)).toBe(MAX_CALLS);
    expect(callAll(gater, 1_000)).toBe(CALLS_PER_SECOND);
    expect(callAll(gater, 3_600_000)).toBe(MAX_CALLS);
  });

  it('does not count calls that it refuses: an address is slowed down, not shut out', () => {
    const gater = new ConnectionGater();
    callAll(gater, 0);
    let calls = 0;
    for (let now = 0; now <= 10_000; now += 10) calls += callAll(gater, now);
    expect(calls).toBe(10 * CALLS_PER_SECOND);
  });

  it('counts each offense as many calls', () => {
    const gater = new ConnectionGater();
    gater.blame({ host }, 0);
    expect(callAll(gater, 0)).toBe(MAX_CALLS - COST_OF_OFFENSE);
  });

  it('does not hold an offense against an address for ever', () => {
    const gater = new ConnectionGater();
    for (let i = 0; i < 1_000; i += 1) gater.blame({ host }, 0);
    expect(callAll(gater, 0)).toBe(0);
    expect(callAll(gater, 1_000)).toBe(CALLS_PER_SECOND);
  });

  it('takes all addresses of one IPv6 network for one, as they cost nothing', () => {
    const gater = new ConnectionGater();
    expect(callAll(gater, 0, '[2001:db8::1]')).toBe(MAX_CALLS);
    expect(callAll(gater, 0, '[2001:db8:0:0:ffff::2]')).toBe(0);
    expect(callAll(gater, 0, '[2001:db8:0:1::1]')).toBe(MAX_CALLS);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['localhost', 'localhost'],
    ['[::1]', '0:0:0:0'],
    ['[2001:db8::]', '2001:db8:0:0'],
    ['[2001:db8:1:2:3:4:5:6]', '2001:db8:1:2'],
    ['[fe80::1%wlan0]', 'fe80:0:0:0'],
    ['[::ffff:0:1]', '0:0:0:0'],
  ])('knows the network of %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('sets no limits by address where all peers share one', () => {
    const gater = new ConnectionGater(true);
    gater.blame({ host }, 0);
    expect(callAll(gater, 0)).toBe(Infinity);
    const peer = peerAt(host);
    for (let i = 0; i < 1_000; i += 1)
      expect(gater.heed(`ws://a:${i}`, peer, 0)).toBe(true);
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
          if (isOffense) gater.blame({ host }, now);
          else calls.set(host, (calls.get(host) ?? 0) + callAll(gater, now, host));
        }
        const most = MAX_CALLS + (now / 1_000) * CALLS_PER_SECOND;
        for (const count of calls.values()) expect(count).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe('Of the urls that peers name, the connection gater', () => {
  /** How many of 2,000 urls are heeded. */
  function heeded(
    gater: ConnectionGater,
    from: SeenPeer,
    url: (i: number) => string,
    now = 0,
  ): number {
    const all = Array.from({ length: 2_000 }, (_, i) => url(i));
    return all.filter((each) => gater.heed(each, from, now)).length;
  }
  const elsewhere = (i: number) => `ws://10.0.${i >> 8}.${i & 255}:8000`;

  it('heeds only so many new ones of each, and more as time goes by', () => {
    const gater = new ConnectionGater();
    const [one, other] = peersAt(host, 2) as [SeenPeer, SeenPeer];
    expect(heeded(gater, one, elsewhere)).toBe(MAX_NAMED);
    expect(heeded(gater, other, (i) => `ws://10.1.${i >> 8}.${i & 255}:1`)).toBe(
      MAX_NAMED,
    );
    const again = heeded(gater, one, (i) => `ws://10.2.${i >> 8}.${i & 255}:1`, 600_000);
    expect(again).toBeGreaterThan(0);
    expect(again).toBeLessThanOrEqual(MAX_NAMED);
  });

  it('heeds only so many of all peers at one address', () => {
    const gater = new ConnectionGater();
    let sum = 0;
    for (const [n, peer] of peersAt(host, 20).entries()) {
      sum += heeded(gater, peer, (i) => `ws://10.${n}.${i >> 8}.${i & 255}:8000`);
    }
    expect(sum).toBe(MAX_NAMED_BY_ADDRESS);
    expect(gater.heed('ws://10.99.0.1:1', peerAt('192.0.2.9'), 0)).toBe(true);
  });

  it('heeds only so many that lead to one address', () => {
    const gater = new ConnectionGater();
    expect(heeded(gater, peerAt(host), (i) => `ws://10.0.0.1:${i + 1}`)).toBe(
      MAX_NAMED_AT_ADDRESS,
    );
    expect(gater.heed('ws://10.0.0.2:1', peerAt(host), 0)).toBe(true);
  });

  it('charges nobody for what it has heard before', () => {
    const gater = new ConnectionGater();
    const peer = peerAt(host);
    gater.heed('ws://10.9.9.9:8000', peerAt('192.0.2.9'), 0);
    expect(heeded(gater, peer, () => 'ws://10.9.9.9:8000')).toBe(2_000);
    expect(heeded(gater, peer, elsewhere)).toBe(MAX_NAMED);
  });
});

describe('Where all places are taken, the connection gater', () => {
  it('parts with one of the younger callers of the address that has the most', () => {
    const old = peersAt('192.0.2.1', 10);
    const few = peersAt('192.0.2.2', 3);
    const many = [...peersAt('192.0.2.3', 10), ...peersAt('192.0.2.3', 10)];
    const gater = new ConnectionGater();
    for (let i = 0; i < 100; i += 1) {
      const leaving = gater.makeRoom([...old, ...few, ...many]);
      expect(many).toContain(leaving);
    }
  });

  it('keeps the older half, whatever their addresses', () => {
    const peers = peersAt(host, 20);
    const gater = new ConnectionGater();
    for (let i = 0; i < 200; i += 1) {
      expect(peers.slice(10)).toContain(gater.makeRoom(peers));
    }
  });

  it('keeps those that it dialed, and the last that brought a better chain', () => {
    const gater = new ConnectionGater();
    const dialed = Array.from({ length: 5 }, () => peerAt(host, { outbound: true }));
    const useful = peersAt(host, MAX_USEFUL + 1);
    const idle = peersAt(host, 2);
    for (const peer of useful) gater.delivered(peer);
    const [first] = useful;
    for (let i = 0; i < 200; i += 1) {
      const leaving = gater.makeRoom([...idle, ...useful, ...dialed]);
      expect([...idle, first]).toContain(leaving);
    }
    expect(gater.makeRoom(dialed)).toBeUndefined();
  });

  it('chooses by chance, so that a newcomer may stay among many idle ones', () => {
    const gater = new ConnectionGater();
    const peers = peersAt(host, 100);
    const chosen = new Set(Array.from({ length: 300 }, () => gater.makeRoom(peers)));
    expect(chosen.size).toBeGreaterThan(20);
  });
});

describe('Where too much waits for all peers together, the connection gater', () => {
  it('parts with those who read least, and with no more than it takes', () => {
    const gater = new ConnectionGater();
    const quick = peersAt(host, 100);
    const slow = [0.4, 0.5, 0.3, 0.2].map((share) =>
      peerAt(host, { unsent: share * MAX_UNREAD }),
    );
    expect(gater.tooSlow([...quick, ...slow])).toEqual([slow[1]]);
    expect(gater.tooSlow([...quick, ...slow.slice(2)])).toEqual([]);
  });
});

describe('An answer', () => {
  const genesis = genesisBlock({ timestamp: 0 });
  const answer = (...texts: string[]) => ({
    type: 'blocks' as const,
    blocks: texts.map((data) => ({ ...genesis, data })),
  });

  it('holds one full block, or as much data in many', () => {
    const half = 'x'.repeat(MAX_ANSWER / 2);
    expect(isTooMuch(answer(half))).toBe(false);
    expect(isTooMuch(answer(half, half))).toBe(false);
    expect(isTooMuch(answer())).toBe(false);
  });

  it('holds no more than that, or many at once would fill the memory', () => {
    const half = 'x'.repeat(MAX_ANSWER / 2);
    expect(isTooMuch(answer(half, half, 'x'))).toBe(true);
  });
});
