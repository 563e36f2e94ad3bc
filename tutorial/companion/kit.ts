/**
 * What the kit consists of: its steps, and the tasks of each, as their tests name them.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { steps, type StepFolder } from '../../scripts/steps.mjs';

/** The project's folder. */
export const root = join(import.meta.dirname, '..', '..');

/** What to say when a test of a task fails. */
export interface Cause {
  /** A part of the test's name; empty for all tests of the task. */
  readonly test: string;
  /** What must occur in the failure's message, or in what was found; undefined for any failure. */
  readonly failure?: string | undefined;
  /** The usual cause of the failure, as a sentence or two. */
  readonly text: string;
}

/** A part of a step, with tests of its own. */
export interface Task {
  /** As the tests and the chapter name it: `Task 1: sha256`. */
  readonly title: string;
  /** The file with its tests. */
  readonly file: string;
  /** The hints, from a question to nearly the code. */
  readonly hints: readonly string[];
  /** The usual causes of failures; the first that fits counts, and before all one with a `failure`. */
  readonly causes: readonly Cause[];
  /** Changes with the task's tests and with the reference's code for it. */
  readonly fingerprint: string;
}

/** One of the numbered steps, with what it consists of. */
export interface Step extends StepFolder {
  /** Its source files, `index.ts` last. */
  readonly sources: readonly string[];
  /** The paths of its test files, in the order of their tasks. */
  readonly tests: readonly string[];
  /** Its tasks in their order. */
  readonly tasks: readonly Task[];
}

/** Returns the steps in their order. */
export function loadSteps(): Step[] {
  return steps.map(loadStep);
}

/** Returns the path of what belongs to a step: its reference, its chapter, the reader's own code. */
export const pathOf = {
  reference: (step: Step) => join(root, 'steps', step.folder),
  own: (step: Step) => join(root, 'my', step.folder),
  chapter: (step: Step) => `tutorial/${step.folder}.md`,
  /** A second solution, which differs from the reference on purpose. */
  another: (step: Step) => join(root, 'test', 'kit', 'second', step.folder, 'index.ts'),
};

/** Writes a path relative to the project, with slashes. */
export function toPath(file: string): string {
  return relative(root, file).replaceAll('\\', '/');
}

/**
 * Refuses a folder where a file of the reader is to be.
 *
 * @throws Error with a sentence
 */
export function refuseFolder(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  throw new Error(
    `${toPath(file)} is a folder, and a file is to be there. Move the folder away, then try again.`,
  );
}

/** Whether a file is to be seen: hidden ones are an editor's own, or macOS puts them there. */
const isVisible = (name: string) => !name.startsWith('.');

/** Returns the names of the TypeScript files in a folder. */
export function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => isVisible(name) && name.endsWith('.ts'))
    .sort();
}

/** The lines of a step's chapter; none if it is not there. */
export function chapterLines(step: Step): string[] {
  const file = join(root, pathOf.chapter(step));
  return existsSync(file) ? readFileSync(file, 'utf8').split(/\r?\n/) : [];
}

/** Returns where a chapter explains a task: the line of its heading, or undefined. */
export function sectionLine(step: Step, title: string): number | undefined {
  const line = chapterLines(step).indexOf(`### ${title}`);
  return line === -1 ? undefined : line + 1;
}

/** The lines with which the parts of a task begin in a chapter. */
const parts = {
  /** What is asked for. */
  contract: /^\*\*The contract\*\*/,
  /** One way to write it, and why it is so. */
  reasons: /^<details id="one-way-/,
};

/**
 * Returns where to read of a task: the path of the chapter, with the line of a part of the task
 * if it has that, or of its heading.
 */
