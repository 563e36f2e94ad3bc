/**
 * Builds what a page needs to run the tests of steps: two workers, the kit, and the types.
 *
 * @module
 */
import { readFileSync, readdirSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import blank from 'ts-blank-space';
import ts from 'typescript';
import { pathOf, root, type Step } from '../companion/kit.ts';
import { makeStub } from '../companion/stubs.ts';
import { ROOT, type Files } from './disk.ts';
import type { Extra, Kit, KitFile } from './messages.ts';
import { nodeTypes } from './node-types.ts';
import { stepsOfPage } from './tasks-of-page.ts';

/** The files that a page loads for this, by their names. */
export type BuiltFiles = ReadonlyMap<string, string>;

const here = import.meta.dirname;
const standIn = (name: string) => join(here, 'stand-ins', `${name}.ts`);

/** What stands in for the modules that a browser does not have. */
const standIns: readonly (readonly [RegExp, string])[] = [
  [/^(node:)?fs$|^graceful-fs$/, 'fs'],
  [/^(node:)?path$/, 'path'],
  [/^(node:)?url$/, 'url'],
  [/^(node:)?util(\/types)?$/, 'util'],
  [/^(node:)?async_hooks$/, 'async-hooks'],
  [/^(node:)?crypto$/, 'crypto'],
  [/^(node:)?assert$/, 'assert'],
  [/^chalk$/, 'chalk'],
  [/^stack-utils$/, 'stack-utils'],
  [/^jest-message-util$/, 'message-util'],
  [/^@jest\/expect$/, 'jest-expect'],
  [
    /^(node:)?(inspector|module|os|perf_hooks|process|v8|fs\/promises)$|^picomatch$/,
    'empty',
  ],
];

/** Puts the stand-ins in their places. */
const asInPage: Plugin = {
  name: 'as in a page',
  setup(all) {
    for (const [filter, name] of standIns) {
      all.onResolve({ filter }, () => ({ path: standIn(name) }));
    }
    // It looks for the folders of its own parts, to leave them out of stacks.
    all.onLoad({ filter: /[\\/]jest-circus[\\/]build[\\/]index\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(
        /require\.resolve\((['"][^'"]*['"])\)/g,
        '$1',
      ),
    }));
    // Which steps there are, the kit says.
    all.onLoad({ filter: /[\\/]scripts[\\/]steps\.mjs$/ }, () => ({
      contents: 'export const steps = [];',
    }));
  },
};

/** Builds everything anew. */
export async function buildWorkbench(): Promise<BuiltFiles> {
  return new Map([
    ['code-worker.js', await worker('code-worker')],
    ['test-worker.js', await worker('test-worker')],
    ['kit.json', JSON.stringify(kit())],
    ['types.json', JSON.stringify(types())],
    ['zod.json', JSON.stringify(await zod())],
  ]);
}

async function worker(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(here, `${name}.ts`)],
    write: false,
    bundle: true,
    format: 'iife',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
    define: {
      'import.meta.dirname': JSON.stringify(`${ROOT}/tutorial/companion`),
      STATUS_CODES: JSON.stringify(STATUS_CODES),
    },
    plugins: [asInPage],
  });
  return outputFiles[0]?.text ?? '';
}

const read = (...path: readonly string[]) =>
  readFileSync(join(root, ...path), 'utf8').replaceAll('\r\n', '\n');

function kit(): Kit {
  const steps = stepsOfPage();
  const files = steps.flatMap((step): KitFile[] => {
    const chapter = pathOf.chapter(step);
    const text = skeletonOf(read(chapter), listedOf(step));
    return [...filesOf(step), { path: `${ROOT}/${chapter}`, text }];
  });
  return { steps: moved(steps), files };
}

/** The files of a step, as far as the judge reads them or tests load them. */
function filesOf(step: Step): KitFile[] {
  const tests = step.tests.map((path) => basename(path));
  const names = readdirSync(pathOf.reference(step)).filter(
    (name) =>
      !name.startsWith('.') &&
      name.endsWith('.ts') &&
      name !== 'demo.ts' &&
      (!name.endsWith('.test.ts') || tests.includes(name)),
  );
  return names.map((name) => {
    const text = read('steps', step.folder, name);
    return {
      path: `${ROOT}/steps/${step.folder}/${name}`,
      text,
      module: blank(text),
      stub: step.sources.includes(name) ? makeStub(text, step.number) : undefined,
    };
  });
}

