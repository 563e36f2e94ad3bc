import { describe, expect, it } from '@jest/globals';
import { ed25519 } from '@noble/curves/ed25519.js';
import { isSigned } from '#signatures';
import { signaturesWork } from './signature-check.ts';

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

/** A library that judges by rules of its own, which are right, too. */
function judgeOfLibrary(zip215: boolean): typeof isSigned {
  return (text, signature, address) => {
    try {
      const message = new TextEncoder().encode(text);
      return ed25519.verify(bytesOf(signature), message, bytesOf(address), { zip215 });
    } catch {
      return false;
    }
  };
}

describe('The check of signatures before a node starts', () => {
  it('passes here', () => {
    expect(signaturesWork()).toBe(true);
  });

  it.each([true, false])('fails with rules of another library, kind: %s', (zip215) => {
    expect(signaturesWork(judgeOfLibrary(zip215))).toBe(false);
  });

  it.each([true, false])('fails where every signature is %s', (answer) => {
    expect(signaturesWork(() => answer)).toBe(false);
  });

  it('fails where a single one of its ten is judged otherwise', () => {
    for (let odd = 0; odd < 10; odd += 1) {
      let asked = -1;
      const judge: typeof isSigned = (...shown) => {
        asked += 1;
        return asked === odd ? !isSigned(...shown) : isSigned(...shown);
      };
      expect({ odd, works: signaturesWork(judge) }).toEqual({ odd, works: false });
    }
  });
});
