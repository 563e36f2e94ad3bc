/**
 * Measures how fast the machine hashes.
 *
 * @module
 */
import { hash } from 'node:crypto';

/** How long to measure the machine, in milliseconds. */
const SAMPLE = 50;

/** In how many parts to measure what the machine can do at its best. */
const PARTS = 10;

/** Returns how many digests this machine makes in a second while nothing else keeps it busy. */
export function mostDigestsASecond(): number {
  return Math.max(...Array.from({ length: PARTS }, () => digestsASecond(SAMPLE / PARTS)));
}

/**
 * Returns how many SHA-256 digests of short texts this machine makes in a second.
 *
 * @param sample - how long to measure, in milliseconds
 */
export function digestsASecond(sample = SAMPLE): number {
  const begin = performance.now();
  let count = 0;
  while (performance.now() - begin < sample) {
    for (let i = 0; i < 100; i += 1) hash('sha256', `[1,"a short text",${count + i}]`);
    count += 100;
  }
  return (count / (performance.now() - begin)) * 1_000;
}
