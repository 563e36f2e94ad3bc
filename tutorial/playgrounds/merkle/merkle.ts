import { sha256 } from '#hashing';
import { forkHash, merkleRoot, type ProofStep } from '#merkle';
import {
  LinkError,
  expectOnly,
  readNumber,
  readWord,
  type Format,
} from '../shared/link.ts';

/** What becomes of a hash without a neighbor: it moves up, or is paired with itself. */
export type Way = 'alone' | 'twice';

/** What the playground shows. */
export interface Tree {
  readonly lines: readonly string[];
  /** Whose way to the root is shown, counted from 0. */
  readonly line: number;
  readonly way: Way;
}

/** How many lines there may be, and how long they are. */
export const MOST_LINES = 8;
export const MOST_LETTERS = 60;

/** What the playground begins with: the lines whose root everybody knows. */
export const start: Tree = {
  lines: [
    'Alice pays Bob 5',
    'Bob pays Carol 3',
    'Carol pays Dave 2',
    'Dave pays Erin 7',
    'Alice pays Mallory 5',
  ],
  line: 2,
  way: 'alone',
};

/** A hash of the tree: that of a line, or of a fork over two others. */
export interface TreeNode {
  readonly hash: string;
  /** 0 for a line, and one more than below it for a fork. */
  readonly level: number;
  /** Where it stands, in lines from the first one. */
  readonly at: number;
  /** Of a fork, the left and the right hash below it, which may be the same one. */
  readonly below: readonly TreeNode[];
}

function fork(left: TreeNode, right: TreeNode, level: number): TreeNode {
  const hash = forkHash(left.hash, right.hash);
  return { hash, level, at: (left.at + right.at) / 2, below: [left, right] };
}

/** Makes the tree over some lines; gives all of its hashes, with the root as the last one. */
export function treeOf({ lines, way }: Tree): TreeNode[] {
  let row = lines.map((line, at): TreeNode => ({
    hash: sha256(line),
    level: 0,
    at,
    below: [],
  }));
  const nodes = [...row];
  for (let level = 1; row.length > 1; level += 1) {
    const above: TreeNode[] = [];
    for (const [i, left] of row.entries()) {
      if (i % 2 === 1) continue;
      const right = row[i + 1] ?? (way === 'twice' ? left : undefined);
      above.push(right === undefined ? left : fork(left, right, level));
    }
    nodes.push(...above.filter((node) => node.level === level));
    row = above;
  }
  return nodes;
}

/** Returns the root: by `merkleRoot` of step 7, or as Bitcoin has it. */
export function rootOfTree(tree: Tree): string {
  if (tree.way === 'alone') return merkleRoot(tree.lines.join('\n'));
  return treeOf(tree).at(-1)?.hash ?? '';
}

/** What is on the way from a line to the root, and what stands beside it. */
export interface Route {
  readonly on: readonly TreeNode[];
  readonly beside: readonly TreeNode[];
  readonly proof: readonly ProofStep[];
}

/** Finds the way of the line that is chosen. */
export function routeOf(tree: Tree, nodes: readonly TreeNode[]): Route {
  const on = nodes.slice(tree.line, tree.line + 1);
  const beside: TreeNode[] = [];
  const proof: ProofStep[] = [];
  for (const node of nodes) {
    const [left, right] = node.below;
    const last = on.at(-1);
    if (left === undefined || right === undefined || last === undefined) continue;
    if (left !== last && right !== last) continue;
    const other = left === last ? right : left;
    on.push(node);
    beside.push(other);
    proof.push([left === last ? 'right' : 'left', other.hash]);
  }
  return { on, beside, proof };
}

/** Whether the lines are others, and have the root of those that all have agreed on. */
export function isForged(tree: Tree): boolean {
  if (tree.lines.join('\n') === start.lines.join('\n')) return false;
  return rootOfTree(tree) === rootOfTree({ ...start, way: tree.way });
}

/** How a tree stands in a link: its lines as `0`, `1`, … */
export const format: Format<Tree> = {
  write: ({ lines, line, way }) => ({
    ...Object.fromEntries(lines.map((text, i) => [String(i), text])),
    line: String(line),
    way,
  }),
  read(fields) {
    if (Object.keys(fields).length === 0) return start;
    const { line, way, ...texts } = fields;
    expectOnly(
      texts,
      Array.from({ length: MOST_LINES }, (_, i) => String(i)),
    );
    const names = Object.keys(texts);
    const lines = names.length === 0 ? start.lines : names.map((_, i) => texts[i] ?? '');
    const isMissing = names.some((_, i) => texts[i] === undefined);
    const isBad = (text: string) =>
      text.length > MOST_LETTERS || !text.isWellFormed() || text.includes('\n');
    if (isMissing || lines.some(isBad)) {
      throw new LinkError(`its lines are 0, 1, 2, …, of ${MOST_LETTERS} letters at most`);
    }
    const usual = lines === start.lines ? start.line : 0;
    const limits = { least: 0, most: lines.length - 1, usual };
    return {
      lines,
      line: line === undefined ? usual : readNumber({ line }, 'line', limits),
      way: readWord(way === undefined ? {} : { way }, 'way', ['alone', 'twice']),
    };
  },
};
