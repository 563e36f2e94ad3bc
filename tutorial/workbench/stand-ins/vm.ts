/**
 * For `node:vm`: what the tests use of it, a limit to how long something may take. Nothing in a
 * page can break it off; what takes too long and ends is refused afterwards, in Node's words.
 *
 * @module
 */

interface Context {
  readonly work: () => void;
}

interface Options {
  /** How long it may take, in milliseconds. */
  readonly timeout: number;
}

/** As in Node, where the code is `work()`. */
export function runInNewContext(
  _code: 'work()',
  { work }: Context,
  { timeout }: Options,
): void {
  const begin = performance.now();
  work();
  if (performance.now() - begin <= timeout) return;
  const error = new Error(`Script execution timed out after ${timeout}ms`);
  throw Object.assign(error, { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' });
}

export default { runInNewContext };
