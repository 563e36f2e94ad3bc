/**
 * Timers as Node has them: objects that one may `unref`, and `setImmediate`. What a timer runs
 * belongs to the test that set it, and so does the error that it throws.
 *
 * @module
 */
import { bind } from './async-hooks.ts';

const { setTimeout, clearTimeout, setInterval } = globalThis;
const set = setTimeout as unknown as (run: () => void, delay?: number) => number;
const clear = clearTimeout as unknown as (id: number) => void;
const repeat = setInterval as unknown as (run: () => void, delay?: number) => number;

type Run = (...args: readonly unknown[]) => void;

/** What is still to be run. */
const active = new Set<Timer | Immediate>();

/** Returns a name for each timer and each immediate that is still to be run, as Node does. */
export const activeResources = (): string[] =>
  [...active].map((one) => (one instanceof Timer ? 'Timeout' : 'Immediate'));

/** What a timer gives back. */
class Timer {
  readonly #id: number;

  constructor(id: number) {
    this.#id = id;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  close(): this {
    clear(this.#id);
    active.delete(this);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.#id;
  }
}

/** What `setImmediate` gives back. */
class Immediate {
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Runs something when all that waits already has had its turn; no page slows that down. */
export function later(run: () => void): void {
  waiting.push(run);
  channel.port2.postMessage(0);
}

/**
 * Puts Node's timers in the place of the browser's.
 *
 * @param uncaught - told what a timer throws
 */
export function installTimers(uncaught: (error: unknown) => void): void {
  const guarded = (run: Run, args: readonly unknown[]) =>
    bind(() => {
      try {
        run(...args);
      } catch (error) {
        uncaught(error);
      }
    });
  const stop = (timer?: Timer | number) => {
    if (timer instanceof Timer) timer.close();
    else if (timer !== undefined) clear(timer);
  };
  Object.assign(globalThis, {
    setTimeout: (run: Run, delay?: number, ...args: unknown[]) => {
      const guardedRun = guarded(run, args);
      const timer: Timer = new Timer(
        set(() => {
          active.delete(timer);
          guardedRun();
        }, delay),
      );
      active.add(timer);
      return timer;
    },
    setInterval: (run: Run, delay?: number, ...args: unknown[]) => {
      const timer = new Timer(repeat(guarded(run, args), delay));
      active.add(timer);
      return timer;
    },
    clearTimeout: stop,
    clearInterval: stop,
    setImmediate: (run: Run, ...args: unknown[]) => {
      const immediate = new Immediate();
      const guardedRun = guarded(run, args);
      later(() => {
        if (active.delete(immediate)) guardedRun();
      });
      active.add(immediate);
      return immediate;
    },
    clearImmediate: (immediate?: Immediate) => {
      if (immediate !== undefined) active.delete(immediate);
    },
  });
}
