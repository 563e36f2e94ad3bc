/**
 * Which tasks run in a page: all of the steps that open no sockets, and of the others those whose
 * tests open none.
 *
 * @module
 */
import { basename } from 'node:path';
import { loadSteps, type Step } from '../companion/kit.ts';

/** The test files that open no sockets, of steps that do. */
const WITHOUT_SOCKETS = new Set([
  ...['turns.test.ts', 'mining-queue.test.ts', 'schemas.test.ts'],
  ...['messages.test.ts', 'allowance.test.ts', 'address-book.test.ts'],
  'admission.test.ts',
]);

/** Whether the tests in a file run in a page. */
const runsInPage = ({ opensSockets }: Step, file: string) =>
  !opensSockets || WITHOUT_SOCKETS.has(basename(file));

/** Returns the steps with those of their tests and tasks that run in a page. */
export function stepsOfPage(): Step[] {
  return loadSteps().map((step) => ({
    ...step,
    tests: step.tests.filter((file) => runsInPage(step, file)),
    tasks: step.tasks.filter(({ file }) => runsInPage(step, file)),
  }));
}
