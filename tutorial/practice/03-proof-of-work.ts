import {
  blockRules,
  brokenRule,
  checkChain,
  genesisBlock,
  nextBlock,
  type Block,
  type Rule,
} from '#blocks';
import { expectedAttempts, leadingZeroBits, mine, workRules } from '#proof-of-work';
import { functionIn } from './exports.ts';
import type { Answer, Attack, Exercise, Exports } from './practice.ts';

const START = 1_700_000_000_000;
const DIFFICULTY = 16;

/** The naive way: lets each block say for itself how much work it needs. */
export const asClaimed: Rule = (block) =>
  leadingZeroBits(block.hash) < block.difficulty ? 'it lacks work' : undefined;

/** Takes the forged block out of what the reader's file exports. */
function forgedBlock(exports: Exports): Block {
  const { forged } = exports;
  if (typeof forged !== 'object' || forged === null) {
    throw new Error('Export a block named "forged".');
  }
  const { data, hash } = forged as Record<string, unknown>;
  if (typeof data !== 'string' || !data.includes('Mallory')) {
    throw new Error('The data of the block "forged" pays nothing to Mallory.');
  }
  if (typeof hash === 'string' && leadingZeroBits(hash) >= DIFFICULTY) {
    throw new Error(
      'The block "forged" was mined, as its hash shows. Do it without the work.',
    );
  }
  return forged as Block;
}

/** Asks some rules, after those of step 2, about the block that the reader's file exports. */
async function ask(exports: Exports, rules: readonly Rule[]): Promise<Answer> {
  const forged = forgedBlock(exports);
  const options = { timestamp: START, difficulty: DIFFICULTY };
  const genesis = await mine(genesisBlock(options));
  const reason = brokenRule(forged, genesis, [...blockRules, ...rules]);
  return reason === undefined
    ? { believes: true, words: 'It breaks no rule, and nobody has worked for it' }
    : { believes: false, words: reason };
}

export const attack: Attack = {
  file: '03-no-work.ts',
  goal: 'Let the block after a genesis block of 16 bits pay Mallory, without mining it.',
  start: `import { genesisBlock, nextBlock, type Block } from '#blocks';
import { mine } from '#proof-of-work';

const timestamp = 1_700_000_000_000;
const genesis = await mine(genesisBlock({ timestamp, difficulty: 16 }));

/** The block after it. Nobody believes it yet. */
export const forged: Block = nextBlock(genesis, 'Alice pays Mallory 500', timestamp);
`,
  naive: (exports) => ask(exports, [asClaimed]),
  own: (exports) => ask(exports, workRules),
};

/** Lets the reader's function mine, and looks whether the numbers can be true. */
async function checkLuck(exports: Exports): Promise<void> {
  const luck = functionIn(exports, 'luck');
  const [count, difficulty] = [500, 6];
  const result: unknown = await luck(count, difficulty);
  const { mean, slow } = (result ?? {}) as Record<string, unknown>;
  if (typeof mean !== 'number' || typeof slow !== 'number') {
    throw new Error(
      'luck must give a promise of an object with the numbers mean and slow.',
    );
  }
  // Five standard deviations on either side: 2.84 for the mean, 0.0215 for the share.
  const expected = expectedAttempts(difficulty);
  if (Math.abs(mean - expected) > 14.2) {
    throw new Error(
      `The mean of ${count} searches with ${difficulty} bits is ${mean}: it should be near ${expected}. Are all blocks different, and is the nonce 0 an attempt, too?`,
    );
  }
  if (Math.abs(slow - 0.365) > 0.108) {
    throw new Error(
      `The share of slow searches is ${slow}, which cannot be: count those with more than ${expected} attempts, and divide by ${count}.`,
    );
  }
}

const attemptsFor = (blocks: readonly Block[]) =>
  blocks.reduce((sum, { nonce }) => sum + nonce + 1, 0);

/** Mines a chain of five blocks with 10 bits. */
async function minedChain(): Promise<Block[]> {
  let tip = await mine(genesisBlock({ timestamp: START, difficulty: 10 }));
  const chain = [tip];
  for (const data of ['Alice pays Bob 5', 'Bob pays Carol 3', 'three', 'four']) {
    tip = await mine(nextBlock(tip, data, tip.timestamp + 60_000));
    chain.push(tip);
  }
  return chain;
}

