/**
 * What the reader has passed and opened, kept in `my/progress.json`.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { pathOf, root, sourcesIn, type Step } from './kit.ts';

const file = join(root, 'my', 'progress.json');

const taskState = z.object({
  /** When its tests last passed, and for which tests and reference. */
  passed: z.string().optional(),
  fingerprint: z.string().optional(),
  /** How many hints were opened. */
  hints: z.number().default(0),
});
const stepState = z.object({
  /** The fingerprint of the reader's files when all tests last passed. */
  code: z.string().optional(),
  /** When the difference to the reference, or the solution, was opened. */
  diff: z.string().optional(),
  solution: z.string().optional(),
  tasks: z.record(z.string(), taskState).default({}),
});
const state = z.object({
  /** The folder of the step that was last worked on. */
  current: z.string().optional(),
  steps: z.record(z.string(), stepState).default({}),
});

type TaskState = z.infer<typeof taskState>;
type StepState = z.infer<typeof stepState>;

/** The reader's progress. Each change is on disk at once. */
export class Progress {
  readonly #state: z.infer<typeof state>;

  /** Reads what is there. A file that cannot be read is put aside. */
  constructor() {
    this.#state = read();
  }

  /** The folder of the step that was last worked on. */
  get current(): string | undefined {
    return this.#state.current;
  }

  set current(folder: string | undefined) {
    this.#state.current = folder;
    this.#save();
  }

  /** Whether a task has passed. */
  hasPassed(step: Step, title: string): boolean {
    return this.#task(step, title).passed !== undefined;
  }

  /** How many tasks of a step have passed. */
  passedTasks(step: Step): number {
    return step.tasks.filter(({ title }) => this.hasPassed(step, title)).length;
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

  /** Whether a step had passed, but its code was changed since. */
  isOutdated(step: Step): boolean {
    return this.#step(step).code !== undefined && !this.isPassed(step);
  }

  /** Notes what came out of a run. */
  note(
    step: Step,
    passed: readonly string[],
    failed: string | undefined,
    code?: string,
  ): void {
    const own = this.#step(step);
    for (const { title, fingerprint } of step.tasks) {
      const task = this.#task(step, title);
      if (passed.includes(title)) {
        task.passed ??= new Date().toISOString();
        task.fingerprint = fingerprint;
      } else if (title === failed) {
        delete task.passed;
      }
    }
    if (code === undefined) delete own.code;
    else own.code = code;
    this.#save();
  }

  /** How many hints of a task were opened. */
  hints(step: Step, title: string): number {
    return this.#task(step, title).hints;
  }

  /** Notes that one more hint was opened. */
  openHint(step: Step, title: string): number {
    const task = this.#task(step, title);
    const count = step.tasks.find((one) => one.title === title)?.hints.length ?? 0;
    task.hints = Math.min(task.hints + 1, count);
    this.#save();
    return task.hints;
  }

  /** Notes that the difference to the reference, or the solution, was opened. */
  open(step: Step, what: 'diff' | 'solution'): void {
    this.#step(step)[what] ??= new Date().toISOString();
    this.#save();
  }

  /** Forgets that a step has passed. */
  reset(step: Step): void {
    const own = this.#step(step);
    delete own.code;
    for (const task of Object.values(own.tasks)) delete task.passed;
    this.#save();
  }

  #step({ folder }: Step): StepState {
    return (this.#state.steps[folder] ??= { tasks: {} });
  }

  #task(step: Step, title: string): TaskState {
    return (this.#step(step).tasks[title] ??= { hints: 0 });
  }

  #save(): void {
    mkdirSync(join(root, 'my'), { recursive: true });
    writeFileSync(`${file}.new`, `${JSON.stringify(this.#state, null, 2)}\n`);
    renameSync(`${file}.new`, file);
  }
}

function read(): z.infer<typeof state> {
  if (!existsSync(file)) return { steps: {} };
  try {
    return state.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    const aside = join(root, 'my', `progress-${stamp()}.json`);
    renameSync(file, aside);
    console.error(`my/progress.json could not be read. It is now ${aside}.`);
    return { steps: {} };
  }
}

/** The time as a part of a file's name. */
export function stamp(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(':', '-');
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
