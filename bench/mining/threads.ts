import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Candidate } from './candidate.ts';

const boot = new URL('../../final/mining/ts-worker.mjs', import.meta.url);
const entry = fileURLToPath(new URL('./thread.ts', import.meta.url));

/** The kernel in threads of its own, as the node uses it. */
export function kernelInThreads(threads: number): Candidate {
  const workers = Array.from({ length: threads }, (_, part) => {
    return new Worker(boot, { workerData: { entry, part, parts: threads } });
  });
  return {
    name: threads === 1 ? 'kernel, 1 thread' : `kernel, ${threads} threads`,
    threads,
    async run(milliseconds) {
      const before = process.cpuUsage();
      const start = performance.now();
      const counts = workers.map(async (worker) => {
        worker.postMessage(milliseconds);
        const [hashes] = (await once(worker, 'message')) as [number];
        return hashes;
      });
      const hashes = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
      const seconds = (performance.now() - start) / 1_000;
      const { user, system } = process.cpuUsage(before);
      return { hashes, seconds, cpu: (user + system) / 1e6 };
    },
    close: () => workers.map((worker) => worker.terminate()),
  };
}
