/**
 * Step 4: a node that talks HTTP. Anyone with `curl` can read its chain and add to it.
 *
 * @module
 */
export { createApi, newBlock, parse, range, type ChainNode } from './api.ts';
export { MiningQueue, type MiningQueueOptions } from './mining-queue.ts';
export { Problem, problemHandler } from './problem.ts';
