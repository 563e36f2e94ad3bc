import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSources } from '../../tutorial/sync/listings.ts';
import { readPages, type Page } from '../../tutorial/sync/markdown.ts';
import { ODD, WITH_HASH, copyProject } from '../odd-place.mjs';
import { env } from '../program.ts';

// The companion and the site have tests of their own, which run in such a place too.
let root: string;
beforeAll(() => {
  root = copyProject(ODD);
});
afterAll(() => rmSync(dirname(root), { recursive: true, force: true, maxRetries: 3 }));

/** Runs a script of the project to its end. */
function run(folder: string, script: string, ...args: readonly string[]) {
  const path = join(folder, 'scripts', script);
  const options = { cwd: folder, encoding: 'utf8', env } as const;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path, ...args],
    options,
  );
  return { status, output: stdout + stderr };
}

/** The texts of all files in a folder, by their paths. */
function textsIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length), readFileSync(path, 'utf8')];
    }),
  );
}

describe(`In a folder "${ODD}", below settings of others,`, () => {
  it('tests are found, and pass', () => {
    const { status, output } = run(root, 'test.mjs', '--step', '1');
    expect(output).toMatch(/Test Suites: 2 passed, 2 total/);
    expect(status).toBe(0);
  }, 120_000);

  it('the chapters and their listings are those of the project', () => {
    const original = join(import.meta.dirname, '../..');
    const paths = (pages: readonly Page[]) => pages.map(({ path }) => path);
    expect(paths(readPages(root))).toEqual(paths(readPages(original)));
    expect([...readSources(root).keys()]).toEqual([...readSources(original).keys()]);
  });

  it('a demo runs', () => {
    expect(run(root, 'demo.mjs', '01')).toMatchObject({ status: 0 });
  });

  it('format and unused code are judged by the settings of the project alone', () => {
    for (const check of ['format', 'unused code']) {
      const output = `Checking ${check} …\n`;
      expect(run(root, 'check.mjs', check)).toEqual({ status: 0, output });
    }
  }, 300_000);

  it('types and the API of the steps are made of the files of the project alone', () => {
    for (const check of ['types', 'API documentation']) {
      const output = `Checking ${check} …\n`;
      expect(run(root, 'check.mjs', check)).toEqual({ status: 0, output });
    }
  }, 300_000);

  it('the lint looks at no file that macOS has put there', () => {
    const eslint = join(root, 'node_modules/eslint/bin/eslint.js');
    const names = ['index.ts', '._index.ts'].map((name) => `steps/01-hashing/${name}`);
    const options = { cwd: root, encoding: 'utf8', env } as const;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [eslint, ...names],
      options,
    );
    expect(stdout + stderr).toMatch(/\._index\.ts\n.*warning +File ignored/);
    expect(status).toBe(0);
  }, 120_000);

  it('the pages of a node are built as elsewhere, byte for byte', () => {
    const { status } = run(root, 'explorer.mjs', '--outDir', join(root, 'built'));
    expect(status).toBe(0);
    const shipped = textsIn(join(import.meta.dirname, '../../final/explorer/dist'));
    expect(textsIn(join(root, 'built'))).toEqual(shipped);
  }, 180_000);
});

describe('In a folder whose name Vite cannot have in a path', () => {
  it.each([
    [WITH_HASH, 'site.mjs', 'build', '#'],
    [WITH_HASH, 'site.mjs', 'dev', '#'],
    [WITH_HASH, 'explorer.mjs', '', '#'],
    ['{a,b}', 'site.mjs', 'build', '{'],
    ['100% x', 'site.mjs', 'dev', '%'],
  ])('such as "%s", %s %s says so at once, and what to do', (name, script, arg, sign) => {
    const other = join(dirname(root), name);
    renameSync(root, other);
    const { status, output } = run(other, script, arg);
    renameSync(other, root);
    expect(output).toBe(
      `Vite, which makes the site, fails where a path holds "${sign}", as in ${other}. ` +
        'Rename that folder, or clone the project elsewhere.\n',
    );
    expect(status).toBe(1);
  });
});
