import { sha256 } from '#hashing';
import { GENESIS_PREVIOUS_HASH, hashBlock, type Block } from './block.ts';
import { checkShape } from './shape.ts';

/**
 * A rule says in words why `block` may not follow `previous`, or gives undefined where
 * it may. The genesis block has no `previous`.
 */
export type Rule = (block: Block, previous: Block | undefined) => string | undefined;

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

/**
 * The rules of a block's header, whatever its data is. {@link checkShape} comes first, so
 * that the others see only blocks. Then, in any order, and with reasons that name the field:
 *
 * - `index` is that of the parent plus 1, and 0 without a parent.
 * - `previousHash` is the parent's hash, and {@link GENESIS_PREVIOUS_HASH} without a parent.
 * - `timestamp` is later than the parent's, and any count without a parent.
 * - `hash` is the {@link hashBlock} of the block.
 */
export const headerRules: readonly Rule[] = [
  checkShape,
  checkIndex,
  checkPreviousHash,
  checkTimestamp,
  checkHash,
];

/**
 * The rules of this step, a list to which later steps add: the {@link headerRules}, and that
 * `dataHash` is the SHA-256 digest of `data`.
 */
export const blockRules: readonly Rule[] = [...headerRules, checkDataHash];

/**
 * Returns the reason of the first rule that `value` breaks as the block after `previous`,
 * or undefined if it keeps them all. The rules are asked in their order, each with the block
 * and its parent, and none after one that is broken. With {@link blockRules}, any value at
 * all may be given: the function never throws.
 *
 * @param rules - the rules to ask, and no others; {@link blockRules} unless given
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
 * with the first bad block, as in `Block 3: its hash is not the hash of its header`: its
 * place in the list, counted from 0, and the reason that {@link brokenRule} gives. Returns
 * undefined if all is well. A list without blocks is no chain: it gives a reason, too.
 * The list may hold any values at all, and stays as it was; the function never throws.
 *
 * @param rules - what every block must keep; {@link blockRules} unless given
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
