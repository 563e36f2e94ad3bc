import { describe, expect, it } from '@jest/globals';
import { contractProblems } from '../../tutorial/sync/contracts.ts';
import { givesProblems } from '../../tutorial/sync/gives.ts';
import { exampleProblems } from '../../tutorial/sync/examples.ts';
import { existsIn, linkProblems } from '../../tutorial/sync/links.ts';
import { chapterOf, listingProblems, readSources } from '../../tutorial/sync/listings.ts';
import { readPages } from '../../tutorial/sync/markdown.ts';
import { root, steps } from './project.ts';
import { testSessions } from './sessions.ts';

const pages = readPages(root);

describe('The chapters', () => {
  it('are there for every step', () => {
    expect(steps.filter((step) => chapterOf(pages, step) === undefined)).toEqual([]);
  });

  it('show every source file of their step, whole and in order', () => {
    expect(listingProblems(pages, readSources(root))).toEqual([]);
  });

  it('show as contracts what the source files declare', async () => {
    expect(await contractProblems(pages, root)).toEqual([]);
  });

  it('give the values that the examples in their contracts show', async () => {
    for (const page of pages) expect(await givesProblems(page, root)).toEqual([]);
  }, 120_000);

  it('hold examples that fit the types of the steps', () => {
    expect(exampleProblems(pages, root)).toEqual([]);
  });

  it('and all other pages have links that lead somewhere, pictures with alternative texts, and code that names its language', () => {
    expect(linkProblems(pages, existsIn(root))).toEqual([]);
  });
});

// Those of the first step here, all others in chapters.slow.test.ts.
testSessions(pages.filter((page) => page === chapterOf(pages, steps[0] ?? '')));
