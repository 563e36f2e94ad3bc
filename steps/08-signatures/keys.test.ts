import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSigned, newKeys, sign } from '#signatures';
import { alice, bob, halves, texts, withOtherDigit } from './keys-for-test.ts';

/** How a private key of Ed25519 is written in bytes, before its own 32. */
const PKCS8 = '302e020100300506032b657004220420';

/** Computes the address of a secret, without this step. */
function addressOf(secret: string): string {
  const key = Buffer.from(PKCS8 + secret, 'hex');
  const half = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  return Buffer.from(half.export({ format: 'jwk' }).x ?? '', 'base64').toString('hex');
}

/** Adds the order of the curve to the second half of a signature. */
function plusOrder(signature: string): string {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const half = Buffer.from(signature.slice(64), 'hex').reverse().toString('hex');
  const sum = (BigInt(`0x${half}`) + order).toString(16).padStart(64, '0');
  return signature.slice(0, 64) + Buffer.from(sum, 'hex').reverse().toString('hex');
}

/** What a key looks like, in words: what was drawn at random is not shown. */
const formOf = (key: string) =>
  /^[0-9a-f]{64}$/.test(key) ? '64 hex digits' : 'something else';

/** What a check says, in words. */
const verdict = (text: string, signature: string, address: string) =>
  isSigned(text, signature, address) ? 'signed' : 'not signed';

describe('Task 1: newKeys', () => {
  it('gives an address and a secret of 64 hex digits each', () => {
    for (let i = 0; i < 50; i += 1) {
      const { address, secret } = newKeys();
      expect(formOf(address)).toBe('64 hex digits');
      expect(formOf(secret)).toBe('64 hex digits');
    }
  });

  it('gives the address that belongs to the secret', () => {
    for (let i = 0; i < 50; i += 1) {
      const { address, secret } = newKeys();
      const belongs = address === addressOf(secret);
      expect({ belongs }).toEqual({ belongs: true });
    }
  });

  it('draws other keys each time', () => {
    const all = Array.from({ length: 50 }, newKeys);
    expect(new Set(all.map(({ secret }) => secret)).size).toBe(50);
    expect(new Set(all.map(({ address }) => address)).size).toBe(50);
  });

  it('draws every digit of a secret at random', () => {
    // Among 60 digits at random fewer than 8 of the 16 are found once in 10^17 times.
    const all = Array.from({ length: 60 }, newKeys);
    for (let place = 0; place < 64; place += 1) {
      const digits = new Set(all.map(({ secret }) => secret.charAt(place)));
      expect({ place, isRandom: digits.size >= 8 }).toEqual({ place, isRandom: true });
    }
  });
});

describe('Task 2: sign', () => {
  it.each([
    [
      'no text at all',
      '',
      alice,
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      'one letter',
      'r',
      bob,
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'letters of several bytes',
      'Grüße, 世界 🚀',
      alice,
      'b9b0a46ae68d725548abe7c74575928dba532e1b3e321009687c463e679ced5a66d08d85824a7b3fff94b47c9705baeee1447f1e18759ea6c79e828d97267205',
    ],
  ])('signs %s as RFC 8032 says', (_what, text, keys, signature) => {
    expect(sign(text, keys)).toBe(signature);
  });

  it('gives 128 hex digits for any text and any keys', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(sign(text, newKeys())).toMatch(/^[0-9a-f]{128}$/);
      }),
      { numRuns: 50 },
    );
  });

  it('always gives the same signature for the same text and keys', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(sign(text, { ...alice })).toBe(sign(text, alice));
      }),
      { numRuns: 50 },
    );
  });

  it('gives other texts other signatures, however long they are alike', () => {
    const start = 'x'.repeat(300);
    const all = ['', '1', '2', ' ', '1 ', '\n'].map((end) => sign(start + end, alice));
    expect(new Set(all).size).toBe(all.length);
  });

  it.each(halves)('refuses half a character: %j', (text) => {
    expect(() => sign(text, alice)).toThrow(TypeError);
    expect(() => sign(text, alice)).toThrow(/surrogate|half|UTF-8|well-formed/i);
  });

  it('leaves the keys as they were', () => {
    const keys = Object.freeze(newKeys());
    const before = { ...keys };
    sign('hello', keys);
    expect(keys).toEqual(before);
  });
});

