/**
 * Returns how many zero bits a hash begins with, 0 to 256: those before the first bit that
 * is 1, and all if there is none. `hash` is written as 64 hex digits of four bits each.
 */
export function leadingZeroBits(hash: string): number {
  const zeroDigits = hash.search(/[^0]/);
  if (zeroDigits === -1) return 4 * hash.length;
  const digit = parseInt(hash.charAt(zeroDigits), 16);
  return 4 * zeroDigits + (Math.clz32(digit) - 28); // clz32 counts in 32 bits, a digit has 4
}

/**
 * Returns how many hashes it takes on average to find one with `difficulty` zero bits, 0 to
 * 256: twice as many for each bit more, and one if no bits are wanted.
 */
export function expectedAttempts(difficulty: number): number {
  return 2 ** difficulty;
}

/**
 * Returns the work that a block of this difficulty, 0 to 256, proves: its expected attempts
 * as a bigint, so that sums over a long chain stay exact.
 */
export function work(difficulty: number): bigint {
  return 2n ** BigInt(difficulty);
}
