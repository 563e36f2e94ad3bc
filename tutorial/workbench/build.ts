/**
 * Builds what a page needs to run the tests of steps: two workers, the kit, and the types.
 *
 * @module
 */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import blank from 'ts-blank-space';
import { loadSteps, pathOf, root, type Step } from '../companion/kit.ts';
import { makeStub } from '../companion/stubs.ts';
import { ROOT } from './disk.ts';
import type { Kit, KitFile } from './messages.ts';
import { nodeTypes } from './node-types.ts';

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
  [/^(node:)?(inspector|module|os|perf_hooks|process|v8|fs\/promises)$/, 'empty'],
];

/** The steps that run in a page: those that open no sockets. */
const stepsOfPage = (): Step[] => loadSteps().filter((step) => !step.opensSockets);

/** Puts the stand-ins in their places, and the list of steps in that of the folder's look-up. */
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
    all.onLoad({ filter: /[\\/]scripts[\\/]steps\.mjs$/ }, () => {
      const steps = stepsOfPage().map(
        ({ number, folder, name, condition, opensSockets }) => ({
          ...{ number, folder, name, condition, opensSockets },
        }),
      );
      return { contents: `export const steps = ${JSON.stringify(steps)};` };
    });
  },
};

/** Builds everything anew. */
export async function buildWorkbench(): Promise<BuiltFiles> {
  const { outputFiles } = await build({
    entryPoints: {
      'code-worker': join(here, 'code-worker.ts'),
      'test-worker': join(here, 'test-worker.ts'),
    },
    outdir: here, // nothing is written
    write: false,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
    define: { 'import.meta.dirname': JSON.stringify(`${ROOT}/tutorial/companion`) },
    plugins: [asInPage],
  });
  return new Map([
    ...outputFiles.map(({ path, text }) => [basename(path), text] as const),
    ['kit.json', JSON.stringify(kit())],
    ['types.json', JSON.stringify(types())],
  ]);
}

const read = (...path: readonly string[]) =>
  readFileSync(join(root, ...path), 'utf8').replaceAll('\r\n', '\n');

function kit(): Kit {
  const steps = stepsOfPage();
  const files = steps.flatMap((step): KitFile[] => {
    const chapter = pathOf.chapter(step);
    const text = skeletonOf(read(chapter), `steps/${step.folder}`);
    return [...filesOf(step), { path: `${ROOT}/${chapter}`, text }];
  });
  return { steps: moved(steps), files };
}

/** The files of a step, as far as the judge reads them or tests load them. */
function filesOf(step: Step): KitFile[] {
  const names = readdirSync(pathOf.reference(step)).filter(
    (name) => !name.startsWith('.') && name !== 'demo.ts',
  );
  return names.map((name) => {
    const text = read('steps', step.folder, name);
    return {
      path: `${ROOT}/steps/${step.folder}/${name}`,
      text,
      module: name.endsWith('.ts') ? blank(text) : undefined,
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

/** Of a chapter the headings and the step's listings: so the companion knows whose code is whose. */
function skeletonOf(chapter: string, folder: string): string {
  let isListing = false;
  const lines = chapter.split('\n').filter((line) => {
    if (isListing) {
      isListing = !line.startsWith('```');
      return true;
    }
    isListing = /^```\S+ file=/.test(line) && line.includes(` file=${folder}/`);
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
    files[path] = read(path);
    for (const [, other = ''] of files[path].matchAll(/<reference lib="([^"]+)"/g))
      library(other);
  };
  const { compilerOptions } = JSON.parse(read('tsconfig.json')) as {
    compilerOptions: { lib: string[] };
  };
  for (const name of compilerOptions.lib) library(name);
  // Of steps that open sockets others take types.
  for (const step of loadSteps().filter(({ opensSockets }) => opensSockets)) {
    for (const name of step.sources)
      files[`steps/${step.folder}/${name}`] = read('steps', step.folder, name);
  }
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [`${ROOT}/${path}`, text]),
  );
}
