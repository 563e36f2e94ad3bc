import { describe, expect, it } from '@jest/globals';
import { LinkError } from '../shared/link.ts';
import { balancesIn, drawn, format, start, worldOf, type Deed } from './accounts.ts';

const coins = (deeds: readonly Deed[], place?: number) => {
  const { found, tip } = worldOf(deeds);
  const { accounts } = found[place ?? tip] ?? {};
  if (accounts === undefined) throw new Error('There is no such block.');
  const all = Object.entries(balancesIn(accounts));
  return Object.fromEntries(all.map(([name, { balance }]) => [name, balance]));
};

const toBen: Deed = {
  after: 2,
  by: 'Dan',
  order: { from: 'Ada', to: 'Ben', amount: 60 },
};
const toCleo: Deed = {
  after: 2,
  by: 'Dan',
  order: { from: 'Ada', to: 'Cleo', amount: 60 },
};
/** Both pay the same coins; then each branch is the better one in turn. */
const duel: Deed[] = [...start, toBen, toCleo, { after: 3, by: 'Dan' }];

describe('The playground of accounts', () => {
  it('begins with coins of Ada, Ben and Cleo', () => {
    expect(coins(start)).toEqual({ Ada: 70, Ben: 100, Cleo: 30, Dan: 0 });
  });

  it('has the balances of each branch at its blocks', () => {
    expect(coins(duel, 3)).toMatchObject({ Ada: 10, Ben: 160, Cleo: 30 });
    expect(coins(duel, 4)).toMatchObject({ Ada: 10, Ben: 100, Cleo: 90 });
    expect(coins(duel)).toMatchObject({ Ada: 10, Ben: 160, Cleo: 30 });
  });

  it('moves the tip to the branch with more work, and the balances with it', () => {
    const moved = [...duel, { after: 4, by: 'Dan' }, { after: 6, by: 'Dan' }] as const;
    expect(coins(moved)).toMatchObject({ Ben: 100, Cleo: 90 });
    const { chain, tip } = worldOf(moved);
    expect(tip).toBe(7);
    expect([...chain]).toEqual([0, 1, 2, 4, 6, 7]);
  });

  it('has its challenge done when somebody loses coins who has paid nothing', () => {
    expect(worldOf(start).robbed).toEqual([]);
    const moved: Deed[] = [...duel, { after: 4, by: 'Dan' }, { after: 6, by: 'Dan' }];
    expect(worldOf(moved).robbed).toContain('Ben');
    // Whose reward is gone has not been paid.
    const rewards: Deed[] = [
      { after: 0, by: 'Ada' },
      { after: 0, by: 'Ben' },
      { after: 2, by: 'Ben' },
      { after: 1, by: 'Cleo' },
      { after: 4, by: 'Cleo' },
    ];
    expect(worldOf(rewards).robbed).toEqual([]);
  });

  it('says in words why a payment cannot be made', () => {
    const order = { from: 'Dan', to: 'Ben', amount: 5 } as const;
    expect(() => worldOf([...start, { after: 2, by: 'Ada', order }])).toThrow(
      'After that block Dan has 0 coins, not 5.',
    );
    expect(() => worldOf([{ after: 7, by: 'Ada' }])).toThrow('There is no block 7 here.');
  });

  it('knows which parts two trees of accounts have in common', () => {
    const { found } = worldOf(duel);
    const [two, three] = [found[2]?.accounts ?? null, found[3]?.accounts ?? null];
    const own = drawn(three, two).filter(({ isShared }) => !isShared);
    const shared = drawn(three, two).filter(({ isShared }) => isShared);
    expect(own.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['Ada 10', 'Ben 160', 'Dan 100']),
    );
    expect(shared.map(({ label }) => label)).toContain('Cleo 30');
    expect(
      drawn(three, three).every(({ isShared, kind }) => isShared || kind === 'nobody'),
    ).toBe(true);
    expect(drawn(null, three)).toMatchObject([{ kind: 'nobody', x: 0, depth: 0 }]);
  });

  it('draws each part below its fork, and no two accounts in one place', () => {
    const parts = drawn(worldOf(duel).found[5]?.accounts ?? null, null);
    const ends = parts.filter(({ kind }) => kind !== 'fork');
    expect(new Set(ends.map(({ x }) => x)).size).toBe(ends.length);
    for (const { parent, depth } of parts) {
      if (parent === undefined) continue;
      expect(parts.find(({ id }) => id === parent)?.depth).toBe(depth - 1);
    }
  });

  it('stands in a link with all that was done', () => {
    expect(format.write(duel)).toEqual({
      do: '0.A_1.B.A.C.30_2.D.A.B.60_2.D.A.C.60_3.D',
    });
    expect(format.read(format.write(duel))).toEqual(duel);
    expect(format.read({})).toEqual(start);
    for (const text of [
      '9.A',
      '0.X',
      '0.A.B',
      '0.A.B.C.5',
      '0.A.A.B.0',
      '0.A_1',
      'x'.repeat(2_000),
    ])
      expect(() => format.read({ do: text })).toThrow(LinkError);
    expect(() => format.read({ more: 'x' })).toThrow(LinkError);
    const many = Array.from({ length: 41 }, (_, i) => `${i}.A`).join('_');
    expect(() => format.read({ do: many })).toThrow(LinkError);
  });
});
