/**
 * Grades submissions: runs the teacher's own tests on each, and gives a point for each task.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root, toPath, type Step, type Task } from '../kit.ts';
import type { Failure, Frame, Outcome, TestResult } from '../runner.ts';
import { failureScreen } from '../screen.ts';
import { judge, type Verdict } from '../verdict.ts';
import { buildJudge, type Judge } from './build.ts';
import { Compiler } from './compiler.ts';
import type { Containment } from './containment.ts';
import type { JudgeReport, Modules } from './orders.ts';
import { runJudge, type End, type Limits, type Told } from './sandbox.ts';
import type { Submission } from './submissions.ts';

/** How long a single test may take at most, in milliseconds. */
const MAX_TEST = 20_000;

/** How often a step is gone on with, after its process had to be ended. */
const MAX_RUNS = 3;

/** What random inputs begin with: the same for everybody, each time. */
const SEED = 1;

/** How to grade. */
export interface GradeOptions {
  /** All steps of the kit. */
  readonly steps: readonly Step[];
  /** Those to grade. */
  readonly wanted: readonly Step[];
  /** How long the tests of a step may take for one submission, in seconds. */
  readonly timeout: number;
  /** How much memory a submission may take, in megabytes. */
  readonly memory: number;
  /** How many submissions to grade at once. */
  readonly jobs: number;
  readonly containment: Containment;
  /** Told each grade, as soon as it is there. */
  readonly onGrade?: (grade: Grade) => void;
}

/** What became of a task. */
export type Status = 'passed' | 'failed' | 'unwritten' | 'missing' | 'void';

/** What became of a task of a submission. */
export interface TaskGrade {
  readonly step: Step;
  readonly task: Task;
  readonly status: Status;
  /** Why it has not passed, in a line. */
  readonly words: string;
  /** What its author sees of that, in more lines. */
  readonly details: string;
}

/** What became of a submission. */
export interface Grade {
  readonly name: string;
  readonly tasks: readonly TaskGrade[];
  /** What was left out, and why nothing could be graded, as sentences. */
  readonly notes: readonly string[];
}

/** The points of some tasks: one for each that passes. */
export const pointsOf = (tasks: readonly TaskGrade[]): number =>
  tasks.filter(({ status }) => status === 'passed').length;

