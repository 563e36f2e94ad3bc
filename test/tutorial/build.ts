import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  belongsInChapter,
  chapterOf,
  join as joined,
  listingsOf,
} from '../../tutorial/sync/listings.ts';
import { readPages, type Page } from '../../tutorial/sync/markdown.ts';
import { root, steps } from './project.ts';

const folders: string[] = [];

/** Removes all copies. */
export function removeCopies(): void {
  for (const folder of folders.splice(0))
    rmSync(folder, { recursive: true, force: true });
}

/**
 * Copies the project with its tests, but without the sources of some steps: these are written
 * from the listings of the pages and from nothing else.
 */
export function build(pages: readonly Page[], written: readonly string[]): string {
  const copy = mkdtempSync(join(tmpdir(), 'pychain-tutorial-'));
  folders.push(copy);
  for (const file of [
    'package.json',
    'tsconfig.json',
    'jest.config.mjs',
    'scripts/install.mjs',
    'scripts/npm-errors.mjs',
    'scripts/steps.mjs',
    'test/browser/chromium.mjs',
    'test/browser/setup.mjs',
    'test/browser/teardown.mjs',
    'test/class/namespaces.mjs',
    'test/setup.ts',
  ]) {
    cpSync(join(root, file), join(copy, file));
  }
  const isWritten = (path: string) =>
    belongsInChapter(`steps/${basename(dirname(path))}/${basename(path)}`) &&
    written.includes(basename(dirname(path)));
  cpSync(join(root, 'steps'), join(copy, 'steps'), {
    recursive: true,
    filter: (path) => !isWritten(path),
  });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  for (const [file, pieces] of listingsOf(pages)) {
    if (!belongsInChapter(file)) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), joined(pieces));
  }
  return copy;
}

/** Runs the tests of one step in a copy of the project. */
export async function testStep(copy: string, step: string) {
  const jest = join('node_modules', 'jest', 'bin', 'jest.js');
  const options = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
  const args = [...options, jest, '--selectProjects', step, '--runInBand'];
  const child = spawn(process.execPath, args, {
    cwd: copy,
    env: { ...process.env, NO_COLOR: '1' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  await once(child, 'close');
  return { passed: child.exitCode === 0, output };
}

const pages = readPages(root);

/** The steps that have a chapter. */
export const written = steps.filter((step) => chapterOf(pages, step) !== undefined);

/** Builds all steps from their chapters, and tests some of them. */
export function testListings(tested: readonly string[]): void {
  describe('Whoever types in the listings of the chapters, and nothing else, passes the tests', () => {
    let copy: string;

    beforeAll(() => {
      copy = build(pages, written);
    });
    afterAll(removeCopies);

    it.each(tested)(
      'of step %s',
      async (step) => {
        const { passed, output } = await testStep(copy, step);
        expect(passed ? 'passed' : output).toBe('passed');
      },
      300_000,
    );
  });
}
