/** What the page says of programs: it must be, word for word, what the terminal says. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  loadSteps,
  pathOf,
  root,
  sourcesIn,
  toPath,
  type Step,
} from '../../tutorial/companion/kit.ts';
import { Runner } from '../../tutorial/companion/runner.ts';
import { judge, type Verdict } from '../../tutorial/companion/verdict.ts';
import { stubOf } from '../../tutorial/companion/workspace.ts';
import type { WrongProgram } from '../kit/wrong/program.ts';
import type { withWorkbench } from './harness.ts';

const steps = loadSteps();

/**
 * How long a single test may take, in milliseconds: long, for busy machines. What searches in vain
 * is told by the test itself, in ten times the time that the machine needs.
 */
const TIMEOUT = 200_000;

/** A program to be judged: the files of a step by their names. */
interface Program {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
  /** The file whose tests come first. */
  readonly first?: string;
}

const reference = (step: Step) =>
  new Map(
    step.sources.map((name) => [
      name,
      readFileSync(join(pathOf.reference(step), name), 'utf8'),
    ]),
  );

/** All other solutions of a step. */
function solutions({ folder }: Step): Program[] {
  return ['second', 'third'].flatMap((which) => {
    const path = join(root, 'test', 'kit', which, folder);
    if (!existsSync(path)) return [];
    const files = sourcesIn(path).map(
      (name) => [name, readFileSync(join(path, name), 'utf8')] as const,
    );
    return [{ name: `a ${which} solution`, files: new Map(files) }];
  });
}

/** Whether the page tests what a file holds. */
const isTested = (step: Step, file: string) =>
  step.tests.some((test) => basename(test).split('.')[0] === basename(file, '.ts'));

async function wrongPrograms(step: Step): Promise<Program[]> {
  const { programs } = (await import(`../kit/wrong/${step.folder}.ts`)) as {
    programs: readonly WrongProgram[];
  };
  const tested = programs.filter(
    ({ file }) => !step.opensSockets || isTested(step, file),
  );
  return tested.map(({ name, file, replace: [from, to] }) => {
    const files = reference(step);
    const text = files.get(file) ?? '';
    if (!text.includes(from))
      throw new Error(`There is no such text in ${file}:\n${from}`);
    files.set(
      file,
      text.replace(from, () => to),
    );
    return { name: `a program that ${name}`, files, first: file };
  });
}

/** The reference, the stub, stubs of which the first files are written, and all other programs. */
async function programsOf(step: Step): Promise<Program[]> {
  const written = reference(step);
  const stub = new Map(step.sources.map((name) => [name, stubOf(step, name)]));
  const partial = step.sources.slice(0, -1).map((last, i) => {
    const files = new Map(
      step.sources.map((name, j) => [name, (j <= i ? written : stub).get(name) ?? '']),
    );
    return { name: `the stub, written up to ${last}`, files };
  });
  return [
    { name: 'the reference', files: written },
    { name: 'the stub', files: stub },
    ...partial,
    ...solutions(step),
    ...(await wrongPrograms(step)),
  ];
}

/** The tests of the changed file come first, as those of the task in work do for readers. */
function inOrder(step: Step, { first }: Program): string[] {
  const rank = (test: string) =>
    basename(test).split('.')[0] === basename(first ?? '', '.ts') ? 0 : 1;
  return [...step.tests].sort((a, b) => rank(a) - rank(b));
}

/** Takes out of a verdict where the code was, and what differs from run to run. */
function masked(verdict: Verdict, folder: string): unknown {
  const text = JSON.stringify(verdict, (key, value: unknown) => {
    // The title and the words of tasks are the kit's; their files stand elsewhere in a page.
    if (key === 'task') return (value as { title: string }).title;
    if (key === 'seed') return undefined;
    // The terminal knows columns as far as the map of what tsx compiled tells them.
    if (key === 'column') return undefined;
    // How many callbacks wait beside those of the test is the place's own affair.
    if (key === 'words')
      return String(value)
        .replace(/^Expected: <= \d+\nFound: +\d+$/, 'more than before')
        .replaceAll(/("hash": )"\w{64}"/g, '$1"…"'); // of a block of this moment
    return value;
  });
  return JSON.parse(
    text.replaceAll(folder, 'my').replaceAll(/\d+ ms\b/g, 'some ms'),
  ) as unknown;
}

/**
 * Tests that page and terminal judge the programs of a step alike.
 *
 * @param count - how many of the programs to try, at even distances; all unless given
 */
export async function testVerdicts(
  step: Step,
  workbench: ReturnType<typeof withWorkbench>,
  count = Infinity,
): Promise<void> {
  const all = await programsOf(step);
  const distance = Math.max(1, all.length / count);
  const programs = all.filter((_, i) => i % distance < 1);

  describe(`The page says of ${step.folder} what the terminal says:`, () => {
    const runner = new Runner();
    let folder = '';
    beforeAll(() => {
      runner.prepare();
      folder = mkdtempSync(join(tmpdir(), 'verdicts-'));
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    });
    afterAll(() => {
      runner.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const inTerminal = async (program: Program): Promise<unknown> => {
      const own = join(folder, step.folder);
      rmSync(own, { recursive: true, force: true });
      mkdirSync(own);
      for (const [name, text] of program.files) writeFileSync(join(own, name), text);
      const ordered = { ...step, tests: inOrder(step, program) };
      const outcome = await runner.run(ordered, steps, {
        folders: new Map([[step.name, own]]),
        ...{ bail: true, seed: 1, isSeries: true, timeout: TIMEOUT },
      });
      return masked(judge(step, outcome, own), toPath(folder));
    };

    const inPage = async (program: Program): Promise<unknown> => {
      const files = [...program.files].map(
        ([name, text]) => [`/pychain/my/${step.folder}/${name}`, text] as const,
      );
      const tests = inOrder(step, program).map((path) => path.replace(root, '/pychain'));
      const { verdict } = await workbench.check({
        step: step.number,
        files: Object.fromEntries(files),
        ...{ tests, bail: true, seed: 1, timeout: TIMEOUT, stuck: TIMEOUT },
      });
      return masked(verdict, 'my');
    };

    it.each(programs)(
      '$name',
      async (program) => {
        const [page, terminal] = await Promise.all([
          inPage(program),
          inTerminal(program),
        ]);
        expect(page).toEqual(terminal);
      },
      2 * TIMEOUT,
    );
  });
}
