/**
 * For `node:async_hooks`. A browser does not follow what waits; but tests run one after the other,
 * so what happens belongs to the test that runs, unless a timer says that it is of an earlier one.
 *
 * @module
 */

type Stores = ReadonlyMap<object, unknown>;

let stores: Stores = new Map();

/** As in Node, as far as tests that run one after the other need it. */
export class AsyncLocalStorage<Store> {
  /** Returns what {@link run} was given, while that lasts. */
  getStore(): Store | undefined {
    return stores.get(this) as Store | undefined;
  }

  /** Keeps a store until what `body` returns is done. */
  run<Result>(store: Store, body: () => Result): Result {
    const before = stores;
    stores = new Map(stores).set(this, store);
    const restore = () => {
      stores = before;
    };
    let isWaiting = false;
    try {
      const result = body();
      if (!(result instanceof Promise)) return result;
      isWaiting = true;
      return result.finally(restore) as Result;
    } finally {
      if (!isWaiting) restore();
    }
  }
}

/** Returns a function that runs with the stores of now, whenever it is called. */
export function bind<Args extends readonly unknown[]>(
  run: (...args: Args) => void,
): (...args: Args) => void {
  const own = stores;
  return (...args) => {
    const before = stores;
    stores = own;
    try {
      run(...args);
    } finally {
      stores = before;
    }
  };
}
