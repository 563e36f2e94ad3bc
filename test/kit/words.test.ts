import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compare } from '../../tutorial/companion/compare.ts';
import { loadSteps, type Step } from '../../tutorial/companion/kit.ts';
import { taskWith } from '../../tutorial/companion/pieces.ts';
import type { Failure, Outcome } from '../../tutorial/companion/runner.ts';
import { judge, type Verdict } from '../../tutorial/companion/verdict.ts';

describe('A comparison', () => {
  it('names the place, and the other one of two fields', () => {
    expect(compare({ index: -1, reason: 'no' }, { index: -1, reason: 'yes' })).toEqual({
      path: '.reason',
      beside: 'index = -1',
      expected: '"no"',
      found: '"yes"',
      same: 1,
    });
  });

  it('goes into what is only asked for in part', () => {
    const expected = {
      status: 413,
      body: expect.objectContaining({ detail: 'a', size: 1 }) as unknown,
    };
    expect(
      compare(expected, { status: 413, body: { detail: 'b', size: 1, more: 2 } }),
    ).toMatchObject({
      path: '.body.detail',
      expected: '"a"',
      found: '"b"',
    });
  });
});

describe('A verdict', () => {
  const steps = loadSteps();
  const [hashing, , , http] = steps as [Step, Step, Step, Step];
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'words-'));
    writeFileSync(join(folder, 'problem.ts'), '');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const ended = (output: string): Verdict =>
    judge(hashing, { tests: [], end: 'died', output }, folder);
  const failed = (name: string, failure: Partial<Failure>, step = hashing): Verdict => {
    const task = step.tasks[0]?.title ?? '';
    const full: Failure = { message: '', frames: [], ...failure };
    const test = { task, name, place: undefined, failure: full, row: [] };
    const outcome: Outcome = { tests: [test], end: 'stopped', output: '' };
    return judge(step, outcome, folder);
  };

  const wordsOf = (verdict: Verdict) => ('words' in verdict ? verdict.words : '');

  it('quotes the error that ended the program', () => {
    const output =
      'hello\nError: an older one\n\nRangeError: lost\n    at x\n\nNode.js v20.1.0';
    expect(wordsOf(ended(output))).toContain('nobody caught this: RangeError: lost');
    expect(wordsOf(ended('Error: printed, and no more'))).toContain('process.exit');
  });

  it('says "not written yet" of a stub that the test ran into, and not of one that it is named by', () => {
    const stubs = ['problemHandler'];
    expect(failed('a page answers 500', { stubs }, http)).toMatchObject({
      kind: 'unwritten',
      names: ['problemHandler'],
    });
    expect(failed('problemHandler answers 500', {}, http)).toMatchObject({
      kind: 'wrong',
    });
  });

  it("tells what the reader's code threw from what the test says itself", () => {
    const at = (file: string) => [{ file, line: 1, column: 1 }];
    const message = 'Waited in vain.';
    expect(wordsOf(failed('x', { message, frames: at('/a.test.ts') }))).toBe(message);
    expect(wordsOf(failed('x', { message, frames: at(join(folder, 'a.ts')) }))).toBe(
      `It threw an Error: ${message}`,
    );
  });

  it('names a frequent mistake where the test says what is wrong, and not where something threw', () => {
    const at = (file: string): Failure['frames'] => [{ file, line: 1, column: 1 }];
    const [own, test] = [at(join(folder, 'problem.ts')), at('/a.test.ts')];
    const message = 'TypeError: text.isRound is not a function';
    expect(failed('x', { message, frames: own })).toMatchObject({ cause: undefined });
    expect(failed('x', { message, frames: test })).toMatchObject({ cause: undefined });
    expect(failed('x', { message: 'Two are alike.', frames: test })).toMatchObject({
      cause: { test: '' },
    });
  });
});

describe('A chapter', () => {
  it('tells under which task a name is declared, also where a test of an earlier one needs it', () => {
    const steps = loadSteps();
    const find = (name: string) => {
      const step = steps.find((one) => one.name === '#blocks');
      return step && taskWith(step, name);
    };
    expect(find('hashBlock')).toMatch(/^Task 1: /);
    expect(find('Chain.append')).toMatch(/Chain/);
    expect(find('none')).toBeUndefined();
  });
});
