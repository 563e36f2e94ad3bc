/**
 * Builds the program that judges submissions of a step: the tests, what runs them, the references of
 * the other steps, and the packages, all in one file.
 *
 * @module
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { pathOf, root, toPath, type Step } from '../kit.ts';
import type { Frame } from '../runner.ts';
import type { Lines } from './orders.ts';

const here = import.meta.dirname;
const standIn = (name: string) =>
  join(here, '..', '..', 'workbench', 'stand-ins', `${name}.ts`);

/** Of the parts of jest only what runs tests and compares is wanted. */
const standIns: readonly (readonly [RegExp, string])[] = [
  [/^chalk$/, 'chalk'],
  [/^stack-utils$/, 'stack-utils'],
  [/^jest-message-util$/, 'message-util'],
  [/^@jest\/expect$/, 'jest-expect'],
];

/** What has the place of `globalThis` in the parts of jest, and of `process` in all that judges. */
const OWN_GLOBALS = `import { createRequire as judgeRequire } from 'node:module';
const require = judgeRequire(import.meta.url);
const judgeProcess = globalThis.process;
const judgeGlobals = Object.create(null, Object.getOwnPropertyDescriptors(globalThis));
const judgeMatchers = new WeakSet();
const judgePromise = ((Promise) => (value) => new Promise((resolve) => resolve(value)))(Promise);
const judgeReplace = {};
for (const [owner, key] of [[JSON, 'parse'], [Date, 'now'], [Math, 'random']]) {
  let current = owner[key];
  Object.defineProperty(owner, key, { configurable: false, get: () => current });
  Object.defineProperty(judgeReplace, key, { set: (other) => (current = other) });
}
`;

/** What tests put in the place of something that all use. Only they can do so. */
const REPLACED = /\b(?:JSON\.(?=parse = )|Date\.(?=now = )|Math\.(?=random = ))/g;

/** A text of a part of jest, and what takes its place; each has to be there. */
type Change = readonly [string | RegExp, string];

const globals: Change = [/\bglobalThis\b/g, 'judgeGlobals'];

/**
 * What has to be otherwise in the parts of jest where a submission may try to be believed: what they
 * keep must be nowhere that a name leads to; only what the tests made is a matcher; and a promise is
 * asked as `await` asks it, by what it brings and not by what its `then` gives.
 */
