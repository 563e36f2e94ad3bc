import type { Block } from '#blocks';
import { mine } from '#proof-of-work';
import { digestCount } from '../browser/crypto.ts';

/** What the worker is told: a block to find the nonce of. */
export type Order = Block;

/** What the worker tells: how many hashes it has made so far, and in the end the block. */
export type Report =
  | { readonly type: 'progress'; readonly hashes: number }
  | { readonly type: 'found'; readonly block: Block };

const tell = (report: Report) => {
  postMessage(report);
};

addEventListener('message', ({ data }: MessageEvent<Order>) => void search(data));

async function search(block: Block): Promise<void> {
  const before = digestCount();
  const progress = () => tell({ type: 'progress', hashes: digestCount() - before });
  const timer = setInterval(progress, 100);
  const found = await mine(block);
  clearInterval(timer);
  progress();
  tell({ type: 'found', block: found });
}
