import type { Rule } from '#blocks';
import { leadingZeroBits } from './difficulty.ts';

const checkDifficulty: Rule = (block, previous) => {
  if (previous === undefined || block.difficulty === previous.difficulty)
    return undefined;
  return `its difficulty is ${block.difficulty}, not its parent's ${previous.difficulty}`;
};

const checkWork: Rule = (block) => {
  const zeros = leadingZeroBits(block.hash);
  if (zeros >= block.difficulty) return undefined;
  return `its hash has ${zeros} leading zero bits, not the ${block.difficulty} it claims`;
};

/**
 * The rules of this step, to be checked after those of step 2, so that they see only blocks
 * with the right hash. The reason of the first names the `difficulty`, that of the second
 * speaks of `zero` bits or of `work`:
 *
 * - A block has the difficulty of its parent. Without a parent, any will do.
 * - A block's hash, the first one's as well, begins with at least as many zero bits as its
 * difficulty says.
 */
export const workRules: readonly Rule[] = [checkDifficulty, checkWork];
