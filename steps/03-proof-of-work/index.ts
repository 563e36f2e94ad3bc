/**
 * Step 3: proof of work. A block counts only if finding it took many attempts.
 *
 * @module
 */
export { expectedAttempts, leadingZeroBits, work } from './difficulty.ts';
export { mine } from './mine.ts';
export { workRules } from './rules.ts';
