/**
 * The tasks of a chapter: for each a problem, a contract, the reader's turn, and one way to write it.
 *
 * @module
 */
import { at, wordOf, type Fence, type Page } from './markdown.ts';

/** The words that begin the parts of a task. */
const CONTRACT = '**The contract**';
const TURN = '**Your turn.**';

/** A task of a chapter, with the places of its parts: lines, counted from 0. */
export interface TaskSection {
  /** Its heading: `Task 1: sha256`. */
  readonly title: string;
  readonly first: number;
  /** The line of "The contract"; -1 if it is not there. */
  readonly contract: number;
  /** The line where one way to write it is folded; -1 if it is not there. */
  readonly way: number;
  /** The line after its last. */
  readonly end: number;
  /** All that stands before the folded way: the problem, the contract and the reader's turn. */
  readonly promise: string;
}

/** Finds the tasks of a chapter. */
export function tasksOf(page: Page): TaskSection[] {
  const lines = page.text.split('\n');
  const starts = page.headings.filter(({ level }) => level <= 3).map(({ line }) => line);
  return starts.flatMap((first, i) => {
    const title = /^### (Task \d+: .*)$/.exec(lines[first] ?? '')?.[1];
    if (title === undefined) return [];
    const end = starts[i + 1] ?? lines.length;
    const find = (words: string) => {
      const line = lines.findIndex(
        (text, n) => n > first && n < end && text.startsWith(words),
      );
      return line;
    };
    const [contract, way] = [find(CONTRACT), find('<details id="one-way-')];
    const promise = lines.slice(first + 1, way === -1 ? end : way).join('\n');
    return [{ title, first, contract, way, end, promise }];
  });
}

/** Says in sentences where a chapter's tasks have not all of their parts, or show too much. */
export function formProblems(page: Page): string[] {
  const lines = page.text.split('\n');
  const tasks = tasksOf(page);
  const problems = tasks.flatMap((task) => {
    const number = /\d+/.exec(task.title)?.[0];
    const has = (words: string) =>
      lines.some((line, n) => n > task.first && n < task.end && line.startsWith(words));
    const question = lines.slice(task.first, task.contract).join('\n').includes('?');
    const missing = [
      ...(task.contract === -1 ? [`no ${CONTRACT}`] : []),
      ...(question ? [] : ['no question before the contract']),
      ...(has(TURN) ? [] : [`no ${TURN}`]),
      ...(has(`<details id="one-way-${number}">`) ? [] : ['no folded way to write it']),
    ];
    return missing.map((what) => `${at(page, task)}: "${task.title}" has ${what}.`);
  });
  const open = page.fences.filter((fence) => isListing(fence) && !isFolded(fence, tasks));
  for (const fence of open) {
    problems.push(
      `${at(page, fence)}: the listing is not folded in a task's way to write it.`,
    );
  }
  return problems;
}

/** Whether a block shows code that the reader writes: that of a step, but not its list of names. */
function isListing(fence: Fence): boolean {
  const file = wordOf(fence, 'file') ?? '';
  return file.startsWith('steps/') && !file.endsWith('/index.ts');
}

function isFolded({ first }: Fence, tasks: readonly TaskSection[]): boolean {
  return tasks.some(({ way, end }) => way !== -1 && way < first && first < end);
}

/** Returns the words of a contract, without marks of comments and without line breaks. */
export function plainWords(text: string): string {
  return text
    .replaceAll(/^\s*\/?\*+\/?/gm, ' ')
    .replaceAll(/\{@link ([^}]*)\}/g, '$1')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/[`*_[\]]|\/\*+|\*+\//g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
