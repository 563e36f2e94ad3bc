/**
 * Step 4: a node that talks HTTP. Anyone with `curl` can read its chain and add to it.
 *
 * @module
 */
export { Problem, problemHandler } from './problem.ts';
export { Turns } from './turns.ts';
export { MiningQueue, type MiningQueueOptions } from './mining-queue.ts';
export { newBlock, parse, range } from './schemas.ts';
export { type ChainNode } from './chain-node.ts';
export { getBlock } from './get-block.ts';
export { getBlocks } from './get-blocks.ts';
export { jsonBody } from './json-body.ts';
export { postBlock } from './post-block.ts';
export { createApi } from './api.ts';
