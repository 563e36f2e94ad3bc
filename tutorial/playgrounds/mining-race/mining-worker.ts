import { duel, type DuelOrder, type Standing } from './duel.ts';
import {
  searches,
  type Engine,
  type Mined,
  type Order,
  type Progress,
} from './searches.ts';

/** What the worker is told. */
export type Job =
  | (Order & { readonly type: 'search'; readonly engine: Engine })
  | (DuelOrder & { readonly type: 'duel' });

/** What the worker tells: how far it is, and in the end the block. */
export type Report =
  | ({ readonly type: 'progress' } & Progress)
  | { readonly type: 'found'; readonly mined: Mined }
  | { readonly type: 'standing'; readonly standing: Standing };

/** How often a race is told of, in milliseconds, unless a block is found. */
const REPORT = 100;

const tell = (report: Report) => {
  postMessage(report);
};

addEventListener('message', ({ data }: MessageEvent<Job>) => {
  if (data.type === 'search') void work(data);
  else race(data);
});

async function work({ engine, ...order }: Job & { type: 'search' }): Promise<void> {
  const mined = await searches[engine](order, (progress) =>
    tell({ type: 'progress', ...progress }),
  );
  tell({ type: 'found', mined });
}

function race(order: DuelOrder): void {
  let told = performance.now();
  let blocks = 0;
  for (const standing of duel(order)) {
    const { honest, forger, winner } = standing;
    const isNews = honest.length + forger.length > blocks || winner !== undefined;
    if (!isNews && performance.now() - told < REPORT) continue;
    blocks = honest.length + forger.length;
    told = performance.now();
    tell({ type: 'standing', standing });
  }
}