/** Lets the reader's function rewrite a chain, and checks that by all rules. */
async function checkRewrite(exports: Exports): Promise<void> {
  const rewrite = functionIn(exports, 'rewrite');
  const chain = await minedChain();
  const forged: unknown = await rewrite(Object.freeze([...chain]));
  if (!Array.isArray(forged)) throw new Error('rewrite must give a promise of blocks.');
  const blocks = forged as Block[];
  const reason = checkChain(blocks, [...blockRules, ...workRules]);
  if (reason !== undefined) throw new Error(`The chain is not sound: ${reason}.`);
  if (blocks.length !== chain.length || blocks[0]?.hash !== chain[0]?.hash) {
    throw new Error('It must have five blocks, and the same genesis block.');
  }
  if (blocks[1]?.data.includes('Mallory') !== true) {
    throw new Error('Block 1 pays nothing to Mallory.');
  }
  const other = blocks.findIndex(({ data }, i) => i !== 1 && data !== chain[i]?.data);
  if (other !== -1) throw new Error(`The data of block ${other} is not as it was.`);
  const honest = attemptsFor(chain.slice(1));
  console.log(
    `The honest ones made ${honest} attempts, and you ${attemptsFor(blocks.slice(1))}.`,
  );
}

/** Tries the reader's function with made-up times. */
function checkRetarget(exports: Exports): void {
  const nextDifficulty = functionIn(exports, 'nextDifficulty');
  const cases: [index: number, each: number, difficulty: number, expected: number][] = [
    [20, 10_000, 12, 12],
    [20, 1_000, 12, 13],
    [20, 30_000, 12, 11],
    [20, 5_001, 12, 12],
    [20, 19_999, 12, 12],
    [10, 1_000, 12, 13],
    [15, 1_000, 12, 12],
    [19, 30_000, 12, 12],
    [0, 1_000, 12, 12],
    [30, 1_000, 256, 256],
    [30, 30_000, 0, 0],
  ];
  for (const [index, each, difficulty, expected] of cases) {
    const blockAt = (i: number): Block => ({
      ...genesisBlock({ timestamp: START + each * i, difficulty }),
      index: i,
    });
    const at = (i: number) => (i < 0 || i > index ? undefined : blockAt(i));
    const found = nextDifficulty(blockAt(index), at);
    if (found !== expected) {
      throw new Error(
        `After block ${index} of ${difficulty} bits, with ${each} ms from block to block, the difficulty is ${expected}, and not ${String(found)}.`,
      );
    }
  }
}

export const exercises: readonly Exercise[] = [
  {
    number: 1,
    file: '3.1-luck.ts',
    start: `/** What came out of some searches: the mean number of attempts, and the share of slow ones. */
export interface Luck {
  readonly mean: number;
  readonly slow: number;
}

/** Mines so many different blocks. */
export async function luck(count: number, difficulty: number): Promise<Luck> {
  throw new Error('TODO: mine, and count.');
}
`,
    check: checkLuck,
  },
  {
    number: 2,
    file: '3.2-rewrite.ts',
    start: `import type { Block } from '#blocks';

/** Lets block 1 pay Mallory, and makes the chain sound again. */
export async function rewrite(chain: readonly Block[]): Promise<Block[]> {
  throw new Error('TODO: change block 1, and mine.');
}
`,
    check: checkRewrite,
  },
  {
    number: 3,
    file: '3.3-retarget.ts',
    start: `import type { Block } from '#blocks';

/** The difficulty may change every ten blocks. */
const WINDOW = 10;

/** The milliseconds that there should be from block to block. */
const WANTED = 10_000;

/** How to look up a block on the chain. */
type At = (index: number) => Block | undefined;

/** Returns the difficulty of the block after \`tip\`. */
export function nextDifficulty(tip: Block, at: At): number {
  throw new Error('TODO: compare the time of the last ten blocks with the wanted one.');
}
`,
    check: checkRetarget,
  },
];
