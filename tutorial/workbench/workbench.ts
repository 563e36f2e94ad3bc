/**
 * Runs the tests of steps on the reader's code in a page: the companion, with workers in the place
 * of processes.
 *
 * @module
 */
import type { Step } from '../companion/kit.ts';
import type { Bail, Outcome } from '../companion/runner.ts';
import { CodeWorker } from './code.ts';
import { ROOT, type Files } from './disk.ts';
import type { CodeCalls, Extra, Judgment, Kit, TestOrder } from './messages.ts';
import { Tester } from './tester.ts';

/** After how long without a sign of life a program is stuck, in milliseconds. */
const STUCK = 7_000;

/** How long a single test may take, in milliseconds; on a slow machine, so much longer. */
const TIMEOUT = 9_000;

/** What to run, and on what. */
export interface Check {
  /** The number of the step. */
  readonly step: number;
  /** The title of the only task to test; all are tested unless given. */
  readonly task?: string | undefined;
  /** The reader's files by their paths: those of this step, and of others that shall serve. */
  readonly files: Files;
  /** Whether to end with the first failure, or with the task that it is in. */
  readonly bail?: Bail;
  /** Test files in another order than the step's. */
  readonly tests?: readonly string[];
  readonly timeout?: number;
  readonly stuck?: number;
  readonly seed?: number;
  /** Told what is known with the first failure, while the other tests of its task run. */
  readonly onFailure?: (judgment: Judgment) => void;
}

/** What came out of a check. */
export interface Checked extends Judgment {
  readonly outcome: Outcome;
}

/** Runs checks, one at a time: a new one ends that under way. */
export class Workbench {
  readonly #base: string;
  readonly #query: string;
  readonly #kit: Promise<Kit>;
  #zod: Promise<Extra> | undefined;
  #program: Promise<string> | undefined;
  #code: CodeWorker | undefined;
  #standby: Tester | undefined;
  #running: Tester | undefined;

  /**
   * @param base - the url of the folder with the files that were built
   * @param version - what tells these files from those that a browser has kept
   */
  constructor(base: string, version = '') {
    this.#base = base;
    this.#query = version === '' ? '' : `?${version}`;
    this.#kit = this.#load<Kit>('kit.json');
  }

  /** The kit, as soon as it is there. */
  async kit(): Promise<Kit> {
    return this.#kit;
  }

  /** Starts the workers, so that what follows need not wait for them. */
  prepare(step: number): void {
    void this.codeFor(step);
    this.#standby ??= this.#newTester();
  }

