import * as node from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as page from './crypto.ts';

/** What comes out: a value, or the name and the words of an error. */
function outcome(run: () => unknown): unknown {
  try {
    const value = run();
    return value instanceof Uint8Array ? [...value] : value;
  } catch (error) {
    const { name, message, code } = error as Error & { code?: string };
    return { name, message, code };
  }
}

type Call = (crypto: typeof node) => unknown;
const wrong = (value: unknown) => value as string;

const calls: [string, Call][] = [
  ['another algorithm', ({ hash }) => hash('sha1', 'abc')],
  ['MD5', ({ hash }) => hash('md5', 'abc')],
  ['SHA-512', ({ createHash }) => createHash('sha512').update('abc').digest('hex')],
  ['SHA3-256', ({ hash }) => hash('sha3-256', 'abc')],
  ['a name in capitals', ({ hash }) => hash('SHA-256', 'abc')],
  ['a name with RSA', ({ hash }) => hash('RSA-SHA256', 'abc')],
  ['an unknown algorithm', ({ hash }) => hash('sha257', 'abc')],
  ['an unknown algorithm, made', ({ createHash }) => createHash('sha257')],
  ['no algorithm', ({ hash }) => hash(wrong(undefined), 'abc')],
  ['base64', ({ hash }) => hash('sha256', 'abc', 'base64')],
  [
    'base64url',
    ({ createHash }) => createHash('sha256').update('abc').digest('base64url'),
  ],
  ['Latin-1', ({ hash }) => hash('sha256', 'abc', wrong('latin1') as 'hex')],
  ['bytes', ({ hash }) => hash('sha256', 'abc', 'buffer')],
  ['bytes, made', ({ createHash }) => createHash('sha256').update('abc').digest()],
  ['an unknown encoding', ({ hash }) => hash('sha256', 'abc', wrong('decimal') as 'hex')],
  ['an encoding that is none', ({ hash }) => hash('sha256', 'abc', wrong(5) as 'hex')],
  ['undefined', ({ hash }) => hash('sha256', wrong(undefined))],
  ['null', ({ hash }) => hash('sha256', wrong(null))],
  ['a number', ({ hash }) => hash('sha256', wrong(5))],
  ['a bigint', ({ hash }) => hash('sha256', wrong(5n))],
  ['a list', ({ hash }) => hash('sha256', wrong([1]))],
  ['an object', ({ createHash }) => createHash('sha256').update(wrong({ a: 1 }))],
  ['an object without a class', ({ hash }) => hash('sha256', wrong(Object.create(null)))],
  ['a function', ({ hash }) => hash('sha256', wrong(Math.max))],
  ['memory', ({ hash }) => hash('sha256', wrong(new ArrayBuffer(3)))],
  ['numbers of two bytes', ({ hash }) => hash('sha256', new Uint16Array([1, 256]))],
  ['a view', ({ hash }) => hash('sha256', new Uint8Array([1, 2, 3]).subarray(1, 2))],
  ['half a character', ({ hash }) => hash('sha256', 'a\ud83d')],
  [
    'text in hex digits',
    ({ createHash }) => createHash('sha256').update('ab01', 'hex').digest('hex'),
  ],
  [
    'a copy',
    ({ createHash }) => createHash('sha256').update('a').copy().update('b').digest('hex'),
  ],
  [
    'more after the end',
    ({ createHash }) => {
      const made = createHash('sha256');
      made.digest();
      return made.update('more');
    },
  ],
];

describe('The digests of a page', () => {
  it.each(calls)('are those of Node for %s', (_what, call) => {
    expect(outcome(() => call(page as unknown as typeof node))).toEqual(
      outcome(() => call(node)),
    );
  });

  it('are those of Node for any text and any bytes', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 0, max: 5_000 }).map((length) => 'ab'.repeat(length)),
    );
    fc.assert(
      fc.property(any, (input) => {
        expect(page.hash('sha256', input)).toBe(node.hash('sha256', input));
      }),
    );
  });
});
