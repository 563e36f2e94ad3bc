/**
 * For `node:timers/promises`.
 *
 * @module
 */

interface Options {
  readonly signal?: AbortSignal;
}

/** As in Node. */
export async function setTimeout<Value>(
  delay?: number,
  value?: Value,
  { signal }: Options = {},
): Promise<Value | undefined> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const timer = globalThis.setTimeout(() => resolve(value), delay);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}

/** As in Node. */
export async function setImmediate<Value>(value?: Value): Promise<Value | undefined> {
  return new Promise((resolve) => {
    globalThis.setImmediate(() => resolve(value));
  });
}

export default { setTimeout, setImmediate };
