/**
 * What a task promises: its tests by their titles, and which of them hold.
 *
 * @module
 */
import type { TestResult } from './runner.ts';

/** A promise: a test, or the tests that share one text. */
export interface Promised {
  /** What it says, with `…` for where the texts of its tests differ. */
  readonly title: string;
  /** How many tests it is made of. */
  readonly count: number;
  /** Whether all of them pass. */
  readonly isKept: boolean;
}

/** Takes the tests together that stand at one place: they are the rows of one table. */
export function promisesOf(tests: readonly TestResult[]): Promised[] {
  const rows = new Map<string, TestResult[]>();
  for (const test of tests) {
    const { file, line } = test.place ?? { file: test.name, line: 0 };
    const key = `${file}:${line}`;
    rows.set(key, [...(rows.get(key) ?? []), test]);
  }
  return [...rows.values()].map((some) => ({
    title: shared([...new Set(some.map(({ name }) => name))]),
    count: new Set(some.map(({ name }) => name)).size,
    isKept: some.every(({ failure }) => failure === undefined),
  }));
}

/** What names have in common, with `…` for the rest. */
function shared([first = '', ...others]: readonly string[]): string {
  if (others.length === 0) return first;
  const words = first.split(' ');
  const lists = others.map((name) => name.split(' '));
  const length = (same: (i: number) => boolean) => {
    let count = 0;
    while (count < words.length && same(count)) count += 1;
    return count;
  };
  const begin = length((i) => lists.every((list) => list[i] === words[i]));
  const end = length((i) => lists.every((list) => list.at(-1 - i) === words.at(-1 - i)));
  const tail = words.slice(Math.max(begin, words.length - end));
  return [...words.slice(0, begin), '…', ...tail].join(' ');
}
