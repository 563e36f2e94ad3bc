import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSteps, pathOf, type Step } from '../../tutorial/companion/kit.ts';
import { Runner } from '../../tutorial/companion/runner.ts';
import { failureScreen } from '../../tutorial/companion/screen.ts';
import { judge } from '../../tutorial/companion/verdict.ts';
import type { WrongProgram } from './wrong/program.ts';

const steps = loadSteps();
const wrong = await Promise.all(
  steps.map(async (step) => ({ step, programs: await programsFor(step) })),
);
let runner: Runner;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wrong-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
process.stdout.columns = 90;

/** Reads the wrong programs of a step. */
async function programsFor({ folder }: Step): Promise<readonly WrongProgram[]> {
  const file = `wrong/${folder}.ts`;
  if (!existsSync(join(import.meta.dirname, file))) {
    throw new Error(
      `Write typical wrong programs for step ${folder} in test/kit/${file}.`,
    );
  }
  const { programs } = (await import(`./${file}`)) as {
    programs: readonly WrongProgram[];
  };
  return programs;
}

/** Writes a step with a change into a folder of its own. */
function write(step: Step, { file, replace: [from, to] }: WrongProgram): string {
  const path = join(folder, step.folder);
  mkdirSync(path, { recursive: true });
  for (const name of step.sources) {
    const text = readFileSync(join(pathOf.reference(step), name), 'utf8');
    if (name === file && !text.includes(from)) {
      throw new Error(`There is no such text in ${file}:\n${from}`);
    }
    writeFileSync(join(path, name), name === file ? text.replace(from, () => to) : text);
  }
  return path;
}

/** Takes out of a screen what differs from run to run and from machine to machine. */
function masked(screen: string): string {
  return stripVTControlCharacters(screen)
    .replaceAll(/\S*wrong-\w+/g, 'my')
    .replaceAll(/(localhost|127\.0\.0\.1|\[::1\]):\d{4,5}/g, '$1:PORT')
    .replaceAll(/\b[0-9a-f]{32}\b/g, 'ID')
    .replaceAll(/: \d+ ms/g, ': some ms')
    .replaceAll(/\.(ts|md):\d+/g, '.$1') // lines move with what stands above them
    .replaceAll(/ +$/gm, '');
}

describe.each(wrong)(
  'The tests of $step.folder refuse a program that',
  ({ step, programs }) => {
    // What is wrong may leave sockets open, which the next program would be blamed for.
    const isSeries = !step.opensSockets;
    beforeAll(() => {
      runner = new Runner();
    });
    afterAll(() => runner.close());

    it.each(programs)(
      '$name',
      async (program) => {
        const own = write(step, program);
        const folders = new Map([[step.name, own]]);
        const options = { folders, bail: true, timeout: 60_000, seed: 1, isSeries };
        const outcome = await runner.run(step, steps, options);
        const verdict = judge(step, outcome, own);
        if (verdict.kind !== 'wrong' && verdict.kind !== 'ended')
          throw new Error(`The verdict is: ${verdict.kind}.`);
        expect(`\n${masked(failureScreen(step, verdict))}\n`).toMatchSnapshot();
      },
      120_000,
    );

    it('comes in at least eight kinds', () => {
      expect(programs.length).toBeGreaterThanOrEqual(8);
    });
  },
);
