/**
 * Judges what came out of a run: what is to be shown of it.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { causeOf } from './causes.ts';
import type { Comparison } from './compare.ts';
import { digestsASecond } from './digests.ts';
import { root, sourcesIn, toPath, type Cause, type Step, type Task } from './kit.ts';
import type { Failure, Frame, Outcome, TestResult, Took } from './runner.ts';
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
  /** The number from which it followed. */
  readonly seed: string | undefined;
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
    if (names.length > 0) return { kind: 'unwritten', task, names };
    return wrong(task, failed, failed.failure, folder);
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
    const words = whyItDoesNotLoad(tidy(failure.message.replace(/^SyntaxError: /, '')));
    return { kind: 'uncompilable', words, place: frame && placeOf(frame) };
  }
  if (end === 'done') return { kind: 'passed' };
  const task = taskOf(during?.task ?? '') ?? step.tasks[0];
  if (task === undefined) throw new Error('A step has tasks.');
  const words = end === 'stuck' ? whyItIsStuck(outcome) : whyItEnded(outcome.output);
  const { name = '' } = during ?? {};
  const test = name === '' ? 'before its first test' : name;
  const failure = { message: words, frames: [], isUncaught: true };
  return {
    kind: 'ended',
    task,
    test,
    words,
    cause: causeOf(task, test, failure, folder),
  };
}

/** Adds to the words of Node what to do about files that do not fit together. */
function whyItDoesNotLoad(words: string): string {
  const [, name] = /does not provide an export named '(.+)'/.exec(words) ?? [];
  if (name !== undefined)
    return `${words}\nWrite \`export\` before \`${name}\` there, and no \`default\`.`;
  if (!/^ReferenceError: Cannot access '.+' before initialization/.test(words))
    return words;
  return (
    `${words}\nDo two files import each other? While one of them loads, the other is not complete: ` +
    'use what it exports inside functions only, or move it to a file that imports neither.'
  );
}

/** Says for how long a program did not come back, and what the machine makes in that time. */
function whyItIsStuck({ waited = 0 }: Outcome): string {
  const count = millions((digestsASecond() * waited) / 1_000);
  const seconds = Math.round(waited / 1_000);
  return (
    `For ${seconds} seconds the program gave nothing else its turn: look for a loop that does not end. ` +
    `(In that time this machine makes about ${count} digests.)`
  );
}

/** A large number, in words. */
function millions(count: number): string {
  return count < 2_000_000
    ? `${Math.max(1, Math.round(count / 1_000)).toLocaleString('en-US')},000`
    : `${Math.round(count / 1_000_000)} million`;
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

function wrong(
  task: Task,
  { name, place, row }: TestResult,
  failure: Failure,
  folder: string,
): Wrong {
  const own = (frame: Frame) => frame.file.startsWith(folder);
  const thrownAt = failure.isAssertion ? undefined : failure.frames.find(own);
  // What came late was thrown by none of the statements of the test.
  const story =
    place && failure.isLate !== true ? stepsThatLed(place, failure) : undefined;
  const { comparison } = failure;
  return {
    kind: 'wrong',
    task,
    test: nameOf(name, failure),
    place: place && `${toPath(place.file)}:${place.line}`,
    steps: story?.steps ?? [],
    isLastStep: story?.isLastStep ?? false,
    given: place
      ? givenValues(place, row).filter(
          (line) => !line.endsWith(` = ${comparison?.expected}`),
        )
      : [],
    example: failure.example,
    seed: failure.seed,
    comparison,
    words: wordsOf(failure),
    thrownAt: thrownAt && placeOf(thrownAt),
    cause: causeOf(task, name, failure, folder),
  };
}

/** Says when it was, if not in the test itself. */
function nameOf(name: string, { hook, isLate }: Failure): string {
  const when = new Map([
    ['beforeAll', 'before this and the tests beside it'],
    ['beforeEach', 'before this test'],
    ['afterEach', 'after this test'],
    ['afterAll', 'after the tests, of which this was the last'],
  ]).get(hook ?? '');
  if (when !== undefined) return `${name} (${when})`;
  return isLate === true ? `${name} (when it had ended)` : name;
}

/** What is not written yet, as an error says that came from a stub. */
function unwritten({ message, comparison, stubs = [] }: Failure): string[] {
  const names = stubsIn([message, comparison?.found ?? ''].join('\n'));
  return names.length > 0 ? names : [...stubs];
}

function stubsIn(text: string): string[] {
  const names = [...text.matchAll(/TODO step \d: ([\w.]+)/g)].map(
    ([, name = '']) => name,
  );
  return [...new Set(names)];
}

function wordsOf(failure: Failure): string {
  const { message, isAssertion, isUncaught, frames, took } = failure;
  if (took !== undefined) return whyItTookLong(took);
  if (isUncaught === true) {
    const error = /^\w+: /.test(message) ? tidy(message) : `Error: ${tidy(message)}`;
    return (
      `Nobody caught this: ${error}\nIt came out of a listener, a timer, or a promise without ` +
      "`await` or `catch`; or something reported 'error' and had no listener for it."
    );
  }
  if (message.includes('Matcher error:')) {
    const [, value = 'nothing'] = /^Received has value: (.*)$/m.exec(message) ?? [];
    return `Found: ${value}`;
  }
  if (!isAssertion && !message.startsWith('expect(')) {
    if (/^\w+: /.test(message)) return `It threw ${tidy(message)}`;
    const isOfTest = /[.-]test\.ts$/.test(frames[0]?.file ?? '');
    return isOfTest ? tidy(message) : `It threw an Error: ${tidy(message)}`;
  }
  const [, ...lines] = message.split('\n').filter((line) => line.trim() !== '');
  return lines
    .map((line) => line.replace(/^Received/, 'Found').slice(0, 300))
    .slice(0, 8)
    .join('\n');
}

/** Tells a slow machine from a program that computes too long, and from one that waits in vain. */
function whyItTookLong({ time, active, computed, digests }: Took): string {
  const seconds = (some: number) => `${Math.round(some / 1_000)} seconds`;
  const begin = `It did not end within ${seconds(time)}`;
  const makes = `this machine makes about ${millions(digests)} digests a second now`;
  if (active < time / 2)
    return `${begin}: something that the test waits for does not happen.`;
  if (computed < active / 2) {
    return (
      `${begin}, but it could compute for only ${seconds(computed)} of them: the machine is busy ` +
      'with other things, so this may not be your fault. End them, and try again.'
    );
  }
  return (
    `${begin}, and was computing for ${seconds(computed)} of them: a loop that does not end, or more ` +
    `work than is needed. (${makes.charAt(0).toUpperCase()}${makes.slice(1)}. Some tests want half a million: ` +
    'if that alone takes seconds, the machine is too slow or too busy.)'
  );
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
