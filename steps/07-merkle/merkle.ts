import type { Rule } from '#blocks';
import { sha256 } from '#hashing';

/** One step from a line up to the root: the hash beside the way, and on which side it stands. */
export type ProofStep = readonly [side: 'left' | 'right', hash: string];

/**
 * Returns the hash of two hashes: the SHA-256 digest of `left`, a line break, and `right`. No
 * line holds a line break, so no line has the hash of a fork.
 */
export function forkHash(left: string, right: string): string {
  return sha256(`${left}\n${right}`);
}

/** Returns the hashes of the lines of a text, which are parted by `\n` and by nothing else. */
function lineHashes(text: string): string[] {
  return text.split('\n').map((line) => sha256(line));
}

/** Returns the level above: a fork over each two hashes. A last one without a neighbor moves up. */
function levelAbove(hashes: readonly string[]): string[] {
  const above: string[] = [];
  for (const [i, hash] of hashes.entries()) {
    const right = hashes[i + 1];
    if (i % 2 === 0) above.push(right === undefined ? hash : forkHash(hash, right));
  }
  return above;
}

/**
 * Returns the Merkle root of the lines of a text, 64 hex digits. Each line has its SHA-256
 * digest; of each two neighbors a {@link forkHash} is made, level by level, until one hash is
 * left. The last one of a level that has no neighbor moves up as it is, so the root of a single
 * line is its digest. An empty text is one empty line.
 */
export function merkleRoot(text: string): string {
  let level = lineHashes(text);
  while (level.length > 1) level = levelAbove(level);
  return level.join('');
}

/**
 * Returns the proof that a line is in a text: the hashes beside its way to the root, from the
 * line upwards. Where a hash moves up as it is, there is nothing beside it, and no step.
 *
 * @param number - which line, counted from 0
 * @throws RangeError if the text has no such line
 */
export function proveLine(text: string, number: number): ProofStep[] {
  let level = lineHashes(text);
  if (level[number] === undefined) throw new RangeError(`There is no line ${number}.`);
  const proof: ProofStep[] = [];
  for (let place = number; level.length > 1; place = Math.floor(place / 2)) {
    const isRight = place % 2 === 1;
    const beside = level[isRight ? place - 1 : place + 1];
    if (beside !== undefined) proof.push([isRight ? 'left' : 'right', beside]);
    level = levelAbove(level);
  }
  return proof;
}

/**
 * Returns the root that a line and the hashes beside its way lead to. If it is the root that one
 * trusts, the line is in the text; nothing else of the text is needed to know that.
 */
export function rootOf(line: string, proof: readonly ProofStep[]): string {
  let hash = sha256(line);
  for (const [side, beside] of proof) {
    hash = side === 'left' ? forkHash(beside, hash) : forkHash(hash, beside);
  }
  return hash;
}

/**
 * The rule that a block's `dataHash` is the {@link merkleRoot} of its data. The reason names the
 * `dataHash`.
 */
export const checkMerkle: Rule = (block) => {
  if (block.dataHash === merkleRoot(block.data)) return undefined;
  return 'its dataHash is not the Merkle root of its lines';
};
