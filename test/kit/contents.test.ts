import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { exampleProblems } from '../../tutorial/sync/examples.ts';
import { at, parsePage, wordOf } from '../../tutorial/sync/markdown.ts';
import { loadSteps, pathOf, root, sectionLine } from '../../tutorial/companion/kit.ts';

const steps = loadSteps();

/** All text of the tests of a step, in which the names of its tests stand. */
const testText = (files: readonly string[]) =>
  files.map((file) => readFileSync(file, 'utf8')).join('\n');

describe.each(steps)('Step $folder', (step) => {
  it('numbers its tasks from 1, without a gap', () => {
    const numbers = step.tasks.map(({ title }) =>
      Number(/^Task (\d+): ./.exec(title)?.[1]),
    );
    expect([...new Set(numbers)]).toEqual(
      Array.from(new Set(numbers), (_number, i) => i + 1),
    );
  });

  it('has three hints for each task', () => {
    const hints = step.tasks.map(({ title, hints: { length } }) => [title, length]);
    expect(hints).toEqual(step.tasks.map(({ title }) => [title, 3]));
  });

  it('begins the hints with a question, and gives none for what is no task', () => {
    for (const { title, hints } of step.tasks) {
      expect(`${title}: ${hints[0]}`).toMatch(/\?/);
    }
    const text = readFileSync(join(pathOf.reference(step), 'hints.md'), 'utf8');
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    expect(headings).toEqual(step.tasks.map(({ title }) => title));
  });

  it('knows a usual cause for each test, and none for tests that are not there', () => {
    const names = testText(step.tests).replaceAll(/'\s*\+\s*'|\\/g, '');
    for (const { title, causes } of step.tasks) {
      expect([title, causes.at(-1)?.test]).toEqual([title, '']);
      for (const { test, text } of causes) {
        expect(text.length).toBeGreaterThan(15);
        expect(names).toContain(test);
      }
    }
  });

  it('has a chapter with a section for each task', () => {
    const without = step.tasks.filter(
      ({ title }) => sectionLine(step, title) === undefined,
    );
    expect(without.map(({ title }) => title)).toEqual([]);
  });

  it('has no file astray', () => {
    const all = readdirSync(pathOf.reference(step));
    const files = all.filter((name) => !name.startsWith('.'));
    const tests = step.tests.map((file) => file.slice(pathOf.reference(step).length + 1));
    const shared = files.filter((name) => name.endsWith('-for-test.ts'));
    const known = [...step.sources, ...tests, ...shared, 'demo.ts', 'hints.md'];
    expect(files.sort()).toEqual(known.sort());
  });
});

describe('The code in the hints', () => {
  const pages = steps.map((step) => {
    const text = readFileSync(join(pathOf.reference(step), 'hints.md'), 'utf8');
    return parsePage(`steps/${step.folder}/hints.md`, text.replaceAll('\r\n', '\n'));
  });

  it('has a name, so that it is checked', () => {
    const unnamed = pages.flatMap((page) =>
      page.fences
        .filter((fence) => fence.lang !== 'ts' || wordOf(fence, 'example') === undefined)
        .map((fence) => at(page, fence)),
    );
    expect(unnamed).toEqual([]);
  });

  it('fits the types of the steps, and of the packages that it imports', () => {
    expect(pages.flatMap(({ fences }) => fences).length).toBeGreaterThan(0);
    expect(exampleProblems(pages, root)).toEqual([]);
  });
});

describe('Chapter 0', () => {
  it('counts the tasks as they are', () => {
    const text = readFileSync(join(root, 'tutorial', 'before-you-start.md'), 'utf8');
    const bars = [...text.matchAll(/step (\d+): \d+ of (\d+) tasks/g)];
    expect(bars.length).toBeGreaterThanOrEqual(2);
    for (const [words, number, count] of bars) {
      const step = steps.find((one) => one.number === Number(number));
      expect([words, Number(count)]).toEqual([words, step?.tasks.length]);
    }
  });
});
