import type { Rule } from '#blocks';
import { sha256 } from '#hashing';

/**
 * Returns the hash of a fork over two hashes of 64 hex digits: the SHA-256 digest of `left`, a
 * line break (`\n`), and `right`. No line holds a line break, so no line has the hash of a fork.
 */
export function forkHash(left: string, right: string): string {
  return sha256(`${left}\n${right}`);
}

/** Returns the hashes of the lines of a text. */
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
 * Returns the Merkle root of the lines of a text, 64 hex digits. Lines are parted by `\n` and by
 * nothing else, so an empty text is one empty line. Each line has its SHA-256 digest; of each two
 * neighbors a {@link forkHash} is made, level by level, until one hash is left. The last one of a
 * level that has no neighbor moves up as it is, so the root of a single line is its digest.
 *
 * @throws TypeError if the text holds half a character, as `sha256` does
 */
export function merkleRoot(text: string): string {
  let level = lineHashes(text);
  while (level.length > 1) level = levelAbove(level);
  return level.join('');
}

/** One step from a line up to the root: the hash beside the way, and on which side it stands. */
export type ProofStep = readonly [side: 'left' | 'right', hash: string];

/**
 * Returns the root that a line and the hashes beside its way lead to: from the line's own hash
 * upwards, each step of the proof makes a {@link forkHash} of the hash so far and the hash beside
 * it, which stands on its side. A proof without steps leads to the line's own hash.
 *
 * If this is the root that one trusts, the line is in the text, and nothing else of the text is
 * needed to know that. What holds a line break is not one line: it begins with the
 * {@link merkleRoot} of its lines, so nobody can pass off the two hashes of a fork as a line.
 *
 * @throws TypeError if the line or a hash holds half a character, as `sha256` does
 */
export function rootOf(line: string, proof: readonly ProofStep[]): string {
  let hash = merkleRoot(line);
  for (const [side, beside] of proof) {
    hash = side === 'left' ? forkHash(beside, hash) : forkHash(hash, beside);
  }
  return hash;
}

/**
 * Returns the proof that a line is in a text: the hashes beside its way to the root, from the
 * line upwards, with which {@link rootOf} leads to the {@link merkleRoot} of the text. Where a
 * hash moves up as it is, there is nothing beside it, and no step. A single line needs none.
 *
 * @param number - which line, counted from 0
 * @throws RangeError that says so if the text has no line with that number
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
 * The rule that a block's `dataHash` is the {@link merkleRoot} of its data, to be asked after the
 * `headerRules` of step 2, which make sure that the data is text. The reason names the `dataHash`.
 */
export const checkMerkle: Rule = (block) => {
  if (block.dataHash === merkleRoot(block.data)) return undefined;
  return 'its dataHash is not the Merkle root of its lines';
};