/** A step with what judges it. */
interface Bench {
  readonly step: Step;
  readonly judge: Judge;
  /** The names of all its tests, by the titles of its tasks. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

/** Grades submissions; the grades come in the order of these. */
export async function grade(
  submissions: readonly Submission[],
  options: GradeOptions,
): Promise<Grade[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pychain-grade-')));
  const compiler = new Compiler();
  try {
    const benches: Bench[] = [];
    for (const step of options.wanted) benches.push(await setUp(step, folder, options));
    const grades: Grade[] = [];
    const waiting = [...submissions.entries()];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [i, submission] = next;
        const own = join(folder, String(i));
        const result = await gradeOne(submission, own, benches, compiler, options);
        grades[i] = result;
        rmSync(own, { recursive: true, force: true, maxRetries: 3 });
        options.onGrade?.(result);
      }
    };
    await Promise.all(Array.from({ length: options.jobs }, work));
    return grades;
  } finally {
    await compiler.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Builds what judges a step, and asks it for the names of all tests. */
async function setUp(step: Step, folder: string, options: GradeOptions): Promise<Bench> {
  const built = await buildJudge(step, options.steps, folder);
  const order = orderFor(step, built, undefined, [], MAX_TEST);
  const limits = { time: 120_000, silence: 120_000, memory: 1_024 };
  const { reports, output } = await runJudge(
    built.file,
    order,
    folder,
    limits,
    options.containment,
  );
  const names = new Map<string, string[]>(step.tasks.map(({ title }) => [title, []]));
  const [report] = reports;
  if (report?.type !== 'names')
    throw new Error(`The tests of step ${step.number} cannot be loaded here:\n${output}`);
  for (const [task = '', ...rest] of report.names) names.get(task)?.push(rest.join(' '));
  return { step, judge: built, names };
}

const orderFor = (
  step: Step,
  { lines }: Judge,
  modules: Modules | undefined,
  only: readonly string[],
  timeout: number,
) => ({ folder: step.folder, modules, only, timeout, seed: SEED, lines });

async function gradeOne(
  submission: Submission,
  folder: string,
  benches: readonly Bench[],
  compiler: Compiler,
  options: GradeOptions,
): Promise<Grade> {
  const { name, problem, files, notes } = submission;
  if (problem !== undefined) {
    const tasks = benches.flatMap(({ step }) => all(step, 'missing', problem));
    return { name, tasks, notes: [problem] };
  }
  const my = join(folder, 'my');
  for (const [path, text] of files) {
    mkdirSync(dirname(join(my, path)), { recursive: true });
    writeFileSync(join(my, path), text);
  }
  const room = join(folder, 'room');
  mkdirSync(room, { recursive: true });
  const modules: Record<string, string> = {};
  const broken = new Map<string, string>();
  for (const [path, text] of files) {
    const compiled = await compiler.compile(path, text);
    if ('code' in compiled) {
      modules[path] = compiled.code;
      continue;
    }
    const [step = ''] = path.split('/');
    const { words, line, column } = compiled;
    if (!broken.has(step)) broken.set(step, `my/${path}:${line}:${column}: ${words}`);
  }
  const tasks: TaskGrade[] = [];
  for (const bench of benches) {
    const { step } = bench;
    const error = broken.get(step.folder);
    if (![...files.keys()].some((path) => path.startsWith(`${step.folder}/`)))
      tasks.push(...all(step, 'missing', 'Nothing was handed in for this step.'));
    else if (error !== undefined)
      tasks.push(...all(step, 'failed', 'It does not compile.', error));
    else tasks.push(...(await gradeStep(bench, modules, my, room, options)));
  }
  return { name, tasks, notes };
}

/** The same for all tasks of a step. */
function all(step: Step, status: Status, words: string, details = words): TaskGrade[] {
  return step.tasks.map((task) => ({ step, task, status, words, details }));
}

/** What runs have told of a step. */
interface Heard {
  readonly tests: TestResult[];
  /** Why each task kept its run from going on, as a sentence. */
  readonly ended: Map<string, string>;
  broken: Outcome['broken'];
  isVoid: boolean;
}

/**
 * Runs the tests of a step. Where a task ends its process, or has to be ended with it, the tests of
 * the other tasks are run without it.
 */
async function gradeStep(
  { step, judge: built, names }: Bench,
  modules: Modules,
  my: string,
  room: string,
  { timeout, memory, containment }: GradeOptions,
): Promise<TaskGrade[]> {
  const time = timeout * 1_000;
  const test = Math.max(1_000, Math.min(MAX_TEST, time / 4));
  const heard: Heard = { tests: [], ended: new Map(), broken: undefined, isVoid: false };
  let left = time;
  let rest = step.tasks.map(({ title }) => title);
  for (let run = 0; run < MAX_RUNS && rest.length > 0 && left > 0; run += 1) {
    const limits: Limits = { time: left, silence: test + 5_000, memory };
    const order = orderFor(step, built, modules, rest, test);
    const told = await runJudge(built.file, order, room, limits, containment);
    left -= told.took;
    const outcome = outcomeOf(told, built, my);
    heard.tests.push(...outcome.tests.filter(({ task }) => rest.includes(task)));
    heard.broken ??= outcome.broken;
    const isKnown = ({ task, name, failure }: TestResult) =>
      failure !== undefined || names.get(task)?.includes(name) === true;
    heard.isVoid ||= told.isForged || !outcome.tests.every(isKnown);
    if (told.end === 'done' || heard.isVoid || heard.broken !== undefined) break;
    const culprit = outcome.during?.task ?? outcome.tests.at(-1)?.task;
    const words = whyItEnded(told.end, { ...limits, time }, step, outcome, my);
    // What happens before any test will happen again.
    const culprits = culprit === undefined ? rest : [culprit];
    for (const title of culprits) heard.ended.set(title, words);
    if (culprit === undefined) break;
    rest = rest.filter(
      (title) => title !== culprit && !isComplete(title, heard.tests, names),
    );
    drop(heard.tests, rest);
  }
  return step.tasks.map((task) => gradeTask(step, task, heard, names, my));
}

/** Takes out what was told of tasks that are run again. */
function drop(tests: TestResult[], titles: readonly string[]): void {
  const kept = tests.filter(({ task }) => !titles.includes(task));
  tests.splice(0, tests.length, ...kept);
}

/** Whether each test of a task was told, once. */
function isComplete(
  title: string,
  tests: readonly TestResult[],
  names: Bench['names'],
): boolean {
  const told = tests.filter(({ task }) => task === title).map(({ name }) => name);
  const expected = names.get(title) ?? [];
  return (
    expected.length > 0 && [...told].sort().join('\0') === [...expected].sort().join('\0')
  );
}

function gradeTask(
  step: Step,
  task: Task,
  heard: Heard,
  names: Bench['names'],
  my: string,
): TaskGrade {
  const one = (status: Status, words: string, details = words): TaskGrade => ({
    step,
    task,
    status,
    words,
    details,
  });
  if (heard.isVoid)
    return one(
      'void',
      'Something other than the tests has spoken for them, so nothing counts.',
    );
  const tests = heard.tests.filter((test) => test.task === task.title);
  const failed = tests.some(({ failure }) => failure !== undefined);
  if (!failed && isComplete(task.title, tests, names)) return one('passed', '');
  if (failed || heard.broken !== undefined) {
    const end = failed ? 'stopped' : 'broken';
    const broken = failed || heard.broken === undefined ? {} : { broken: heard.broken };
    const verdict = judge(
      step,
      { tests, end, output: '', ...broken },
      join(my, step.folder),
    );
    const words = wordsOf(verdict);
    return one(
      verdict.kind === 'unwritten' ? 'unwritten' : 'failed',
      words,
      detailsOf(step, verdict, my) ?? words,
    );
  }
  const ended = heard.ended.get(task.title);
  if (ended !== undefined) return one('failed', ended);
  return one(
    'failed',
    'Its tests were not run: time was up, or the program had to be ended too often.',
  );
}

/** In a line, what is wrong: nothing in it may differ from run to run. */
function wordsOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'unwritten':
      return `Not written yet: ${verdict.names.join(', ')}.`;
    case 'wrong':
    case 'ended':
      return `Fails: ${verdict.test}`;
    case 'uncompilable':
      return 'It does not load.';
    case 'passed':
      return '';
  }
}

