import { sha256 } from '#hashing';
import {
  Chain,
  blockRules,
  checkChain,
  genesisBlock,
  hashBlock,
  nextBlock,
  type Block,
  type Rule,
} from '#blocks';
import { functionIn } from './exports.ts';
import type { Attack, Exercise, Exports } from './practice.ts';

const START = 1_700_000_000_000;

/** The naive way: checks each block against the one before, and nothing else. */
export function linksOnly(blocks: readonly Block[]): boolean {
  return blocks.every((block, i) => {
    const previous = blocks[i - 1];
    return previous === undefined || block.previousHash === hashBlock(previous);
  });
}

/** The hash of the tip of the chain that everybody knows. */
function knownTip(): string {
  const genesis = genesisBlock({ timestamp: START });
  const first = nextBlock(genesis, 'Alice pays Bob 5', START + 60_000);
  return nextBlock(first, 'Bob pays Carol 3', START + 120_000).hash;
}

/** Takes the forged chain out of what the reader's file exports. */
function forgedChain(exports: Exports): Block[] {
  const { chain } = exports;
  const isBlock = (block: unknown) => typeof block === 'object' && block !== null;
  if (!Array.isArray(chain) || !chain.every(isBlock)) {
    throw new Error('Export a list of blocks named "chain".');
  }
  const blocks = chain as Block[];
  if (blocks.at(-1)?.hash !== knownTip()) {
    throw new Error(
      'The last block has not the hash any more by which everybody knows the chain.',
    );
  }
  return blocks;
}

const paysMallory = (blocks: readonly Block[]) =>
  blocks.some(({ data }: { data: unknown }) => String(data).includes('Mallory'));

export const attack: Attack = {
  file: '02-other-data.ts',
  goal: 'Let a chain pay Mallory, and leave the hash of its tip as everybody knows it.',
  start: `import { genesisBlock, nextBlock, type Block } from '#blocks';

const genesis = genesisBlock({ timestamp: 1_700_000_000_000 });
const first = nextBlock(genesis, 'Alice pays Bob 5', 1_700_000_060_000);
const second = nextBlock(first, 'Bob pays Carol 3', 1_700_000_120_000);

/** The chain that everybody knows. Let it pay Mallory. */
export const chain: readonly Block[] = [genesis, first, second];
`,
  naive: (exports) => {
    const blocks = forgedChain(exports);
    if (!paysMallory(blocks)) {
      return { believes: false, words: 'No block of this chain pays Mallory.' };
    }
    return linksOnly(blocks)
      ? { believes: true, words: 'Each block holds the hash of the one before: sound' }
      : {
          believes: false,
          words: 'A previousHash is not the hash of the header before.',
        };
  },
  own: (exports) => {
    const blocks = forgedChain(exports);
    if (!paysMallory(blocks)) {
      return { believes: false, words: 'No block of this chain pays Mallory.' };
    }
    const reason = checkChain(blocks);
    return reason === undefined
      ? { believes: true, words: 'checkChain finds nothing wrong with it' }
      : { believes: false, words: reason };
  },
};

/** Makes a chain that keeps a rule of the reader's beside those of the step. */
function checkRule(exports: Exports): void {
  const rule = functionIn(exports, 'checkSomeData') as Rule;
  const genesis = genesisBlock({ timestamp: START });
  const chain = new Chain(genesis, [...blockRules, rule]);
  const append = (data: string) =>
    chain.append(nextBlock(chain.tip, data, chain.tip.timestamp + 60_000));
  for (const data of ['hello', ' hello ', '0', 'undefined']) append(data);
  for (const data of ['', ' ', '   ', '\t', ' \n ']) {
    const { length } = chain;
    try {
      append(data);
    } catch {
      // So it is to be.
    }
    if (chain.length !== length) {
      throw new Error(`The chain took a block with the data ${JSON.stringify(data)}.`);
    }
  }
}

/** Makes a chain longer by so many blocks. */
function grow(chain: readonly Block[], count: number, data: string): Block[] {
  const blocks = [...chain];
  for (let i = 0; i < count; i += 1) {
    const tip = blocks.at(-1);
    blocks.push(
      tip === undefined
        ? genesisBlock({ timestamp: START, data })
        : nextBlock(tip, data, tip.timestamp + 60_000),
    );
  }
  return blocks;
}

