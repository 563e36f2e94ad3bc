/**
 * Runs the tests of a step in a process of their own, which is started ahead of time.
 *
 * @module
 */
import type { ChildProcess } from 'node:child_process';
import type { Comparison } from './compare.ts';
import { Gathering, REST } from './gather.ts';
import { pathOf, type Step } from './kit.ts';
import { placesOf, startProcess, type Places } from './start-process.ts';

/** After how long without a sign of life a process is taken to be stuck, in milliseconds. */
const STUCK = 20_000;

/** How many runs one process does in a series: modules that were loaded stay in memory. */
const MAX_ROUNDS = 100;

/** How much of what a program prints is kept, in characters. */
const MAX_OUTPUT = 20_000;

/** When to end: with the first failure, with the task that it is in, or not before the end. */
export type Bail = boolean | 'task';

/** What a test process is to do. */
export interface Job {
  /** The test files, in the order to run them. */
  readonly files: readonly string[];
  readonly places: Places;
  /** Whether to end with the first failure, or with the task that it is in. */
  readonly bail: Bail;
  /** The title of the task whose tests come first in their file. */
  readonly first?: string | undefined;
  /** The titles of the only tasks to test; all unless given. */
  readonly only?: readonly string[] | undefined;
  /** How long a single test may take, in milliseconds. */
  readonly timeout: number;
  /** What random inputs begin with. */
  readonly seed: number;
  /** 0 for the only run of its process, else 1, 2, … */
  readonly round: number;
}

/** A place in a file. */
export interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A value that a test was given, as text. */
export interface Given {
  readonly text: string;
  /** If it is an object, its fields as text. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** What a test took that did not end in time, and what the machine makes. */
export interface Took {
  /** How long it was, in milliseconds. */
  readonly time: number;
  /** How much of that the program had something to do, in milliseconds. */
  readonly active: number;
  /** How much of that it had a processor, in milliseconds. */
  readonly computed: number;
  /** How many SHA-256 digests of short texts this machine makes in a second. */
  readonly digests: number;
}

/** Why a test failed. */
export interface Failure {
  /** The words of the error. */
  readonly message: string;
  /** Whether an expectation of the test was not met; otherwise something threw. */
  readonly isAssertion?: boolean;
  /** Whether it was thrown where nobody catches it: in a listener, a timer or a promise. */
  readonly isUncaught?: boolean;
  /** Whether it came when its test had ended already. */
  readonly isLate?: boolean;
  /** Whether it was in what comes before or after the test. */
  readonly hook?: string | undefined;
  /** Stubs that the test ran into, by their names. */
  readonly stubs?: readonly string[];
  /** What it took, if it did not end in time. */
  readonly took?: Took | undefined;
  /** What was expected and found, where the expectation tells. */
  readonly comparison?: Comparison | undefined;
  /** The random inputs for which it failed. */
  readonly example?: string | undefined;
  /** From which number random inputs followed. */
  readonly seed?: string | undefined;
  /** Where in the project it happened, the innermost place first. */
  readonly frames: readonly Frame[];
}

/** What a test process tells. */
export type Report =
  | { type: 'ready' | 'alive' | 'done' }
  | { type: 'start'; name: string[] }
  | { type: 'broken'; file: string; failure: Failure }
  | {
      type: 'test';
      name: string[];
      place: Frame | undefined;
      failure: Failure | undefined;
      row: Given[];
    };

/** What became of a test. */
export interface TestResult {
  /** The title of its task. */
  readonly task: string;
  /** Its own name, with those of the groups that it is in. */
  readonly name: string;
  /** Where it stands. */
  readonly place: Frame | undefined;
  /** Why it failed; undefined if it passed. */
  readonly failure: Failure | undefined;
  /** What the test was given, where one text stands for several tests. */
  readonly row: readonly Given[];
}

/** What came out of a run. */
export interface Outcome {
  /** The tests that ran, in their order. */
  readonly tests: readonly TestResult[];
  /** A test file that could not be loaded with the code under test, and why. */
  readonly broken?: { readonly file: string; readonly failure: Failure };
  /** The test during which the program was stuck or ended itself. */
  readonly during?: { readonly task: string; readonly name: string };
  /** How the run ended; `stopped` after a first failure, `replaced` by another run. */
  readonly end: 'done' | 'stopped' | 'broken' | 'stuck' | 'died' | 'replaced';
  /** What the program printed last. */
  readonly output: string;
  /** For how long there was no sign of life, if it was stuck, in milliseconds. */
  readonly waited?: number;
}

/** How to run the tests of a step. */
export interface RunOptions {
  /** Folders to take steps from, by the name of the step; the others are the reference. */
  readonly folders: ReadonlyMap<string, string>;
  /** Whether to end with the first failure, or with the task that it is in. */
  readonly bail: Bail;
  /** The title of the task whose tests come first in their file. */
  readonly first?: string | undefined;
  /** The titles of the only tasks to test; all unless given. */
  readonly only?: readonly string[] | undefined;
  /** How long a single test may take, in milliseconds. */
  readonly timeout?: number;
  /** After how long without a sign of life the program is stuck, in milliseconds. */
  readonly stuck?: number;
  /** What random inputs begin with. */
  readonly seed?: number;
  /**
   * Whether to use one process for many runs, of the same step and folders: faster, where
   * the code can be trusted to leave nothing behind.
   */
  readonly isSeries?: boolean;
  /** Told the title of the task of each test that starts. */
  readonly onStart?: ((task: string) => void) | undefined;
  /** Told what came out up to the first failure, if the run goes on after it. */
  readonly onFailure?: ((outcome: Outcome) => void) | undefined;
}

/** What random inputs begin with: chance, or what is to be repeated. */
const newSeed = () => Number(process.env.SEED ?? Date.now() & 0x7fffffff);

/** Runs tests, each time in a fresh process that was started ahead of time. */
export class Runner {
  #standby: TestProcess | undefined;
  #running: TestProcess | undefined;

