/**
 * A process that runs the tests of a step once. While it waits for its job it loads what steps
 * need, so that a result comes soon after a file was saved.
 *
 * @module
 */
import { AsyncResource } from 'node:async_hooks';
import { register } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { addEventHandler, getState, resetState, run } from 'jest-circus';
import { compare, write } from './compare.ts';
import { endTest, forgetLast, jest, lastRow, lastStubs, runOfNow } from './globals.ts';
import { framesOf as framesIn } from './frames.ts';
import { Watch } from './measure.ts';
import type { Bail, Failure, Frame, Given, Job, Report } from './runner.ts';
import { watchStubs } from './stub-watch.ts';

/** How often to tell that the process is not stuck, in milliseconds. */
const HEARTBEAT = 1_000;

/** How long a promise that was rejected may wait for somebody to handle that, in milliseconds. */
const GRACE = 100;

/** After how long without a job to load what only some steps need, in milliseconds. */
const IDLE = 300;

/** Some lines of a program, with their numbers, to the end of a message. */
const CODE_FRAME = /\n\s*>? *\d+ \|[^]*$/;

const tell = (report: Report) => process.send?.(report);
const tellAndExit = (report: Report) => process.send?.(report, () => process.exit());

type Block = ReturnType<typeof getState>['rootDescribeBlock'];
type TestEntry = Block['tests'][number];

let bail: Bail = false;
/** The title of the task whose tests come first. */
let first: string | undefined;
/** Whether the process is for one run only. */
let isOnce = true;
/** The names of the last test that began. */
let last: string[] = [];
/** Tests whose outcome was told. */
const told = new Set<TestEntry>();
/** What to tell of promises that were rejected, and that nobody has handled yet. */
const rejected = new Map<Promise<unknown>, () => void>();
/** Errors of hooks, with the kind of these. */
const hooks = new Map<unknown, string>();
const watch = new Watch();

process.on('message', (job: Job) => void work(job));
process.on('disconnect', () => process.exit());
process.on('uncaughtException', tellUncaught);
process.on('unhandledRejection', (error, promise) => {
  const tellIt = () => rejected.delete(promise) && tellUncaught(error);
  rejected.set(promise, AsyncResource.bind(tellIt));
  setTimeout(() => rejected.get(promise)?.(), GRACE);
});
process.on('rejectionHandled', (promise) => rejected.delete(promise));
setInterval(() => tell({ type: 'alive' }), HEARTBEAT).unref();

addEventHandler((event, state) => {
  if (event.name === 'run_start') {
    const rank = ({ name }: Named) => (name === first ? 0 : 1);
    state.rootDescribeBlock.children.sort((one, other) => rank(one) - rank(other));
  } else if (event.name === 'test_start') {
    started(namesOf(event.test));
  } else if (event.name === 'hook_start' && event.hook.parent.parent !== undefined) {
    // What a group needs may go wrong before its first test begins.
    if (event.hook.type === 'beforeAll') started(namesOf(event.hook.parent));
  } else if (event.name === 'hook_failure') {
    hooks.set(event.error, event.hook.type);
  } else if (event.name === 'test_fn_failure') {
    endTest();
    // At once: to clean up after a test that failed may take long, and changes nothing.
    tellDone(event.test);
  } else if (event.name === 'test_fn_success') {
    endTest();
    for (const tellIt of [...rejected.values()]) tellIt();
  } else if (event.name === 'test_done') {
    tellDone(event.test);
  } else if (event.name === 'run_finish') {
    const errors: readonly unknown[] = state.unhandledErrors;
    for (const error of errors) tellStray(error); // of hooks after the tests
  }
});

/** Tells what became of a test, unless that was told before. */
function tellDone(test: TestEntry): void {
  if (told.has(test)) return;
  told.add(test);
  const [error] = test.errors as readonly unknown[];
  if (error !== undefined) return tellFailure(test, error);
  tell({ type: 'test', ...namedPlace(test), failure: undefined, row: [] });
}

/** Tells of an error that nobody has caught, for the test to which it belongs. */
function tellUncaught(error: unknown): void {
  const test = runOfNow()?.test ?? getState().currentlyRunningTest ?? undefined;
  if (last.length === 0) throw error; // before any test: the program cannot go on
  if (test === undefined) return tellStray(error, { isUncaught: true });
  if (test.status === 'done')
    return tellFailure(test, error, { isUncaught: true, isLate: true });
  if (told.has(test)) return; // it failed before, and this came out of what cleans up after it
  told.add(test);
  tellFailure(test, error, { isUncaught: true });
  // Nothing will come any more of what the test waits for.
  if (bail === true && isOnce) tellAndExit({ type: 'done' });
}

/** Tells of an error that belongs to no test; it is put on the last one. */
function tellStray(error: unknown, more: Partial<Failure> = {}): void {
  const failure = failureOf(error, { ...more, isLate: true, stubs: [] });
  tell({ type: 'test', name: last, place: undefined, failure, row: [] });
}

/** Notes and tells that a test, or the group of one, has begun. */
function started(names: string[]): void {
  last = names;
  forgetLast();
  watch.restart();
  tell({ type: 'start', name: names });
}

/** Tells that a test has failed; if nothing else shall run, sees to that. */
function tellFailure(test: TestEntry, error: unknown, more: Partial<Failure> = {}): void {
  // What comes late comes while another test runs.
  const isLate = more.isLate === true;
  const failure = failureOf(error, { ...more, ...(isLate && { stubs: [] }) });
  const row = isLate ? [] : lastRow().map(given);
  tell({ type: 'test', ...namedPlace(test), failure, row });
  if (bail === false) return;
  const root = getState().rootDescribeBlock;
  skipRest(root, bail === 'task' ? last[0] : undefined);
}

