import { isSigned } from '#signatures';

/** A signature, and whether it is right. */
type Vector = readonly [
  isRight: boolean,
  text: string,
  address: string,
  r: string,
  s: string,
];

const zeros = '0'.repeat(64);
const one = '01'.padEnd(64, '0');
const second = 'ee'.padEnd(62, 'f') + '7f'; // another way to write the same point
const mixed = '62244e218f4deae680de9a6832ab808cbda6da6451c5caae6be7eca4d466b5d9';
const rfc1 = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const rfc2 = '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c';
const r1 = 'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155';
const s1 = '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b';
const r2 = '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da';
const s2 = '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00';

/** Two plain ones of RFC 8032, two that are plainly wrong, and six about which programs differ. */
const vectors: readonly Vector[] = [
  [true, '', rfc1, r1, s1],
  [true, 'r', rfc2, r2, s2],
  [false, 'r', rfc1, r1, s1],
  // S + L instead of S
  [
    false,
    '',
    rfc1,
    r1,
    '4c8c7872aa064e049dbb3013fbf29380d25bf5f0595bbe24655141438e7a101b',
  ],
  // a key, and then an R, that hold a point of small order
  [
    true,
    'm0',
    mixed,
    'f0e92dbede6e0d80fbf877969f41e82ac9f3421d3083d77aea45cf93d1385484',
    'b6a437bfd4d06bacf7a7e2b02559d8f1b6efd32f347d7728f48333d1cf639f0a',
  ],
  [
    false,
    'm0',
    mixed,
    '7cab2ea826b593b2ff454de1a691b2ec84001eec148bca9fab56d4bc3b60f873',
    '738f19b74c0af8424891e515354a9da8b095f8898f28ea09f1201ad878d3ed0a',
  ],
  // an address of small order, written in one way and in the other; and an R in the other
  [true, 'Zcash', one, one, zeros],
  [true, 'Zcash', second, one, zeros],
  [false, 'Zcash', one, second, zeros],
  // an address that is no point
  [false, 'Zcash', 'ef'.padEnd(62, 'f') + '7f', one, zeros],
];

/**
 * Whether this runtime judges signatures as OpenSSL does. Where it does not, it would take
 * payments that other nodes refuse, or refuse what they take, and end up on a chain of its own.
 *
 * @param judge - what is asked; the step's own unless given
 */
export function signaturesWork(judge: typeof isSigned = isSigned): boolean {
  return vectors.every(
    ([isRight, text, address, r, s]) => judge(text, r + s, address) === isRight,
  );
}
