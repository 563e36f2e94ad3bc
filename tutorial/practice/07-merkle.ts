import { sha256 } from '#hashing';
import { forkHash, merkleRoot, proveLine } from '#merkle';
import { functionIn } from './exports.ts';
import type { Attack, Exercise, Exports } from './practice.ts';

/** The payments that everybody has agreed on. */
const AGREED = 'Alice pays Bob 5\nBob pays Carol 3\nAlice pays Mallory 5';

/** The naive way, which is Bitcoin's: a hash without a neighbor is paired with itself. */
export function doublingRoot(text: string): string {
  let level = text.split('\n').map((line) => sha256(line));
  while (level.length > 1) {
    level = level.flatMap((hash, i) =>
      i % 2 === 0 ? [forkHash(hash, level[i + 1] ?? hash)] : [],
    );
  }
  return level.join('');
}

/** How often a text pays Mallory. */
const paysMallory = (text: string) =>
  text.split('\n').filter((line) => line === 'Alice pays Mallory 5').length;

/** Shows the forged payments to a program that knows the root of those agreed on. */
function shown(exports: Exports, rootOfText: (text: string) => string, name: string) {
  const { payments } = exports;
  if (typeof payments !== 'string') {
    throw new Error('Export a text named "payments", with a payment on each line.');
  }
  const count = paysMallory(payments);
  if (count < 2) {
    return {
      believes: false,
      words: `The line "Alice pays Mallory 5" stands there ${count === 1 ? 'once' : 'not at all'}.`,
    };
  }
  const [root, agreed] = [rootOfText(payments), rootOfText(AGREED)].map((hash) =>
    hash.slice(0, 8),
  );
  return root === agreed
    ? {
        believes: true,
        words: `The root is ${root}…, as agreed, and Mallory is paid ${count} times.`,
      }
    : {
        believes: false,
        words: `${name} gives ${root}… for these payments, and ${agreed}… was agreed on.`,
      };
}

export const attack: Attack = {
  file: '07-paid-twice.ts',
  goal: 'Let Mallory be paid twice, and leave the root of the payments as it is.',
  start: `/** The payments that everybody has agreed on. Let Mallory be paid twice. */
export const payments = [
  'Alice pays Bob 5',
  'Bob pays Carol 3',
  'Alice pays Mallory 5',
].join('\\n');
`,
  naive: (exports) => shown(exports, doublingRoot, 'The tree'),
  own: (exports) => shown(exports, merkleRoot, 'Your merkleRoot'),
};

/** So many lines, each of them another. */
const linesOf = (count: number) =>
  Array.from({ length: count }, (_, i) => `payment ${i} of ${count}`);

/** Says which line of how many. */
const lineOf = (number: number, count: number) => `line ${number} of ${count}`;

/** Asks the reader's function for the place of each line, and of ways that no line has. */
function checkPlace(exports: Exports): void {
  const placeOf = functionIn(exports, 'placeOf');
  for (let count = 1; count <= 33; count += 1) {
    const text = linesOf(count).join('\n');
    const ways = new Set<string>();
    for (let number = 0; number < count; number += 1) {
      const proof = Object.freeze(proveLine(text, number));
      ways.add(proof.map(([side]) => side).join());
      const found = placeOf(proof, count) as number | undefined;
      if (found !== number) {
        throw new Error(
          `The proof of ${lineOf(number, count)} is taken for that of line ${String(found)}.`,
        );
      }
    }
    // All ways of up to seven steps, of which only some lead to a line.
    for (let length = 0; length <= 7; length += 1) {
      for (let bits = 0; bits < 2 ** length; bits += 1) {
        const way = Array.from({ length }, (_, i) =>
          (bits >> i) % 2 === 1 ? 'left' : 'right',
        );
        if (ways.has(way.join())) continue;
        const steps = way.map((side) => [side, sha256(side)]);
        const found = placeOf(steps, count) as number | undefined;
        if (found === undefined) continue;
        throw new Error(
          `Of ${count} lines none has the way [${way.join(', ')}], but it is taken for that of line ${String(found)}.`,
        );
      }
    }
  }
}

/** What travels of a value is text. */
const textOf = (value: unknown) => JSON.stringify([value]);

/** Counts the hashes in a proof, whatever form it has. */
const hashesIn = (proof: unknown) => [...textOf(proof).matchAll(/[0-9a-f]{64}/gi)].length;

