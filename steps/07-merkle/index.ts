/**
 * Step 7: Merkle trees. One line of a text is shown to be in it without all the others.
 *
 * @module
 */
export { checkMerkle, forkHash, merkleRoot, proveLine, rootOf } from './merkle.ts';
export type { ProofStep } from './merkle.ts';