describe('Task 3: isSigned', () => {
  it('knows what was signed with the secret of the address', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const keys = newKeys();
        expect(verdict(text, sign(text, keys), keys.address)).toBe('signed');
      }),
      { numRuns: 50 },
    );
  });

  it('knows a signature that was made elsewhere', () => {
    const signature =
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00';
    expect(verdict('r', signature, bob.address)).toBe('signed');
  });

  it('refuses every other text', () => {
    const signature = sign('Alice pays Bob 5', alice);
    const others = ['Alice pays Bob 50', 'Alice pays Bob 5 ', 'Alice pays bob 5', ''];
    for (const text of others) {
      expect([text, verdict(text, signature, alice.address)]).toEqual([
        text,
        'not signed',
      ]);
    }
  });

  it('looks at the whole text, however long', () => {
    const start = 'x'.repeat(1_000);
    const signature = sign(`${start}1`, alice);
    expect(verdict(`${start}1`, signature, alice.address)).toBe('signed');
    expect(verdict(`${start}2`, signature, alice.address)).toBe('not signed');
  });

  it('tells texts apart that a screen shows alike', () => {
    const signature = sign('é', alice);
    expect(verdict('e\u0301', signature, alice.address)).toBe('not signed');
  });

  it('refuses the address of somebody else', () => {
    expect(verdict('hello', sign('hello', alice), bob.address)).toBe('not signed');
    expect(verdict('hello', sign('hello', bob), alice.address)).toBe('not signed');
  });

  it('refuses a signature with any digit changed', () => {
    const signature = sign('hello', alice);
    for (let place = 0; place < 128; place += 1) {
      const changed = withOtherDigit(signature, place);
      expect([place, verdict('hello', changed, alice.address)]).toEqual([
        place,
        'not signed',
      ]);
    }
  });

  it('refuses an address with any digit changed', () => {
    const signature = sign('hello', alice);
    for (let place = 0; place < 64; place += 1) {
      const changed = withOtherDigit(alice.address, place);
      expect([place, verdict('hello', signature, changed)]).toEqual([
        place,
        'not signed',
      ]);
    }
  });

  it('refuses a second way to write a signature: with the order of the curve added', () => {
    const signature = sign('hello', alice);
    const other = plusOrder(signature);
    expect(other).toMatch(/^[0-9a-f]{128}$/);
    expect(verdict('hello', other, alice.address)).toBe('not signed');
  });

  it.each([
    ['in capitals', (hex: string) => hex.toUpperCase()],
    ['without its last digit', (hex: string) => hex.slice(0, -1)],
    ['without its last byte', (hex: string) => hex.slice(0, -2)],
    ['with a byte more', (hex: string) => `${hex}00`],
    ['with a line break behind it', (hex: string) => `${hex}\n`],
    ['with a space before it', (hex: string) => ` ${hex}`],
    ['that begins with 0x', (hex: string) => `0x${hex}`],
    ['with a letter that is no digit', (hex: string) => `g${hex.slice(1)}`],
    ['of zeros only', (hex: string) => '0'.repeat(hex.length)],
    ['that is empty', () => ''],
  ])('says no to a signature, and to an address, %s', (_how, change) => {
    const signature = sign('hello', alice);
    expect(verdict('hello', change(signature), alice.address)).toBe('not signed');
    expect(verdict('hello', signature, change(alice.address))).toBe('not signed');
  });

  it.each(halves)('says no to half a character: %j', (text) => {
    const signature = sign('\ufffd', alice); // what half a character would become in UTF-8
    expect(verdict(text, signature, alice.address)).toBe('not signed');
    expect(verdict('a\ufffdb', sign('a\ufffdb', alice), alice.address)).toBe('signed');
  });

  it('never throws, whatever it is shown', () => {
    const hex = (length: number) =>
      fc.string({
        unit: fc.constantFrom(...Array.from('0123456789abcdef')),
        minLength: length,
        maxLength: length,
      });
    const any = fc.string({ unit: 'binary', maxLength: 130 });
    fc.assert(
      fc.property(
        any,
        fc.oneof(hex(128), any),
        fc.oneof(hex(64), any),
        (text, signature, address) => {
          expect(typeof isSigned(text, signature, address)).toBe('boolean');
        },
      ),
    );
  });

  // About these programs differ, and a network of such programs could be split.
  const k = '62244e218f4deae680de9a6832ab808cbda6da6451c5caae6be7eca4d466b5d9';
  const zeros = '0'.repeat(64);
  const one = `01${'0'.repeat(62)}`;
  it.each([
    [
      'signed',
      'whose key holds a point of small order',
      'm0',
      'f0e92dbede6e0d80fbf877969f41e82ac9f3421d3083d77aea45cf93d1385484b6a437bfd4d06bacf7a7e2b02559d8f1b6efd32f347d7728f48333d1cf639f0a',
      k,
    ],
    [
      'not signed',
      'whose R holds a point of small order',
      'm0',
      '7cab2ea826b593b2ff454de1a691b2ec84001eec148bca9fab56d4bc3b60f873738f19b74c0af8424891e515354a9da8b095f8898f28ea09f1201ad878d3ed0a',
      k,
    ],
    ['signed', 'by an address that belongs to everybody', 'Zcash', one + zeros, one],
    [
      'signed',
      'by an address that is written in a second way',
      'Zcash',
      one + zeros,
      `ee${'f'.repeat(60)}7f`,
    ],
    [
      'not signed',
      'whose R is written in a second way',
      'Zcash',
      `ee${'f'.repeat(60)}7f${zeros}`,
      one,
    ],
    [
      'not signed',
      'by an address that is no point',
      'Zcash',
      one + zeros,
      `ef${'f'.repeat(60)}7f`,
    ],
  ])(
    'decides as OpenSSL does about odd ones: %s is a text %s',
    (expected, _what, text, signature, address) => {
      expect(verdict(text, signature, address)).toBe(expected);
    },
  );
});