const changes: Readonly<Record<string, readonly Change[]>> = {
  'jest-circus': [globals, [/require\.resolve\((['"][^'"]*['"])\)/g, '$1']],
  expect: [
    globals,
    [
      '    this.inverse = inverse;',
      '    this.inverse = inverse; judgeMatchers.add(this);',
    ],
    [/return actualWrapper\.then\(/g, 'return judgePromise(actualWrapper).then('],
  ],
  '@jest/expect-utils': [
    globals,
    [
      "return !!obj && isA('Function', obj.asymmetricMatch);",
      "return typeof obj === 'object' && judgeMatchers.has(obj);",
    ],
  ],
  'jest-util': [[/\bglobalThis\b/g, 'judgeGlobals']],
};

const JUDGE = 'the judge of a step';
const OWN = 'the step under test';

/** What a judge is made of, and what leads back to it. */
export interface Judge {
  /** The file to run. */
  readonly file: string;
  /** Which of its lines are tests and steps. */
  readonly lines: readonly Lines[];
  /** Returns where in the project something is that stands in that file. */
  readonly origin: (frame: Frame) => Frame;
}

/** Builds the judge of a step into a folder. */
export async function buildJudge(
  step: Step,
  steps: readonly Step[],
  folder: string,
): Promise<Judge> {
  const file = join(folder, `judge-${step.folder}.mjs`);
  const { outputFiles } = await build({
    entryPoints: [JUDGE],
    outfile: file,
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    charset: 'utf8',
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'error',
    define: { process: 'judgeProcess' },
    banner: { js: OWN_GLOBALS },
    absWorkingDir: root,
    nodePaths: [join(root, 'node_modules')], // for tests that lie elsewhere
    plugins: [await judging(step, steps)],
  });
  const text = outputFiles.find(({ path }) => path.endsWith('.mjs'))?.text ?? '';
  const map = outputFiles.find(({ path }) => path.endsWith('.map'))?.text ?? '{}';
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
  const payload = JSON.parse(map) as SourceMapPayload;
  let sources: SourceMap | undefined;
  return {
    file,
    lines: linesOf(text),
    origin: ({ line, column }) => {
      sources ??= new SourceMap(payload);
      const found = sources.findEntry(line - 1, column - 1);
      if (!('originalSource' in found)) return { file: '', line, column };
      return {
        file: resolve(dirname(file), found.originalSource),
        line: found.originalLine + 1,
        column: found.originalColumn + 1,
      };
    },
  };
}

/** Puts the parts of a judge together. */
async function judging(step: Step, steps: readonly Step[]): Promise<Plugin> {
  const exported = await exportsOf(step);
  return {
    name: 'the judge of a step',
    setup(all) {
      all.onResolve({ filter: new RegExp(`^${JUDGE}$`) }, () => ({
        path: JUDGE,
        namespace: 'judge',
      }));
      all.onLoad({ filter: /^/, namespace: 'judge' }, () => ({
        contents: entry(step, steps),
        resolveDir: root,
      }));
      all.onResolve({ filter: /^#/ }, ({ path, importer }) => {
        if (path === step.name && !importer.endsWith(JUDGE))
          return { path: OWN, namespace: 'own' };
        const other = steps.find(({ name }) => name === path);
        return other && { path: join(pathOf.reference(other), 'index.ts') };
      });
      all.onLoad({ filter: /^/, namespace: 'own' }, () => ({
        contents: `import { own } from ${JSON.stringify(join(here, 'own.ts'))};
const exported = own();
${exported.map((name, i) => `const own${i} = exported[${JSON.stringify(name)}];\nexport { own${i} as ${name} };`).join('\n')}
`,
        resolveDir: root,
      }));
      const stores = join(here, 'stores.ts');
      all.onResolve({ filter: /^(node:)?async_hooks$/ }, ({ importer }) =>
        importer === stores ? undefined : { path: stores },
      );
      all.onResolve({ filter: /^@jest\/globals$/ }, () => ({
        path: join(here, '..', 'globals.ts'),
      }));
      all.onLoad({ filter: /[\\/]steps[\\/].*[.-]test\.ts$/ }, ({ path }) => ({
        contents: readFileSync(path, 'utf8').replaceAll(REPLACED, 'judgeReplace.'),
        loader: 'ts',
      }));
      for (const [filter, name] of standIns)
        all.onResolve({ filter }, () => ({ path: standIn(name) }));
      for (const [name, list] of Object.entries(changes)) {
        const filter = new RegExp(
          `[\\\\/]node_modules[\\\\/]${name.replace('/', '[\\\\/]')}[\\\\/]build[\\\\/]index\\.js$`,
        );
        all.onLoad({ filter }, ({ path }) => ({ contents: changed(path, list) }));
      }
    },
  };
}

/** The program that begins: it knows the tests of the step, and the steps before it. */
function entry(step: Step, steps: readonly Step[]): string {
  const before = steps.filter(({ number }) => number < step.number);
  const file = (path: string) => JSON.stringify(path);
  const imports = before.map(
    ({ folder }, i) =>
      `import * as before${i} from ${file(`./steps/${folder}/index.ts`)};`,
  );
  const list = before.map(({ folder }, i) => `${file(folder)}: before${i}`).join(', ');
  const tests = step.tests.map((test) => {
    const path = toPath(test);
    return `  ${file(path)}: () => import(${file(`./${path}`)}),`;
  });
  return `import { judge } from ${file(join(here, 'judge.ts'))};
${imports.join('\n')}
await judge({
  before: { ${list} },
  reference: () => import(${file(`./steps/${step.folder}/index.ts`)}),
  tests: {
${tests.join('\n')}
  },
});
`;
}

/** The names of what a step exports, beside types. */
async function exportsOf(step: Step): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(pathOf.reference(step), 'index.ts')],
    bundle: true,
    packages: 'external',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  return Object.values(metafile.outputs).flatMap(({ exports }) => exports);
}

/** The text of a part of jest with its changes. */
function changed(path: string, list: readonly Change[]): string {
  let text = readFileSync(path, 'utf8');
  for (const [from, to] of list) {
    const after = text.replace(from, to);
    if (after === text)
      throw new Error(
        `${relative(root, path)} is another one: it has no ${String(from)}.`,
      );
    text = after;
  }
  return text;
}

/** Finds by esbuild's comments which lines of a bundle are tests and steps. */
function linesOf(text: string): Lines[] {
  const lines: Lines[] = [];
  let file: string | undefined;
  let first = 0;
  const all = text.split('\n');
  const end = (last: number) => {
    if (file?.startsWith('steps/') === true) lines.push({ file, first, last });
  };
  all.forEach((line, i) => {
    const [, begun] =
      /^ *\/\/ ((?:steps|tutorial|node_modules|own:|judge:)\S*.*)$/.exec(line) ?? [];
    if (begun === undefined) return;
    end(i);
    [file, first] = [begun, i + 2];
  });
  end(all.length);
  return lines;
}
