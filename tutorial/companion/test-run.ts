/**
 * Runs the test files of a step and tells what becomes of each test, in a process or in a page.
 *
 * @module
 */
import { stripVTControlCharacters } from 'node:util';
import { addEventHandler, getState, resetState, run } from 'jest-circus';
import { compare, write } from './compare.ts';
import { endTest, forgetLast, jest, lastRow, lastStubs, runOfNow } from './globals.ts';
import type { Bail, Failure, Frame, Given, Job, Report, Took } from './runner.ts';

/** How long a promise that was rejected may wait for somebody to handle that, in milliseconds. */
const GRACE = 100;

/** Some lines of a program, with their numbers, to the end of a message. */
const CODE_FRAME = /\n\s*>? *\d+ \|[^]*$/;

/** What a test run needs of the place where it runs. */
export interface Host {
  /** Passes a report on. */
  readonly tell: (report: Report) => void;
  /** Passes the last report on, and ends the run. */
  readonly tellAndExit: (report: Report) => void;
  /** Loads a test file, which declares its tests. */
  readonly load: (file: string, round: number) => Promise<unknown>;
  /** Returns where the files of people stand in the stack of an error, the innermost first. */
  readonly framesOf: (error: Error) => Frame[];
  /** Returns the message of an error, with the names of files as people know them. */
  readonly messageOf: (error: Error) => string;
  /** Returns a function that knows of which test it was made. */
  readonly bind: (run: () => void) => () => void;
  /** Lets what waits for its turn have it. */
  readonly turn: () => Promise<void>;
  /** What measures the test that runs. */
  readonly watch: { restart(): void; read(): Took };
}

/** Runs tests, and takes errors that nobody catches. */
export interface TestRun {
  /** Runs the files of a job, one after the other. */
  readonly work: (job: Job) => Promise<void>;
  /** Takes an error that nobody has caught. */
  readonly uncaught: (error: unknown) => void;
  /** Takes the error of a promise for which nobody has asked yet. */
  readonly rejected: (promise: Promise<unknown>, error: unknown) => void;
  /** Forgets such a promise: somebody has asked. */
  readonly handled: (promise: Promise<unknown>) => void;
}

type Block = ReturnType<typeof getState>['rootDescribeBlock'];
type TestEntry = Block['tests'][number];

interface Named {
  readonly name: string;
  readonly parent?: Named | undefined;
}

interface MatcherResult {
  readonly expected?: unknown;
  readonly actual?: unknown;
}

/** Returns what runs tests at a place. There is one in each process, or in each worker. */
export function testRunAt(host: Host): TestRun {
  let bail: Bail = false;
  /** The title of the task whose tests come first. */
  let first: string | undefined;
  /** Whether the place is for one run only. */
  let isOnce = true;
  /** The names of the last test that began. */
  let last: string[] = [];
  /** Tests whose outcome was told. */
  const told = new Set<TestEntry>();
  /** What to tell of promises that were rejected, and that nobody has handled yet. */
  const lost = new Map<Promise<unknown>, () => void>();
  /** Errors of hooks, with the kind of these. */
  const hooks = new Map<unknown, string>();
  const { tell, watch } = host;

  addEventHandler(async (event, state) => {
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
      // Or tests that wait for nothing would all run before anybody hears of a lost promise.
      await host.turn();
      for (const tellIt of [...lost.values()]) tellIt();
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

  function uncaught(error: unknown): void {
    const test = runOfNow()?.test ?? getState().currentlyRunningTest ?? undefined;
    if (last.length === 0) throw error; // before any test: the program cannot go on
    if (test === undefined) return tellStray(error, { isUncaught: true });
    if (test.status === 'done')
      return tellFailure(test, error, { isUncaught: true, isLate: true });
    if (told.has(test)) return; // it failed before, and this came out of what cleans up after it
    told.add(test);
    tellFailure(test, error, { isUncaught: true });
    // Nothing will come any more of what the test waits for.
    if (bail === true && isOnce) host.tellAndExit({ type: 'done' });
  }

  function rejected(promise: Promise<unknown>, error: unknown): void {
    const tellIt = () => lost.delete(promise) && uncaught(error);
    lost.set(promise, host.bind(tellIt));
    setTimeout(() => lost.get(promise)?.(), GRACE);
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
  function tellFailure(
    test: TestEntry,
    error: unknown,
    more: Partial<Failure> = {},
  ): void {
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

  async function work(job: Job): Promise<void> {
    ({ bail, first } = job);
    isOnce = job.round === 0;
    let isFailed = false;
    for (const file of job.files) {
      resetState();
      getState().testTimeout = job.timeout;
      getState().testNamePattern = job.only === undefined ? null : startOf(job.only);
      try {
        await inTime(host.load(file, job.round), job.timeout);
        await run();
      } catch (error) {
        isFailed = true;
        tell({ type: 'broken', file, failure: failureOf(error) });
      }
      jest.restoreAllMocks();
      if (bail !== false && (isFailed || getState().rootDescribeBlock.mode === 'skip'))
        break;
    }
    if (lost.size > 0) await new Promise((resolve) => setTimeout(resolve, GRACE));
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
    const text = stripVTControlCharacters(host.messageOf(error));
    const message = text.replace(CODE_FRAME, '');
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

  /** Where the project's files stand in the stack of an error, those of the companion left out. */
  const framesOf = (error: Error) =>
    host.framesOf(error).filter(({ file }) => !/tutorial[\\/]companion/.test(file));

  return { work, uncaught, rejected, handled: (promise) => void lost.delete(promise) };
}

/** A value as text; of an object also its fields. */
function given(value: unknown): Given {
  const text = write(value);
  const isPlain = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isPlain) return { text };
  const fields = Object.entries(value).map(([name, one]) => [name, write(one)] as const);
  return { text, fields: Object.fromEntries(fields) };
}

/** Waits for a file to load, and with it the code under test, which may wait for what never comes. */
async function inTime(loading: Promise<unknown>, patience: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const words = `It did not load within ${Math.round(patience / 1_000)} seconds: look for an \`await\` outside of all functions.`;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(words)), patience);
  });
  await Promise.race([loading, late]).finally(() => clearTimeout(timer));
}

/** A pattern for the names of some tasks' tests. */
function startOf(tasks: readonly string[]): RegExp {
  const titles = tasks.map((title) => title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^(${titles.join('|')}) `);
}

/** After a failure: lets no more tests run, but those of one task if it is named. */
function skipRest(block: Block, task?: string): void {
  block.mode = 'skip';
  for (const child of block.children) {
    if (child.type !== 'describeBlock') child.mode = 'skip';
    else if (child.name !== task) skipRest(child);
  }
}

/** The titles from the outermost `describe` to the test itself. */
function namesOf(test: Named): string[] {
  const names = test.parent?.parent === undefined ? [] : namesOf(test.parent);
  return [...names, test.name];
}
