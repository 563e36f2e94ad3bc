import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_DATA_BYTES, checkShape, type Block } from '#blocks';
import { HASH, shaped, fieldNames, naming, anyBlock } from './shapes-for-test.ts';

// What the check says, in words where it gives undefined.
const shape = (value: unknown) => checkShape(value) ?? 'nothing is wrong';

/** Values that have broken programs before. Each can come as JSON. */
const nasty: [string, unknown][] = [
  ['null', null],
  ['true', true],
  ['a number', 7],
  ['a text', 'block'],
  ['an empty list', []],
  ['a list with a block in it', [shaped]],
  ['an empty object', {}],
  ['an object with a block in it', { block: shaped }],
  ['an object that cannot be turned into text', { toString: null, valueOf: null }],
  ['an object that claims a length', { length: 1e9 }],
  ['a block inside __proto__', JSON.parse(`{"__proto__":${JSON.stringify(shaped)}}`)],
  ['lists in lists, very deep', JSON.parse('['.repeat(50_000) + ']'.repeat(50_000))],
];

describe('Task 5: checkShape', () => {
  it('finds nothing wrong with the shape of a block', () => {
    expect(shape(shaped)).toBe('nothing is wrong');
  });

  it('finds nothing wrong with the smallest and the largest values', () => {
    const { MAX_SAFE_INTEGER: max } = Number;
    const least = { index: 0, timestamp: 0, difficulty: 0, nonce: 0, data: '' };
    const most = { index: max, timestamp: max, difficulty: 256, nonce: max };
    expect(shape({ ...shaped, ...least })).toBe('nothing is wrong');
    expect(shape({ ...shaped, ...most })).toBe('nothing is wrong');
  });

  it('looks at the shape alone, not at whether the hashes are right', () => {
    fc.assert(
      fc.property(anyBlock, (block) => {
        expect(shape(block)).toBe('nothing is wrong');
      }),
    );
  });

  it('does not care in which order the fields come', () => {
    const reversed = Object.fromEntries(Object.entries(shaped).reverse());
    expect(shape(reversed)).toBe('nothing is wrong');
  });

  const notCounts = [-1, 0.5, NaN, '2', null, [2]];
  const notHashes = ['deadbeef', HASH.toUpperCase(), `${HASH}0`, 7, null, [HASH]];
  const wrong: Record<keyof Block, unknown[]> = {
    index: notCounts,
    timestamp: [...notCounts, 'whenever', '2024-01-01T00:00:00Z'],
    previousHash: notHashes,
    dataHash: notHashes,
    difficulty: [...notCounts, 257, 500, Number.MAX_SAFE_INTEGER],
    nonce: notCounts,
    data: [7, null, true, ['hello'], {}, { toString: null }],
    hash: notHashes,
  };

  it.each(fieldNames)('names the field %s when its value is a wrong one', (field) => {
    for (const value of [...wrong[field], undefined, Symbol('a symbol')]) {
      const reason = shape({ ...shaped, [field]: value });
      expect({ [field]: value, reason }).toEqual({
        [field]: value,
        reason: naming(field),
      });
    }
  });

  it.each(fieldNames)('names the field %s when it is missing', (field) => {
    const rest = Object.entries(shaped).filter(([name]) => name !== field);
    expect(shape(Object.fromEntries(rest))).toEqual(naming(field));
  });

  it.each(['reward', 'Hash', 'toString', 'constructor', '__proto__'])(
    'names an extra field, as here %s',
    (name) => {
      // As JSON text, because an object literal takes __proto__ for something else.
      const text = JSON.stringify(shaped).replace('{', `{"${name}":"hello",`);
      expect(shape(JSON.parse(text))).toEqual(naming(name));
    },
  );

  it('names the data where it is too long, or holds half a character', () => {
    const long = 'é'.repeat(MAX_DATA_BYTES / 2);
    expect(shape({ ...shaped, data: long })).toBe('nothing is wrong');
    expect(shape({ ...shaped, data: `${long}x` })).toEqual(naming('data'));
    expect(shape({ ...shaped, data: '\ud83d' })).toEqual(naming('data'));
  });

  it('tells at least how an extra field with a very long name begins', () => {
    const name = 'abcdefghijklmnopqrst'.repeat(1_000);
    expect(shape({ ...shaped, [name]: 1 })).toContain('abcdefghijklmnopqrst');
  });

  it.each(nasty)('gives a reason for %s', (_name, value) => {
    expect(checkShape(value)).toMatch(/\w+ \w+/); // some words
  });

  it.each(nasty)('names a field whose value is %s', (_name, value) => {
    // A number may stand where there was one, and a text may be data.
    const wrongIn = fieldNames.filter((field) => typeof value !== typeof shaped[field]);
    const hashes = fieldNames.filter((field) => shaped[field] === HASH);
    for (const field of new Set([...wrongIn, ...hashes])) {
      const reason = shape({ ...shaped, [field]: value });
      expect({ field, reason }).toEqual({ field, reason: naming(field) });
    }
  });

  it('gives a reason for any other value, and never throws', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), anything), (value) => {
        expect(typeof checkShape(value)).toBe('string');
      }),
    );
  });
});
