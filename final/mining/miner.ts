import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { brokenRule, headerRules, type Block } from '#blocks';
import { expectedAttempts, workRules } from '#proof-of-work';
import { HashRate } from './hash-rate.ts';
import { createKernel, fastestKernel, type KernelName } from './choose-kernel.ts';
import type { Kernel } from './kernel.ts';
import { search, type Range } from './search.ts';

/** Up to this difficulty a block is found before a thread would have heard of it. */
const EASY = 10;

/** In how many parts the nonces are divided: more than there will be threads. */
const PARTS = 4_096;

/** How many threads may die in one search, for each one there is, before it is given up. */
const MAX_DEATHS = 10;

/** How many of the nonces that were tried are kept, for people to see: the last. */
const MAX_SAMPLES = 8;

/** What a nonce changes. The rest of a block is as it was given. */
const rules = [...headerRules, ...workRules];
const boot = new URL('./ts-worker.mjs', import.meta.url);
const entry = fileURLToPath(new URL('./worker.ts', import.meta.url));

/**
 * What tries the nonces: the kernel in WebAssembly, the one in TypeScript, or the `mine` of
 * step 3.
 */
export type MinerKernel = KernelName | 'step';

/** How a {@link Miner} is to work. */
export interface MinerOptions {
  /** How many threads search; by default one for each core. */
  readonly threads?: number | undefined;
  /** What tries the nonces; by default the fastest, or a `mine` that is not the project's. */
  readonly kernel?: MinerKernel | undefined;
}

/** How far the search under way is. */
export interface MiningProgress {
  /** How many hashes were tried. With the `mine` of step 3 that is not known: 0. */
  readonly attempts: number;
  /** How many it takes on average. */
  readonly expected: number;
  /** For how long it has been searching. */
  readonly seconds: number;
}

/** What it took to find a block. */
export interface MiningResult extends MiningProgress {
  /** The hash of the block. */
  readonly hash: string;
}

/** A nonce that was tried, with the hash that it gave. */
export interface Sample {
  readonly nonce: number;
  readonly hash: string;
}

/** What the search under way looks for, with the last of the nonces that its threads named. */
export interface SearchState extends MiningProgress {
  readonly block: Block;
  readonly samples: readonly Sample[];
}

/** What a mining thread is told: to search for a block, or to stop if there is none. */
export interface Order {
  readonly id: number;
  readonly task?: Task;
}

/** What to search for: a block, with some of the nonces and timestamps. */
export interface Task {
  readonly block: Block;
  readonly range: Required<Range>;
}

/**
 * What a mining thread has to say: what it tried since it last said so, and what came of it.
 * It begins with a report of no hashes.
 */
export interface Answer {
  readonly id: number;
  readonly tried: number;
  /** From when to when it tried that: in milliseconds since the epoch, with fractions. */
  readonly from: number;
  readonly to: number;
  /** Whether it has done with this order. */
  readonly isLast?: boolean;
  /** One of those that it tried. */
  readonly sample?: Sample;
  readonly found?: Block;
  readonly error?: unknown;
}

/** What a mining thread is started with. */
export interface Start {
  readonly entry: string;
  readonly kernel: MinerKernel;
  readonly threads: number;
}

/** A block that was found, while threads have yet to say what they had tried until then. */
interface Find extends MiningResult {
  readonly id: number;
  readonly at: number;
  readonly missing: number;
}

interface Job {
  readonly id: number;
  readonly block: Block;
  readonly after: number;
  readonly resolve: (block: Block) => void;
  readonly reject: (reason: unknown) => void;
  /** When a thread began with it. */
  start: number | undefined;
  /** The same, by the clock of the threads. */
  began: number;
  /** When a thread last had news. */
  reported: number;
  attempts: number;
  samples: readonly Sample[];
  parts: number;
  deaths: number;
}

