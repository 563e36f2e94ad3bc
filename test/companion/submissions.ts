/** Submissions for tests of the grader: folders and zip files of known programs. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { loadSteps, pathOf, type Step } from '../../tutorial/companion/kit.ts';

export const steps = loadSteps();
export const folders: readonly string[] = steps.map(({ folder }) => folder);

/** Files by their paths. */
export type Files = Readonly<Record<string, string>>;

/** Returns the step with a number. */
export function stepAt(number: number): Step {
  const step = steps.find((one) => one.number === number);
  if (step === undefined) throw new Error(`There is no step ${number}.`);
  return step;
}

/** The files of the reference of a step, with a change of a text in one of them. */
export function reference(
  number: number,
  change?: readonly [string, string, string],
): Files {
  const step = stepAt(number);
  const files = step.sources.map((name) => {
    const text = readFileSync(join(pathOf.reference(step), name), 'utf8');
    const [file, from, to] = change ?? [];
    if (name !== file || from === undefined) return [`${step.folder}/${name}`, text];
    if (!text.includes(from))
      throw new Error(`There is no such text in ${name}: ${from}`);
    return [`${step.folder}/${name}`, text.replace(from, () => to ?? '')];
  });
  return Object.fromEntries(files) as Files;
}

/** A program for step 1 in one file. */
export const program = (text: string): Files => ({ '01-hashing/index.ts': text });

/** Puts files in a folder. */
export const inside = (folder: string, files: Files): Files =>
  Object.fromEntries(
    Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]),
  );

/** Packs files. */
export const zipped = (files: Files): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, strToU8(text)] as const),
    ),
  );

/** A folder that is taken away when the tests are over. */
export class Room {
  readonly path = mkdtempSync(join(tmpdir(), 'grading-'));

  /** Writes a file. */
  write(path: string, text: string | Uint8Array): string {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Writes files into a folder. */
  fill(folder: string, files: Files): string {
    mkdirSync(join(this.path, folder), { recursive: true });
    for (const [path, text] of Object.entries(files))
      this.write(`${folder}/${path}`, text);
    return join(this.path, folder);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}