  /** Starts a process that waits for the next run. */
  prepare(): void {
    if (this.#standby?.isAlive !== true) this.#standby = new TestProcess();
  }

  /** Ends the run under way, and the process that waits. */
  close(): void {
    this.#standby?.kill();
    this.#running?.kill();
    this.#running = undefined;
  }

  /** Runs the tests of a step. A run that is still under way is ended. */
  async run(
    step: Step,
    allSteps: readonly Step[],
    options: RunOptions,
  ): Promise<Outcome> {
    this.#running?.kill();
    this.prepare();
    const process = this.#standby ?? new TestProcess();
    this.#standby = undefined;
    this.#running = process;
    const { folders, bail, first, only, isSeries = false } = options;
    const { timeout = 20_000, stuck = STUCK, seed = newSeed() } = options;
    const places = placesOf(
      allSteps,
      (one) => folders.get(one.name) ?? pathOf.reference(one),
    );
    const round = isSeries ? process.rounds + 1 : 0;
    const files = step.tests;
    const job = { files, places, bail, first, only, timeout, seed, round };
    const outcome = await process.work(job, stuck, options);
    if (this.#running !== process) return { ...outcome, end: 'replaced' };
    this.#running = undefined;
    if (isSeries && process.isAlive && process.rounds < MAX_ROUNDS)
      this.#standby = process;
    else process.kill();
    return outcome;
  }
}

class TestProcess {
  readonly #child: ChildProcess;
  readonly #ready: Promise<void>;
  #output = '';
  /** How many runs it has done. */
  rounds = 0;

  /** Whether it can take another job. */
  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  constructor() {
    this.#child = startProcess('test-process.ts', {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    this.#ready = new Promise((resolve) => this.#child.once('message', () => resolve()));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-MAX_OUTPUT);
      });
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async work(
    job: Job,
    stuck: number,
    options: Pick<RunOptions, 'onStart' | 'onFailure'>,
  ): Promise<Outcome> {
    const exited = new Promise<void>((resolve) => {
      this.#child.once('close', () => resolve());
      if (job.round === 0) return;
      this.#child.on('message', ({ type }: Report) => {
        if (type === 'done') resolve();
      });
    });
    await Promise.race([this.#ready, exited]);
    this.rounds += 1;
    const gathering = new Gathering(job.bail, options);
    let watchdog: NodeJS.Timeout | undefined;
    let rest: NodeJS.Timeout | undefined;
    const watch = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => {
        gathering.stuck(stuck);
        this.kill();
      }, stuck);
    };
    this.#child.on('message', (report: Report) => {
      watch();
      gathering.print(this.#output);
      if (gathering.take(report)) rest = setTimeout(() => this.kill(), REST);
    });
    watch();
    this.#child.send(job, () => undefined);
    await exited;
    clearTimeout(watchdog);
    clearTimeout(rest);
    this.#child.removeAllListeners('message').removeAllListeners('close');
    gathering.print(this.#output);
    return gathering.outcome();
  }
}
