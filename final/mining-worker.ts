/**
 * The program of the mining thread: it searches with step 3's `mine`, one block at a time.
 *
 * @module
 */
import { parentPort } from 'node:worker_threads';
import type { Block } from '#blocks';
import { mine } from '#proof-of-work';
import type { Answer, Order } from './miner.ts';

let search = new AbortController();

parentPort?.on('message', ({ id, block }: Order) => {
  search.abort();
  search = new AbortController();
  if (block !== undefined) void answer(id, block, search.signal);
});

async function answer(id: number, unmined: Block, signal: AbortSignal): Promise<void> {
  try {
    const block = await mine(unmined, signal);
    parentPort?.postMessage({ id, block } satisfies Answer);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
