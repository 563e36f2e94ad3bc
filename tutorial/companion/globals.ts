/**
 * What the tests import from `@jest/globals`, made of the same parts that jest is made of.
 *
 * @module
 */
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

let row: readonly unknown[] = [];

/** Returns what `it.each` gave to the test that ran last. */
export const lastRow = (): readonly unknown[] => row;

type Each = (
  table: readonly unknown[],
) => (title: string, test: Test, timeout?: number) => void;
type Test = (...args: readonly unknown[]) => unknown;
const each = circus.it.each as unknown as Each;

/** Like jest's own, but it notes the row of a table that a test runs with. */
export const it = Object.assign(
  (title: string, test: () => void | Promise<void>, timeout?: number) => {
    const run = () => {
      row = [];
      return test();
    };
    circus.it(title, run, timeout);
  },
  {
    each:
      (table: readonly unknown[]) => (title: string, test: Test, timeout?: number) => {
        const run = (...args: readonly unknown[]) => {
          row = args;
          return test(...args);
        };
        each(table)(title, run, timeout);
      },
  },
);