export function placeInChapter(
  step: Step,
  title: string,
  part: keyof typeof parts = 'contract',
): string {
  const line = sectionLine(step, title);
  if (line === undefined) return pathOf.chapter(step);
  const rest = chapterLines(step).slice(line);
  const end = rest.findIndex((text) => /^#{1,3} /.test(text));
  const section = end === -1 ? rest : rest.slice(0, end);
  const offset = section.findIndex((text) => parts[part].test(text));
  return `${pathOf.chapter(step)}:${line + offset + 1}`;
}

function loadStep(step: StepFolder): Step {
  const path = join(root, 'steps', step.folder);
  const files = readdirSync(path).filter(isVisible).sort();
  const sources = files.filter(
    (name) => name.endsWith('.ts') && !/(test|demo)\.ts$/.test(name),
  );
  const hints = readHints(join(path, 'hints.md'));
  const found = files
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) => tasksIn(join(path, name)))
    .sort((a, b) => numberOf(a.title) - numberOf(b.title));
  const titles = [...new Set(found.map(({ title }) => title))];
  const tasks = titles.map((title) => {
    const parts = found.filter((part) => part.title === title);
    const { hints: own = [], causes = [] } = hints.get(title) ?? {};
    const fingerprint = fingerprintOf(parts);
    const file = parts[0]?.file ?? '';
    return { title, file, hints: own, causes, fingerprint };
  });
  return {
    ...step,
    sources: [...sources.filter((name) => name !== 'index.ts'), 'index.ts'],
    tests: [...new Set(found.map(({ file }) => file))],
    tasks,
  };
}

interface Part {
  readonly title: string;
  readonly file: string;
  readonly text: string;
}

const numberOf = (title: string) => Number(/\d+/.exec(title)?.[0]);

/**
 * Finds the tasks of a test file: what it describes at its top level. As Prettier writes it,
 * that begins and ends at the beginning of a line, so no parser has to be loaded for it.
 */
function tasksIn(file: string): Part[] {
  const text = readFileSync(file, 'utf8').replace(/\r/g, '');
  const found = text.matchAll(/^describe\(\s*(['"])(.+?)\1, [^]*?^\}\)/gm);
  return [...found].map(([text, , title = '']) => ({ title, file, text }));
}

function fingerprintOf(parts: readonly Part[]): string {
  const digest = createHash('sha256');
  for (const { file, text } of parts) {
    const source = join(file, '..', `${basename(file).split('.')[0]}.ts`); // of a.b.test.ts: a.ts
    digest.update(text);
    if (existsSync(source))
      digest.update(readFileSync(source, 'utf8').replace(/\r/g, ''));
  }
  return digest.digest('hex').slice(0, 16);
}

interface TaskHints {
  readonly hints: string[];
  readonly causes: Cause[];
}

/**
 * Reads a step's hints. Under the title of each task stand three numbered hints; then, one an
 * item, the usual causes of failures, each after a part of the test's name in quotes or, for
 * all tests, after "otherwise"; behind a slash there may be a part of the failure, in quotes too.
 */
function readHints(file: string): Map<string, TaskHints> {
  const tasks = new Map<string, TaskHints>();
  if (!existsSync(file)) return tasks;
  const text = readFileSync(file, 'utf8').replace(/\r/g, '');
  for (const section of text.split(/^## /m).slice(1)) {
    const [title = ''] = section.split('\n', 1);
    const items = section.slice(title.length).split(/\n(?=\d\. |- )/);
    const hints = items.filter((item) => /^\d\. /.test(item)).map(plain);
    const causes = items
      .filter((item) => item.startsWith('- '))
      .map((item) => {
        const [, test = '', failure, words = ''] =
          /^(?:"(.+?)"|otherwise)(?: \/\s+"(.+?)")?:\s(.*)$/s.exec(plain(item)) ?? [];
        return { test, failure, text: words.replace(/\s*\n\s*/g, ' ') };
      });
    tasks.set(title.trim(), { hints, causes });
  }
  return tasks;
}

/** Takes the mark and the indentation off an item of a list. */
function plain(item: string): string {
  const [mark = ''] = /^(\d\.|-) +/.exec(item) ?? [];
  const indent = new RegExp(`^ {${mark.length}}`, 'gm');
  return item.slice(mark.length).replace(indent, '').trim();
}
