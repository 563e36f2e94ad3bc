import type { WrongProgram } from './program.ts';

export const programs: readonly WrongProgram[] = [
  {
    name: 'counts digits instead of bits',
    file: 'difficulty.ts',
    replace: [
      'return 4 * zeroDigits + (Math.clz32(digit) - 28);',
      'return 4 * zeroDigits + 0 * digit;',
    ],
  },
  {
    name: 'is off by one bit',
    file: 'difficulty.ts',
    replace: ['(Math.clz32(digit) - 28)', '(Math.clz32(digit) - 27)'],
  },
  {
    name: 'forgets the hash of nothing but zeros',
    file: 'difficulty.ts',
    replace: ['  if (zeroDigits === -1) return 4 * hash.length;\n', ''],
  },
  {
    name: 'counts work as a number first',
    file: 'difficulty.ts',
    replace: ['2n ** BigInt(difficulty)', 'BigInt(2 ** difficulty - 1) + 1n'],
  },
  {
    name: 'shifts in 32 bits',
    file: 'difficulty.ts',
    replace: ['return 2 ** difficulty;', 'return 1 << difficulty;'],
  },
  {
    name: 'takes ^ for the power',
    file: 'difficulty.ts',
    replace: ['return 2 ** difficulty;', 'return 2 ^ difficulty;'],
  },
  {
    name: 'sees 32 bits of the hash',
    file: 'difficulty.ts',
    replace: [
      '  const zeroDigits',
      '  if (hash) return Math.clz32(parseInt(hash.slice(0, 8), 16));\n  const zeroDigits',
    ],
  },
  {
    name: 'doubles with each digit',
    file: 'difficulty.ts',
    replace: ['return 2 ** difficulty;', 'return 16 ** difficulty;'],
  },
  {
    name: 'begins with the nonce of the block',
    file: 'mine.ts',
    replace: ['let nonce = 0; ;', 'let nonce = block.nonce; ;'],
  },
  {
    name: 'begins with the nonce 1',
    file: 'mine.ts',
    replace: ['let nonce = 0; ;', 'let nonce = 1; ;'],
  },
  {
    name: 'wants one bit too many',
    file: 'mine.ts',
    replace: ['>= block.difficulty', '> block.difficulty'],
  },
  {
    name: 'returns the hash that the block had',
    file: 'mine.ts',
    replace: ['return { ...block, nonce, hash };', 'return { ...block, nonce };'],
  },
  {
    name: 'changes the block that it is given',
    file: 'mine.ts',
    replace: [
      'return { ...block, nonce, hash };',
      'return Object.assign(block, { nonce, hash });',
    ],
  },
  {
    name: 'blocks the event loop',
    file: 'mine.ts',
    replace: ['      await pause();\n', ''],
  },
  {
    name: 'gives way to promises only',
    file: 'mine.ts',
    replace: ['await pause();', 'await Promise.resolve();'],
  },
  {
    name: 'does not hear the signal',
    file: 'mine.ts',
    replace: ['      signal?.throwIfAborted();\n', ''],
  },
  {
    name: 'hears the signal at the beginning only',
    file: 'mine.ts',
    replace: ['signal?.throwIfAborted();', 'if (nonce === 0) signal?.throwIfAborted();'],
  },
  {
    name: 'throws an error of its own',
    file: 'mine.ts',
    replace: [
      'signal?.throwIfAborted();',
      `if (signal?.aborted) throw new Error('aborted');`,
    ],
  },
  {
    name: 'gives up after 100,000 attempts',
    file: 'mine.ts',
    replace: [
      'let nonce = 0; ;',
      'let nonce = 0; nonce < 100_000 || (await new Promise(() => undefined));',
    ],
  },
  {
    name: 'hashes the block only once',
    file: 'mine.ts',
    replace: [
      'export async function mine(block: Block, signal?: AbortSignal): Promise<Block> {',
      'export async function mine(given: Block, signal?: AbortSignal): Promise<Block> {\n' +
        '  const block = { ...given };\n' +
        '  const hashBlock = () => block.hash;',
    ],
  },
  {
    name: 'waits after each attempt',
    file: 'mine.ts',
    replace: ['nonce % BATCH === 0', 'nonce >= 0'],
  },
  {
    name: 'goes on after it was aborted',
    file: 'mine.ts',
    replace: [
      '      signal?.throwIfAborted();\n',
      '      if (signal?.aborted) return new Promise((_, reject) => {\n' +
        '        reject(signal.reason as Error);\n' +
        '        void mine({ ...block });\n' +
        '      });\n',
    ],
  },
  {
    name: 'checks the claim and not the hash',
    file: 'rules.ts',
    replace: ['leadingZeroBits(block.hash)', 'Number(block.difficulty)'],
  },
  {
    name: 'lets each block choose its difficulty',
    file: 'rules.ts',
    replace: ['[checkDifficulty, checkWork]', '[checkWork]'],
  },
  {
    name: 'lets the difficulty rise',
    file: 'rules.ts',
    replace: [
      'block.difficulty === previous.difficulty',
      'block.difficulty >= previous.difficulty',
    ],
  },
  {
    name: 'asks no work of the first block',
    file: 'rules.ts',
    replace: [
      'const checkWork: Rule = (block) => {',
      'const checkWork: Rule = (block, previous) => {\n  if (!previous) return undefined;',
    ],
  },
];
