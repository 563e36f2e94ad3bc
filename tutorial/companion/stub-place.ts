/**
 * Where a stub stands that a test ran into.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathOf, toPath, type Step, type Task } from './kit.ts';
import { taskWith } from './pieces.ts';
import type { Unwritten } from './verdict.ts';

/** Returns the task in whose part of the chapter a stub stands: a test may need one of a later task. */
export function taskOfStub(step: Step, { task, names: [name = ''] }: Unwritten): Task {
  const title = taskWith(step, name);
  return step.tasks.find((one) => one.title === title) ?? task;
}

/** Returns the reader's file that holds a stub, relative to the project. */
export function fileOfStub(step: Step, { names: [name = ''] }: Unwritten): string {
  const folder = pathOf.own(step);
  const stub = new RegExp(`: ${name}['"]`); // an editor may write other quotes
  const found = step.sources.find((one) => {
    const path = join(folder, one);
    return existsSync(path) && stub.test(readFileSync(path, 'utf8'));
  });
  return toPath(join(folder, found ?? ''));
}
