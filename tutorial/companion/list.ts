import { colors } from '../../final/terminal/colors.ts';
import type { Step } from './kit.ts';
import type { Progress } from './progress.ts';

/** Draws the list of all steps. */
export function listScreen(
  steps: readonly Step[],
  progress: Progress,
  step?: Step,
): string {
  const widest = Math.max(...steps.map(({ folder }) => folder.length));
  const rows = steps.flatMap((one) => {
    const number = String(one.number).padStart(String(steps.length).length);
    const done = progress.passedTasks(one);
    const mark = progress.isPassed(one)
      ? colors.green('✓')
      : done > 0
        ? colors.yellow('◐')
        : '○';
    const notes = [
      ...(progress.isOutdated(one) ? ['your code changed since it passed'] : []),
      ...(one === step ? ['you are here'] : []),
    ];
    const note = notes.length > 0 ? colors.dim(`  (${notes.join('; ')})`) : '';
    const changed = progress.changedTasks(one).map((title) => {
      return colors.yellow(`       changed by an update since you passed it: ${title}`);
    });
    return [
      `  ${mark} ${number}  ${one.folder.padEnd(widest).slice(3)}  ${done} of ${one.tasks.length} tasks${note}`,
      ...changed,
    ];
  });
  return [...rows, '', '  Go to any step with  ./learn 4'].join('\n');
}
