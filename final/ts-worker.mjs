// Starts a worker thread whose program is TypeScript: tsx must be registered in each thread.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.entry);
