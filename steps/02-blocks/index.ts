/**
 * Step 2: blocks, each holding the hash of the one before, and the rules they must keep.
 *
 * @module
 */
export {
  GENESIS_PREVIOUS_HASH,
  MAX_DATA_BYTES,
  type Block,
  type Header,
} from './block.ts';
export { genesisBlock, hashBlock, headerText, nextBlock } from './block.ts';
export { isCount, isData, isHash } from './values.ts';
export { checkShape } from './shape.ts';
export { blockRules, brokenRule, checkChain, headerRules, type Rule } from './rules.ts';
export { Chain } from './chain.ts';
