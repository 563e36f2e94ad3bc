import { genesisBlock, nextBlock, type Block } from '#blocks';
import { BlockTree } from '#consensus';
import { mine, work } from '#proof-of-work';
import { functionIn } from './exports.ts';
import type { Attack, Exercise, Exports } from './practice.ts';

/** The work that blocks claim to hold. */
function claimedWork(blocks: readonly Block[]): bigint {
  return blocks.reduce((sum, { difficulty }) => sum + work(difficulty), 0n);
}

/** The naive node: of two chains it believes the one that claims the most work. */
export function naiveChoice(
  own: readonly Block[],
  offered: readonly Block[],
): readonly Block[] {
  const isLinked = offered.every(
    (block, i) => block.previousHash === (offered[i - 1]?.hash ?? own[0]?.previousHash),
  );
  const isOfNetwork = offered[0]?.hash === own[0]?.hash;
  const isBetter = claimedWork(offered) > claimedWork(own);
  return isOfNetwork && isLinked && isBetter ? offered : own;
}

/** What honest miners have done: three blocks after a genesis block, each with its work. */
async function honestChain(): Promise<Block[]> {
  const chain = [await mine(genesisBlock({ timestamp: 0, difficulty: 10 }))];
  for (const data of ['Alice pays Bob 5', 'Bob pays Carol 3', 'Carol pays Dave 2']) {
    const tip = chain.at(-1);
    if (tip === undefined) continue;
    chain.push(await mine(nextBlock(tip, data, tip.timestamp + 1_000)));
  }
  return chain;
}

/** Takes the forged chain out of what the reader's file exports. */
function forgedChain(exports: Exports, honest: readonly Block[]): Block[] {
  const forged = functionIn(exports, 'forge')(honest);
  if (!Array.isArray(forged))
    throw new Error('forge(chain) must give a list of blocks: the chain to offer.');
  for (const block of forged as readonly unknown[]) {
    const { hash, previousHash, difficulty, data } = (block ?? {}) as Partial<Block>;
    const isBlock = [hash, previousHash, data].every((text) => typeof text === 'string');
    if (!isBlock || !Number.isInteger(difficulty) || Number(difficulty) < 0)
      throw new Error('The list holds something that is no block.');
  }
  return forged as Block[];
}

const say = (block: Block | undefined) => `"${block?.data ?? ''}"`;

export const attack: Attack = {
  file: '06-forged.ts',
  goal: 'Make a node give up three honest blocks, without doing any work.',
  start: `import { nextBlock, type Block } from '#blocks';

/** Returns the chain to offer to a node that has this one. */
export function forge(chain: readonly Block[]): Block[] {
  const [genesis] = chain;
  if (genesis === undefined) return [];
  return [genesis, nextBlock(genesis, 'Everybody pays Mallory', 2_000)];
}
`,
  naive: async (exports) => {
    const honest = await honestChain();
    const believed = naiveChoice(honest, forgedChain(exports, honest));
    const tip = say(believed.at(-1));
    return believed === honest
      ? { believes: false, words: `Its last block is still ${tip}.` }
      : { believes: true, words: `Its last block is now ${tip}.` };
  },
  own: async (exports) => {
    const honest = await honestChain();
    const [genesis, ...more] = honest;
    if (genesis === undefined) throw new Error('There is no genesis block.');
    const forged = forgedChain(exports, honest);
    const tree = new BlockTree(genesis);
    for (const block of more) tree.add(block, Date.now());
    const reasons = forged.flatMap((block) => {
      const result = tree.add(block, Date.now());
      return result.status === 'invalid' ? [`${say(block)}: ${result.reason}`] : [];
    });
    const { hash, data } = tree.chain.tip;
    if (honest.at(-1)?.hash !== hash)
      return { believes: true, words: `The last block of its tree is now "${data}".` };
    const words = reasons[0] ?? 'what was offered does not make another branch better';
    return { believes: false, words: `It keeps the honest blocks. It says of ${words}.` };
  },
};

/** Compares the indexes that a locator names with those that the reader's program tells. */
function checkLocator(exports: Exports): void {
  const named = functionIn(exports, 'named');
  for (const length of [1, 25, 1_000]) {
    const tree = new BlockTree(genesisBlock({ timestamp: 0 }));
    for (let i = 1; i < length; i += 1)
      tree.add(nextBlock(tree.chain.tip, `block ${i}`, i), Date.now());
    const expected = tree.locator().map((hash) => tree.get(hash)?.index);
    const found = named(length);
    if (JSON.stringify(found) !== JSON.stringify(expected))
      throw new Error(
        `For a chain of length ${length} it gives ${JSON.stringify(found)}, and the locator ` +
          `names ${JSON.stringify(expected)}.`,
      );
  }
}

/** Looks at what was found out of Bitcoin's first thousand blocks. */
function checkChainwork({ attempts, bits }: Exports): void {
  if (typeof attempts !== 'bigint')
    throw new Error('Export a bigint named "attempts": how many each block took.');
  const total = 0x3e903e903e9n;
  if (attempts * 1_001n !== total)
    throw new Error(
      `${attempts} attempts for each of the blocks 0 to 1,000 make ${attempts * 1_001n}, not ${total}.`,
    );
  if (typeof bits !== 'number' || Math.abs(2 ** bits / Number(attempts) - 1) > 0.001)
    throw new Error('Export a number named "bits": 2 to its power are the attempts.');
}

/** Lets the reader's Mallory try so often that one block more or less to wait for shows. */
function checkPatience(exports: Exports): void {
  const succeeds = functionIn(exports, 'succeeds');
  const TRIALS = 2_500;
  // What she has to expect with 30 % of the power, and 4.5 standard deviations around it for chance.
  const chances = [
    { depth: 1, expected: 30.9, room: 4.2 },
    { depth: 6, expected: 8.9, room: 2.6 },
  ];
  for (const { depth, expected, room } of chances) {
    let count = 0;
    for (let i = 0; i < TRIALS; i += 1) if (succeeds(depth) === true) count += 1;
    const percent = (100 * count) / TRIALS;
    if (Math.abs(percent - expected) > room)
      throw new Error(
        `When the shop waits for ${depth === 1 ? 'one block' : `${depth} blocks`}, Mallory succeeds in ` +
          `${percent} of 100 cases; about ${expected} would be right for 30 % of the computing power.`,
      );
  }
}

export const exercises: readonly Exercise[] = [
  {
    number: 1,
    file: '6.1-locator.ts',
    start: `import { BlockTree } from '#consensus';

/** Returns the indexes that the locator of a chain of so many blocks names, newest first. */
export function named(length: number): number[] {
  return [];
}
`,
    check: checkLocator,
  },
  {
    number: 2,
    file: '6.2-chainwork.ts',
    start: `/** The work of Bitcoin's blocks 0 to 1,000 together. */
const chainwork = 0x3e903e903e9n;

/** How many attempts each block took on average. */
export const attempts = 0n;

/** How many zero bits that is. */
export const bits = 0;
`,
    check: checkChainwork,
  },
  {
    number: 3,
    file: '6.3-patience.ts',
    start: `/** One attempt: does Mallory get a payment off the chain that has this many blocks? */
export function succeeds(depth: number): boolean {
  return false;
}
`,
    check: checkPatience,
  },
];
