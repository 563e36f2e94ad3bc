import { createPublicKey, verify as verifyOfNode } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sha256 } from '#hashing';
import { isSigned } from '#signatures';
import { verify as verifyOfPage } from '../../final/explorer/stand-ins/crypto.ts';
import { CASES, rightAnswers } from './answers.ts';
import { signatureCases, type SignatureCase } from './cases.ts';

const utf8 = new TextEncoder();
const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const webKey = (address: string) => ({
  key: {
    kty: 'OKP',
    crv: 'Ed25519',
    x: Buffer.from(address, 'hex').toString('base64url'),
  },
  format: 'jwk' as const,
});

type Judge = (one: SignatureCase) => boolean;

const judges: [string, Judge][] = [
  ['step 8', ({ text, signature, address }) => isSigned(text, signature, address)],
  [
    'Node',
    ({ text, signature, address }) =>
      verifyOfNode(
        null,
        utf8.encode(text),
        createPublicKey(webKey(address)),
        bytesOf(signature),
      ),
  ],
  [
    'what stands in for Node in a page',
    ({ text, signature, address }) =>
      verifyOfPage(null, utf8.encode(text), webKey(address), bytesOf(signature)),
  ],
];

describe('Signatures about which programs differ', () => {
  const cases = signatureCases();
  const right = rightAnswers();

  it('are the ones whose answers are written down', () => {
    expect(sha256(JSON.stringify(cases))).toBe(CASES);
    expect(right).toHaveLength(cases.length);
    expect(new Set(right)).toEqual(new Set([true, false]));
  });

  it.each(judges)('are judged alike everywhere: by %s', (_who, judge) => {
    const wrong = cases.filter((one, i) => judge(one) !== right[i]);
    expect(wrong).toEqual([]);
  });
});
