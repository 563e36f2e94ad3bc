import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { loadSteps, pathOf, root, type Step } from '../../tutorial/companion/kit.ts';
import { Runner } from '../../tutorial/companion/runner.ts';
import { makeStub } from '../../tutorial/companion/stubs.ts';
import { judge } from '../../tutorial/companion/verdict.ts';
import { stubOf } from '../../tutorial/companion/workspace.ts';

const steps = loadSteps();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stubs-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const step of steps) {
    mkdirSync(join(folder, step.folder));
    for (const name of step.sources) {
      writeFileSync(join(folder, step.folder, name), stubOf(step, name));
    }
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The project's own settings, as the compiler takes them. */
function settings(): ts.CompilerOptions {
  const read = ts.readConfigFile(join(root, 'tsconfig.json'), (path) =>
    ts.sys.readFile(path),
  );
  const config: unknown = read.config;
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options;
}

/** What a step declares, its stub instead of its reference where `text` gives one. */
function declarations(step: Step, text: (path: string) => string | undefined): string[] {
  const options: ts.CompilerOptions = {
    ...settings(),
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const host = ts.createCompilerHost(options, true);
  const readFile = (path: string) => text(path) ?? ts.sys.readFile(path);
  host.readFile = readFile;
  host.getSourceFile = (path, version) => {
    const source = readFile(path);
    return source === undefined
      ? undefined
      : ts.createSourceFile(path, source, version, true);
  };
  const files = step.sources.map((name) => join(pathOf.reference(step), name));
  const program = ts.createProgram(files, options, host);
  const emitted: string[] = [];
  for (const file of files) {
    const source = program.getSourceFile(file);
    const errors = program.getSemanticDiagnostics(source);
    expect(errors.map(({ messageText }) => messageText)).toEqual([]);
    program.emit(source, (path, output) => emitted.push(`${path}\n${output}`));
  }
  return emitted;
}

describe('The stub', () => {
  it.each(steps)('of $folder declares what the reference declares', (step) => {
    const stub = (path: string) => {
      const name = step.sources.find((one) => path === join(pathOf.reference(step), one));
      return name === undefined ? undefined : stubOf(step, name);
    };
    const reference = declarations(step, () => undefined);
    expect(reference).toHaveLength(step.sources.length);
    expect(declarations(step, stub)).toEqual(reference);
  });

  it.each(steps)('of $folder fails its first task as not written yet', async (step) => {
    const runner = new Runner();
    const own = join(folder, step.folder);
    const folders = new Map([[step.name, own]]);
    const outcome = await runner.run(step, steps, { folders, bail: true, seed: 1 });
    runner.close();
    expect(judge(step, outcome, own)).toMatchObject({
      kind: 'unwritten',
      task: { title: step.tasks[0]?.title },
    });
  });

  it.each(steps)('of $folder fails in each of its tasks', async (step) => {
    const runner = new Runner();
    const folders = new Map([[step.name, join(folder, step.folder)]]);
    const outcome = await runner.run(step, steps, { folders, bail: false, timeout: 300 });
    runner.close();
    const failed = outcome.tests.filter(({ failure }) => failure !== undefined);
    const titles = new Set(failed.map(({ task }) => task));
    expect([...titles]).toEqual(step.tasks.map(({ title }) => title));
  });

  it('leaves out private functions, and keeps the limits and the types', () => {
    const source = [
      '/** A limit. */',
      'const LIMIT = 2 * 1_024;',
      '',
      'const isOdd = (n: number) => n % 2 === 1;',
      '',
      'interface Entry {',
      '  readonly key: string;',
      '}',
      '',
      '/** A box. */',
      'export class Box extends Set {',
      '  readonly #entries: Entry[] = [];',
      '',
      '  /** Makes one. */',
      '  constructor() {',
      '    super();',
      '    this.#fill();',
      '  }',
      '',
      '  #fill(): void {',
      '    while (this.#entries.length < LIMIT) this.#entries.push({ key: "" });',
      '  }',
      '}',
      '',
      '/** Counts. */',
      'export function count(n: number): number {',
      '  return isOdd(n) ? help(n) : n;',
      '}',
      '',
      'function help(n: number): number {',
      '  return n + 1;',
      '}',
      '',
    ];
    expect(makeStub(source.join('\n'), 9).split('\n')).toEqual([
      ...source.slice(0, 2),
      '',
      ...source.slice(5, 16),
      "    throw new Error('TODO step 9: Box.constructor');",
      '  }',
      '}',
      '',
      '/** Counts. */',
      'export function count(n: number): number {',
      "  throw new Error('TODO step 9: count');",
      '}',
      '',
    ]);
  });
});
