import { sha256 } from '#hashing';

/** How many bits a digest has. */
export const BITS = 256;

/** Returns the bits of a text's digest, each 0 or 1. */
export function bitsOf(text: string): number[] {
  return Array.from(sha256(text), (digit) => parseInt(digit, 16)).flatMap((value) =>
    [8, 4, 2, 1].map((bit) => (value & bit) / bit),
  );
}

/** Returns for each place whether two lists of bits differ there. */
export function changes(before: readonly number[], after: readonly number[]): boolean[] {
  return after.map((bit, i) => bit !== before[i]);
}

/** Returns a text with one character replaced by another letter, both picked at random. */
export function withOneChange(text: string, random: () => number = Math.random): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const characters = Array.from(text);
  const pick = (length: number) => Math.floor(random() * length);
  const place = pick(characters.length);
  const others = Array.from(letters).filter((letter) => letter !== characters[place]);
  characters[place] = others[pick(others.length)] ?? 'a';
  return characters.join('');
}

/** How often `changed` bits change among so many changes, if each bit were a coin. */
export function expectedCount(changed: number, total: number): number {
  let logarithm = -BITS * Math.LN2;
  for (let i = 1; i <= changed; i += 1) logarithm += Math.log((BITS - changed + i) / i);
  return total * Math.exp(logarithm);
}
