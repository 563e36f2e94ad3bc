/**
 * For `node:events`: emitters, and what waits for their events.
 *
 * @module
 */

type Listener = (...args: readonly unknown[]) => void;

interface Heard {
  readonly listener: Listener;
  readonly isOnce: boolean;
}

/** As in Node. */
export class EventEmitter {
  readonly #heard = new Map<unknown, readonly Heard[]>();

  on(name: unknown, listener: Listener): this {
    return this.#add(name, { listener, isOnce: false });
  }

  addListener(name: unknown, listener: Listener): this {
    return this.on(name, listener);
  }

  once(name: unknown, listener: Listener): this {
    return this.#add(name, { listener, isOnce: true });
  }

  off(name: unknown, listener: Listener): this {
    const all = this.#of(name);
    const at = all.findLastIndex((one) => one.listener === listener);
    this.#heard.set(
      name,
      all.filter((_, i) => i !== at),
    );
    return this;
  }

  removeListener(name: unknown, listener: Listener): this {
    return this.off(name, listener);
  }

  removeAllListeners(name?: unknown): this {
    if (name === undefined) this.#heard.clear();
    else this.#heard.delete(name);
    return this;
  }

  listenerCount(name: unknown): number {
    return this.#of(name).length;
  }

  emit(name: unknown, ...args: readonly unknown[]): boolean {
    const all = this.#of(name);
    if (all.length === 0 && name === 'error') throw args[0];
    for (const { listener, isOnce } of all) {
      if (isOnce) this.off(name, listener);
      listener.apply(this, [...args]);
    }
    return all.length > 0;
  }

  #of(name: unknown): readonly Heard[] {
    return this.#heard.get(name) ?? [];
  }

  #add(name: unknown, heard: Heard): this {
    this.#heard.set(name, [...this.#of(name), heard]);
    return this;
  }
}

/** As in Node: waits for one event, and fails with an `error` before it. */
export async function once(emitter: EventEmitter, name: string): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const fail = (...[error]: readonly unknown[]) => {
      emitter.off(name, done);
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const done = (...args: readonly unknown[]) => {
      emitter.off('error', fail);
      resolve([...args]);
    };
    emitter.once(name, done);
    if (name !== 'error') emitter.once('error', fail);
  });
}

/** As in Node: gives one event after the other, those that came before they were asked for too. */
export function on(
  emitter: EventEmitter,
  name: string,
): AsyncIterableIterator<readonly unknown[]> {
  type Result = IteratorResult<readonly unknown[], undefined>;
  const come: (readonly unknown[])[] = [];
  const asked: ((result: Result) => void)[] = [];
  let isOver = false;
  const listener = (...args: readonly unknown[]) => {
    const ask = asked.shift();
    if (ask === undefined) come.push(args);
    else ask({ value: args, done: false });
  };
  emitter.on(name, listener);
  return {
    async next(): Promise<Result> {
      const value = come.shift();
      if (value !== undefined) return { value, done: false };
      if (isOver) return { value: undefined, done: true };
      return new Promise((resolve) => asked.push(resolve));
    },
    async return(): Promise<Result> {
      isOver = true;
      emitter.off(name, listener);
      for (const ask of asked.splice(0)) ask({ value: undefined, done: true });
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
