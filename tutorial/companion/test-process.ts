/**
 * A process that runs the tests of a step once. While it waits for its job it loads what steps
 * need, so that a result comes soon after a file was saved.
 *
 * @module
 */
import { register } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { addEventHandler, getState, resetState, run } from 'jest-circus';
import { compare, write } from './compare.ts';
import { jest, lastRow } from './globals.ts';
import type { Failure, Frame, Job, Report } from './runner.ts';

/** How often to tell that the process is not stuck, in milliseconds. */
const HEARTBEAT = 1_000;

/** After how long without a job to load what only some steps need, in milliseconds. */
const IDLE = 300;

const tell = (report: Report) => process.send?.(report);
const tellAndExit = (report: Report) => process.send?.(report, () => process.exit());

let bail = false;
process.on('message', (job: Job) => void work(job));
process.on('disconnect', () => process.exit());
setInterval(() => tell({ type: 'alive' }), HEARTBEAT).unref();
addEventHandler((event) => {
  if (event.name === 'test_start') {
    tell({ type: 'start', name: namesOf(event.test) });
  } else if (event.name === 'hook_start' && event.hook.parent.parent !== undefined) {
    // What a group needs may go wrong before its first test begins.
    const { type, parent } = event.hook;
    if (type === 'beforeAll') tell({ type: 'start', name: namesOf(parent) });
  } else if (event.name === 'test_done') {
    const errors: readonly unknown[] = event.test.errors;
    const place = framesOf(event.test.asyncError as Error)[0];
    const failure = errors.length > 0 ? failureOf(errors[0]) : undefined;
    const row = failure === undefined ? [] : lastRow().map(write);
    tell({ type: 'test', name: namesOf(event.test), place, failure, row });
    if (bail && failure !== undefined) skipRest(getState().rootDescribeBlock);
  }
});
const idle = setTimeout(prepare, IDLE);
tell({ type: 'ready' });

/** Loads the packages of the steps, and makes fast-check's tables of Unicode. */
function prepare(): void {
  for (const name of ['express', 'ws', 'zod']) void import(name);
  fc.string({ unit: 'binary' });
}

async function work(job: Job): Promise<void> {
  clearTimeout(idle);
  ({ bail } = job);
  if (job.round <= 1) await begin(job);
  let isFailed = false;
  for (const file of job.files) {
    resetState();
    getState().testTimeout = job.timeout;
    getState().testNamePattern = job.only === undefined ? null : startOf(job.only);
    const url = pathToFileURL(file);
    if (job.round > 0) url.search = `round=${job.round}`; // or Node gives what it has loaded
    try {
      await import(url.href);
      await run();
    } catch (error) {
      isFailed = true;
      tell({ type: 'broken', file, failure: failureOf(error) });
    }
    jest.restoreAllMocks();
    if (bail && (isFailed || getState().rootDescribeBlock.mode === 'skip')) break;
  }
  if (job.round > 0) return void tell({ type: 'done' });
  await Promise.all([written(process.stdout), written(process.stderr)]);
  tellAndExit({ type: 'done' });
}

/** A pattern for the names of a task's tests. */
function startOf(task: string): RegExp {
  return new RegExp(`^${task.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')} `);
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
}

/** After a failure: lets no more tests run. */
function skipRest(block: ReturnType<typeof getState>['rootDescribeBlock']): void {
  block.mode = 'skip';
  for (const child of block.children) {
    if (child.type === 'describeBlock') skipRest(child);
    else child.mode = 'skip';
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

function failureOf(thrown: unknown): Failure {
  const outer = Array.isArray(thrown) ? ((thrown[0] ?? thrown[1]) as unknown) : thrown;
  if (!(outer instanceof Error))
    return { message: `It threw ${write(outer)}.`, frames: [] };
  const isProperty = outer.message.startsWith('Property failed');
  const example = isProperty
    ? /^Counterexample: (.*)$/m.exec(outer.message)?.[1]
    : undefined;
  const error = isProperty && outer.cause instanceof Error ? outer.cause : outer;
  const result = (error as { matcherResult?: MatcherResult }).matcherResult;
  const message = stripVTControlCharacters(error.message);
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
    frames: framesOf(error),
  };
}

interface MatcherResult {
  readonly expected?: unknown;
  readonly actual?: unknown;
}

/** Where the project's files stand in the stack of an error, the innermost first. */
function framesOf(error: Error): Frame[] {
  const frames: Frame[] = [];
  for (const line of (error.stack ?? '').split('\n')) {
    const [, url = '', row, column] =
      /[( ]((?:file:\/\/|\/|[A-Z]:\\)[^<>]*):(\d+):(\d+)\)?$/.exec(line) ?? [];
    if (
      url === '' ||
      line.includes('node:') ||
      /node_modules|tutorial\/companion/.test(url)
    )
      continue;
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    frames.push({ file, line: Number(row), column: Number(column) });
  }
  return frames;
}
