/**
 * What has passed, as `my/progress.json` holds it for the terminal: one and the same file serves both.
 *
 * @module
 */
import type { Step } from '../companion/kit.ts';
import { ROOT, type Files } from './disk.ts';
import { sha256Hex } from './stand-ins/sha256.ts';

/** Where the reader's notes are. */
export const NOTES = `${ROOT}/my/progress.json`;

/** What is noted of a task; what else the companion notes stays as it is. */
interface TaskNotes {
  readonly passed?: string;
  readonly fingerprint?: string;
  readonly hints?: number;
}

interface StepNotes {
  /** The fingerprint of the reader's files when all tests last passed. */
  readonly code?: string;
  readonly tasks?: Readonly<Record<string, TaskNotes>>;
}

/** What is noted of all steps, by their folders. */
export interface Notes {
  readonly current?: string;
  readonly steps: Readonly<Record<string, StepNotes>>;
}

/** What came out of a run. */
export interface Came {
  /** The titles of tasks that passed, and of those that did not. */
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  /** The fingerprint of the files, if the whole step passes. */
  readonly code?: string | undefined;
}

type Thing = Readonly<Record<string, unknown>>;

const isThing = (value: unknown): value is Thing =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const things = (value: unknown): [string, Thing][] =>
  isThing(value)
    ? Object.entries(value).filter((entry): entry is [string, Thing] => isThing(entry[1]))
    : [];

/** Reads notes; whatever else it is, nothing is noted there. */
export function readNotes(text: string | undefined): Notes {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return { steps: {} };
  }
  if (!isThing(value)) return { steps: {} };
  const steps = things(value.steps).map(([folder, step]) => [
    folder,
    { ...step, tasks: Object.fromEntries(things(step.tasks)) },
  ]);
  return { ...value, steps: Object.fromEntries(steps) as Notes['steps'] };
}

/** Writes notes as the companion does. */
export const writeNotes = (notes: Notes): string => `${JSON.stringify(notes, null, 2)}\n`;

/** Returns notes with what came out of a run on a step. */
export function noted(notes: Notes, step: Step, { passed, failed, code }: Came): Notes {
  const own = notes.steps[step.folder] ?? {};
  const tasks = { ...own.tasks };
  for (const { title, fingerprint } of step.tasks) {
    const { passed: when, ...rest } = tasks[title] ?? {};
    if (passed.includes(title)) {
      const now = when ?? new Date().toISOString();
      tasks[title] = { hints: 0, ...rest, passed: now, fingerprint };
    } else if (failed.includes(title)) tasks[title] = { hints: 0, ...rest };
  }
  const withTasks = { ...own, tasks, ...(code !== undefined && { code }) };
  const steps = { ...notes.steps, [step.folder]: withTasks };
  return { ...notes, current: step.folder, steps };
}

/**
 * Returns what two notes hold together. Of the code of a step the newer ones know.
 *
 * @param newer - those that come along with the reader's files
 */
export function merged(notes: Notes, newer: Notes): Notes {
  const folders = Object.keys({ ...notes.steps, ...newer.steps });
  const steps = folders.map((folder) => {
    const [old = {}, own = {}] = [notes.steps[folder], newer.steps[folder]];
    const titles = Object.keys({ ...old.tasks, ...own.tasks });
    const tasks = titles.map((title) => {
      const [one = {}, two = {}] = [old.tasks?.[title], own.tasks?.[title]];
      const hints = Math.max(one.hints ?? 0, two.hints ?? 0);
      return [title, { ...one, ...two, hints }] as const;
    });
    return [folder, { ...old, ...own, tasks: Object.fromEntries(tasks) }] as const;
  });
  return { ...notes, ...newer, steps: Object.fromEntries(steps) };
}

/** Returns the titles of a step's tasks that have passed. */
export function passedIn(notes: Notes, { folder, tasks }: Step): string[] {
  const own = notes.steps[folder]?.tasks ?? {};
  return tasks
    .map(({ title }) => title)
    .filter((title) => own[title]?.passed !== undefined);
}

/** Returns the fingerprint of the reader's files of a step, as the companion makes it. */
export function codeOf(files: Files): string {
  const parts = Object.entries(files)
    .map(([path, text]) => [path.slice(path.lastIndexOf('/') + 1), text] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return sha256Hex(parts.flat().join('')).slice(0, 16);
}
