/**
 * Runs the tests of a step on the reader's code and keeps the progress.
 *
 * @module
 */
import { loadSteps, pathOf, toPath, type Step } from './kit.ts';
import { Progress, codeOf } from './progress.ts';
import { Runner, type Outcome } from './runner.ts';
import { judge, syntaxError, type Verdict } from './verdict.ts';
import { makeFiles } from './workspace.ts';

/** What came out of a check. */
export interface Check {
  readonly verdict: Verdict;
  readonly outcome: Outcome;
  /** The steps that the reader's own code served. */
  readonly own: readonly Step[];
}

/** The reader's work with the kit: one for each start of the companion. */
export class Session {
  /** All steps of the kit. */
  readonly steps = loadSteps();
  /** What the reader has passed. */
  readonly progress = new Progress();
  readonly #runner = new Runner();

  /** Starts a test process, so that the next check need not wait for it. */
  prepare(): void {
    this.#runner.prepare();
  }

  /** Ends all processes. */
  close(): void {
    this.#runner.close();
  }

  /** Returns the step with this number, or the one to go on with. */
  step(number?: number): Step {
    const { steps, progress } = this;
    const wanted =
      number === undefined
        ? (steps.find(({ folder }) => folder === progress.current) ??
          steps.find((step) => !progress.isPassed(step)) ??
          steps.at(-1))
        : steps.find((step) => step.number === number);
    if (wanted !== undefined) return wanted;
    throw new Error(
      `There is no step ${number}: say a number from 1 to ${steps.length}.`,
    );
  }

  /** The steps whose own code has passed, as it stands now. */
  passedSteps(): Step[] {
    return this.steps.filter((step) => this.progress.isPassed(step));
  }

  /**
   * Runs the tests of a step on the reader's code. Other steps that have passed serve as well.
   *
   * @param options.only - takes the reference for all other steps
   * @param options.all - goes on after a first failure
   * @param options.onStart - told the title of the task of each test that starts
   */
  async check(
    step: Step,
    options: { only?: boolean; all?: boolean; onStart?: (task: string) => void } = {},
  ): Promise<Check> {
    makeFiles(step);
    const folder = pathOf.own(step);
    const others = options.only === true ? [] : this.passedSteps();
    const own = this.steps.filter((one) => one === step || others.includes(one));
    const code = codeOf(step);
    const folders = new Map(own.map((one) => [one.name, pathOf.own(one)]));
    const broken = syntaxError(folder);
    if (broken !== undefined) {
      return { verdict: broken, outcome: { tests: [], end: 'broken', output: '' }, own };
    }
    const bail = options.all !== true;
    const { onStart } = options;
    const ordered = { ...step, tests: this.#inOrder(step) };
    const outcome = await this.#runner.run(ordered, this.steps, {
      folders,
      bail,
      onStart,
    });
    const verdict = judge(step, outcome, folder);
    if (outcome.end !== 'replaced' && code === codeOf(step))
      this.#note(step, outcome, verdict, code);
    return { verdict, outcome, own };
  }

  /** The test files, first that of the task in work: so its result comes soon. */
  #inOrder(step: Step): string[] {
    const first = this.progress.taskInWork(step)?.file;
    const rank = (file: string) => (file === first ? 0 : 1);
    return [...step.tests].sort((a, b) => rank(a) - rank(b));
  }

  #note(
    step: Step,
    { tests, end, during }: Outcome,
    verdict: Verdict,
    code: string | undefined,
  ): void {
    const failed = new Set(
      tests.filter(({ failure }) => failure).map(({ task }) => task),
    );
    const titles = step.tasks.map(({ title }) => title);
    // The task of the last test is perhaps not complete, nor are those that did not begin.
    const last = tests.at(-1)?.task;
    const complete = new Set(tests.map(({ task }) => task).filter((one) => one !== last));
    const passed = titles.filter((title) => {
      return !failed.has(title) && (end === 'done' || complete.has(title));
    });
    const first = titles.find((title) => failed.has(title)) ?? during?.task;
    this.progress.note(step, passed, first, verdict.kind === 'passed' ? code : undefined);
  }
}

/** Says in a line where the reader's files of a step are. */
export function whereToWrite(step: Step): string {
  return `Write in ${toPath(pathOf.own(step))}/, read ${pathOf.chapter(step)}`;
}
