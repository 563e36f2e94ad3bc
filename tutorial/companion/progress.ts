/**
 * What the reader has passed and opened, kept in `my/progress.json`.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { colors } from '../../final/terminal/colors.ts';
import { z } from 'zod';
import { pathOf, root, sourcesIn, toPath, type Step, type Task } from './kit.ts';

const file = join(root, 'my', 'progress.json');

// What a newer version noted stays in the file, though this one does not know it.
const taskState = z.looseObject({
  /** When its tests last passed, and for which tests and reference. */
  passed: z.string().optional(),
  fingerprint: z.string().optional(),
  /** How many hints were opened. */
  hints: z.number().default(0),
});
const stepState = z.looseObject({
  /** The fingerprint of the reader's files when all tests last passed. */
  code: z.string().optional(),
  /** When the difference to the reference, or the solution, was opened. */
  diff: z.string().optional(),
  solution: z.string().optional(),
  tasks: z.record(z.string(), taskState).default({}),
});
const state = z.looseObject({
  /** The folder of the step that was last worked on. */
  current: z.string().optional(),
  steps: z.record(z.string(), stepState).default({}),
});

type TaskState = z.infer<typeof taskState>;
type StepState = z.infer<typeof stepState>;
type State = z.infer<typeof state>;

/** The reader's progress. Each change is on disk at once. */
export class Progress {
  #state: State;
  /** Where a file was put aside that could not be read. */
  readonly #putAside: string | undefined;

  /** Reads what is there. */
  constructor() {
    const found = read();
    this.#putAside = found === undefined ? putAside() : undefined;
    this.#state = found ?? { steps: {} };
  }

  /** Says what was lost, where the notes could not be read. */
  get lost(): string[] {
    if (this.#putAside === undefined) return [];
    return [
      `${colors.yellow('!')} my/progress.json could not be read. It is now ${toPath(this.#putAside)}. ` +
        'Your code is as it was: ./learn check notes again what passes.',
    ];
  }

  /** The folder of the step that was last worked on. */
  get current(): string | undefined {
    return this.#state.current;
  }

  set current(folder: string | undefined) {
    this.#change(() => {
      this.#state.current = folder;
    });
  }

  /** Whether a task has passed: when it was tested last, or with all others of the step as it stands. */
  hasPassed(step: Step, title: string): boolean {
    return this.#task(step, title).passed !== undefined || this.isPassed(step);
  }

  /** How many tasks of a step have passed, up to the first that has not. */
  passedTasks(step: Step): number {
    const first = step.tasks.findIndex(({ title }) => !this.hasPassed(step, title));
    return first === -1 ? step.tasks.length : first;
  }

  /** The numbers of the tasks that have passed, by the folders of their steps. */
  passedNumbers(steps: readonly Step[]): Record<string, number[]> {
    const numbers = steps.map((step) => {
      const passed = step.tasks.filter(({ title }) => this.hasPassed(step, title));
      return [step.folder, passed.map(({ title }) => Number(/\d+/.exec(title)?.[0]))];
    });
    return Object.fromEntries(numbers) as Record<string, number[]>;
  }

  /** The first task of a step that has not passed; undefined if all have. */
  taskInWork(step: Step): Task | undefined {
    return step.tasks.find(({ title }) => !this.hasPassed(step, title));
  }

  /** The passed tasks whose tests or reference have changed since. */
  changedTasks(step: Step): string[] {
    return step.tasks
      .filter(({ title, fingerprint }) => {
        const { passed, fingerprint: then } = this.#task(step, title);
        return passed !== undefined && then !== fingerprint;
      })
      .map(({ title }) => title);
  }

  /** Whether a step has passed with the code that is there now. */
  isPassed(step: Step): boolean {
    const { code } = this.#step(step);
    return code !== undefined && code === codeOf(step);
  }

  /** Returns the next step that has not passed, after this one where there is such. */
  next(steps: readonly Step[], { number }: Step): Step | undefined {
    const later = steps.filter((step) => step.number > number);
    return [...later, ...steps].find((step) => !this.isPassed(step));
  }

  /** Whether a step had passed, but its code was changed since. */
  isOutdated(step: Step): boolean {
    return this.#step(step).code !== undefined && !this.isPassed(step);
  }

  /**
   * Notes what came out of a run.
   *
   * @param code - the fingerprint of the files if the whole step passes
   */
  note(
    step: Step,
    passed: readonly string[],
    failed: readonly string[],
    code?: string,
  ): void {
    this.#change(() => {
      const own = this.#step(step);
      for (const { title, fingerprint } of step.tasks) {
        const task = this.#task(step, title);
        if (passed.includes(title)) {
          task.passed ??= new Date().toISOString();
          task.fingerprint = fingerprint;
        } else if (failed.includes(title)) {
          delete task.passed;
        }
      }
      // What has passed before is kept: files that are put back as they were pass again.
      if (code !== undefined) own.code = code;
      else if (own.code === codeOf(step)) delete own.code;
    });
  }

  /** Notes that one more hint was opened; returns how many are now. */
  openHint(step: Step, title: string): number {
    const count = step.tasks.find((one) => one.title === title)?.hints.length ?? 0;
    this.#change(() => {
      const task = this.#task(step, title);
      task.hints = Math.min(task.hints + 1, count);
    });
    return this.#task(step, title).hints;
  }

  /** Notes that the difference to the reference, or the solution, was opened. */
  open(step: Step, what: 'diff' | 'solution'): void {
    this.#change(() => {
      this.#step(step)[what] ??= new Date().toISOString();
    });
  }

  /** Forgets that a step has passed. */
  reset(step: Step): void {
    this.#change(() => {
      const own = this.#step(step);
      delete own.code;
      for (const task of Object.values(own.tasks)) delete task.passed;
    });
  }

  #step({ folder }: Step): StepState {
    return (this.#state.steps[folder] ??= { tasks: {} });
  }

  #task(step: Step, title: string): TaskState {
    return (this.#step(step).tasks[title] ??= { hints: 0 });
  }

  /** Changes what is on disk: another companion may have noted something meanwhile. */
  #change(edit: () => void): void {
    this.#state = read() ?? this.#state;
    edit();
    mkdirSync(join(root, 'my'), { recursive: true });
    writeFileSync(`${file}.new`, `${JSON.stringify(this.#state, null, 2)}\n`);
    renameSync(`${file}.new`, file);
  }
}

/** Returns what the file says, or undefined if it cannot be read. */
function read(): State | undefined {
  if (!existsSync(file)) return { steps: {} };
  try {
    return state.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function putAside(): string {
  const aside = join(root, 'my', `progress-${stamp()}.json`);
  renameSync(file, aside);
  return aside;
}

/** The time as a part of a file's name. */
export function stamp(): string {
  return new Date().toISOString().replaceAll(/[:.]/g, '-').replace('Z', '');
}

/** Returns the fingerprint of the reader's files of a step; undefined if there are none. */
export function codeOf(step: Step): string | undefined {
  const folder = pathOf.own(step);
  if (!existsSync(join(folder, 'index.ts'))) return undefined;
  const digest = createHash('sha256');
  for (const name of sourcesIn(folder)) {
    digest.update(name).update(readFileSync(join(folder, name)));
  }
  return digest.digest('hex').slice(0, 16);
}
