/**
 * A process that checks types: the first check takes seconds, in which the loop must see saves.
 *
 * @module
 */
import { loadSteps } from './kit.ts';
import { TypeChecker, type TypeProblem } from './types.ts';

/** What to check. */
export interface TypeJob {
  readonly id: number;
  /** The number of the step, and those of the steps that the reader's own code serves. */
  readonly step: number;
  readonly own: readonly number[];
}

/** What was found. */
export interface TypeReport {
  readonly id: number;
  readonly problem: TypeProblem | undefined;
}

const steps = loadSteps();
const checker = new TypeChecker();

process.on('disconnect', () => process.exit());
process.on('message', ({ id, step, own }: TypeJob) => {
  const wanted = steps.find(({ number }) => number === step);
  const others = steps.filter(({ number }) => own.includes(number));
  const problem = wanted && checker.check(wanted, others);
  const report: TypeReport = { id, problem };
  process.send?.(report);
});
