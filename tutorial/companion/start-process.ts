import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, type Step } from './kit.ts';

/** For each name of a step, such as `#hashing`, the url of the file that serves it. */
export type Places = Readonly<Record<string, string>>;

/** Says which file serves each step, if `folderOf` says which folder does. */
export function placesOf(
  steps: readonly Step[],
  folderOf: (step: Step) => string,
): Places {
  const urlOf = (step: Step) => pathToFileURL(join(folderOf(step), 'index.ts')).href;
  return Object.fromEntries(steps.map((step) => [step.name, urlOf(step)]));
}

/** Starts a program of the companion, by the name of its file, in a process of its own. */
export function startProcess(name: string, options: ForkOptions): ChildProcess {
  return fork(join(import.meta.dirname, name), {
    // What my/ or a file in it is a link to belongs to the project nevertheless.
    execArgv: ['--preserve-symlinks', '--import', 'tsx', '--no-warnings'],
    cwd: root,
    ...options,
  });
}
