import { sha256 } from '#hashing';
import { GENESIS_PREVIOUS_HASH, MAX_DATA_BYTES, hashBlock, type Block } from './block.ts';

/**
 * A rule says in words why `block` may not follow `previous`, or gives undefined where
 * it may. The genesis block has no `previous`.
 */
export type Rule = (block: Block, previous: Block | undefined) => string | undefined;

const encoder = new TextEncoder();
const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;
const isHash = (value: unknown) =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isData = (value: unknown) =>
  typeof value === 'string' &&
  value.length <= MAX_DATA_BYTES &&
  value.isWellFormed() &&
  encoder.encode(value).length <= MAX_DATA_BYTES;

/** What each field of a block must be: a test, and the same in words. */
const shape: Record<keyof Block, [(value: unknown) => boolean, string]> = {
  index: [isCount, 'a whole number from 0'],
  timestamp: [isCount, 'a whole number of milliseconds'],
  previousHash: [isHash, '64 lowercase hex digits'],
  dataHash: [isHash, '64 lowercase hex digits'],
  difficulty: [
    (value) => isCount(value) && Number(value) <= 256,
    'a whole number to 256',
  ],
  nonce: [isCount, 'a whole number from 0'],
  data: [isData, `well-formed text of at most ${MAX_DATA_BYTES} bytes`],
  hash: [isHash, '64 lowercase hex digits'],
};
const tests = Object.entries(shape);

/** The rule for the shape of a block. It takes any value at all, and never throws. */
export function checkShape(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'it is not a JSON object';
  const fields = value as Record<string, unknown>;
  for (const [name, [test, words]] of tests) {
    if (!test(fields[name])) return `its ${name} is not ${words}`;
  }
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(shape, name));
  return unknown === undefined
    ? undefined
    : `it has an unknown field "${unknown.slice(0, 20)}"`;
}

const checkIndex: Rule = (block, previous) => {
  const expected = previous ? previous.index + 1 : 0;
  if (block.index === expected) return undefined;
  return `its index is ${block.index}, not ${expected}`;
};

const checkPreviousHash: Rule = (block, previous) => {
  const expected = previous ? previous.hash : GENESIS_PREVIOUS_HASH;
  if (block.previousHash === expected) return undefined;
  return `its previousHash is not the hash of the block before (${expected})`;
};

const checkTimestamp: Rule = (block, previous) => {
  if (previous === undefined || block.timestamp > previous.timestamp) return undefined;
  return `its timestamp ${block.timestamp} is not later than its parent's`;
};

const checkHash: Rule = (block) => {
  if (block.hash === hashBlock(block)) return undefined;
  return 'its hash is not the hash of its header';
};

const checkDataHash: Rule = (block) => {
  if (block.dataHash === sha256(block.data)) return undefined;
  return 'its dataHash is not the hash of its data';
};

/** The rules of this step. {@link checkShape} comes first, so the others see only blocks. */
export const blockRules: readonly Rule[] = [
  checkShape,
  checkIndex,
  checkPreviousHash,
  checkTimestamp,
  checkHash,
  checkDataHash,
];

/**
 * Returns the reason of the first rule that `value` breaks as the block after `previous`,
 * or undefined if it keeps them all. It takes any value, and never throws.
 */
export function brokenRule(
  value: unknown,
  previous: Block | undefined,
  rules: readonly Rule[] = blockRules,
): string | undefined {
  for (const rule of rules) {
    const reason = rule(value as Block, previous);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/**
 * Checks a whole chain, for instance one that came from elsewhere. Returns what is wrong
 * with the first bad block, as in "Block 3: its hash is not the hash of its header",
 * or undefined if all is well. It takes any values, and never throws.
 */
export function checkChain(
  blocks: readonly unknown[],
  rules: readonly Rule[] = blockRules,
): string | undefined {
  if (blocks.length === 0) return 'A chain has at least its genesis block.';
  for (const [index, block] of blocks.entries()) {
    const reason = brokenRule(block, blocks[index - 1] as Block | undefined, rules);
    if (reason !== undefined) return `Block ${index}: ${reason}`;
  }
  return undefined;
}
