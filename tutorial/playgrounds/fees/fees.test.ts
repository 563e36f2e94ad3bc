import { describe, expect, it } from '@jest/globals';
import { LinkError } from '../shared/link.ts';
import {
  MOST,
  format,
  isClever,
  outcomeOf,
  start,
  withHigherFee,
  withPayment,
  withoutPayment,
  type Market,
  type Name,
} from './fees.ts';

const blockOf = (...names: readonly Name[]): Market =>
  names.reduce((market, name) => withPayment(market, name), start);
const namesOf = (shown: readonly { readonly name: Name }[]) =>
  shown.map(({ name }) => name);

describe('The fee market', () => {
  it('begins with six payments, the highest fees first, of which some are parked', () => {
    const { waiting, block, problem, earned } = outcomeOf(start);
    expect(namesOf(waiting)).toEqual(['a1', 'b1', 'd0', 'b0', 'c0', 'a0']);
    expect(namesOf(waiting.filter(({ isParked }) => isParked))).toEqual(['b1', 'd0']);
    expect([block, problem, earned]).toEqual([[], undefined, 0]);
  });

  it('knows what a miner gets who takes the best first', () => {
    const { best, bestEarned } = outcomeOf(start);
    expect(best).toEqual(['b0', 'c0', 'd0']);
    expect(bestEarned).toBe(15);
    const same = outcomeOf(blockOf('b0', 'c0', 'd0'));
    expect([same.problem, same.earned]).toEqual([undefined, 15]);
    expect(isClever(blockOf('b0', 'c0', 'd0'))).toBe(false);
  });

  it('can be won by a poor payment that has a rich one behind it', () => {
    expect(isClever(blockOf('a0', 'a1', 'b0'))).toBe(true);
    expect(isClever(blockOf('b0', 'a0', 'a1'))).toBe(true);
  });

  it.each([
    ['a1', 'Ada’s payment 1 cannot be made here: payment 1 of its payer is not the next'],
    ['b1', 'Ben’s payment 1 cannot be made here'],
    ['d0', 'Dan’s payment 0 cannot be made here: its payer has 0 coins'],
  ] as const)('says why a block that begins with %s is invalid', (name, words) => {
    const market = blockOf(name);
    expect(outcomeOf(market).problem).toContain(words);
    expect(isClever(market)).toBe(false);
  });

  it('has room for three, each once, and gives a place back', () => {
    expect(blockOf('a0', 'a0', 'b0', 'c0', 'd0').block).toEqual(['a0', 'b0', 'c0']);
    expect(withoutPayment(blockOf('a0', 'b0'), 'a0').block).toEqual(['b0']);
  });

  it('replaces a payment by one with a higher fee, up to a limit, and may park it', () => {
    let market: Market = start;
    for (let i = 0; i < 30; i += 1) market = withHigherFee(market, 'c0');
    const { waiting } = outcomeOf(market);
    expect(waiting).toHaveLength(6);
    // 20 coins and a fee of 20 are more than the 30 that Cleo has.
    expect(waiting.find(({ name }) => name === 'c0')).toMatchObject({
      fee: MOST,
      isParked: true,
    });
    const once = withHigherFee(start, 'c0');
    expect(outcomeOf(once).bestEarned).toBe(16);
  });

  it('lets the payments of a mined block wait no more, and those behind them go on', () => {
    const mined = { ...blockOf('a0', 'c0'), isMined: true };
    const { waiting, balances } = outcomeOf(mined);
    expect(namesOf(waiting)).toEqual(['a1', 'b1', 'd0', 'b0']);
    expect(namesOf(waiting.filter(({ isParked }) => isParked))).toEqual([]);
    expect(balances).toEqual([
      { person: 'Ada', balance: 89 },
      { person: 'Ben', balance: 50 },
      { person: 'Cleo', balance: 6 },
      { person: 'Dan', balance: 20 },
    ]);
    const off = { ...mined, isMined: false };
    expect(namesOf(outcomeOf(off).waiting)).toHaveLength(6);
    for (const name of ['b0', 'a0'] as const)
      expect([
        withPayment(mined, name),
        withoutPayment(mined, name),
        withHigherFee(mined, name),
      ]).toEqual([mined, mined, mined]);
  });

  it('stands in a link', () => {
    const market = { ...withHigherFee(blockOf('b0', 'a0'), 'c0'), isMined: true };
    expect(format.write(market)).toEqual({ 'fee-c0': '5', block: 'b0-a0', mined: 'yes' });
    expect(format.read(format.write(market))).toEqual(market);
    expect(format.read({})).toEqual(start);
    expect(format.write(start)).toEqual({});
  });

  it.each([
    [{ 'fee-a0': '1' }],
    [{ 'fee-a0': '21' }],
    [{ 'fee-a0': 'x' }],
    [{ 'fee-z9': '3' }],
    [{ block: 'a0-a0' }],
    [{ block: 'x' }],
    [{ block: 'a0-b0-c0-d0' }],
    [{ mined: 'yes' }],
    [{ mined: 'perhaps' }],
    [{ block: 'a1', mined: 'yes' }],
  ])('refuses a link that says %j', (fields) => {
    expect(() => format.read(fields)).toThrow(LinkError);
  });
});
