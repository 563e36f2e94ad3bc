import { describe, expect, it } from '@jest/globals';
import { exampleProblems } from '../../tutorial/sync/examples.ts';
import { existsIn, linkProblems } from '../../tutorial/sync/links.ts';
import { chapterOf, listingProblems, readSources } from '../../tutorial/sync/listings.ts';
import { at, examplesOf, readPages } from '../../tutorial/sync/markdown.ts';
import { masked } from '../../tutorial/sync/masks.ts';
import {
  isSession,
  missingPrograms,
  parseSession,
  runSession,
} from '../../tutorial/sync/sessions.ts';
import { root, steps } from './project.ts';

const pages = readPages(root);

describe('The chapters', () => {
  it('are there for every step', () => {
    expect(steps.filter((step) => chapterOf(pages, step) === undefined)).toEqual([]);
  });

  it('show every source file of their step, whole and in order', () => {
    expect(listingProblems(pages, readSources(root))).toEqual([]);
  });

  it('hold examples that fit the types of the steps', () => {
    expect(exampleProblems(pages, root)).toEqual([]);
  });

  it('and all other pages have links that lead somewhere, pictures with alternative texts, and code that names its language', () => {
    expect(linkProblems(pages, existsIn(root))).toEqual([]);
  });
});

const sessions = pages.flatMap((page) =>
  page.fences
    .filter(isSession)
    .map((fence) => ({ where: at(page, fence), fence, programs: examplesOf(page) })),
);
const missing = new Set(sessions.flatMap(({ fence }) => missingPrograms(fence.text)));
const runnable = sessions.filter(({ fence }) => missingPrograms(fence.text).length === 0);

if (missing.size > 0 && process.env.REQUIRE_ALL !== undefined) {
  throw new Error(`The sessions of the chapters need ${[...missing].join(', ')}.`);
} else if (missing.size > 0) {
  const [count, names] = [sessions.length - runnable.length, [...missing].join(', ')];
  process.stderr.write(
    `Left out: ${count} sessions of the chapters, without ${names}.\n`,
  );
}

if (runnable.length > 0) {
  describe('The terminal shows what the chapters say', () => {
    it.each(runnable)(
      'at $where',
      async ({ fence, programs }) => {
        const now = parseSession(await runSession(fence.text, root, programs));
        for (const [i, { command, output }] of parseSession(fence.text).entries()) {
          // An equal output comes back as it was; npm run tutorial:sync takes over another.
          const mask = (text = '') => `$ ${command}\n${masked(text)}`;
          expect(mask(now[i]?.output)).toBe(mask(output));
        }
      },
      400_000,
    );
  });
}