/** How many blocks of two chains of a thousand a search by halves may look at, and some more. */
const MAX_LOOKS = 60;

/** Lets the reader's function find where chains part, and counts at how many blocks it looks. */
function checkFork(exports: Exports): void {
  const blocksInCommon = functionIn(exports, 'blocksInCommon');
  const common = grow([], 700, 'common');
  const cases: [Block[], Block[], number][] = [
    [grow(common, 300, 'one'), grow(common, 250, 'other'), 700],
    [common, common, 700],
    [common, grow(common, 300, 'other'), 700],
    [grow([], 1_000, 'one'), grow([], 1_000, 'other'), 0],
    [common.slice(0, 1), common.slice(0, 2), 1],
  ];
  for (const [one, other, expected] of cases) {
    let looks = 0;
    const counted = (blocks: Block[]) =>
      new Proxy(blocks, {
        get: (target, key, receiver): unknown => {
          if (typeof key === 'string' && /^\d+$/.test(key)) looks += 1;
          return Reflect.get(target, key, receiver);
        },
      });
    const found = blocksInCommon(counted(one), counted(other));
    const what = `Two chains of ${one.length} and ${other.length} blocks`;
    if (found !== expected) {
      throw new Error(`${what} have ${expected} in common, and not ${String(found)}.`);
    }
    if (looks > MAX_LOOKS) {
      throw new Error(
        `${what} were right, but it looked at ${looks}: far fewer will do.`,
      );
    }
  }
}

const hashTwice = (hex: string) =>
  sha256(Buffer.from(sha256(Buffer.from(hex, 'hex')), 'hex'));

/** Turns the bytes around, since Bitcoin writes hashes backwards. */
const backwards = (hex: string) => Buffer.from(hex, 'hex').reverse().toString('hex');

/** The root of a tree, row by row. */
function rootOf(leaves: readonly string[]): string {
  let row = [...leaves];
  while (row.length > 1) {
    if (row.length % 2 === 1) row.push(row.at(-1) ?? '');
    row = row.flatMap((hash, i) =>
      i % 2 === 0 ? [hashTwice(hash + (row[i + 1] ?? ''))] : [],
    );
  }
  return row[0] ?? '';
}

/** Compares the reader's roots with that of block 170 of Bitcoin, and with others. */
function checkMerkle(exports: Exports): void {
  const merkleRoot = functionIn(exports, 'merkleRoot');
  const block170 = [
    'b1fea52486ce0c62bb442b530a3f0132b826c74e473d1f2c220bfa78111c5082',
    'f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16',
  ].map(backwards);
  const root = backwards(
    '7dac2c5666815c17a3b36427de37bb9d2e2c5ccec3f8633eb91a4205cb4c10ff',
  );
  if (merkleRoot(block170) !== root) {
    throw new Error(
      `The root of block 170 is ${root}, in the order of its bytes (nothing turned round).`,
    );
  }
  for (let count = 1; count <= 12; count += 1) {
    const leaves = Array.from({ length: count }, (_, i) => sha256(`payment ${i}`));
    const found = merkleRoot(Object.freeze([...leaves]));
    if (found !== rootOf(leaves)) {
      throw new Error(
        `Of ${count} hashes the root is ${rootOf(leaves)}, and not ${String(found)}.`,
      );
    }
  }
}

export const exercises: readonly Exercise[] = [
  {
    number: 1,
    file: '2.1-some-data.ts',
    start: `import type { Rule } from '#blocks';

/** Refuses a block whose data is empty, or only spaces. */
export const checkSomeData: Rule = (block) => undefined;
`,
    check: checkRule,
  },
  {
    number: 2,
    file: '2.2-fork.ts',
    start: `import type { Block } from '#blocks';

/** Returns how many blocks two chains have in common, by looking at few of them. */
export function blocksInCommon(one: readonly Block[], other: readonly Block[]): number {
  throw new Error('TODO: find where they part.');
}
`,
    check: checkFork,
  },
  {
    number: 3,
    file: '2.3-merkle.ts',
    start: `import { sha256 } from '#hashing';

/** Returns the root of the tree over at least one hash, 64 hex digits each. */
export function merkleRoot(hashes: readonly string[]): string {
  throw new Error('TODO: hash them in pairs, twice each.');
}
`,
    check: checkMerkle,
  },
];
