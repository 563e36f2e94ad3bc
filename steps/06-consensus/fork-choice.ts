/** What the fork choice looks at: the last block of a branch, and the branch's work. */
export interface Candidate {
  /** The hash of the last block, 64 hex digits. */
  readonly hash: string;
  /** The work of all blocks from the genesis block to this one. */
  readonly work: bigint;
}

/**
 * Returns whether branch `a` is to be preferred to branch `b`: it holds more work, or as
 * much and has the smaller hash. So nodes that know the same blocks agree, in whatever
 * order the blocks reached them.
 */
export function isBetter(a: Candidate, b: Candidate): boolean {
  return a.work > b.work || (a.work === b.work && a.hash < b.hash);
}
