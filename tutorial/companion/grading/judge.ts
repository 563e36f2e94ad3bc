/**
 * Runs the tests of a step on a submission, in a process of its own.
 *
 * The submission runs beside what judges it, in one world of JavaScript. So all that judges is loaded
 * and locked before; it is bundled, so that no name leads to it; and its reports go through a pipe
 * of their own, each behind a secret that is read before the submission runs.
 *
 * @module
 */
import { AsyncResource } from 'node:async_hooks';
import { readFileSync, writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { getState, resetState } from 'jest-circus';
import { Watch } from '../measure.ts';
import type { Frame, Report } from '../runner.ts';
import { holdsStub, watchStubs } from '../stub-watch.ts';
import { testRunAt } from '../test-run.ts';
import { Linker, nameOf, SUBMISSION, type Shelf } from './linker.ts';
import { lockDown } from './lock-down.ts';
import { allowOnlyLoopback } from './loopback.ts';
import type { JudgeReport, Order } from './orders.ts';
import { setOwn } from './own.ts';
import { lockable, shelfFor } from './shelf.ts';
import { visitor } from './visitor.ts';

/** The descriptor of the pipe for reports. */
const PIPE = 3;

/** How many characters of a text are told. */
const MAX_TEXT = 5_000;

/** What is bundled for one step. */
export interface Bundled {
  /** Loads its test files, in the order of their tasks. */
  readonly tests: Readonly<Record<string, () => Promise<unknown>>>;
  /** Loads its reference. */
  readonly reference: () => Promise<object>;
  /** The references of the steps before it, by their names. */
  readonly before: Readonly<Record<string, object>>;
}

/** Does what the order says that comes through the input. */
export async function judge({ tests, reference, before }: Bundled): Promise<void> {
  const order = JSON.parse(readFileSync(0, 'utf8')) as Order;
  const { secret, folder, modules, only, timeout, seed } = order;
  const here = import.meta.url;
  let number = 0;
  const tell = (report: Report | JudgeReport) => {
    number += 1;
    const bytes = Buffer.from(`${secret} ${number} ${JSON.stringify(report, clipped)}\n`);
    for (let at = 0; at < bytes.length;) at += writeSync(PIPE, bytes, at);
  };
  const files = Object.keys(tests);
  const real = process;
  fc.configureGlobal({ seed });
  real.env.SEED = String(seed);

  if (modules === undefined) {
    setOwn(await reference());
    const names: string[][] = [];
    for (const file of files) {
      resetState();
      await tests[file]?.();
      collect(getState().rootDescribeBlock, [], names);
    }
    tell({ type: 'names', names });
    return;
  }

  const shelf = await shelfFor(Object.values(modules));
  const linker = new Linker(modules, folder, withSteps(shelf, before));
  let loading: Promise<object> | undefined;
  const run = testRunAt({
    tell,
    tellAndExit: tell,
    framesOf: (error) => framesOf(error, here, order),
    load: async (file) => {
      setOwn(await (loading ??= linker.load()));
      return tests[file]?.();
    },
    messageOf: ({ message }) => textOf(message).replaceAll(SUBMISSION, 'my/'),
    bind: (task) => AsyncResource.bind(task),
    turn,
    watch: new Watch(),
  });
  const exit = real.exit.bind(real);
  real.on('uncaughtException', run.uncaught);
  real.on('unhandledRejection', (error, promise) => run.rejected(promise, error));
  real.on('rejectionHandled', run.handled);
  const isUnfinished = Object.entries(modules).some(
    ([path, text]) => path.startsWith(`${folder}/`) && holdsStub(text),
  );
  if (isUnfinished) watchStubs();

  allowOnlyLoopback();
  for (const name of [
    'binding',
    '_linkedBinding',
    'dlopen',
    'getBuiltinModule',
    'mainModule',
  ])
    Reflect.deleteProperty(real, name);
  const exported = Object.values(before).flatMap((one) => Object.values(one) as object[]);
  lockDown([...lockable, ...exported], ['console', 'process']);
  Object.defineProperty(globalThis, 'process', {
    value: visitor(real),
    writable: false,
    configurable: false,
  });

  tell({ type: 'ready' });
  await run.work({
    files,
    places: {},
    bail: false,
    only,
    timeout,
    seed,
    round: 0,
  });
  tell({ type: 'done' });
  exit(0);
}

/** A text, whatever a submission has put in its place. */
const textOf = (value: unknown) => String(value);

/** Cuts long texts. */
const clipped = (_key: string, value: unknown) =>
  typeof value === 'string' && value.length > MAX_TEXT
    ? `${value.slice(0, MAX_TEXT)}…`
    : value;

type Block = ReturnType<typeof getState>['rootDescribeBlock'];

/** Takes the names of all tests in a block. */
function collect(block: Block, path: readonly string[], names: string[][]): void {
  for (const child of block.children) {
    const name = [...path, child.name];
    if (child.type === 'describeBlock') collect(child, name, names);
    else names.push(name);
  }
}

/** The shelf, and on it the steps that come before the one under test. */
function withSteps(some: Shelf, before: Readonly<Record<string, object>>): Shelf {
  const steps = Object.entries(before).map(
    ([folder, exported]) => [nameOf(folder), () => exported] as const,
  );
  return new Map([...some, ...steps]);
}

/** Returns where the submission, the tests and the steps stand in the stack of an error. */
function framesOf(error: Error, here: string, { lines }: Order): Frame[] {
  const frames: Frame[] = [];
  const stack: unknown = error.stack;
  if (typeof stack !== 'string') return frames;
  for (const text of stack.split('\n')) {
    const [, url = '', row, place] =
      /[( ]([a-z]+:\/\/\S*?):(\d+):(\d+)\)?$/.exec(text) ?? [];
    const [line, column] = [Number(row), Number(place)];
    if (url.startsWith(SUBMISSION)) {
      frames.push({ file: url.slice(SUBMISSION.length), line, column });
    } else if (
      url === here &&
      lines.some(({ first, last }) => first <= line && line <= last)
    ) {
      frames.push({ file: '', line, column });
    }
  }
  return frames;
}
