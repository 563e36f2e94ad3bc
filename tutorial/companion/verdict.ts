/**
 * Judges what came out of a run: what is to be shown of it.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import type { Comparison } from './compare.ts';
import { root, sourcesIn, toPath, type Cause, type Step, type Task } from './kit.ts';
import type { Failure, Frame, Outcome, TestResult } from './runner.ts';
import { givenValues, stepsThatLed } from './story.ts';

/** What is shown of a failed test. */
export interface Wrong {
  readonly kind: 'wrong';
  readonly task: Task;
  /** The name of the first test that failed. */
  readonly test: string;
  /** Where it stands, relative to the project. */
  readonly place: string | undefined;
  /** What it did, the failing statement last. */
  readonly steps: readonly string[];
  /** Whether it is known that the last of these statements failed, and not one before it. */
  readonly isLastStep: boolean;
  /** What the test was given, as `name = value`. */
  readonly given: readonly string[];
  /** The random input for which it failed. */
  readonly example: string | undefined;
  readonly comparison: Comparison | undefined;
  /** What went wrong, in words, where there is no comparison. */
  readonly words: string;
  /** The place in the reader's code where an error was thrown. */
  readonly thrownAt: Place | undefined;
  readonly cause: Cause | undefined;
}

/** What is shown of a program that ended, or hung, in the middle of a test. */
export interface Ended {
  readonly kind: 'ended';
  readonly task: Task;
  readonly test: string;
  /** What happened. */
  readonly words: string;
  readonly cause: Cause | undefined;
}

/** What is shown of code that is still a stub. */
export interface Unwritten {
  readonly kind: 'unwritten';
  readonly task: Task;
  readonly names: readonly string[];
}

/** A line of the reader's code. */
export interface Place {
  /** The file, relative to the project. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The text of the line. */
  readonly text: string;
}

/** What is to be shown after a run. */
export type Verdict =
  | { readonly kind: 'passed' }
  | Unwritten
  | {
      readonly kind: 'uncompilable';
      readonly words: string;
      readonly place: Place | undefined;
    }
  | Ended
  | Wrong;

/** Finds the first place that is not TypeScript at all, before any test is run. */
export function syntaxError(folder: string): Verdict | undefined {
  for (const name of sourcesIn(folder)) {
    const error = syntaxErrorOf(join(folder, name));
    if (error !== undefined) return { kind: 'uncompilable', ...error };
  }
  return undefined;
}

/** Finds the first place in a file that is not TypeScript at all, and says what is wrong. */
export function syntaxErrorOf(file: string): { words: string; place: Place } | undefined {
  const text = readFileSync(file, 'utf8');
  const options = { reportDiagnostics: true, fileName: basename(file) };
  const [error] = ts.transpileModule(text, options).diagnostics ?? [];
  if (error?.start === undefined || error.file === undefined) return undefined;
  const { line, character } = error.file.getLineAndCharacterOfPosition(error.start);
  const message = ts.flattenDiagnosticMessageText(error.messageText, ' ');
  const isMissing = message.endsWith(' expected.');
  const words = isMissing ? `${message} It may be missing before this place.` : message;
  return { words, place: placeOf({ file, line: line + 1, column: character + 1 }) };
}

/**
 * Says what a run tells of the code in a folder.
 *
 * @param folder - the code under test
 */
export function judge(step: Step, outcome: Outcome, folder: string): Verdict {
  const { broken, end, during, tests } = outcome;
  const own = (frame: Frame) => frame.file.startsWith(folder);
  const failed = tests.find(({ failure }) => failure !== undefined);
  const taskOf = (title: string) => step.tasks.find((task) => task.title === title);
  if (failed?.failure !== undefined) {
    const task = taskOf(failed.task);
    if (task === undefined) throw new Error(`There is no task "${failed.task}".`);
    const names = unwritten(failed.failure);
    if (names.length === 0) names.push(...stubsNamedBy(failed.name, task, step, folder));
    if (names.length > 0) return { kind: 'unwritten', task, names };
    return wrong(task, failed, failed.failure, own);
  }
  if (end === 'broken' && broken !== undefined) {
    const { file, failure } = broken;
    const frame = failure.frames.find(own);
    const names = unwritten(failure);
    const task = step.tasks.find((one) => one.file === file);
    if (names.length > 0 && task) return { kind: 'unwritten', task, names };
    const [, path, line, column, text] =
      /^(.+):(\d+):(\d+): ERROR: (.*)$/m.exec(failure.message) ?? [];
    if (path !== undefined && text !== undefined) {
      const at = {
        file: resolve(root, path),
        line: Number(line),
        column: Number(column) + 1,
      };
      return { kind: 'uncompilable', words: text, place: placeOf(at) };
    }
    const words = tidy(failure.message.replace(/^SyntaxError: /, ''));
    return { kind: 'uncompilable', words, place: frame && placeOf(frame) };
  }
  if (end === 'done') return { kind: 'passed' };
  const task = taskOf(during?.task ?? '') ?? step.tasks[0];
  if (task === undefined) throw new Error('A step has tasks.');
  const words =
    end === 'stuck'
      ? 'The program gives nothing else its turn any more: look for a loop that does not end.'
      : whyItEnded(outcome.output);
  const test = during?.name ?? '';
  const cause = causeOf(task, test);
  return {
    kind: 'ended',
    task,
    test,
    words,
    cause: cause?.test === '' ? undefined : cause,
  };
}

