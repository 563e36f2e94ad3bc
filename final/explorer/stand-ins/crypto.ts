import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

// Step 8 uses these. They are a module of their own: pages that sign nothing do not load it.
export { generateKeyPairSync, sign, verify } from './ed25519.ts';

let count = 0;
let watch: ((digest: string, count: number) => void) | undefined;

/** How many digests this page, or this worker, has computed. */
export function digestCount(): number {
  return count;
}

/** Shows each digest from now on, with how many there were so far, until it gets nothing. */
export function watchDigests(watcher: typeof watch): void {
  watch = watcher;
}

/** What step 1 uses of `node:crypto`, for a browser: always SHA-256, in hex digits. */
export function hash(_algorithm: 'sha256', input: string | Uint8Array): string {
  count += 1;
  const bytes = sha256(typeof input === 'string' ? utf8ToBytes(input) : input);
  const digest = bytesToHex(bytes);
  watch?.(digest, count);
  return digest;
}
