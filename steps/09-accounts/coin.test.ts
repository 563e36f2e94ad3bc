import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  brokenRule,
  checkShape,
  genesisBlock,
  hashBlock,
  headerRules,
  nextBlock,
} from '#blocks';
import { sha256 } from '#hashing';
import { checkMerkle, forkHash, merkleRoot } from '#merkle';
import { coinGenesis, coinOf, sealLines, subsidy, type Coin } from '#accounts';
import { MOST, START, anyText, coin, respelled } from './coins-for-test.ts';

describe('Task 4: new coins', () => {
  it.each([
    [1, 100],
    [9, 100],
    [10, 50],
    [19, 50],
    [20, 25],
    [30, 12],
    [40, 6],
    [50, 3],
    [60, 1],
    [69, 1],
    [70, 0],
    [1_000, 0],
  ])('are, of block %d where 100 halve after 10 blocks, %d', (index, expected) => {
    expect(subsidy(coin, index)).toBe(expected);
  });

  it('are rounded down: of 5 coins 2, then 1, then none', () => {
    const five: Coin = { reward: 5, halving: 1, size: 1 };
    expect([1, 2, 3, 4].map((index) => subsidy(five, index))).toEqual([2, 1, 0, 0]);
  });

  it.each([31, 32, 33, 53, 64, 1_023, 1_024, 1_100, MOST])(
    'are none after %d halvings of one coin',
    (index) => {
      expect(subsidy({ reward: 1, halving: 1, size: 1 }, index)).toBe(0);
    },
  );

  it('are exact for large rewards', () => {
    const large: Coin = { reward: 2 ** 51, halving: 1, size: 1 };
    for (let index = 1; index < 60; index += 1)
      expect(subsidy(large, index)).toBe(Number((2n ** 51n) >> BigInt(index)));
  });

  it('never grow, and are less than twice the first reward times the halving in all', () => {
    const anyCoin = fc.record({
      reward: fc.integer({ min: 1, max: 1_000 }),
      halving: fc.integer({ min: 1, max: 20 }),
      size: fc.constant(1),
    });
    fc.assert(
      fc.property(anyCoin, (one) => {
        const all = Array.from({ length: 250 }, (_, i) => subsidy(one, i + 1));
        const falling = [...all].sort((a, b) => b - a);
        expect(all).toEqual(falling);
        const sum = all.reduce((a, b) => a + b, 0);
        expect(sum).toBeLessThan(2 * one.reward * one.halving);
      }),
    );
  });
});

/** The first block of a network with lines of one's own, sealed as that of a coin. */
const sealed = (data: string) => sealLines(genesisBlock({ timestamp: START, data }));

