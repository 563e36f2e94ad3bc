/**
 * Locks what JavaScript and Node are made of, so that a program cannot change what judges it.
 *
 * @module
 */

/** Programs and packages say how much errors tell, and how. */
const LEFT_OPEN: readonly PropertyKey[] = ['stackTraceLimit', 'prepareStackTrace'];

/** Whether something makes errors: `Error`, or what stands for it. */
const isError = (owner: object) => prototypeOf(owner) === Error.prototype;

/** Objects that hold only functions, such as `Math`. */
const isNamespace = (value: object) =>
  Object.prototype.toString.call(value).slice('[object '.length, -1) !== 'Object' &&
  ['Atomics', 'Intl', 'JSON', 'Math', 'Reflect', 'WebAssembly'].includes(
    Object.prototype.toString.call(value).slice('[object '.length, -1),
  );

/** What no name leads to, but what is made of syntax. */
function hidden(): object[] {
  const made: object[] = [
    async () => undefined,
    function* () {
      yield;
    },
    async function* () {
      yield Promise.resolve();
    },
    [][Symbol.iterator](),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
    ''[Symbol.iterator](),
    'a'.matchAll(/a/g),
    new Uint8Array(),
  ];
  return made.flatMap((one) => chainOf(one));
}

function chainOf(value: object): object[] {
  const chain: object[] = [];
  let next = Reflect.getPrototypeOf(value);
  while (next !== null) {
    chain.push(next);
    next = Reflect.getPrototypeOf(next);
  }
  return chain;
}

/**
 * Locks all functions that can be reached from some values, with what their instances inherit, and
 * the names of globals.
 *
 * @param values - functions, or objects that hold functions
 * @param open - names of globals that may change
 */
export function lockDown(values: readonly object[], open: readonly string[]): void {
  const prototypes = new Set<object>(hidden());
  const functions = new Set<object>();
  const queue: object[] = [...prototypes];
  const take = (value: unknown) => {
    if (typeof value === 'function' || (isObject(value) && isNamespace(value))) {
      if (functions.has(value)) return;
      functions.add(value);
      queue.push(value);
    }
  };
  const globals = Reflect.ownKeys(globalThis).filter(
    (key) => key !== 'globalThis' && key !== 'global' && !open.includes(String(key)),
  );
  for (const key of globals) take(valueOf(globalThis, key));
  for (const value of values) take(value);
  for (let owner = queue.pop(); owner !== undefined; owner = queue.pop()) {
    for (const one of [prototypeOf(owner), ...chainOf(owner)]) {
      if (one === undefined || prototypes.has(one) || functions.has(one)) continue;
      prototypes.add(one);
      queue.push(one);
    }
    for (const key of Reflect.ownKeys(owner)) {
      const found = Reflect.getOwnPropertyDescriptor(owner, key);
      for (const one of [found?.value, found?.get, found?.set]) take(one);
    }
  }
  for (const one of prototypes) lockPrototype(one);
  for (const one of functions) if (!prototypes.has(one)) lockFunction(one);
  for (const key of globals) lockGlobal(key);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null;

/** The value of a property; undefined if it is none that one may ask for. */
function valueOf(owner: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(owner, key) as unknown;
  } catch {
    return undefined;
  }
}

function prototypeOf(value: object): object | undefined {
  if (typeof value !== 'function') return undefined;
  const found: unknown = Reflect.getOwnPropertyDescriptor(value, 'prototype')?.value;
  return isObject(found) || typeof found === 'function' ? found : undefined;
}

/** Locks what instances inherit; they may still have fields of the same names, as before. */
function lockPrototype(owner: object): void {
  for (const key of Reflect.ownKeys(owner)) {
    const found = Reflect.getOwnPropertyDescriptor(owner, key);
    if (found?.configurable !== true) continue;
    const isIndex = typeof owner === 'function' && (key === 'name' || key === 'length');
    if (!('value' in found) || isIndex) {
      Reflect.defineProperty(owner, key, { configurable: false });
      continue;
    }
    const value: unknown = found.value;
    // What each instance has for itself, such as a count, is only begun here.
    if (typeof value !== 'function' && typeof value !== 'string') continue;
    Reflect.defineProperty(owner, key, {
      configurable: false,
      enumerable: found.enumerable ?? false,
      get: () => value,
      set(this: unknown, changed: unknown) {
        if (this === owner) throw new TypeError(`${String(key)} is locked.`);
        if (!isObject(this) && typeof this !== 'function') return;
        const own = { value: changed, writable: true, enumerable: true };
        Object.defineProperty(this, key, { ...own, configurable: true });
      },
    });
  }
  Reflect.preventExtensions(owner);
}

function lockFunction(owner: object): void {
  const isOpen = isError(owner);
  for (const key of Reflect.ownKeys(owner)) {
    const found = Reflect.getOwnPropertyDescriptor(owner, key);
    if (found?.configurable !== true || (isOpen && LEFT_OPEN.includes(key))) continue;
    const fixed = 'value' in found ? { writable: false } : {};
    Reflect.defineProperty(owner, key, { ...fixed, configurable: false });
  }
  if (!isOpen) Reflect.preventExtensions(owner);
}

function lockGlobal(key: PropertyKey): void {
  const found = Reflect.getOwnPropertyDescriptor(globalThis, key);
  if (found?.configurable !== true) return;
  const fixed = 'value' in found ? { writable: false } : {};
  Reflect.defineProperty(globalThis, key, { ...fixed, configurable: false });
}
