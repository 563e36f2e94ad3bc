import type { Job, Report } from './mining-worker.ts';
import type { Mined } from './searches.ts';

/** Mines in a web worker, so that the page stays alive. */
export class Miner {
  readonly #onProgress: (hashes: number) => void;
  #worker: Worker | undefined;
  #giveUp: (() => void) | undefined;

  /** Makes a miner that tells about ten times a second how many hashes a search has made. */
  constructor(onProgress: (hashes: number) => void) {
    this.#onProgress = onProgress;
  }

  /**
   * Finds the nonce of a block.
   *
   * @throws Error if it was stopped
   */
  mine(job: Job): Promise<Mined> {
    const worker = (this.#worker ??= startWorker());
    return new Promise((resolve, reject) => {
      this.#giveUp = () => reject(new Error('The search was stopped.'));
      worker.onerror = ({ message }) =>
        reject(new Error(`The worker failed: ${message}`));
      worker.onmessage = ({ data }: MessageEvent<Report>) => {
        if (data.type === 'progress') this.#onProgress(data.hashes);
        else resolve(data.mined);
      };
      worker.postMessage(job);
    });
  }

  /** Ends the search, and the worker with it. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#giveUp?.();
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./mining-worker.ts', import.meta.url), { type: 'module' });
}