describe('Task 5: the first block of a coin', () => {
  it('has the coin in its second line', () => {
    const { data, index } = coinGenesis(coin, { timestamp: START });
    expect(data).toBe('Genesis Block\n["coin",100,10,3]');
    expect(index).toBe(0);
  });

  it('has the Merkle root of its lines as dataHash, and the hash that follows', () => {
    const block = coinGenesis(coin, { timestamp: START });
    const root = forkHash(sha256('Genesis Block'), sha256('["coin",100,10,3]'));
    expect(block.dataHash).toBe(root);
    expect(block.hash).toBe(hashBlock(block));
    const rules = [...headerRules, checkMerkle];
    expect(brokenRule(block, undefined, rules) ?? 'all is well').toBe('all is well');
  });

  it('is no first block of a network of texts', () => {
    const block = coinGenesis(coin, { timestamp: START });
    expect(brokenRule(block, undefined)).toMatch(/dataHash/);
  });

  it('has the time and the difficulty that it is given, and is not mined', () => {
    const block = coinGenesis(coin, { timestamp: START, difficulty: 12 });
    expect(block).toMatchObject({ timestamp: START, difficulty: 12, nonce: 0 });
    expect(coinGenesis(coin, { timestamp: 5 })).toMatchObject({
      timestamp: 5,
      difficulty: 0,
    });
  });

  it('sealLines seals any block so, and leaves the one that it is given as it was', () => {
    const parent = genesisBlock({ timestamp: START });
    const block = Object.freeze(nextBlock(parent, 'one\ntwo\nthree', START));
    const before = { ...block };
    const result = sealLines(block);
    expect(result).toEqual({
      ...block,
      dataHash: merkleRoot('one\ntwo\nthree'),
      hash: result.hash,
    });
    expect(result.hash).toBe(hashBlock(result));
    expect(block).toEqual(before);
    expect(checkShape(result)).toBeUndefined();
  });

  const limits: Coin[] = [
    { reward: 1, halving: 1, size: 1 },
    { reward: 100, halving: 100_000, size: 1_000 },
    { reward: 2 ** 51, halving: 1, size: 20 },
    { reward: 1, halving: 2 ** 52 - 1, size: 20 },
    { reward: 33_554_432, halving: 134_217_727, size: 20 },
  ];

  it.each(limits)('is read again: %p', (one) => {
    expect(coinOf(coinGenesis(one, { timestamp: START }))).toEqual(one);
  });

  const wrong: [string, Partial<Coin>][] = [
    ['no reward', { reward: 0 }],
    ['a reward below 0', { reward: -100 }],
    ['half a coin', { reward: 0.5 }],
    ['no halving', { halving: 0 }],
    ['a halving below 0', { halving: -1 }],
    ['a halving that is no number', { halving: NaN }],
    ['endless halving', { halving: Infinity }],
    ['no room for payments', { size: 0 }],
    ['room for more than 1,000', { size: 1_001 }],
    ['a size with a fraction', { size: 1.5 }],
    ['more coins than can be counted', { reward: 2 ** 52, halving: 1 }],
    ['a few more than can be counted', { reward: 33_554_432, halving: 134_217_728 }],
    ['a reward that is a text', { reward: '100' as unknown as number }],
  ];

  it.each(wrong)('is refused with a RangeError where a coin has %s', (_name, changes) => {
    expect(() => coinGenesis({ ...coin, ...changes }, { timestamp: START })).toThrow(
      RangeError,
    );
  });

  it.each(wrong)('is of unknown rules where its line says %s', (_name, changes) => {
    const { reward, halving, size } = { ...coin, ...changes };
    const data = `Genesis Block\n${JSON.stringify(['coin', reward, halving, size])}`;
    expect(coinOf(sealed(data))).toEqual(expect.stringMatching(/\w+ \w+/));
  });

  it('is none of a coin where its dataHash is the digest of all its data', () => {
    for (const data of [
      '',
      'Genesis Block',
      'one\ntwo',
      'Genesis Block\n["coin",100,10,3]',
    ])
      expect(coinOf(genesisBlock({ timestamp: START, data }))).toBeUndefined();
    // Of one line the Merkle root is that digest.
    expect(coinOf(sealed('["coin",100,10,3]'))).toBeUndefined();
  });

  it('may have any title', () => {
    expect(coinOf(sealed('Coins of our class\n["coin",100,10,3]'))).toEqual(coin);
    expect(coinOf(sealed('\n["coin",100,10,3]'))).toEqual(coin);
  });

  const line = '["coin",100,10,3]';
  it.each<[string, string]>([
    ['a line of words', 'Genesis Block\nwords'],
    ['an empty line', 'Genesis Block\n'],
    ['the coin twice', `Genesis Block\n${line}\n${line}`],
    ['a rule that it does not know', `Genesis Block\n${line}\n["gold",1]`],
    ['another rule alone', 'Genesis Block\n["pace",10000,120000]'],
    ['an empty line behind the coin', `Genesis Block\n${line}\n`],
    ['the coin in its third line', `Genesis Block\n\n${line}`],
    ['a coin of another name', 'Genesis Block\n["Coin",100,10,3]'],
    ['a coin of the next kind', 'Genesis Block\n["coin2",100,10,3]'],
    ['a number too few', 'Genesis Block\n["coin",100,10]'],
    ['a carriage return before the line', `Genesis Block\r\n${line}\r`],
  ])('is of unknown rules where it has %s', (_name, data) => {
    expect(coinOf(sealed(data))).toEqual(expect.stringMatching(/\w+ \w+/));
  });

  it.each(respelled)('is of unknown rules where its line has %s', (_name, respell) => {
    const other = respell(line);
    expect(other).not.toBe(line);
    expect(coinOf(sealed(`Genesis Block\n${other}`))).toEqual(
      expect.stringMatching(/\w+ \w+/),
    );
  });

  it('is undefined for what is no block', () => {
    const block = coinGenesis(coin, { timestamp: START });
    for (const value of [
      null,
      undefined,
      7,
      'block',
      [],
      {},
      { ...block, data: undefined },
      { ...block, data: 5 },
      { ...block, data: 'half a character: \ud800' },
      { ...block, more: 1 },
    ])
      expect(coinOf(value as never)).toBeUndefined();
  });

  it('never throws, whatever value it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), anyText), anyText, (value, text) => {
        expect(['undefined', 'string', 'object']).toContain(
          typeof coinOf(value as never),
        );
        const other = { ...coinGenesis(coin, { timestamp: START }), data: text };
        expect(['undefined', 'string']).toContain(typeof coinOf(other));
        expect(typeof coinOf({ ...other, data: `title\n${text}` })).not.toBe('object');
      }),
    );
  });
});
