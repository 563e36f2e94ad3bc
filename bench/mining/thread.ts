/**
 * A thread that mines for as many milliseconds as it is told, and answers with its hashes.
 *
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createKernel } from '../../final/mining/choose-kernel.ts';
import { search } from '../../final/mining/search.ts';
import { block, repeat } from './candidate.ts';

const { part, parts } = workerData as { part: number; parts: number };
const run = search(createKernel(), block, { after: block.timestamp - 32, part, parts });

parentPort?.on('message', (milliseconds: number) => {
  void repeat(milliseconds, () => Number(run.next().value)).then(({ hashes }) =>
    parentPort?.postMessage(hashes),
  );
});
