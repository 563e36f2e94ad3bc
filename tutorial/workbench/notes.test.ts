import { describe, expect, it } from '@jest/globals';
import type { Step } from '../companion/kit.ts';
import { codeOf, merged, noted, passedIn, readNotes, writeNotes } from './notes.ts';

const task = (title: string) => ({ title, fingerprint: `of ${title}` });
const step = {
  folder: '01-hashing',
  tasks: [task('Task 1: sha256'), task('Task 2: canonicalJson')],
} as unknown as Step;
const nothing = readNotes(undefined);
const first = { passed: ['Task 1: sha256'], failed: [] };

describe('What a page notes', () => {
  it('is which tasks have passed, and for which tests', () => {
    const notes = noted(nothing, step, first);
    expect(passedIn(notes, step)).toEqual(['Task 1: sha256']);
    expect(notes.current).toBe('01-hashing');
    expect(notes.steps['01-hashing']?.tasks).toEqual({
      'Task 1: sha256': {
        hints: 0,
        passed: expect.stringMatching(/^\d{4}-.*Z$/),
        fingerprint: 'of Task 1: sha256',
      },
    });
  });

  it('forgets that a task has passed when it fails, and keeps how many hints were opened', () => {
    const before = readNotes(
      '{"steps":{"01-hashing":{"tasks":{"Task 1: sha256":{"passed":"once","hints":2}}}}}',
    );
    const notes = noted(before, step, { passed: [], failed: ['Task 1: sha256'] });
    expect(notes.steps['01-hashing']?.tasks).toEqual({ 'Task 1: sha256': { hints: 2 } });
  });

  it('is written so that it reads back, with all that the terminal has noted', () => {
    const text = writeNotes({
      steps: { '05-peers': { tasks: { 'Task 3: hello': { passed: 'then' } } } },
      ...{ later: [1] },
    });
    const notes = readNotes(text);
    expect(noted(notes, step, first)).toMatchObject({ ...notes, steps: notes.steps });
    expect(writeNotes(notes)).toBe(text);
  });

  it.each(['', '[]', 'null', '{"steps":7}', '{"steps":{"01-hashing":"all"}}', '{'])(
    'is nothing where the file holds %j',
    (text) => {
      expect(passedIn(readNotes(text), step)).toEqual([]);
    },
  );

  it('becomes one with the notes that come along with a zip file', () => {
    const here = noted(nothing, step, first);
    const there = noted(nothing, step, {
      passed: ['Task 2: canonicalJson'],
      failed: [],
      code: 'abc',
    });
    const both = merged(here, there);
    expect(passedIn(both, step)).toEqual(['Task 1: sha256', 'Task 2: canonicalJson']);
    expect(both.steps['01-hashing']?.code).toBe('abc');
  });
});

describe('The fingerprint of files', () => {
  it('does not depend on their order, but on each name and each text', () => {
    const [one, two] = [
      ['/pychain/my/01-hashing/a.ts', 'one'],
      ['/pychain/my/01-hashing/b.ts', 'two'],
    ] as const;
    const code = codeOf(Object.fromEntries([one, two]));
    expect(codeOf(Object.fromEntries([two, one]))).toBe(code);
    expect(codeOf({ [one[0]]: 'one', [two[0]]: 'Two' })).not.toBe(code);
    expect(codeOf({ [one[0]]: 'one', '/pychain/my/01-hashing/c.ts': 'two' })).not.toBe(
      code,
    );
  });
});
