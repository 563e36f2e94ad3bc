import { sha256 } from './sha256.ts';

/** What a hashed list may hold: text, and whole numbers that JavaScript keeps exactly. */
export type Field = string | number;

/**
 * Writes a list of fields as canonical JSON (RFC 8785): no spaces, and one way to write each
 * value. What is escaped inside a text, and how, is as `JSON.stringify` does it. Different
 * lists give different texts, and each text reads back as its list, which stays as it was.
 *
 * @throws TypeError that says why, if any field is a number that is not a safe integer, or a
 * text that holds a lone surrogate
 */
export function canonicalJson(fields: readonly Field[]): string {
  for (const field of fields) {
    const valid =
      typeof field === 'string' ? field.isWellFormed() : Number.isSafeInteger(field);
    if (!valid) {
      throw new TypeError(
        `Cannot hash the field ${JSON.stringify(field)} (${typeof field}).`,
      );
    }
  }
  return JSON.stringify(fields);
}

/**
 * Returns the SHA-256 digest of a list of fields as 64 hex digits: the hash of its
 * {@link canonicalJson}.
 *
 * @throws TypeError if a field is one that {@link canonicalJson} refuses
 */
export function hashFields(fields: readonly Field[]): string {
  return sha256(canonicalJson(fields));
}
