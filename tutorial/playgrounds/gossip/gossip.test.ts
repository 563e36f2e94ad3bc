import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { links, names } from '../shared/peers.ts';
import type { Deed } from '../shared/deeds.ts';
import { LinkError } from '../shared/link.ts';
import {
  Gossip,
  formatAt,
  isThrifty,
  newGossip,
  outcome,
  type Action,
} from './gossip.ts';

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
    expect(gossip.heard('Ben')).toEqual({
      after: 0,
      from: undefined,
      again: 0,
      text: 'hello',
    });
  });

  it('needs more messages than there are peers, unless its links are a tree', () => {
    const gossip = newGossip();
    gossip.post('Ada', 'hello');
    gossip.network.time.advance(end);
    expect(gossip.messages).toBeGreaterThan(names.length - 1);
    expect(isThrifty(gossip)).toBe(false);
    for (const [a, b] of [
      ['Dan', 'Eve'],
      ['Eve', 'June'],
      ['Finn', 'Hana'],
      ['Ivo', 'June'],
    ] as const) {
      gossip.act({ kind: 'cut', a, b });
    }
    gossip.post('Ada', 'hello');
    expect(isThrifty(gossip)).toBe(false);
    gossip.network.time.advance(end);
    expect(gossip.messages).toBe(names.length - 1);
    expect(isThrifty(gossip)).toBe(true);
  });

  it('goes around a peer that is silent', () => {
    const gossip = newGossip();
    gossip.act({ kind: 'role', of: 'Dan', role: 'silent' });
    gossip.post('Ada', 'hello');
    gossip.network.time.advance(end);
    expect(names.map((name) => gossip.heard(name)?.text)).toEqual(
      names.map(() => 'hello'),
    );
    expect(names.some((name) => gossip.heard(name)?.from === 'Dan')).toBe(false);
  });

  it('lets a lie pass where nobody checks, and refuses it where everybody does', () => {
    const told = (on: boolean) => {
      const gossip = newGossip();
      gossip.act({ kind: 'role', of: 'Dan', role: 'liar' });
      gossip.act({ kind: 'check', on });
      gossip.post('Ada', 'hello');
      gossip.network.time.advance(end);
      return gossip;
    };
    expect(told(false).heard('Hana')?.text).toBe('not hello');
    expect(outcome(told(false))).toContain('Hana and June believe a lie.');
    const checked = told(true);
    expect(names.map((name) => checked.heard(name)?.text)).toEqual(
      names.map(() => 'hello'),
    );
    expect(checked.refusals.length).toBeGreaterThan(0);
    expect(new Set(checked.refusals.map(({ from }) => from))).toEqual(new Set(['Dan']));
    expect(outcome(checked)).toMatch(
      /messages of Dan did not fit the id, and were refused/,
    );
  });

  it('stands in a link with all that was done', () => {
    const deeds: Deed<Action>[] = [
      { at: 0, action: { kind: 'role', of: 'Dan', role: 'liar' } },
      { at: 0, action: { kind: 'check', on: false } },
      { at: 0, action: { kind: 'post', by: 'Ada', text: 'Lunch? At 12.30_ish ~ 10 %' } },
      { at: 60, action: { kind: 'cut', a: 'Ben', b: 'Finn' } },
      { at: 80, action: { kind: 'join', a: 'Ada', b: 'Gus', latency: 120 } },
    ];
    const format = formatAt(() => 99);
    const run = { deeds, until: 99 };
    expect(format.read(format.write(run))).toEqual(run);
  });

  it.each(['0.post.Mallory.hi', '0.cut.Ada.Ada', '0.join.Ada.Gus.0', '0.role.Ada.king'])(
    'refuses a link that says %s',
    (text) => {
      expect(() => formatAt(() => 0).read({ do: text })).toThrow(LinkError);
    },
  );
});
