/**
 * Has the place of `node:async_hooks` in a judge. Node hangs what is stored on timers, where every
 * program finds it. So what it gets is a token that tells nothing.
 *
 * @module
 */
import { AsyncLocalStorage as NodeStorage } from 'node:async_hooks';

export { AsyncResource } from 'node:async_hooks';

/** What goes with everything that a call begins, however late. */
export class AsyncLocalStorage<T> {
  readonly #tokens = new NodeStorage<object>();
  readonly #stored = new WeakMap<object, T>();

  /** Calls something, and lets it and all that it begins find a value. */
  run<R>(value: T, call: (...args: unknown[]) => R, ...args: unknown[]): R {
    const token = Object.freeze({});
    this.#stored.set(token, value);
    return this.#tokens.run(token, call, ...args);
  }

  /** Returns the value that goes with what happens now. */
  getStore(): T | undefined {
    const token = this.#tokens.getStore();
    return token && this.#stored.get(token);
  }
}
