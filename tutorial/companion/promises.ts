/**
 * Draws what a task promises, and which of it holds.
 *
 * @module
 */
import { colors } from '../../final/terminal/colors.ts';
import { promisesOf, type Promised } from './promised.ts';
import type { TestResult } from './runner.ts';
import { labels } from './words.ts';

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
  const count = colors.dim(`  ${labels.promises(kept, promised.length)}:`);
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
