import { MAX_DATA_BYTES } from './block.ts';

const encoder = new TextEncoder();

/** Tells whether `value` is a safe integer from 0: no text, no fraction, nothing too large. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Tells whether `value` is a text of exactly 64 hex digits, in lowercase. */
export function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

/**
 * Tells whether `value` is text that a block may carry: well-formed, which means without
 * half a character, and at most {@link MAX_DATA_BYTES} bytes long in UTF-8.
 */
export function isData(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= MAX_DATA_BYTES &&
    value.isWellFormed() &&
    encoder.encode(value).length <= MAX_DATA_BYTES
  );
}
