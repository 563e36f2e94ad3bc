import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadSteps, type Step } from '../../tutorial/companion/kit.ts';
import { Runner, type TestResult } from '../../tutorial/companion/runner.ts';

// The tests of a step must take every right solution. These are right, and as different from
// the reference as can be: other data, other style, members of their own, prints left in.
const steps = loadSteps();
/** What failed, in short. */
const failures = (tests: readonly TestResult[]) =>
  tests.flatMap(({ name, failure }) => (failure ? [`${name}: ${failure.message}`] : []));
const folderOf = (folder: string, solution = 'second') =>
  join(import.meta.dirname, solution, folder);

/** Of the steps with the most room for choices there is a third solution, too. */
const solutionsOf = ({ folder }: Step) =>
  ['second', 'third'].filter(
    (name) => name === 'second' || existsSync(folderOf(folder, name)),
  );

/** Tests that the tests of a step take its other solutions. */
export function testSecond(step: Step): void {
  describe.each(solutionsOf(step))('A %s solution', (solution) => {
    const runner = new Runner();
    afterAll(() => runner.close());

    it(`of ${step.folder} passes its tests`, async () => {
      const own = folderOf(step.folder, solution);
      if (!existsSync(own)) throw new Error(`Write a second solution in ${own}.`);
      const folders = new Map([[step.name, own]]);
      const { tests, end } = await runner.run(step, steps, { folders, bail: false });
      expect(failures(tests)).toEqual([]);
      expect(end).toBe('done');
      expect(new Set(tests.map(({ task }) => task)).size).toBe(step.tasks.length);
    }, 300_000);
  });
}

/** Tests that the second solutions of all steps work together. */
export function testAllSeconds(): void {
  describe('The second solutions', () => {
    const runner = new Runner();
    afterAll(() => runner.close());

    it('of every step work with those of all others', async () => {
      const folders = new Map(steps.map(({ name, folder }) => [name, folderOf(folder)]));
      const last = steps.slice(-1);
      for (const step of last) {
        const { tests, end } = await runner.run(step, steps, { folders, bail: false });
        expect(failures(tests)).toEqual([]);
        expect(end).toBe('done');
      }
    }, 300_000);
  });
}
