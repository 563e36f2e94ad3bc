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
export { blockRules, brokenRule, checkChain, checkShape, type Rule } from './rules.ts';
export { Chain } from './chain.ts';
