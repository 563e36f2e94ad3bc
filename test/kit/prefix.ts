import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSteps, pathOf, type Step, type Task } from '../../tutorial/companion/kit.ts';
import { tasksByPlace } from '../../tutorial/companion/pieces.ts';
import { Runner } from '../../tutorial/companion/runner.ts';
import { makePartial } from '../../tutorial/companion/stubs.ts';
import { sample } from '../sample.ts';

const steps = loadSteps();

/**
 * Tasks at the end of step 6 whose code the reference calls from its earlier listings, where the
 * chapter tells readers to leave it out: here it is written from the beginning.
 */
const LEFT_OUT =
  /^Task 2[123]: (what a network agrees on|what is let go|peers of such a network)$/;

/** How many tasks of each step are tried. `npm run check:kit` tries all. */
const COUNT = Number(process.env.PROGRAMS ?? 2);

/** Tests that each task of a step can be done before those that follow it. */
export function testPrefixes(step: Step): void {
  describe(`With tasks 1 to n of ${step.folder} written and the rest not`, () => {
    const runner = new Runner();
    const folder = mkdtempSync(join(tmpdir(), 'prefix-'));
    const own = join(folder, step.folder);
    const taskAt = tasksByPlace(step);
    beforeAll(() => {
      mkdirSync(own);
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    });
    afterAll(() => {
      runner.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const write = (count: number) => {
      for (const name of step.sources) {
        const text = readFileSync(join(pathOf.reference(step), name), 'utf8');
        const later = step.tasks
          .slice(count)
          .map(({ title }) => title)
          .filter((title) => !LEFT_OUT.test(title));
        const isWritten = (position: number) =>
          !later.includes(taskAt(name, position) ?? '');
        writeFileSync(join(own, name), makePartial(text, step.number, isWritten));
      }
    };
    const failuresOf = async ({ title }: Task) => {
      const { tests, broken } = await runner.run(step, steps, {
        folders: new Map([[step.name, own]]),
        bail: false,
        only: [title],
      });
      const failed = tests.filter(({ failure }) => failure !== undefined);
      const words = failed.map(({ name, failure }) => `${name}: ${failure?.message}`);
      if (broken !== undefined) words.push(broken.failure.message);
      return tests.length === 0 ? ['No test ran.', ...words] : words;
    };

    const tasks = step.tasks.map((task, i) => ({ ...task, count: i + 1 }));
    it.each(sample(tasks, COUNT))(
      'the tests of "$title" pass',
      async ({ count, ...task }) => {
        write(count);
        expect(await failuresOf(task)).toEqual([]);
      },
      120_000,
    );
  });
}
