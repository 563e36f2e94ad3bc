import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '#hashing';

const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const utf8 = (text: string) => new TextEncoder().encode(text);

/** Names the error that `run` throws, or tells what it gave instead. */
function errorOf(run: () => unknown): string {
  try {
    return `no error, but the result ${String(run())}`;
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    return error.message === '' ? `${error.name} that says nothing` : error.name;
  }
}

/** Well-formed text from the whole of Unicode. */
const anyText = fc.string({ unit: 'binary', maxLength: 200 });

describe('Task 1: sha256', () => {
  // The examples of FIPS 180-4 and, last, of FIPS 180-2 (appendix B.3).
  it.each([
    [
      'the text "abc"',
      'abc',
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    ],
    [
      'the empty text',
      '',
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ],
    [
      'a text of 448 bits, whose padding needs a second block',
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    [
      'a million letters',
      'a'.repeat(1_000_000),
      'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
    ],
  ])('gives the published digest of %s', (_name, text, digest) => {
    expect(sha256(text)).toBe(digest);
  });

  // NIST CAVP, SHA256ShortMsg.rsp (CAVS 11.0).
  it.each([
    [1, 'd3', '28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1'],
    [2, '11af', '5ca7133fa735326081558ac312c620eeca9970d1e70a4b95533d956f072d1f98'],
    [3, 'b4190e', 'dff2e73091f6c05e528896c4c831b9448653dc2ff043528f6769437bc7b975c2'],
    [4, '74ba2521', 'b16aa56be3880d18cd41e68384cf1ec8c17680c45a02b1575dc1518923ae8b0e'],
    [
      8,
      '5738c929c4f4ccb6',
      '963bb88f27f512777aab6c8b1a02c70ec0ad651d428f870036e1917120fb48bf',
    ],
    [
      16,
      '0a27847cdc98bd6f62220b046edd762b',
      '80c25ec1600587e7f28b18b1b18e3cdc89928e39cab3bc25e4d4a4c139bcedc4',
    ],
    [
      32,
      '09fc1accc230a205e4a208e64a8f204291f581a12756392da4b8c0cf5ef02b95',
      '4f44c1c7fbebb6f9601829f3897bfd650c56fa07844be76489076356ac1886a4',
    ],
    [
      63,
      'e2f76e97606a872e317439f1a03fcd92e632e5bd4e7cbc4e97f1afc19a16fde9' +
        '2d77cbe546416b51640cddb92af996534dfd81edb17c4424cf1ac4d75aceeb',
      '18041bd4665083001fba8c5411d2d748e8abbfdcdfd9218cb02b68a78e7d4c23',
    ],
    [
      64,
      '5a86b737eaea8ee976a0a24da63e7ed7eefad18a101c1211e2b3650c5187c2a8' +
        'a650547208251f6d4237e661c7bf4c77f335390394c37fa1a9f9be836ac28509',
      '42e61e174fbb3897d6dd6cef3dd2802fe67b331953b06114a65c772859dfc1aa',
    ],
  ])(
    'gives the published digest of a message of bytes, %d long',
    (_length, hex, digest) => {
      expect(sha256(fromHex(hex))).toBe(digest);
    },
  );

  // Made with printf '%s' 'Grüße' | sha256sum, in a terminal that writes UTF-8.
  it.each([
    [
      'umlauts',
      'Gr\u00fc\u00dfe',
      'f83e039796c6453a10f5519e39fd113901572316a1a8ea07cb525d2801dfd074',
    ],
    [
      'an umlaut made of a letter and its dots',
      'Gru\u0308\u00dfe',
      '8fdd8199ef9bb897b2a93f0ba5333b5d66a38b12b38c183fadce10fcca070f0b',
    ],
    [
      'Chinese',
      '\u4f60\u597d',
      '670d9743542cae3ea7ebe36af56bd53648b0a1126162e78d81a32934a711302e',
    ],
    [
      'an emoji',
      '\u{1f600}',
      'f0443a342c5ef54783a111b51ba56c938e474c32324d90c3a60c9c8e3a37e2d9',
    ],
    [
      'a byte order mark',
      '\ufeffabc',
      '1c28dc3f1f804a1ad9c9b4b4cf5e2658d16ad4ed08e3020d04a8d2865018947c',
    ],
    [
      'a tab and a line break',
      'tab\tand\nline',
      '094954fb5826d7572cdd6a9a201b6eedf46cc50f70ef4c38d0e5e720a0622aaa',
    ],
    [
      'spaces and a line break at its ends',
      ' Hello \n',
      '5502fdf70274eec4b6e251e77551b37c6781f063850eb4be3d6f0bc04ee8ec5a',
    ],
    [
      'a line break of Windows',
      'one\r\ntwo',
      '29a776bb35efe730dabb1b1d3ad74dbf80cc3e9009e168241798ea73adca3dcf',
    ],
  ])('hashes text with %s as its UTF-8 bytes, nothing changed', (_what, text, digest) => {
    expect(sha256(text)).toBe(digest);
  });

  it('gives any text and its UTF-8 bytes one and the same digest', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(sha256(text)).toBe(sha256(utf8(text)));
      }),
    );
  });

  it('gives 64 lowercase hex digits for any bytes, and the same ones each time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(sha256(bytes)).toMatch(/^[0-9a-f]{64}$/);
        expect(sha256(bytes)).toBe(sha256(Uint8Array.from(bytes)));
      }),
    );
  });

  it('hashes only the bytes that a view shows, not the whole memory behind it', () => {
    const memory = utf8('xxabcxx');
    expect(sha256(memory.subarray(2, 5))).toBe(sha256('abc'));
  });

  it('leaves the bytes that it is given as they were', () => {
    const bytes = utf8('abc');
    sha256(bytes);
    expect(bytes).toEqual(utf8('abc'));
  });

  it.each([
    ['\ud83d', 'the first half of an emoji'],
    ['\ude00', 'the second half of an emoji'],
    ['\ude00\ud83d', 'both halves in the wrong order'],
    ['a half \ud83d in the middle', 'half a character between whole ones'],
    ['\u{1f600}\ud83d', 'a whole emoji and one more half'],
  ])('refuses %j, %s, with a TypeError', (text) => {
    expect(errorOf(() => sha256(text))).toBe('TypeError');
  });
});
