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

const own = node.generateKeyPairSync('ed25519');
const whole = own.privateKey.export({ format: 'jwk' });
const half = own.publicKey.export({ format: 'jwk' });
const spki = own.publicKey.export({ format: 'der', type: 'spki' });
const pkcs8 = own.privateKey.export({ format: 'der', type: 'pkcs8' });
const data = Uint8Array.from([1, 2, 3]);
const signature = node.sign(null, data, own.privateKey);
const hex = signature.toString('hex');

const mine = (change: object = {}) => ({
  key: { ...whole, ...change },
  format: 'jwk' as const,
});
const theirs = (change: object = {}) => ({
  key: { ...half, ...change },
  format: 'jwk' as const,
});
const wrong = (value: unknown) => value as never;

const calls: [string, Call][] = [
  ['a private web key', ({ sign }) => sign(null, data, mine())],
  ['no algorithm', ({ sign }) => sign(undefined, data, mine())],
  ['text as data', ({ sign }) => sign(null, wrong('abc'), mine())],
  ['memory as data', ({ sign }) => sign(null, wrong(data.buffer), mine())],
  ['a number as data', ({ sign }) => sign(null, wrong(5), mine())],
  ['nothing as data', ({ sign }) => sign(null, wrong(undefined), mine())],
  ['a digest', ({ sign }) => sign('sha256', data, mine())],
  ['the name of Ed25519', ({ sign }) => sign('ed25519', data, mine())],
  ['a number as algorithm', ({ sign }) => sign(wrong(5), data, mine())],
  ['no key', ({ sign }) => sign(null, data, wrong(undefined))],
  ['a key in hex digits', ({ sign }) => sign(null, data, '00'.repeat(32))],
  ['a web key without its format', ({ sign }) => sign(null, data, wrong({ key: whole }))],
  ['a web key by itself', ({ sign }) => sign(null, data, wrong(whole))],
  ['a public web key to sign', ({ sign }) => sign(null, data, theirs())],
  [
    'a web key with another public half',
    ({ sign }) => sign(null, data, mine({ x: 'A' })),
  ],
  [
    'a web key without its public half',
    ({ sign }) => sign(null, data, mine({ x: undefined })),
  ],
  ['a private half that is short', ({ sign }) => sign(null, data, mine({ d: 'abc' }))],
  [
    'a private half in hex digits',
    ({ sign }) => sign(null, data, mine({ d: '00'.repeat(32) })),
  ],
  ['a private half that is a number', ({ sign }) => sign(null, data, mine({ d: 5 }))],
  ['another kind of key', ({ sign }) => sign(null, data, mine({ kty: 'okp' }))],
  ['no kind of key', ({ sign }) => sign(null, data, mine({ kty: undefined }))],
  ['another curve', ({ sign }) => sign(null, data, mine({ crv: 'ed25519' }))],
  ['no curve', ({ sign }) => sign(null, data, mine({ crv: undefined }))],
  [
    'a text as web key',
    ({ sign }) => sign(null, data, wrong({ key: 'abc', format: 'jwk' })),
  ],
  [
    'null as web key',
    ({ sign }) => sign(null, data, wrong({ key: null, format: 'jwk' })),
  ],
  [
    'bytes of a key',
    ({ sign }) => sign(null, data, { key: pkcs8, format: 'der', type: 'pkcs8' }),
  ],
  [
    'the object of a key',
    ({ sign, createPrivateKey }) => sign(null, data, createPrivateKey(mine())),
  ],
  [
    'the object of a public key',
    ({ sign, createPublicKey }) => sign(null, data, createPublicKey(theirs())),
  ],
  ['a right signature', ({ verify }) => verify(null, data, theirs(), signature)],
  ['other data', ({ verify }) => verify(null, data.subarray(1), theirs(), signature)],
  [
    'a short signature',
    ({ verify }) => verify(null, data, theirs(), signature.subarray(1)),
  ],
  [
    'no bytes of a signature',
    ({ verify }) => verify(null, data, theirs(), signature.subarray(64)),
  ],
  ['a signature in hex digits', ({ verify }) => verify(null, data, theirs(), wrong(hex))],
  ['no signature', ({ verify }) => verify(null, data, theirs(), wrong(undefined))],
  ['a private key to check', ({ verify }) => verify(null, data, mine(), signature)],
  [
    'a public half that is short',
    ({ verify }) => verify(null, data, theirs({ x: 'abc' }), signature),
  ],
  [
    'a public half in hex digits',
    ({ verify }) => verify(null, data, theirs({ x: 'ff'.repeat(32) }), signature),
  ],
  [
    'a public half that is no point',
    ({ verify }) => verify(null, data, theirs({ x: '_'.repeat(42) + '8' }), signature),
  ],
  [
    'a public half with its padding',
    ({ verify }) => verify(null, data, theirs({ x: `${half.x}=` }), signature),
  ],
  [
    'no public half',
    ({ verify }) => verify(null, data, theirs({ x: undefined }), signature),
  ],
  ['a digest to check with', ({ verify }) => verify('sha512', data, theirs(), signature)],
  [
    'memory to check',
    ({ verify }) => verify(null, wrong(data.buffer), theirs(), signature),
  ],
  ['text to check', ({ verify }) => verify(null, wrong('abc'), theirs(), signature)],
  ['a number as key', ({ verify }) => verify(null, data, wrong(5), signature)],
  ['an object without a key', ({ verify }) => verify(null, data, wrong({}), signature)],
  [
    'bytes of a public key',
    ({ verify }) =>
      verify(null, data, { key: spki, format: 'der', type: 'spki' }, signature),
  ],
  [
    'bytes without their type',
    ({ createPublicKey }) => createPublicKey(wrong({ key: spki, format: 'der' })),
  ],
  [
    'a public key from a private one',
    ({ createPublicKey, createPrivateKey }) =>
      createPublicKey(createPrivateKey(mine({ x: 'A' }))).export({ format: 'jwk' }),
  ],
  [
    'a public key from a public one',
    ({ createPublicKey }) => createPublicKey(createPublicKey(theirs())),
  ],
  [
    'a private key from a private one',
    ({ createPrivateKey }) => createPrivateKey(wrong(createPrivateKey(mine()))),
  ],
  [
    'a private key as bytes',
    ({ createPrivateKey }) =>
      createPrivateKey(mine()).export({ format: 'der', type: 'pkcs8' }),
  ],
  [
    'a public key as PEM',
    ({ createPublicKey }) =>
      createPublicKey(theirs()).export({ format: 'pem', type: 'spki' }),
  ],
  [
    'a public key as no form',
    ({ createPublicKey }) => createPublicKey(theirs()).export(wrong({ format: 'raw' })),
  ],
  [
    'a public key as a form of private ones',
    ({ createPublicKey }) =>
      createPublicKey(theirs()).export(wrong({ format: 'der', type: 'pkcs8' })),
  ],
  [
    'new keys of no kind',
    ({ generateKeyPairSync }) => generateKeyPairSync(wrong('Ed25519')),
  ],
  [
    'new keys of nothing',
    ({ generateKeyPairSync }) => generateKeyPairSync(wrong(undefined)),
  ],
];

describe('The signatures of a page', () => {
  it.each(calls)('are those of Node for %s', (_what, call) => {
    expect(outcome(() => call(page as unknown as typeof node))).toEqual(
      outcome(() => call(node)),
    );
  });

  it('are checked by Node, and those of Node by the page', () => {
    const crypto = page as unknown as typeof node;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const keys = crypto.generateKeyPairSync('ed25519');
        const key = {
          key: keys.publicKey.export({ format: 'jwk' }),
          format: 'jwk',
        } as const;
        expect(
          node.verify(null, bytes, key, crypto.sign(null, bytes, keys.privateKey)),
        ).toBe(true);
        expect(crypto.verify(null, bytes, theirs(), node.sign(null, bytes, mine()))).toBe(
          true,
        );
      }),
      { numRuns: 20 },
    );
  });
});
