import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { links, names } from '../shared/peers.ts';
import { Gossip } from './gossip.ts';

const end = 100_000;

describe('Gossip', () => {
  it('reaches every peer of a connected network, on the quickest way', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), (origin) => {
        const gossip = new Gossip(links);
        gossip.post(origin, 'hello');
        gossip.network.time.advance(end);
        const after = (name: string) => gossip.heard(name)?.after ?? Infinity;
        expect(after(origin)).toBe(0);
        for (const name of names.filter((name) => name !== origin)) {
          const ways = links
            .filter(({ a, b }) => a === name || b === name)
            .map(({ a, b, latency }) => after(a === name ? b : a) + latency);
          expect(after(name)).toBe(Math.min(...ways));
        }
      }),
    );
  });

  it('passes on only what is new, so it ends, and tells how often it was told again', () => {
    const gossip = new Gossip(links);
    gossip.post('Ada', 'hello');
    gossip.network.time.advance(end);
    expect(gossip.network.packets).toEqual([]);
    const again = names.reduce((sum, name) => sum + (gossip.heard(name)?.again ?? 0), 0);
    // Over each link at most one message in each direction, and none back to who told it.
    expect(again).toBeGreaterThan(0);
    expect(again).toBeLessThanOrEqual(2 * links.length - 2 * (names.length - 1));
  });

  it('does not reach who is cut off', () => {
    const gossip = new Gossip(links);
    gossip.network.cut('Gus', 'Finn');
    gossip.network.cut('Ivo', 'Gus');
    gossip.post('Ada', 'hello');
    gossip.network.time.advance(end);
    expect(names.filter((name) => gossip.heard(name) === undefined)).toEqual(['Gus']);
  });

  it('has a rumor of its own for each post', () => {
    const gossip = new Gossip(links);
    gossip.post('Ada', 'hello');
    gossip.network.time.advance(end);
    gossip.post('Ben', 'hello');
    expect(gossip.heard('Ada')).toBeUndefined();
    expect(gossip.heard('Ben')).toEqual({ after: 0, from: undefined, again: 0 });
  });
});
