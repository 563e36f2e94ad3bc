import { searches, type Engine, type Mined, type Order } from './searches.ts';

/** What the worker is told. */
export type Job = Order & { readonly engine: Engine };

/** What the worker tells: how many hashes it has made so far, and in the end the block. */
export type Report =
  | { readonly type: 'progress'; readonly hashes: number }
  | { readonly type: 'found'; readonly mined: Mined };

const tell = (report: Report) => {
  postMessage(report);
};

addEventListener('message', ({ data }: MessageEvent<Job>) => void work(data));

async function work({ engine, ...order }: Job): Promise<void> {
  const mined = await searches[engine](order, (hashes) =>
    tell({ type: 'progress', hashes }),
  );
  tell({ type: 'progress', hashes: mined.attempts });
  tell({ type: 'found', mined });
}