/** The steps with the paths that they have on the disk in memory. */
function moved(steps: readonly Step[]): Step[] {
  const text = JSON.stringify(steps, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(root)
      ? ROOT + value.slice(root.length).replaceAll('\\', '/')
      : value,
  );
  return JSON.parse(text) as Step[];
}

/** The files of which the judge asks the chapter whose code is whose. */
function listedOf(step: Step): string[] {
  const isTested = (name: string) =>
    step.tests.some((path) => basename(path) === name.replace('.ts', '.test.ts'));
  return step.sources
    .filter((name) => !step.opensSockets || isTested(name))
    .map((name) => `steps/${step.folder}/${name}`);
}

/** Of a chapter the headings and some listings. */
function skeletonOf(chapter: string, listed: readonly string[]): string {
  let isListing = false;
  const lines = chapter.split('\n').filter((line) => {
    if (isListing) {
      isListing = !line.startsWith('```');
      return true;
    }
    isListing = listed.includes(/^```\S+ file=(\S+)/.exec(line)?.[1] ?? '');
    return (
      isListing || /^#{1,3} |^\*\*The contract\*\*|^<details id="one-way-/.test(line)
    );
  });
  return lines.join('\n');
}

/** What the compiler reads beside the code: settings, libraries, and what stands for Node. */
function types(): Record<string, string> {
  const { imports } = JSON.parse(read('package.json')) as { imports: object };
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ name: 'pychain', type: 'module', imports }),
    'tsconfig.json': read('tsconfig.json'),
    'node_modules/@types/node/package.json':
      '{"name":"@types/node","types":"index.d.ts"}',
    'node_modules/@types/node/index.d.ts': nodeTypes,
  };
  const library = (name: string): void => {
    const path = `node_modules/typescript/lib/lib.${name}.d.ts`;
    if (files[path] !== undefined) return;
    const references = read(path).match(/^\/\/\/ <reference lib=.*$/gm) ?? [];
    // What people look up is mostly in the oldest part; with all of it the page would load too much.
    files[path] =
      name === 'es5' ? read(path) : [...references, withoutComments(path)].join('\n');
    for (const [, other = ''] of references.join('\n').matchAll(/lib="([^"]+)"/g))
      library(other);
  };
  const { compilerOptions } = JSON.parse(read('tsconfig.json')) as {
    compilerOptions: { lib: string[] };
  };
  for (const name of compilerOptions.lib) library(name);
  return onDisk(files);
}

const onDisk = (files: Files): Files =>
  Object.fromEntries(
    Object.entries(files).map(([path, text]) => [`${ROOT}/${path}`, text]),
  );

/** The library with which steps 4 and 5 read what others send; other steps load it never. */
async function zod(): Promise<Extra> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from 'zod';`, resolveDir: root },
    write: false,
    bundle: true,
    format: 'esm',
    minify: true,
    legalComments: 'none',
    plugins: [inEnglish],
  });
  const folder = join(root, 'node_modules', 'zod');
  const files = ['classic', 'core'].flatMap((part) =>
    readdirSync(join(folder, 'v4', part)).map((name) => `v4/${part}/${name}`),
  );
  const declarations = files
    .filter((name) => name.endsWith('.d.ts'))
    .map(
      (name) =>
        [
          `node_modules/zod/${name}`,
          withoutComments(`node_modules/zod/${name}`),
        ] as const,
    );
  const about = { name: 'zod', type: 'module', types: 'v4/classic/index.d.ts' };
  return {
    name: 'zod',
    module: outputFiles[0]?.text ?? '',
    types: onDisk({
      'node_modules/zod/package.json': JSON.stringify(about),
      'node_modules/zod/v4/locales/index.d.ts': 'export {};',
      ...Object.fromEntries(declarations),
    }),
  };
}

/** Leaves the words of all other languages out. */
const inEnglish: Plugin = {
  name: 'in English',
  setup(all) {
    all.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/][\w-]+\.js$/ }, ({ path }) =>
      /^(en|index)\.js$/.test(basename(path))
        ? undefined
        : { contents: 'export default () => undefined;' },
    );
  },
};

/** Declarations without their comments. */
function withoutComments(path: string): string {
  const source = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest);
  return ts.createPrinter({ removeComments: true }).printFile(source);
}
