/**
 * What the tests import from `@jest/globals`, made of the same parts that jest is made of.
 *
 * @module
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  equals,
  getObjectSubset,
  iterableEquality,
  subsetEquality,
} from '@jest/expect-utils';
import { expect } from 'expect';
import * as circus from 'jest-circus';
import { ModuleMocker } from 'jest-mock';

export { afterAll, afterEach, beforeAll, beforeEach, describe } from 'jest-circus';
export { expect };
export const jest = new ModuleMocker(globalThis);

expect.extend({
  /** Like jest's own, but it tells what it compared, as `toEqual` does. */
  toMatchObject(found: unknown, expected: object) {
    const pass = equals(found, expected, [iterableEquality, subsetEquality]);
    const call = `expect(found)${pass ? '.not' : ''}.toMatchObject(expected)`;
    return {
      pass,
      message: () => call,
      expected,
      actual: getObjectSubset(found, expected) as unknown,
    };
  },
});

/** A test that runs, or that has run. */
export interface Run {
  /** What jest knows it as; undefined before the first one. */
  readonly test: ReturnType<typeof circus.getState>['currentlyRunningTest'];
  /** What `it.each` gave to it. */
  readonly row: readonly unknown[];
  /** The names of the stubs that it ran into. */
  readonly stubs: Set<string>;
}

let isOver = false;
let last: Run = { test: null, row: [], stubs: new Set() };
const store = new AsyncLocalStorage<Run>();

/** Returns what `it.each` gave to the test that ran last. */
export const lastRow = (): readonly unknown[] => last.row;

/** Returns the names of the stubs that the test which ran last ran into. */
export const lastStubs = (): readonly string[] => [...last.stubs];

/**
 * Notes that a stub was run into, for the test that did it, however late. What comes after a test,
 * such as to close what it has opened, tells nothing of it.
 */
export function noteStub(name: string): void {
  const run = store.getStore() ?? (isOver ? undefined : last);
  run?.stubs.add(name);
}

/** Says that the test's own code is over, and only what cleans up after it follows. */
export function endTest(): void {
  isOver = true;
}

/** Returns the test to which what happens now belongs, however late; undefined if to none. */
export const runOfNow = (): Run | undefined => store.getStore();

/** Forgets the test that ran last: another one begins. */
export function forgetLast(): void {
  isOver = false;
  last = { test: null, row: [], stubs: new Set() };
}

function runTest(body: Test, row: readonly unknown[]): unknown {
  last = { test: circus.getState().currentlyRunningTest, row, stubs: last.stubs };
  return store.run(last, () => body(...row));
}

type Each = (
  table: readonly unknown[],
) => (title: string, test: Test, timeout?: number) => void;
type Test = (...args: readonly unknown[]) => unknown;
const each = circus.it.each as unknown as Each;

/** Like jest's own, but it notes the row of a table that a test runs with. */
export const it = Object.assign(
  (title: string, test: () => void | Promise<void>, timeout?: number) => {
    circus.it(title, () => runTest(test, []) as void | Promise<void>, timeout);
  },
  {
    each:
      (table: readonly unknown[]) => (title: string, test: Test, timeout?: number) => {
        each(table)(title, (...row) => runTest(test, row), timeout);
      },
  },
);
