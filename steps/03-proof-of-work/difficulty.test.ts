import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '#hashing';
import { expectedAttempts, leadingZeroBits, work } from '#proof-of-work';

const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

/** The numbers 0, 1, … 256: everything that a difficulty can be. */
const difficulties = Array.from({ length: 257 }, (_, i) => i);

/** Makes a hash of `zeros` zero bits, a one bit, and the last bits of `rest`. */
function hashOf(zeros: number, rest: bigint): string {
  const bits = BigInt(255 - zeros);
  const value = zeros === 256 ? 0n : (1n << bits) + BigInt.asUintN(Number(bits), rest);
  return value.toString(16).padStart(64, '0');
}

/** Hashes twice, as Bitcoin does, and writes the bytes backwards, as Bitcoin shows them. */
function bitcoinHash(header: string): string {
  const digest = sha256(fromHex(sha256(fromHex(header))));
  return Buffer.from(digest, 'hex').reverse().toString('hex');
}

describe('Task 1: leadingZeroBits', () => {
  it.each([
    ['f', 0],
    ['8', 0],
    ['7', 1],
    ['4', 1],
    ['3', 2],
    ['2', 2],
    ['1', 3],
    ['0f', 4],
    ['07', 5],
    ['01', 7],
    ['008', 8],
    ['0000001', 27],
  ])('counts bits, not digits: a hash that begins with %s… has %d', (start, zeros) => {
    expect(leadingZeroBits(start.padEnd(64, 'f'))).toBe(zeros);
    expect(leadingZeroBits(start.padEnd(64, '0'))).toBe(zeros);
  });

  it('counts 256 in a hash of nothing but zeros', () => {
    expect(leadingZeroBits('0'.repeat(64))).toBe(256);
  });

  it('counts every number from 0 to 256, whether zeros or ones follow', () => {
    const ones = (1n << 256n) - 1n;
    const beforeZeros = difficulties.map((zeros) => leadingZeroBits(hashOf(zeros, 0n)));
    const beforeOnes = difficulties.map((zeros) => leadingZeroBits(hashOf(zeros, ones)));
    expect(beforeZeros).toEqual(difficulties);
    expect(beforeOnes).toEqual(difficulties);
  });

  it('does not care what follows the first bit that is not zero', () => {
    const anyRest = fc.bigInt({ min: 0n, max: (1n << 256n) - 1n });
    fc.assert(
      fc.property(fc.nat(256), anyRest, (zeros, rest) => {
        expect(leadingZeroBits(hashOf(zeros, rest))).toBe(zeros);
      }),
    );
  });

  // Blocks 0 and 1 of Bitcoin, as any of its nodes or explorers shows them. Both claim the
  // same target, 0x1d00ffff: 32 zero bits, then 16 ones. The first has far more than that.
  it.each([
    {
      block: 0,
      header:
        '0100000000000000000000000000000000000000000000000000000000000000' +
        '000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa' +
        '4b1e5e4a29ab5f49ffff001d1dac2b7c',
      hash: '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
      zeros: 43,
    },
    {
      block: 1,
      header:
        '010000006fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d61900' +
        '00000000982051fd1e4ba744bbbe680e1fee14677ba1a3c3540bf7b1cdb606e8' +
        '57233e0e61bc6649ffff001d01e36299',
      hash: '00000000839a8e6886ab5951d76f411475428afc90947ee320161bbf18eb6048',
      zeros: 32,
    },
  ])('counts $zeros in block $block of Bitcoin', ({ header, hash, zeros }) => {
    const target = `${'0'.repeat(8)}ffff`.padEnd(64, '0');
    expect(fromHex(header)).toHaveLength(80);
    expect(bitcoinHash(header)).toBe(hash);
    expect(hash < target).toBe(true);
    expect(leadingZeroBits(target)).toBe(32);
    expect(leadingZeroBits(hash)).toBe(zeros);
  });
});

describe('Task 2: expectedAttempts and work', () => {
  it.each([
    [4, 16],
    [0, 1],
    [1, 2],
    [8, 256],
    [20, 1_048_576],
  ])('expects that %d zero bits take %d attempts', (difficulty, attempts) => {
    expect(expectedAttempts(difficulty)).toBe(attempts);
  });

  it.each([
    [31, 2_147_483_648],
    [32, 4_294_967_296],
    [53, 9_007_199_254_740_992],
    [256, 1.157920892373162e77],
  ])(
    'goes on beyond what fits into 32 bits: %d zero bits, %d attempts',
    (bits, attempts) => {
      expect(expectedAttempts(bits)).toBe(attempts);
    },
  );

  it('expects twice as many attempts for each bit more', () => {
    const attempts = difficulties.map(expectedAttempts);
    const doubled = attempts.slice(0, -1).map((n) => 2 * n);
    expect(attempts.slice(1)).toEqual(doubled);
  });

  it.each([
    [16, 65_536n],
    [0, 1n],
    [1, 2n],
  ])('counts the work of %d zero bits as %d, a bigint', (difficulty, amount) => {
    expect(work(difficulty)).toBe(amount);
  });

  it.each([
    [31, 2_147_483_648n],
    [64, 18_446_744_073_709_551_616n],
    [
      256,
      115792089237316195423570985008687907853269984665640564039457584007913129639936n,
    ],
  ])('counts work beyond what fits into 32 bits: %d zero bits', (difficulty, amount) => {
    expect(work(difficulty)).toBe(amount);
  });

  it('counts as work what was to be expected as attempts', () => {
    const attempts = difficulties.map((difficulty) =>
      BigInt(expectedAttempts(difficulty)),
    );
    expect(difficulties.map(work)).toEqual(attempts);
  });

  it('stays exact in sums: the smallest work added to the largest is not lost', () => {
    expect(work(256) + work(0) - work(256)).toBe(1n);
  });
});
