// Which tasks the reader has done, and where the reader was: what the browser keeps of it.
import type { SiteChapter, SiteTask } from '../tasks.ts';

/** The numbers of tasks, by the name of their chapter. */
export type Tasks = Readonly<Record<string, readonly number[]>>;

/** A place in a chapter. */
export interface Place {
  /** The name of the chapter's file. */
  readonly page: string;
  /** What the url ends with, after `#`; empty at the beginning. */
  readonly anchor: string;
  /** What to call it: the chapter, and the heading. */
  readonly words: string;
}

/** Reads what was kept, or what another program says; whatever else it is, is nothing. */
export function readTasks(value: unknown): Tasks {
  if (typeof value !== 'object' || value === null) return {};
  const kept = Object.entries(value).flatMap(([name, numbers]: [string, unknown]) => {
    if (!Array.isArray(numbers)) return [];
    return [[name, numbers.filter((one) => Number.isInteger(one))]];
  });
  return Object.fromEntries(kept) as Tasks;
}

/** Reads a place that was kept; undefined if it is none. */
export function readPlace(value: unknown): Place | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { page, anchor, words } = value as Record<string, unknown>;
  const isPlace =
    typeof page === 'string' && typeof anchor === 'string' && typeof words === 'string';
  // The name of a page, and no way out of the site.
  return isPlace && /^[\w-]+$/.test(page) ? { page, anchor, words } : undefined;
}

/** Whether a task is among some. */
export function has(tasks: Tasks, chapter: string, number: number): boolean {
  return tasks[chapter]?.includes(number) === true;
}

/** Returns tasks with one more, or one less. */
export function changed(
  tasks: Tasks,
  chapter: string,
  number: number,
  isDone: boolean,
): Tasks {
  const others = (tasks[chapter] ?? []).filter((one) => one !== number);
  const own = isDone ? [...others, number].sort((a, b) => a - b) : others;
  return { ...tasks, [chapter]: own };
}

/** Returns the tasks of both. */
export function union(some: Tasks, more: Tasks): Tasks {
  return Object.entries(more).reduce<Tasks>(
    (all, [chapter, numbers]) =>
      numbers.reduce((sum, number) => changed(sum, chapter, number, true), all),
    some,
  );
}

/** How many of a chapter's tasks are done. */
export function countOf(tasks: Tasks, { name, tasks: own }: SiteChapter): number {
  return own.filter(({ number }) => has(tasks, name, number)).length;
}

/** Returns the first task that is not done, of those after the last one that is. */
export function nextTask(
  tasks: Tasks,
  chapters: readonly SiteChapter[],
): { chapter: SiteChapter; task: SiteTask } | undefined {
  const all = chapters.flatMap((chapter) =>
    chapter.tasks.map((task) => ({ chapter, task })),
  );
  const isDone = ({ chapter, task }: (typeof all)[number]) =>
    has(tasks, chapter.name, task.number);
  const last = all.findLastIndex(isDone);
  if (last === -1) return undefined;
  return all[last + 1] ?? all.find((one) => !isDone(one));
}
