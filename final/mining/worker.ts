/**
 * The program of a mining thread: it searches for one block at a time.
 *
 * @module
 */
import { setPriority } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { genesisBlock, hashBlock, type Block } from '#blocks';
import { mine } from '#proof-of-work';
import type { Kernel } from './kernel.ts';
import { createKernel } from './choose-kernel.ts';
import type { Answer, Order, Sample, Start, Task } from './miner.ts';
import { search, type Try } from './search.ts';

/** How often it tells how many hashes it has tried, in milliseconds. */
const REPORT_INTERVAL = 200;

/** How readily this thread gives way to others: 0 is normal, 19 the most. */
const NICENESS = 10;

type Tell = (news: Pick<Answer, 'tried' | 'isLast' | 'found' | 'error'>) => void;

const { kernel: name, threads } = workerData as Start;
const kernel = name === 'step' ? undefined : createKernel(name);
if (kernel !== undefined) warmUp(kernel);
let stop = new AbortController();

// Elsewhere than on Linux, this would be the priority of the whole process.
if (process.platform === 'linux') setPriority(NICENESS);

parentPort?.on('message', ({ id, task }: Order) => {
  stop.abort();
  stop = new AbortController();
  if (task !== undefined) void work(id, task, stop.signal);
});

/** Lets a kernel be compiled before anything is measured: its first portion takes long. */
function warmUp(tool: Kernel): void {
  const unwanted = genesisBlock({ timestamp: 0, difficulty: 256 });
  search(tool, unwanted, { after: -1 }).next();
}

async function work(id: number, task: Task, signal: AbortSignal): Promise<void> {
  let from = clock();
  const tell: Tell = (news) => {
    const to = clock();
    parentPort?.postMessage({ id, from, to, ...news } satisfies Answer);
    from = to;
  };
  tell({ tried: 0 });
  try {
    if (kernel === undefined) await searchWithStep(task, signal, tell);
    else await searchWithKernel(kernel, task, signal, tell);
  } catch (error) {
    tell(signal.aborted ? { tried: 0, isLast: true } : { tried: 0, isLast: true, error });
  }
}

/** Returns the time in milliseconds since the epoch, with fractions: the same in all threads. */
function clock(): number {
  return performance.timeOrigin + performance.now();
}

async function searchWithKernel(
  tool: Kernel,
  { block, range }: Task,
  signal: AbortSignal,
  tell: Tell,
): Promise<void> {
  let last: Try | undefined;
  const run = search(tool, block, range, (tried) => (last = tried));
  let reported = performance.now();
  let tried = 0;
  for (;;) {
    const { done, value } = run.next();
    if (done) return tell({ tried, isLast: true, found: value });
    tried += value;
    await setImmediate(); // orders come in now
    if (signal.aborted) return tell({ tried, isLast: true });
    if (performance.now() - reported < REPORT_INTERVAL) continue;
    tell({ tried, ...(last && { sample: sampleOf({ ...block, ...last }) }) });
    reported = performance.now();
    tried = 0;
  }
}

function sampleOf(block: Block): Sample {
  return { nonce: block.nonce, hash: hashBlock(block) };
}

/** Searches with the `mine` of step 3. Each thread takes another timestamp, if there are enough. */
async function searchWithStep(
  { block, range }: Task,
  signal: AbortSignal,
  tell: Tell,
): Promise<void> {
  const choice = Math.min(threads, block.timestamp - range.after);
  const timestamp = block.timestamp - (range.part % choice);
  const found = await mine({ ...block, timestamp }, signal);
  // The others have tried as many.
  tell({ tried: choice * (found.nonce + 1), isLast: true, found });
}
