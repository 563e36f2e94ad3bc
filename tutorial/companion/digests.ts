/**
 * Measures how fast the machine hashes.
 *
 * @module
 */
import { hash } from 'node:crypto';

/** How long to measure the machine, in milliseconds. */
const SAMPLE = 50;

/** Returns how many SHA-256 digests of short texts this machine makes in a second. */
export function digestsASecond(): number {
  const begin = performance.now();
  let count = 0;
  while (performance.now() - begin < SAMPLE) {
    for (let i = 0; i < 100; i += 1) hash('sha256', `[1,"a short text",${count + i}]`);
    count += 100;
  }
  return (count / (performance.now() - begin)) * 1_000;
}