/** Tells from what a program printed why it ended in the middle of a test. */
function whyItEnded(output: string): string {
  const [dump] = /^[^]*^Node\.js v\d/m.exec(output) ?? [];
  const error = dump?.match(/^\w*(Error|Exception|Rejection)\b.*$/gm)?.at(-1);
  return error === undefined
    ? 'The program ended in the middle of the test. Does it call process.exit, or eat all memory?'
    : `The program ended in the middle of the test, since nobody caught this: ${error}\n` +
        "Look for a promise without `await` or `catch`, and for something that reports 'error' " +
        'and has no listener for it.';
}

const causeOf = (task: Task, test: string) =>
  task.causes.find((one) => test.includes(one.test));

/**
 * Stubs that a test's name begins with, where they are still in the file that the task is about:
 * the one beside its tests, or any of the step if none is.
 */
function stubsNamedBy(test: string, task: Task, step: Step, folder: string): string[] {
  const beside = basename(task.file).replace('.test.ts', '.ts');
  const sources = step.sources.includes(beside) ? [beside] : step.sources;
  const texts = sources
    .map((name) => join(folder, name))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
  return stubsIn(texts.join('\n')).filter((name) =>
    test.startsWith(`${name.split('.').at(-1)} `),
  );
}

function wrong(
  task: Task,
  { name, place, row }: TestResult,
  failure: Failure,
  own: (frame: Frame) => boolean,
): Wrong {
  const thrownAt = failure.isAssertion ? undefined : failure.frames.find(own);
  const story = place && stepsThatLed(place, failure);
  const cause = causeOf(task, name);
  // Where the language itself complained of the reader's code, its words are the better ones.
  const isSlip = thrownAt !== undefined && SLIPS.test(failure.message);
  return {
    kind: 'wrong',
    task,
    test: name,
    place: place && `${toPath(place.file)}:${place.line}`,
    steps: story?.steps ?? [],
    isLastStep: story?.isLastStep ?? false,
    given: place ? givenValues(place, row) : [],
    example: failure.example,
    comparison: failure.comparison,
    words: wordsOf(failure),
    thrownAt: thrownAt && placeOf(thrownAt),
    cause: isSlip && cause?.test === '' ? undefined : cause,
  };
}

/** What is not written yet, as an error says that came from a stub. */
function unwritten({ message, comparison }: Failure): string[] {
  return stubsIn([message, comparison?.found ?? ''].join('\n'));
}

function stubsIn(text: string): string[] {
  const names = [...text.matchAll(/TODO step \d: ([\w.]+)/g)].map(
    ([, name = '']) => name,
  );
  return [...new Set(names)];
}

/** What the language says of code that uses a value for what it is not. */
const SLIPS =
  /^(TypeError|ReferenceError): .*(is not (a function|defined|iterable)|Cannot (read|set) prop)/;

function wordsOf({ message, isAssertion, frames }: Failure): string {
  const timeout = /Exceeded timeout of (\d+) ms/.exec(message);
  if (timeout) {
    const seconds = Math.round(Number(timeout[1]) / 1_000);
    return `It did not end within ${seconds} seconds: something that the test waits for does not happen.`;
  }
  if (message.includes('Matcher error:')) {
    const [, value = 'nothing'] = /^Received has value: (.*)$/m.exec(message) ?? [];
    return `Found: ${value}`;
  }
  if (!isAssertion && !message.startsWith('expect(')) {
    if (/^\w+: /.test(message)) return `It threw ${tidy(message)}`;
    const isOfTest = frames[0]?.file.endsWith('.test.ts') === true;
    return isOfTest ? tidy(message) : `It threw an Error: ${tidy(message)}`;
  }
  const [, ...lines] = message.split('\n').filter((line) => line.trim() !== '');
  return lines
    .map((line) => line.replace(/^Received/, 'Found').slice(0, 300))
    .slice(0, 8)
    .join('\n');
}

/** Makes paths short, and leaves out what follows the first lines. */
function tidy(message: string): string {
  return message
    .replaceAll(`${pathToFileURL(root).href}/`, '')
    .replaceAll(join(root, '/'), '')
    .split('\n')
    .slice(0, 4)
    .join('\n');
}

function placeOf(frame: Frame): Place {
  const lines = existsSync(frame.file)
    ? readFileSync(frame.file, 'utf8').split(/\r?\n/)
    : [];
  return { ...frame, file: toPath(frame.file), text: lines[frame.line - 1] ?? '' };
}
