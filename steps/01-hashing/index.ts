/**
 * Step 1: fingerprints. Any text has one; nobody can find two texts that share one.
 *
 * @module
 */
export { sha256 } from './sha256.ts';
export { canonicalJson, hashFields, type Field } from './fields.ts';
