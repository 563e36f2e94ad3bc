/** What is in the package, and that nothing else gets into it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { leftOut, packedPaths } from '../../scripts/kit.mjs';

const root = join(import.meta.dirname, '..', '..');
const planted = `test/planted-${process.pid}.key`;

let paths: string[];
beforeAll(async () => {
  writeFileSync(join(root, planted), 'none of the project');
  paths = await packedPaths();
});
afterAll(() => rmSync(join(root, planted)));

/** The files at the top, and of each folder which kinds of files are in it. */
function kinds(): Record<string, string[]> {
  const found: Record<string, Set<string>> = {};
  for (const path of paths) {
    const [folder = '', ...rest] = path.split('/');
    const [place, kind] =
      rest.length === 0 ? ['.', path] : [folder, extname(path) || path];
    (found[place] ??= new Set()).add(kind);
  }
  const sorted = Object.entries(found).map(([place, set]) => [place, [...set].sort()]);
  return Object.fromEntries(sorted) as Record<string, string[]>;
}

describe('The package', () => {
  it('holds the files of the kit, and no other kinds of files', () => {
    expect(kinds()).toMatchSnapshot();
  });

  it('has nothing of what git ignores', () => {
    expect(paths).not.toContain(planted);
    const made =
      /^(node_modules|my|grades|coverage|site|docs\/api|tutorial\/api)\/|\.log$/;
    expect(paths.filter((path) => made.test(path))).toEqual([]);
  });

  it('lacks only what npm leaves out, which `npm run pack` puts aside', () => {
    const names = leftOut.map(([name]) => name);
    const lacking = names.filter((name) => !paths.includes(name));
    expect(lacking).toEqual(['.npmrc', 'package-lock.json']);
    // The third is in it, and npm changes its name where the package is installed.
    expect(names).toEqual(['.gitignore', ...lacking]);
  });

  it('is never published: npm refuses what is private', () => {
    const text = readFileSync(join(root, 'package.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ private: true });
  });
});
