/**
 * Runs the tests of a step on the reader's code and keeps the progress.
 *
 * @module
 */
import { loadSteps, pathOf, toPath, type Step, type Task } from './kit.ts';
import { ownCodeByTask } from './pieces.ts';
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
  /** The tasks that have passed for the first time. */
  readonly green: readonly Task[];
}

/** How to check a step. */
export interface CheckOptions {
  /** Takes the reference for all other steps. */
  readonly only?: boolean;
  /** Runs the tests of all tasks, whatever fails. */
  readonly all?: boolean;
  /** Told the title of the task of each test that starts. */
  readonly onStart?: (task: string) => void;
  /** Told what is known with the first failure, while the other tests of its task run. */
  readonly onFailure?: (check: Check) => void;
}

/** The reader's work with the kit: one for each start of the companion. */
export class Session {
  /** All steps of the kit. */
  readonly steps = loadSteps();
  /** What the reader has passed. */
  readonly progress = new Progress();
  readonly #runner = new Runner();
  /** The reader's code of each task when it was checked last, by the folders of the steps. */
  readonly #checked = new Map<string, ReadonlyMap<string, string>>();

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
   * The tests of the task in work come first, then those of what has changed since the last check.
   * After a first failure the tests of its task go on, so that one sees what else it promises.
   */
  async check(step: Step, options: CheckOptions = {}): Promise<Check> {
    makeFiles(step);
    const folder = pathOf.own(step);
    const others = options.only === true ? [] : this.passedSteps();
    const own = this.steps.filter((one) => one === step || others.includes(one));
    const code = codeOf(step);
    const folders = new Map(own.map((one) => [one.name, pathOf.own(one)]));
    const broken = syntaxError(folder);
    if (broken !== undefined) {
      const outcome: Outcome = { tests: [], end: 'broken', output: '' };
      return { verdict: broken, outcome, own, green: [] };
    }
    const { onStart, onFailure } = options;
    let green: readonly Task[] = [];
    const inWork = this.progress.taskInWork(step);
    const changed = this.#changedTasks(step);
    let outcome = await this.#runner.run(inOrder(step, inWork, changed), this.steps, {
      folders,
      bail: options.all === true ? false : 'task',
      first: (inWork ?? changed[0])?.title,
      onStart,
      onFailure: (outcome) => {
        green = this.#greenIn(step, outcome);
        const verdict = judge(step, outcome, folder);
        if (code === codeOf(step)) this.#note(step, outcome, verdict, undefined);
        onFailure?.({ verdict, outcome, own, green });
      },
    });
    if (outcome.end === 'stopped')
      outcome = await this.#withPassedTasks(step, outcome, folders, onStart);
    const verdict = judge(step, outcome, folder);
    green = [...green, ...this.#greenIn(step, outcome)];
    if (outcome.end !== 'replaced' && code === codeOf(step))
      this.#note(step, outcome, verdict, code);
    return { verdict, outcome, own, green };
  }

  /** The tasks whose code is another one than at the last check; none at the first. */
  #changedTasks(step: Step): readonly Task[] {
    const before = this.#checked.get(step.folder);
    const now = ownCodeByTask(step);
    this.#checked.set(step.folder, now);
    if (before === undefined) return [];
    return step.tasks.filter(({ title }) => before.get(title) !== now.get(title));
  }

  /**
   * After a first failure, tests the tasks before it that had passed as well: what one of them does
   * wrong now comes first, since what failed may stand on it.
   */
  async #withPassedTasks(
    step: Step,
    outcome: Outcome,
    folders: ReadonlyMap<string, string>,
    onStart: CheckOptions['onStart'],
  ): Promise<Outcome> {
    const tested = new Set(outcome.tests.map(({ task }) => task));
    const [failed] = failedIn(outcome);
    const before = step.tasks.slice(
      0,
      step.tasks.findIndex(({ title }) => title === failed),
    );
    const rest = before.filter(
      ({ title }) => this.progress.hasPassed(step, title) && !tested.has(title),
    );
    if (rest.length === 0) return outcome;
    const tests = step.tests.filter((test) => rest.some(({ file }) => file === test));
    const only = rest.map(({ title }) => title);
    const options = { folders, bail: 'task', only, onStart } as const;
    const again = await this.#runner.run({ ...step, tests }, this.steps, options);
    if (again.end === 'done') return outcome;
    return { ...again, tests: [...again.tests, ...outcome.tests] };
  }

  /** The tasks that pass in a run, and had not passed before. */
  #greenIn(step: Step, outcome: Outcome): Task[] {
    const passed = passedIn(step, outcome);
    return step.tasks.filter(
      ({ title }) => passed.includes(title) && !this.progress.hasPassed(step, title),
    );
  }

  #note(step: Step, outcome: Outcome, verdict: Verdict, code: string | undefined): void {
    const failed = failedIn(outcome);
    if (outcome.during !== undefined && failed.length === 0)
      failed.push(outcome.during.task);
    const passed = passedIn(step, outcome);
    this.progress.note(
      step,
      passed,
      failed,
      verdict.kind === 'passed' ? code : undefined,
    );
  }
}

/** The test files, first that of the task in work, then those of changed ones: their results come soon. */
function inOrder(step: Step, inWork: Task | undefined, changed: readonly Task[]): Step {
  const rank = (path: string) => {
    if (path === inWork?.file) return 0;
    return changed.some(({ file }) => file === path) ? 1 : 2;
  };
  return { ...step, tests: [...step.tests].sort((a, b) => rank(a) - rank(b)) };
}

function failedIn({ tests }: Outcome): string[] {
  return tests.filter(({ failure }) => failure !== undefined).map(({ task }) => task);
}

/** The titles of the tasks whose tests have all run and passed. */
function passedIn(step: Step, outcome: Outcome): string[] {
  const { tests, end } = outcome;
  const failed = failedIn(outcome);
  // The task of the last test is perhaps not complete, nor are those that did not begin.
  const last = tests.at(-1)?.task;
  const begun = tests.map(({ task }) => task).filter((one) => one !== last);
  return step.tasks
    .map(({ title }) => title)
    .filter(
      (title) => !failed.includes(title) && (end === 'done' || begun.includes(title)),
    );
}

/** Says in a line where the reader's files of a step are. */
export function whereToWrite(step: Step): string {
  return `Write in ${toPath(pathOf.own(step))}/, read ${pathOf.chapter(step)}`;
}
