/**
 * What a task promises: its tests by their titles, and which of them hold.
 *
 * @module
 */
import { colors } from '../../final/terminal/colors.ts';
import type { TestResult } from './runner.ts';

/** A promise: a test, or the tests that share one text. */
interface Promised {
  readonly title: string;
  readonly count: number;
  readonly isKept: boolean;
}

/**
 * Draws what a task promises in at most so many lines; nothing where no test of it has run, or
 * all have failed but one that is shown already.
 */
export function promiseLines(
  tests: readonly TestResult[],
  task: string,
  room: number,
  clip: (text: string) => string,
): string[] {
  const promised = promisesOf(tests.filter((test) => test.task === task));
  if (promised.length === 0) return [];
  const kept = promised.filter(({ isKept }) => isKept).length;
  const count = colors.dim(`  It promises (${kept} of ${promised.length} hold):`);
  if (room < 3)
    return [colors.dim(`  ${kept} of ${promised.length} of its promises hold.`)];
  const isAll = promised.length <= room - 1;
  const shown = isAll ? promised : promised.slice(0, room - 2);
  const more = isAll
    ? []
    : [colors.dim(`    … and ${promised.length - shown.length} more`)];
  return [count, ...shown.map((one) => line(one, clip)), ...more];
}

function line(
  { title, count, isKept }: Promised,
  clip: (text: string) => string,
): string {
  const mark = isKept ? colors.green('✓') : colors.red('✗');
  const text = clip(count > 1 ? `${title} (${count})` : title);
  return `    ${mark} ${isKept ? colors.dim(text) : text}`;
}

/** Takes the tests together that stand at one place: they are the rows of one table. */
function promisesOf(tests: readonly TestResult[]): Promised[] {
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
