/**
 * Tells what a check found in forms that other programs read.
 *
 * @module
 */
import { stripVTControlCharacters } from 'node:util';
import type { z } from 'zod';
import { toPath, type Step, type Task } from '../kit.ts';
import type { TestResult } from '../runner.ts';
import type { Check } from '../session.ts';
import { junit, type Suite } from './junit.ts';
import type { checkSchema } from './schemas.ts';

type Report = z.infer<typeof checkSchema>;
type CheckedTask = Report['tasks'][number];

/** Tells what a check found, as `./learn check --json` prints it. */
export function checkReport(step: Step, { verdict, outcome, own }: Check): Report {
  const problem = problemOf(verdict);
  return {
    schema: 'pychain/check/1',
    step: step.number,
    folder: step.folder,
    passed: verdict.kind === 'passed',
    own: own.map(({ number }) => number),
    ...(problem && { problem }),
    tasks: step.tasks.map((task) => {
      const tests = outcome.tests.filter((test) => test.task === task.title);
      return {
        number: Number(/\d+/.exec(task.title)?.[0]),
        title: task.title,
        status: statusOf(task, tests, verdict, outcome.end === 'done'),
        tests: tests.map(told),
      };
    }),
  };
}

/** Writes such a report as JUnit XML: a suite for each task, and a case for each test. */
export function checkJunit(report: Report): string {
  const { step, tasks, problem } = report;
  const suites = tasks.map(({ title, status, tests }): Suite => {
    const cases = tests.map(({ name, status: one, message = '', file, line }) => ({
      name,
      classname: `Step ${step}, ${title}`,
      file,
      line,
      ...(one === 'failed' && {
        failure: { message: firstLine(message), text: message },
      }),
    }));
    if (cases.length > 0 && status !== 'failed') return { name: title, cases };
    const isFailed = cases.some(({ failure }) => failure !== undefined);
    const words = problem?.words ?? 'Its tests were not run.';
    const whole = {
      name: title,
      classname: `Step ${step}, ${title}`,
      ...(status === 'untested'
        ? { isSkipped: true }
        : { failure: { message: firstLine(words), text: words } }),
    };
    return { name: title, cases: isFailed ? cases : [...cases, whole] };
  });
  return junit(`Step ${step}`, suites);
}

const firstLine = (text: string) => text.split('\n', 1)[0] ?? '';

function statusOf(
  { title }: Task,
  tests: readonly TestResult[],
  verdict: Check['verdict'],
  isWhole: boolean,
): CheckedTask['status'] {
  const isMeant = 'task' in verdict && verdict.task.title === title;
  if (isMeant) return verdict.kind === 'unwritten' ? 'unwritten' : 'failed';
  const failed = tests.find(({ failure }) => failure !== undefined)?.failure;
  if (failed !== undefined) {
    const isStub = (failed.stubs ?? []).length > 0 || /TODO step \d/.test(failed.message);
    return isStub ? 'unwritten' : 'failed';
  }
  if (verdict.kind === 'uncompilable') return 'failed';
  return isWhole && tests.length > 0 ? 'passed' : 'untested';
}

function told({ name, place, failure }: TestResult): CheckedTask['tests'][number] {
  return {
    name,
    status: failure === undefined ? 'passed' : 'failed',
    ...(failure && { message: stripVTControlCharacters(failure.message) }),
    ...(place && { file: toPath(place.file), line: place.line }),
  };
}

function problemOf(verdict: Check['verdict']): Report['problem'] {
  if (verdict.kind === 'ended') return { words: verdict.words };
  if (verdict.kind !== 'uncompilable') return undefined;
  const { words, place } = verdict;
  return {
    words,
    ...(place && { file: place.file, line: place.line, column: place.column }),
  };
}
