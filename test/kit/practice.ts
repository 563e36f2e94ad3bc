/** Judges the attacks and exercises of steps as their readers do: the files to begin with, and the chapter's. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSteps, pathOf, root, type Step } from '../../tutorial/companion/kit.ts';
import {
  judgeFile,
  loadPractice,
  type PracticeResult,
} from '../../tutorial/companion/practice.ts';
import { examplesOf, parsePage } from '../../tutorial/sync/markdown.ts';

const steps = loadSteps();

/** The program of a step's chapter with this name (`example=…`). */
function programIn(step: Step, name: string): string {
  const text = readFileSync(join(root, pathOf.chapter(step)), 'utf8');
  const page = parsePage(pathOf.chapter(step), text.replaceAll('\r\n', '\n'));
  const program = examplesOf(page).get(name);
  if (program === undefined)
    throw new Error(`${pathOf.chapter(step)} needs a program: ts example=${name}.`);
  return program;
}

/** A folder for programs of a reader, which are judged on the reference. */
class Desk {
  readonly #step: Step;
  readonly #folder = mkdtempSync(join(tmpdir(), 'practice-'));

  constructor(step: Step) {
    this.#step = step;
    writeFileSync(join(this.#folder, 'package.json'), '{"type":"module"}');
  }

  /** Judges a file with this text: the attack, or the exercise with this number. */
  async judge(text: string, number?: number): Promise<PracticeResult> {
    const file = join(this.#folder, `${number ?? 'attack'}.ts`);
    writeFileSync(file, text);
    return judgeFile(this.#step, file, { steps, own: [], exercise: number });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A solution of an exercise that is nearly right. */
export interface NearlyRight {
  /** What it does. */
  readonly name: string;
  /** The number of the exercise, such as 3 of `6.3`. */
  readonly number: number;
  /** What is changed in the chapter's solution. */
  readonly replace: readonly [from: string, to: string];
}

/** Tests that an exercise of a step is not solved by what is nearly right. */
export function testNearlyRight(step: Step, programs: readonly NearlyRight[]): void {
  describe(`An exercise of ${step.folder} is not solved by a program that`, () => {
    let desk: Desk;
    beforeAll(() => {
      desk = new Desk(step);
    });
    afterAll(() => desk.remove());

    it.each(programs)(
      '$name',
      async ({ number, replace: [from, to] }) => {
        const right = programIn(step, `exercise-${step.number}.${number}`);
        expect(right).toContain(from);
        expect(await desk.judge(right.replace(from, to), number)).toEqual({
          type: 'problem',
          words: expect.stringMatching(SENTENCE),
        });
      },
      120_000,
    );
  });
}

/** Tests what a step gives its reader to do beyond the tasks. */
export function testPractice(step: Step): void {
  describe(`The practice of ${step.folder}`, () => {
    let desk: Desk;
    beforeAll(() => {
      desk = new Desk(step);
    });
    afterAll(() => desk.remove());

    it('has an attack that begins with what fools nobody', async () => {
      const { attack } = await loadPractice(step);
      const result = await desk.judge(attack.start);
      if (result.type === 'problem') expect(result.words).toMatch(SENTENCE);
      else expect(result).toMatchObject({ type: 'attack', naive: { believes: false } });
    }, 120_000);

    it('fools its naive program with the attack of the chapter, and not the step', async () => {
      const result = await desk.judge(programIn(step, `attack-${step.number}`));
      expect(result).toEqual({
        type: 'attack',
        naive: { believes: true, words: expect.stringMatching(SENTENCE) },
        own: { believes: false, words: expect.stringMatching(SENTENCE) },
      });
    }, 120_000);

    it('says in sentences what to do, in files of the step', async () => {
      const { attack, exercises } = await loadPractice(step);
      const begin = `${String(step.number).padStart(2, '0')}-`;
      expect(attack.goal).toMatch(SENTENCE);
      expect(attack.file).toMatch(new RegExp(`^${begin}[\\w-]+\\.ts$`));
      expect(exercises.length).toBeGreaterThanOrEqual(2);
      for (const { number, file } of exercises) {
        expect(file).toMatch(new RegExp(`^${step.number}\\.${number}-[\\w-]+\\.ts$`));
      }
    });

    it('refuses what its exercises begin with, and takes the solutions of the chapter', async () => {
      const { exercises } = await loadPractice(step);
      for (const { number, start } of exercises) {
        const name = `exercise-${step.number}.${number}`;
        const [before, after] = [
          await desk.judge(start, number),
          await desk.judge(programIn(step, name), number),
        ];
        expect([name, before]).toEqual([
          name,
          { type: 'problem', words: expect.stringMatching(SENTENCE) },
        ]);
        expect([name, after]).toEqual([name, { type: 'solved' }]);
      }
    }, 300_000);
  });
}

/** What ends as a sentence does, in one line. */
const SENTENCE = /^.{10,}[.…?!)]$/;