/** What its author would see of it in the companion. */
function detailsOf(step: Step, verdict: Verdict, my: string): string | undefined {
  const tidy = (text: string) =>
    stripVTControlCharacters(text)
      .replaceAll(`${toPath(my)}/`, 'my/')
      .replaceAll(`${my}/`, 'my/');
  if (verdict.kind === 'wrong' || verdict.kind === 'ended')
    return tidy(failureScreen(step, verdict));
  if (verdict.kind !== 'uncompilable') return undefined;
  const { place, words } = verdict;
  return tidy(place === undefined ? words : `${place.file}:${place.line}: ${words}`);
}

/** Says why a process ended before its tests did. */
function whyItEnded(
  end: End,
  { time, silence, memory }: Limits,
  step: Step,
  outcome: Outcome,
  my: string,
): string {
  if (end === 'memory') return `It took more than ${memory} MB of memory.`;
  if (end === 'time')
    return `Its time was up: the tests of a step may take ${Math.round(time / 1_000)} seconds.`;
  if (end === 'silent')
    return `For ${Math.round(silence / 1_000)} seconds the program gave nothing else its turn: look for a loop that does not end.`;
  const verdict = judge(
    step,
    { ...outcome, tests: [], end: 'died' },
    join(my, step.folder),
  );
  return verdict.kind === 'ended'
    ? verdict.words
    : 'The program ended in the middle of its tests.';
}

/** Puts what a judge has told into the form that the companion knows. */
function outcomeOf({ reports, output }: Told, built: Judge, my: string): Outcome {
  const tests: TestResult[] = [];
  let during: Outcome['during'];
  let broken: Outcome['broken'];
  const place = (frame: Frame) => placeOf(frame, built, my);
  for (const report of reports) {
    if (report.type === 'start') during = split(report.name);
    else if (report.type === 'broken')
      broken ??= {
        file: join(root, report.file),
        failure: failureOf(report.failure, place),
      };
    else if (report.type === 'test') {
      during = undefined;
      tests.push({
        ...split(report.name),
        place: report.place && place(report.place),
        failure: report.failure && failureOf(report.failure, place),
        row: report.row.map(({ text, fields }) => ({ text, ...(fields && { fields }) })),
      });
    }
  }
  return {
    tests,
    end: 'done',
    output,
    ...(broken && { broken }),
    ...(during && { during }),
  };
}

type ToldFailure = Extract<JudgeReport, { type: 'broken' }>['failure'];

function failureOf(told: ToldFailure, place: (frame: Frame) => Frame): Failure {
  const known = JSON.parse(JSON.stringify(told)) as Failure; // what was not told has no field
  return { ...known, frames: told.frames.map(place) };
}

function placeOf(frame: Frame, built: Judge, my: string): Frame {
  return frame.file === ''
    ? built.origin(frame)
    : { ...frame, file: join(my, frame.file) };
}

function split(name: readonly string[]): { task: string; name: string } {
  const [task = '', ...rest] = name;
  return { task, name: rest.join(' ') };
}