/** Mines with threads of their own, so that the node goes on answering meanwhile. */
export class Miner {
  readonly #count: number;
  readonly #kernelName: MinerKernel;
  readonly #threads = new Set<Worker>();
  readonly #rate = new HashRate();
  #kernel: Kernel | undefined;
  #job: Job | undefined;
  #found: Find | undefined;
  #orders = 0;

  /** Prepares a miner. Its threads start with the first search that needs them. */
  constructor({ threads, kernel }: MinerOptions = {}) {
    this.#count = threads ?? availableParallelism();
    this.#kernelName = kernel ?? defaultKernel();
  }

  /** Hashes a second, while it last searched; 0 before. */
  get hashRate(): number {
    return this.#rate.perSecond;
  }

  /** How far the search under way is; null while no thread is at it. */
  get progress(): MiningProgress | null {
    if (this.#job?.start === undefined) return null;
    const { block, attempts, start } = this.#job;
    const seconds = (performance.now() - start) / 1_000;
    return { attempts, expected: expectedAttempts(block.difficulty), seconds };
  }

  /** What it took to find the last block; null before all threads have said what they tried. */
  get found(): MiningResult | null {
    if (this.#found === undefined || this.#found.missing > 0) return null;
    const { hash, attempts, expected, seconds } = this.#found;
    return { hash, attempts, expected, seconds };
  }

  /** The search under way, for those who want to watch; null while no thread is at it. */
  get state(): SearchState | null {
    const { progress } = this;
    if (progress === null || this.#job === undefined) return null;
    const { block, samples } = this.#job;
    return { ...progress, block, samples };
  }

  /**
   * Finds the nonce of a block that follows `parent`. It may give it an earlier timestamp: up
   * to 31 milliseconds, and later than the parent's. There is one search at a time: a new one
   * ends the last.
   *
   * @throws the signal's reason if the search was aborted; RangeError if the block is not later
   * than its parent; Error if what was found breaks a rule, or if the threads cannot work
   */
  async search(
    block: Block,
    parent: Block | undefined,
    signal: AbortSignal,
  ): Promise<Block> {
    signal.throwIfAborted();
    this.#end()?.reject(new Error('Another search took the place of this one.'));
    const after = parent?.timestamp ?? -1;
    if (block.timestamp <= after) {
      throw new RangeError("A block's timestamp must be later than its parent's.");
    }
    const found =
      block.difficulty <= EASY && this.#kernelName !== 'step'
        ? await this.#searchHere(block, after, signal, this.#kernelName)
        : await this.#searchInThreads(block, after, signal);
    const reason = brokenRule(found, parent, rules);
    if (reason === undefined) return found;
    throw new Error(`The miner found a block that breaks a rule: ${reason}.`);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    const threads = [...this.#threads];
    this.#threads.clear();
    this.#end()?.reject(new Error('The miner was closed.'));
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  /** Searches on the main thread. Whoever mines in a loop lets others have their turn here. */
  async #searchHere(
    block: Block,
    after: number,
    signal: AbortSignal,
    kernel: KernelName,
  ): Promise<Block> {
    await nextTurn();
    signal.throwIfAborted();
    this.#kernel ??= createKernel(kernel);
    const start = performance.now();
    const run = search(this.#kernel, block, { after });
    let tried = 0;
    for (;;) {
      const { done, value } = run.next();
      if (!done) {
        tried += value;
        continue;
      }
      const time = performance.now() - start;
      this.#rate.add(tried, time);
      this.#found = { id: 0, at: 0, missing: 0, ...resultOf(value, tried, time) };
      return value;
    }
  }

  #searchInThreads(block: Block, after: number, signal: AbortSignal): Promise<Block> {
    const id = (this.#orders += 1);
    const counts = {
      start: undefined,
      began: 0,
      reported: 0,
      attempts: 0,
      parts: 0,
      deaths: 0,
    };
    const samples: readonly Sample[] = [];
    return new Promise<Block>((resolve, reject) => {
      const abort = () => {
        if (this.#job?.id === id) this.#end()?.reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#job = { id, block, after, resolve, reject, samples, ...counts };
      while (this.#threads.size < this.#count) this.#startThread();
      for (const thread of this.#threads) this.#order(thread, this.#job);
    });
  }

  /** Ends the search under way, and returns it. */
  #end(): Job | undefined {
    const job = this.#job;
    this.#job = undefined;
    if (job === undefined) return undefined;
    for (const thread of this.#threads) {
      thread.postMessage({ id: job.id } satisfies Order);
    }
    return job;
  }

  #order(thread: Worker, job: Job): void {
    const { id, block, after } = job;
    const range = { after, part: job.parts % PARTS, parts: PARTS };
    job.parts += 1;
    thread.postMessage({ id, task: { block, range } } satisfies Order);
  }

  #startThread(): Worker {
    const workerData: Start = { entry, kernel: this.#kernelName, threads: this.#count };
    const thread = new Worker(boot, { workerData });
    let reason = 'a mining thread has ended';
    thread.on('message', (answer: Answer) => this.#hear(answer));
    thread.on('error', (error) => (reason = error.message));
    thread.on('exit', () => this.#replace(thread, reason));
    this.#threads.add(thread);
    return thread;
  }

  #hear(answer: Answer): void {
    const { id, tried, from, to, sample, found, error } = answer;
    const job = this.#job?.id === id ? this.#job : undefined;
    if (job === undefined) return this.#hearLate(answer);
    const now = performance.now();
    if (job.start === undefined) {
      job.start = job.reported = now;
      job.began = from;
    }
    this.#rate.add(tried, now - job.reported);
    job.reported = now;
    job.attempts += tried;
    if (sample !== undefined) job.samples = [...job.samples, sample].slice(-MAX_SAMPLES);
    if (found !== undefined) {
      const missing = this.#threads.size - 1;
      const result = resultOf(found, job.attempts, Math.max(0, to - job.began));
      this.#found = { id, at: to, missing, ...result };
      this.#end()?.resolve(found);
    } else if (error !== undefined) this.#end()?.reject(error);
  }

  /**
   * A thread says what it tried until it heard that the search was over. What it had tried when
   * the block was found belongs to that.
   */
  #hearLate({ id, tried, from, to, isLast = false }: Answer): void {
    this.#rate.add(tried, 0);
    if (this.#found?.id !== id) return;
    const { at, attempts, missing } = this.#found;
    const share = Math.min(
      1,
      Math.max(0, (at - from) / Math.max(to - from, Number.EPSILON)),
    );
    this.#found = {
      ...this.#found,
      attempts: attempts + Math.round(share * tried),
      missing: isLast ? missing - 1 : missing,
    };
  }

  /** Starts another thread in the place of one that died. */
  #replace(thread: Worker, reason: string): void {
    if (!this.#threads.delete(thread) || this.#job === undefined) return;
    this.#job.deaths += 1;
    if (this.#job.deaths > MAX_DEATHS * this.#count) {
      this.#end()?.reject(new Error(`The mining threads keep ending: ${reason}.`));
    } else this.#order(this.#startThread(), this.#job);
  }
}

/** Returns what it took to find a block: so many attempts in so many milliseconds. */
function resultOf(block: Block, attempts: number, time: number): MiningResult {
  const { hash, difficulty } = block;
  return {
    hash,
    attempts,
    expected: expectedAttempts(difficulty),
    seconds: time / 1_000,
  };
}

/** Chooses what mines: a step 3 of the learner's own, or else the fastest kernel. */
function defaultKernel(): MinerKernel {
  const { resolve } = createRequire(import.meta.url);
  const own = new URL('../../steps/03-proof-of-work/index.ts', import.meta.url);
  if (resolve('#proof-of-work') !== fileURLToPath(own)) return 'step';
  return fastestKernel();
}
