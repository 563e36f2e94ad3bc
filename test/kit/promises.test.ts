import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadSteps, pathOf, root, type Step } from '../../tutorial/companion/kit.ts';
import { parsePage } from '../../tutorial/sync/markdown.ts';
import { formProblems, plainWords, tasksOf } from '../../tutorial/sync/tasks.ts';
import type { Promises } from './promises/promises.ts';
import { testNames } from './test-names.ts';

/** What a step's tests ask for, sentence by sentence. */
async function promisesOf({ folder }: Step): Promise<Promises> {
  const file = `promises/${folder}.ts`;
  if (!existsSync(join(import.meta.dirname, file))) {
    throw new Error(
      `Write in test/kit/${file} which sentence promises what a test asks.`,
    );
  }
  return ((await import(`./${file}`)) as { promises: Promises }).promises;
}

/** The words before a task's folded way to write it, by the task's title. */
function contractsOf(step: Step): Map<string, string> {
  const path = pathOf.chapter(step);
  const text = readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n');
  const tasks = tasksOf(parsePage(path, text));
  return new Map(tasks.map(({ title, promise }) => [title, plainWords(promise)]));
}

describe.each(loadSteps())('The contract of step $folder', (step) => {
  it('promises what each test asks for', async () => {
    const promises = await promisesOf(step);
    const names = testNames(step.tests);
    expect(Object.keys(promises)).toEqual(step.tasks.map(({ title }) => title));
    for (const { title } of step.tasks) {
      const listed = new Set((promises[title] ?? []).flatMap(([, tests]) => tests));
      const asked = new Set(names.get(title));
      const without = [...asked].filter((name) => !listed.has(name));
      const gone = [...listed].filter((name) => !asked.has(name));
      expect({ title, without, gone }).toEqual({ title, without: [], gone: [] });
    }
  });

  it('has the parts of a task in each of its tasks, and folds the code', () => {
    const path = pathOf.chapter(step);
    const text = readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n');
    expect(formProblems(parsePage(path, text))).toEqual([]);
  });

  it('has each of these sentences, word for word', async () => {
    const contracts = contractsOf(step);
    for (const [title, sentences] of Object.entries(await promisesOf(step))) {
      const words = contracts.get(title) ?? '';
      const missing = sentences
        .map(([sentence]) => sentence)
        .filter((one) => one.length < 12 || !words.includes(plainWords(one)));
      expect({ title, missing }).toEqual({ title, missing: [] });
    }
  });
});
