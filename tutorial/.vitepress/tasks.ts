import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { slug } from 'github-slugger';
import { steps } from '../../scripts/steps.mjs';
import { parsePage } from '../sync/markdown.ts';
import { tasksOf } from '../sync/tasks.ts';

/** A task, as the site lists it. */
export interface SiteTask {
  readonly number: number;
  /** As its heading has it: `Task 1: sha256`. */
  readonly title: string;
  /** What the url of its heading ends with, after `#`. */
  readonly anchor: string;
}

/** A chapter with tasks. */
export interface SiteChapter {
  /** The name of its file, which is that of the step's folder. */
  readonly name: string;
  /** The first words of its title: `1. Hashing`. */
  readonly title: string;
  readonly tasks: readonly SiteTask[];
}

/** Reads which tasks the chapters of the steps have. */
export function readTasks(): SiteChapter[] {
  return steps.map(({ folder }) => {
    const file = join(import.meta.dirname, '..', `${folder}.md`);
    const page = parsePage(`tutorial/${folder}.md`, readFileSync(file, 'utf8'));
    const title = /^# ([^:\r\n]*)/m.exec(page.text)?.[1] ?? folder;
    const tasks = tasksOf(page).map((task) => ({
      number: Number(/\d+/.exec(task.title)?.[0]),
      title: task.title,
      anchor: slug(task.title),
    }));
    return { name: folder, title, tasks };
  });
}
