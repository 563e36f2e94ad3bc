// Starts a worker thread whose program is TypeScript: tsx must be registered in each thread.
// Its hooks for CommonJS make that twice as fast as those for modules, which run in yet
// another thread.
import { createRequire } from 'node:module';
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/cjs/api';

register();
createRequire(import.meta.url)(workerData.entry);
