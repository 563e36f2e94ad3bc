import type { DuelOrder, Standing } from './duel.ts';
import type { Job, Report } from './mining-worker.ts';
import type { Engine, Mined, Order, Progress } from './searches.ts';

/** Mines in a web worker, so that the page stays alive. */
export class Miner {
  #worker: Worker | undefined;
  #giveUp: (() => void) | undefined;

  /**
   * Finds the nonce of a block.
   *
   * @param tell - is told about ten times a second how far the search is
   * @throws Error if it was stopped
   */
  mine(
    order: Order & { readonly engine: Engine },
    tell: (progress: Progress) => void,
  ): Promise<Mined> {
    return this.#run({ ...order, type: 'search' }, (report, resolve) => {
      if (report.type === 'progress') tell(report);
      if (report.type === 'found') {
        tell({ hashes: report.mined.attempts });
        resolve(report.mined);
      }
    });
  }

  /**
   * Lets a forger race against the honest miners until one has won.
   *
   * @param tell - is told how the race stands: of each block, and about ten times a second
   * @throws Error if it was stopped
   */
  duel(order: DuelOrder, tell: (standing: Standing) => void): Promise<Standing> {
    return this.#run({ ...order, type: 'duel' }, (report, resolve) => {
      if (report.type !== 'standing') return;
      tell(report.standing);
      if (report.standing.winner !== undefined) resolve(report.standing);
    });
  }

  /** Ends what is going on, and the worker with it. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#giveUp?.();
  }

  #run<R>(job: Job, hear: (report: Report, resolve: (result: R) => void) => void) {
    const worker = (this.#worker ??= startWorker());
    return new Promise<R>((resolve, reject) => {
      this.#giveUp = () => reject(new Error('The search was stopped.'));
      worker.onerror = ({ message }) =>
        reject(new Error(`The worker failed: ${message}`));
      worker.onmessage = ({ data }: MessageEvent<Report>) => hear(data, resolve);
      worker.postMessage(job);
    });
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./mining-worker.ts', import.meta.url), { type: 'module' });
}
