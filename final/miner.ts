import { Worker } from 'node:worker_threads';
import type { Block } from '#blocks';

/** What the mining thread is told: to search for this block, or to stop if there is none. */
export interface Order {
  readonly id: number;
  readonly block?: Block;
}

/** What the mining thread found. */
export interface Answer {
  readonly id: number;
  readonly block: Block;
}

interface Job {
  readonly id: number;
  readonly resolve: (block: Block) => void;
  readonly reject: (reason: unknown) => void;
  readonly start: number;
}

const boot = new URL('./ts-worker.mjs', import.meta.url);
const entry = new URL('./mining-worker.ts', import.meta.url).href;

/** Mines in a thread of its own, so that the node goes on answering meanwhile. */
export class Miner {
  #worker: Worker | undefined;
  #job: Job | undefined;
  #orders = 0;
  #hashRate = 0;

  /** Starts the thread ahead of the first search: that takes it some tenths of a second. */
  constructor() {
    this.#start();
  }

  /** Hashes a second in the last search that found a block; 0 before there was one. */
  get hashRate(): number {
    return this.#hashRate;
  }

  /**
   * Finds the nonce of a block. There is one search at a time: a new one ends the last.
   *
   * @throws the signal's reason if the search was aborted
   */
  search(block: Block, signal: AbortSignal): Promise<Block> {
    const worker = this.#worker ?? this.#start();
    const id = (this.#orders += 1);
    return new Promise<Block>((resolve, reject) => {
      signal.throwIfAborted();
      this.#job?.reject(new Error('Another search took the place of this one.'));
      this.#job = { id, resolve, reject, start: performance.now() };
      signal.addEventListener('abort', () => this.#abort(id, signal.reason), {
        once: true,
      });
      worker.postMessage({ id, block } satisfies Order);
    });
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(boot, { workerData: { entry } });
    worker.on('message', ({ id, block }: Answer) => {
      if (this.#job?.id !== id) return;
      const seconds = (performance.now() - this.#job.start) / 1_000;
      this.#hashRate = Math.round((block.nonce + 1) / seconds);
      this.#job.resolve(block);
      this.#job = undefined;
    });
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () =>
      this.#lose(worker, new Error('The mining thread has ended.')),
    );
    this.#worker = worker;
    return worker;
  }

  #abort(id: number, reason: unknown): void {
    if (this.#job?.id !== id) return;
    this.#worker?.postMessage({ id } satisfies Order);
    this.#job.reject(reason);
    this.#job = undefined;
  }

  /** Forgets a thread that died. The next search starts another. */
  #lose(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#job?.reject(error);
    this.#job = undefined;
  }
}
