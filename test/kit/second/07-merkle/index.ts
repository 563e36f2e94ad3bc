// A second solution: the tree from its top down, as a tree of objects that is walked.
import type { Rule } from '#blocks';
import { sha256 } from '#hashing';

export type ProofStep = readonly [side: 'left' | 'right', hash: string];

type Tree =
  { hash: string; size: 1 } | { hash: string; size: number; left: Tree; right: Tree };

export const forkHash = (left: string, right: string): string =>
  sha256([left, right].join('\n'));

/** Lines that fill a whole tree stand on the left, and the rest on the right. */
function grow(lines: string[]): Tree {
  const [line] = lines;
  if (line !== undefined && lines.length === 1) return { hash: sha256(line), size: 1 };
  const full = 2 ** Math.floor(Math.log2(lines.length - 1));
  const left = grow(lines.slice(0, full));
  const right = grow(lines.slice(full));
  return { hash: forkHash(left.hash, right.hash), size: lines.length, left, right };
}

function* way(tree: Tree, number: number): Generator<ProofStep> {
  if (!('left' in tree)) return;
  const { left, right } = tree;
  if (number < left.size) {
    yield* way(left, number);
    yield ['right', right.hash];
  } else {
    yield* way(right, number - left.size);
    yield ['left', left.hash];
  }
}

const treeOf = (text: string) => grow(text.split('\n'));

export function merkleRoot(text: string): string {
  return treeOf(text).hash;
}

export function proveLine(text: string, number: number): ProofStep[] {
  const tree = treeOf(text);
  if (!Number.isInteger(number) || number < 0 || number >= tree.size)
    throw new RangeError(`The text has ${tree.size} lines, so none is number ${number}.`);
  return [...way(tree, number)];
}

export function rootOf(line: string, proof: readonly ProofStep[]): string {
  const start = line.includes('\n') ? merkleRoot(line) : sha256(line);
  return proof.reduce((hash, [side, other]) => {
    const pair: [string, string] = side === 'left' ? [other, hash] : [hash, other];
    return forkHash(...pair);
  }, start);
}

export const checkMerkle: Rule = ({ data, dataHash }) =>
  merkleRoot(data) !== dataHash
    ? `dataHash: ${dataHash} is not the root of the lines`
    : undefined;
