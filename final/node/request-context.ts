import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestHandler } from 'express';
import { Problem } from '#http';

const clients = new AsyncLocalStorage<AbortSignal>();

/** Notes whether a client still waits, for all that its request sets off. */
export const noteClient: RequestHandler = (_req, res, next) => {
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) gone.abort(new Problem(408, 'The client went away.'));
  });
  clients.run(gone.signal, next);
};

/** The signal that is aborted when the client goes away whose request is being served. */
export function currentClient(): AbortSignal | undefined {
  return clients.getStore();
}