function namedPlace(test: TestEntry): { name: string[]; place: Frame | undefined } {
  return { name: namesOf(test), place: framesOf(test.asyncError as Error)[0] };
}

/** A value as text; of an object also its fields. */
function given(value: unknown): Given {
  const text = write(value);
  const isPlain = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isPlain) return { text };
  const fields = Object.entries(value).map(([name, one]) => [name, write(one)] as const);
  return { text, fields: Object.fromEntries(fields) };
}

const idle = setTimeout(prepare, IDLE);
tell({ type: 'ready' });

/** Loads the packages of the steps, and makes fast-check's tables of Unicode. */
function prepare(): void {
  for (const name of ['express', 'ws', 'zod']) void import(name);
  fc.string({ unit: 'binary' });
}

async function work(job: Job): Promise<void> {
  clearTimeout(idle);
  ({ bail, first } = job);
  isOnce = job.round === 0;
  if (job.round <= 1) await begin(job);
  let isFailed = false;
  for (const file of job.files) {
    resetState();
    getState().testTimeout = job.timeout;
    getState().testNamePattern = job.only === undefined ? null : startOf(job.only);
    const url = pathToFileURL(file);
    if (job.round > 0) url.search = `round=${job.round}`; // or Node gives what it has loaded
    try {
      await loaded(url.href, job.timeout);
      await run();
    } catch (error) {
      isFailed = true;
      tell({ type: 'broken', file, failure: failureOf(error) });
    }
    jest.restoreAllMocks();
    if (bail !== false && (isFailed || getState().rootDescribeBlock.mode === 'skip'))
      break;
  }
  if (rejected.size > 0) await wait(GRACE);
  if (job.round > 0) return void tell({ type: 'done' });
  await Promise.all([written(process.stdout), written(process.stderr)]);
  tellAndExit({ type: 'done' });
}

/** Loads a test file, and with it the code under test, which may wait for what never comes. */
async function loaded(url: string, patience: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const words = `It did not load within ${Math.round(patience / 1_000)} seconds: look for an \`await\` outside of all functions.`;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(words)), patience);
  });
  await Promise.race([import(url), late]).finally(() => clearTimeout(timer));
}

/** A pattern for the names of some tasks' tests. */
function startOf(tasks: readonly string[]): RegExp {
  const titles = tasks.map((title) => title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^(${titles.join('|')}) `);
}

/** Waits until all is written that a program has printed. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}

/** Says where the steps are, and what random inputs begin with. */
async function begin({ places, seed }: Job): Promise<void> {
  const globals = new URL('globals.ts', import.meta.url).href;
  const root = new URL('../../package.json', import.meta.url).href;
  const data = { places: { ...places, '@jest/globals': globals }, root };
  register(new URL('resolve.mjs', import.meta.url), { data });
  process.env.SEED = String(seed);
  await import(new URL('../../test/setup.ts', import.meta.url).href);
  watchStubs(places);
}

/** After a failure: lets no more tests run, but those of one task if it is named. */
function skipRest(block: Block, task?: string): void {
  block.mode = 'skip';
  for (const child of block.children) {
    if (child.type !== 'describeBlock') child.mode = 'skip';
    else if (child.name !== task) skipRest(child);
  }
}

interface Named {
  readonly name: string;
  readonly parent?: Named | undefined;
}

/** The titles from the outermost `describe` to the test itself. */
function namesOf(test: Named): string[] {
  const names = test.parent?.parent === undefined ? [] : namesOf(test.parent);
  return [...names, test.name];
}

function failureOf(thrown: unknown, more: Partial<Failure> = {}): Failure {
  const outer = Array.isArray(thrown) ? ((thrown[0] ?? thrown[1]) as unknown) : thrown;
  const known = {
    hook: hooks.get(outer),
    stubs: lastStubs(),
    ...more,
  };
  if (typeof outer === 'string' && outer.startsWith('Exceeded timeout'))
    return { message: outer, frames: [], took: watch.read(), ...known };
  if (!(outer instanceof Error))
    return { message: `It threw ${write(outer)}.`, frames: [], ...known };
  const isProperty = outer.message.startsWith('Property failed');
  const example = isProperty
    ? /^Counterexample: (.*)$/m.exec(outer.message)?.[1]
    : undefined;
  const error = isProperty && outer.cause instanceof Error ? outer.cause : outer;
  const result = (error as { matcherResult?: MatcherResult }).matcherResult;
  // Jest shows some lines of the program that threw: of what stood around it.
  const message = stripVTControlCharacters(error.message).replace(CODE_FRAME, '');
  return {
    message:
      result === undefined && error.name !== 'Error'
        ? `${error.name}: ${message}`
        : message,
    isAssertion: result !== undefined,
    comparison:
      result && 'expected' in result && !message.includes('.not.')
        ? compare(result.expected, result.actual)
        : undefined,
    example,
    seed: process.env.SEED,
    frames: framesOf(error),
    ...known,
  };
}

interface MatcherResult {
  readonly expected?: unknown;
  readonly actual?: unknown;
}

/** Where the project's files stand in the stack of an error, those of the companion left out. */
const framesOf = (error: Error) =>
  framesIn(error).filter(({ file }) => !/tutorial[\\/]companion/.test(file));
