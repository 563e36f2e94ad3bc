import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { compilerOptions } from '../../tutorial/companion/compiler-options.ts';
import { loadSteps, pathOf, root, type Step } from '../../tutorial/companion/kit.ts';
import { Runner } from '../../tutorial/companion/runner.ts';
import { judge } from '../../tutorial/companion/verdict.ts';
import { stubOf } from '../../tutorial/companion/workspace.ts';

const steps = loadSteps();

/** The files of packages and other steps, parsed once for all that is compiled here. */
const parsed = new Map<string, ts.SourceFile>();

/** What declarations offer: neither that there is something private, nor what is imported. */
const offered = (output: string) =>
  output
    .split('\n')
    .filter((line) => !/^ *#private;$|^import |^export \{\};$/.test(line))
    .join('\n');

/** What a step declares, its stub instead of its reference where `text` gives one. */
function declarations(step: Step, text: (path: string) => string | undefined): string[] {
  const options: ts.CompilerOptions = {
    ...compilerOptions(root),
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const host = ts.createCompilerHost(options, true);
  host.readFile = (path) => text(path) ?? ts.sys.readFile(path);
  const parse = (path: string, version: ts.ScriptTarget | ts.CreateSourceFileOptions) => {
    const source = host.readFile(path);
    return source === undefined
      ? undefined
      : ts.createSourceFile(path, source, version, true);
  };
  host.getSourceFile = (path, version) => {
    if (dirname(path) === pathOf.reference(step)) return parse(path, version);
    const file = parsed.get(path) ?? parse(path, version);
    if (file !== undefined) parsed.set(path, file);
    return file;
  };
  const files = step.sources.map((name) => join(pathOf.reference(step), name));
  const program = ts.createProgram(files, options, host);
  const emitted: string[] = [];
  for (const file of files) {
    const source = program.getSourceFile(file);
    const errors = program.getSemanticDiagnostics(source);
    expect(errors.map(({ messageText }) => messageText)).toEqual([]);
    program.emit(source, (path, output) => emitted.push(`${path}\n${offered(output)}`));
  }
  return emitted;
}

/** Tests the files that a reader of a step begins with. */
export function testStub(step: Step): void {
  describe(`The stub of ${step.folder}`, () => {
    let folder: string;
    let own: string;
    const runner = new Runner();
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'stubs-'));
      own = join(folder, step.folder);
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      mkdirSync(own);
      for (const name of step.sources) {
        writeFileSync(join(own, name), stubOf(step, name));
      }
    });
    afterAll(() => {
      runner.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Runs the tests of the step on the stub, which leaves nothing behind. */
    const run = (options: { bail: boolean; timeout?: number }) => {
      const folders = new Map([[step.name, own]]);
      return runner.run(step, steps, { folders, isSeries: true, seed: 1, ...options });
    };

    it('declares what the reference declares', () => {
      const stub = (path: string) => {
        const name = step.sources.find(
          (one) => path === join(pathOf.reference(step), one),
        );
        return name === undefined ? undefined : stubOf(step, name);
      };
      const reference = declarations(step, () => undefined);
      expect(reference).toHaveLength(step.sources.length);
      expect(declarations(step, stub)).toEqual(reference);
    });

    it('fails its first task as not written yet', async () => {
      const outcome = await run({ bail: true });
      expect(judge(step, outcome, own)).toMatchObject({
        kind: 'unwritten',
        task: { title: step.tasks[0]?.title },
      });
    });

    it('fails in each of its tasks', async () => {
      const outcome = await run({ bail: false, timeout: 300 });
      const failed = outcome.tests.filter(({ failure }) => failure !== undefined);
      const titles = new Set(failed.map(({ task }) => task));
      expect([...titles]).toEqual(step.tasks.map(({ title }) => title));
    });
  });
}
