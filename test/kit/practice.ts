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

/** Tests what a step gives its reader to do beyond the tasks. */
export function testPractice(step: Step): void {
  describe(`The practice of ${step.folder}`, () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'practice-'));
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    /** Judges a file with this text, on the reference. */
    const judge = async (text: string, number?: number): Promise<PracticeResult> => {
      const file = join(folder, `${number ?? 'attack'}.ts`);
      writeFileSync(file, text);
      return judgeFile(step, file, { steps, own: [], exercise: number });
    };

    it('has an attack that begins with what fools nobody', async () => {
      const { attack } = await loadPractice(step);
      const result = await judge(attack.start);
      if (result.type === 'problem') expect(result.words).toMatch(SENTENCE);
      else expect(result).toMatchObject({ type: 'attack', naive: { believes: false } });
    }, 120_000);

    it('fools its naive program with the attack of the chapter, and not the step', async () => {
      const result = await judge(programIn(step, `attack-${step.number}`));
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
          await judge(start, number),
          await judge(programIn(step, name), number),
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
