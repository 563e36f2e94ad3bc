/** Which tests run where: each test file is run by continuous integration, and once. */
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');

/** Folders that hold nothing of the project's own, or what its commands make anew. */
const notOurs = /^(node_modules|my|docs|site|coverage|cache|\.git|\.pychain)$/;

/** The test files in a folder of the project, of whatever kind, relative to the project. */
function testsIn(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return notOurs.test(entry.name) ? [] : testsIn(path);
    // What begins with ._ is put there by macOS, and no program.
    return /^(?!\._).*\.(test|spec)\.\w+$/.test(entry.name) ? [path] : [];
  });
}

/** Asks jest which test files an npm script would run, where all is there that some need. */
async function ask(script: string): Promise<string[]> {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [, ...args] = scripts[script]?.split(' ') ?? [];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...args, '--listTests'],
    {
      cwd: root,
      env: { ...process.env, CHROMIUM: process.execPath, NAMESPACES: 'yes' },
    },
  );
  const files = stdout.split(/\r?\n/).filter((line) => line !== '');
  return files.map((file) => file.slice(root.length + 1).replaceAll('\\', '/')).sort();
}

const answers = new Map<string, Promise<string[]>>();

/** The test files that an npm script would run. */
async function testsOf(script: string): Promise<string[]> {
  const answer = answers.get(script) ?? ask(script);
  answers.set(script, answer);
  return answer;
}

const all = testsIn('').sort();

describe('Every test file', () => {
  it('is run by either `npm test` or `npm run test:slow`', async () => {
    const [quick, slow] = [await testsOf('test'), await testsOf('test:slow')];
    expect(quick.filter((file) => slow.includes(file))).toEqual([]);
    expect([...quick, ...slow].sort()).toEqual(all);
  });

  it('is run by `npm run test:all`', async () => {
    expect(await testsOf('test:all')).toEqual(all);
  });

  it('is run in continuous integration, and once', async () => {
    const lines = readFileSync(join(root, '.ci', 'run'), 'utf8').split('\n');
    const scripts = lines.flatMap(
      (line) => /^npm (?:run )?(test\S*)$/.exec(line)?.[1] ?? [],
    );
    const files = await Promise.all(scripts.map(testsOf));
    expect(files.flat().sort()).toEqual(all);
  });
});
