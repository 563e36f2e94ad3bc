/**
 * The reader's folder `my/`: makes the files to write, and puts them aside.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathOf, refuseFolder, root, type Step } from './kit.ts';
import { stamp } from './progress.ts';
import { makeStub } from './stubs.ts';

/** For the reader's editor: the project's settings, but half-written code is no error. */
const settings = {
  extends: '../tsconfig.json',
  compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
  include: ['*-*', '*.ts', 'attacks', 'exercises'],
  exclude: ['old'],
};

/**
 * Makes the files of a step that are not there yet, and returns their names.
 *
 * @throws Error if a folder is where a file is to be
 */
export function makeFiles(step: Step): string[] {
  const folder = pathOf.own(step);
  mkdirSync(folder, { recursive: true });
  const tsconfig = join(root, 'my', 'tsconfig.json');
  if (!existsSync(tsconfig))
    writeFileSync(tsconfig, `${JSON.stringify(settings, null, 2)}\n`);
  for (const name of step.sources) refuseFolder(join(folder, name));
  const missing = step.sources.filter((name) => !existsSync(join(folder, name)));
  for (const name of missing) writeFileSync(join(folder, name), stubOf(step, name));
  return missing;
}

/** Returns what the reader begins a file with. */
export function stubOf(step: Step, name: string): string {
  return makeStub(readFileSync(join(pathOf.reference(step), name), 'utf8'), step.number);
}

/** Puts the files of a step aside and makes new ones; returns where the old ones are. */
export function reset(step: Step): string | undefined {
  const folder = pathOf.own(step);
  let old: string | undefined;
  if (existsSync(folder)) {
    mkdirSync(join(root, 'my', 'old'), { recursive: true });
    old = join(root, 'my', 'old', `${step.folder}-${stamp()}`);
    renameSync(folder, old);
  }
  makeFiles(step);
  return old;
}