/** Lets the reader's functions prove each two lines of some texts. */
function checkTwo(exports: Exports): void {
  const proveTwo = functionIn(exports, 'proveTwo');
  const rootOfTwo = functionIn(exports, 'rootOfTwo');
  for (let count = 2; count <= 17; count += 1) {
    const lines = linesOf(count);
    const text = lines.join('\n');
    const root = merkleRoot(text);
    for (let second = 1; second < count; second += 1) {
      for (let first = 0; first < second; first += 1) {
        const what = `The proof of the lines ${first} and ${second} of ${count}`;
        const proof = proveTwo(text, first, second);
        if (proof === undefined) throw new Error(`${what} is missing.`);
        const sent = textOf(proof);
        const leads = (one: unknown, other: unknown) =>
          rootOfTwo(one, other, ...(JSON.parse(sent) as unknown[])) === root;
        if (!leads(lines[first], lines[second])) {
          throw new Error(`${what} does not lead to their root.`);
        }
        if (leads('Mallory', lines[second]) || leads(lines[first], 'Mallory')) {
          throw new Error(`${what} leads there from another line, too.`);
        }
        // Where the two ways meet, each line gives the hash that the other one needs.
        const alone = [first, second].flatMap((number) =>
          proveLine(text, number).map(([, hash]) => hash),
        );
        const needed = new Set(alone).size - 2;
        if (hashesIn(proof) > needed) {
          throw new Error(
            `${what} holds ${hashesIn(proof)} hashes, but ${needed} are enough.`,
          );
        }
      }
    }
  }
}

/** Lets the reader's tree grow line by line, and looks at what it keeps. */
function checkGrowing(exports: Exports): void {
  const grown = functionIn(exports, 'grown');
  const rootOfTree = functionIn(exports, 'rootOfTree');
  if (exports.empty === undefined) {
    throw new Error('Export the tree without lines, named "empty".');
  }
  const lines = linesOf(200);
  let tree: unknown = exports.empty;
  for (const [number, line] of lines.entries()) {
    const before = textOf(tree);
    const next = grown(tree, line);
    if (textOf(tree) !== before) {
      throw new Error('The tree that was given is changed: make a new one.');
    }
    tree = next;
    const text = lines.slice(0, number + 1).join('\n');
    if (rootOfTree(tree) !== merkleRoot(text)) {
      throw new Error(`After ${number + 1} lines the root is not that of these lines.`);
    }
    // One hash for each 1 among the binary digits of the number of lines.
    const needed = (number + 1).toString(2).replaceAll('0', '').length;
    if (hashesIn(tree) > needed) {
      throw new Error(
        `After ${number + 1} lines it keeps ${hashesIn(tree)} hashes, but ${needed} are enough.`,
      );
    }
    if (textOf(tree).includes('payment')) {
      throw new Error('It keeps the lines, but their hashes are enough.');
    }
  }
}

export const exercises: readonly Exercise[] = [
  {
    number: 1,
    file: '7.1-place.ts',
    start: `import type { ProofStep } from '#merkle';

/** Returns the number of the line that a proof is for; undefined if no line has such a way. */
export function placeOf(
  proof: readonly ProofStep[],
  count: number,
): number | undefined {
  throw new Error('TODO: go down from the root.');
}
`,
    check: checkPlace,
  },
  {
    number: 2,
    file: '7.2-two-lines.ts',
    start: `import { forkHash, proveLine, rootOf, type ProofStep } from '#merkle';

/** A proof of two lines: what it holds is up to you. */
export type TwoProof = readonly ProofStep[];

/** Proves that two lines are in a text; \`first\` is less than \`second\`. */
export function proveTwo(text: string, first: number, second: number): TwoProof {
  throw new Error('TODO: where do the two ways meet?');
}

/** Returns the root that two lines and their proof lead to. */
export function rootOfTwo(one: string, other: string, proof: TwoProof): string {
  throw new Error('TODO: go up from both.');
}
`,
    check: checkTwo,
  },
  {
    number: 3,
    file: '7.3-growing.ts',
    start: `import { sha256 } from '#hashing';
import { forkHash } from '#merkle';

/** What is kept of a text that grows: what it holds is up to you. */
export type Tree = readonly string[];

/** The tree without lines. */
export const empty: Tree = [];

/** Returns the tree with one line more. */
export function grown(tree: Tree, line: string): Tree {
  throw new Error('TODO: which hashes are still needed?');
}

/** Returns the root of all lines so far, of which there is at least one. */
export function rootOfTree(tree: Tree): string {
  throw new Error('TODO: make forks of what is kept.');
}
`,
    check: checkGrowing,
  },
];
