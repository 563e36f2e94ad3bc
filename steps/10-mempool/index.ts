/**
 * Step 10: the mempool. Payments wait at every node until a block takes them in.
 *
 * @module
 */
export { Gossip, type GossipEffects } from './gossip.ts';
export { payable } from './payable.ts';
export { Pool } from './pool.ts';
