/**
 * Step 7: Merkle trees. A line is shown to be in a text without all the other lines.
 *
 * @module
 */
export { checkMerkle, forkHash, merkleRoot, proveLine, rootOf } from './merkle.ts';
export type { ProofStep } from './merkle.ts';