  /** The compiler, as soon as it is there with all that a step uses. */
  async codeFor(step: number): Promise<CodeWorker> {
    const [code, extra] = await Promise.all([this.#theCode(), this.#extraOf(step)]);
    if (extra !== undefined) await code.call('write', extra.types);
    return code;
  }

  /** The package that a step uses beside what all steps use; undefined if there is none. */
  async #extraOf(number: number): Promise<Extra | undefined> {
    const { steps } = await this.#kit;
    const step = steps.find((one) => one.number === number);
    if (step?.opensSockets !== true) return undefined;
    return (this.#zod ??= this.#load<Extra>('zod.json'));
  }

  async #theCode(): Promise<CodeWorker> {
    if (this.#code === undefined) {
      const url = `${this.#base}code-worker.js${this.#query}`;
      const code = new CodeWorker(url);
      this.#code = code;
      const [{ steps, files }, types] = await Promise.all([
        this.#kit,
        this.#load<Files>('types.json'),
      ]);
      const texts = Object.fromEntries(files.map(({ path, text }) => [path, text]));
      code.begin(steps, { ...texts, ...types });
    }
    return this.#code;
  }

  /** Ends everything. */
  close(): void {
    this.#code?.close();
    this.#standby?.close();
    this.#running?.close();
    [this.#code, this.#standby, this.#running] = [undefined, undefined, undefined];
  }

  /** Ends the check that is under way. */
  stop(): void {
    this.#running?.close();
    this.#running = undefined;
    this.#standby ??= this.#newTester();
  }

  /** Compiles the reader's files, runs tests on them, and judges; undefined if it was replaced. */
  async check(check: Check): Promise<Checked | undefined> {
    this.#running?.close();
    const standby = this.#standby?.isOver === true ? undefined : this.#standby;
    const tester = standby ?? this.#newTester();
    [this.#standby, this.#running] = [undefined, tester];
    try {
      return await this.#run(check, tester);
    } finally {
      if (this.#running === tester) {
        this.#running = undefined;
        // Before the other one goes: their process may stay.
        this.#standby ??= this.#newTester();
      }
      tester.close();
    }
  }

  /** Makes JavaScript of the reader's files, or says why it cannot. */
  async compile(step: number, files: Files): Promise<ReturnType<CodeCalls['compile']>> {
    const [kit, code] = await Promise.all([this.#kit, this.codeFor(step)]);
    await code.call('write', files);
    const own = ownIn(kit, files).map(({ number }) => number);
    return code.call('compile', { step, own });
  }

  async #run(check: Check, tester: Tester): Promise<Checked | undefined> {
    const [kit, code, extra] = await Promise.all([
      this.#kit,
      this.codeFor(check.step),
      this.#extraOf(check.step),
    ]);
    const step = kit.steps.find(({ number }) => number === check.step);
    if (step === undefined) throw new Error(`There is no step ${check.step}.`);
    const own = ownIn(kit, check.files);
    const made = await this.compile(step.number, check.files);
    if ('verdict' in made) {
      const outcome: Outcome = { tests: [], end: 'broken', output: '' };
      return { verdict: made.verdict, promises: [], outcome };
    }
    const task = check.task ?? '';
    const judge = async (outcome: Outcome) =>
      code.call('judge', { step: step.number, task, outcome });
    const more = extra === undefined ? {} : { [extra.name]: extra.module };
    const modules = { ...modulesOf(kit), ...made.modules, ...more };
    const outcome = await tester.run(orderFor(check, step, own, modules, kit), {
      stuck: check.stuck ?? STUCK,
      onFailure: (early) => void judge(early).then(check.onFailure),
    });
    if (this.#running !== tester) return undefined;
    return { ...(await judge(outcome)), outcome };
  }

  #newTester(): Tester {
    this.#program ??= this.#text('test-worker.js');
    return new Tester(this.#program);
  }

  async #load<Content>(name: string): Promise<Content> {
    return JSON.parse(await this.#text(name)) as Content;
  }

  async #text(name: string): Promise<string> {
    const answer = await fetch(`${this.#base}${name}${this.#query}`);
    if (!answer.ok)
      throw new Error(`${name} is not there (${answer.status}). Load the page again.`);
    return answer.text();
  }
}

/** The steps that the reader's own code serves. */
const ownIn = ({ steps }: Kit, files: Files) =>
  steps.filter(({ folder }) =>
    Object.keys(files).some((path) => path.startsWith(`${ROOT}/my/${folder}/`)),
  );

/** The tests and the references as JavaScript. */
function modulesOf({ files }: Kit): Files {
  return Object.fromEntries(
    files.flatMap(({ path, module }) => (module === undefined ? [] : [[path, module]])),
  );
}

function orderFor(
  check: Check,
  step: Step,
  own: readonly Step[],
  modules: Files,
  kit: Kit,
): TestOrder {
  const { task, bail = 'task', timeout = TIMEOUT } = check;
  const { tests = step.tests, seed = Date.now() & 0x7fffffff } = check;
  const titled = step.tasks.find(({ title }) => title === task);
  const places = kit.steps.map((one) => {
    const folder = own.includes(one) ? 'my' : 'steps';
    return [one.name, `${ROOT}/${folder}/${one.folder}/index.ts`] as const;
  });
  const job = {
    files: titled === undefined ? tests : filesOf(titled.title, tests, modules),
    places: Object.fromEntries(places),
    ...{ bail, timeout, seed, round: 0 },
    first: titled?.title,
    only: titled === undefined ? undefined : [titled.title],
  };
  return { job, modules };
}

/** The test files in which a task is tested. */
function filesOf(task: string, tests: readonly string[], modules: Files): string[] {
  const quoted = [`describe('${task}'`, `describe("${task}"`];
  return tests.filter((path) => quoted.some((text) => modules[path]?.includes(text)));
}
