import { hash } from 'node:crypto';

/**
 * Returns the SHA-256 digest of `input` as 64 lowercase hex digits (FIPS 180-4). Bytes are
 * hashed as they are: those that a view shows, and no others. Text, which may be empty, is
 * hashed as its UTF-8 bytes, with nothing changed before. `input` stays as it was.
 *
 * @throws TypeError that says why, if the text holds half a character (a lone surrogate): it
 * has no UTF-8 form, and replacing it would give two different texts one hash
 */
export function sha256(input: string | Uint8Array): string {
  if (typeof input === 'string' && !input.isWellFormed()) {
    throw new TypeError('Cannot hash text with a lone surrogate: it has no UTF-8 form.');
  }
  return hash('sha256', input, 'hex');
}
