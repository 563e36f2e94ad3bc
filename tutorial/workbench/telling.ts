/**
 * How a page shows what the companion says.
 *
 * @module
 */
import { slug } from 'github-slugger';
import type { Comparison } from '../companion/compare.ts';
import type { Verdict } from '../companion/verdict.ts';
import { states, uncompilable } from '../companion/words.ts';

/** The first line of a verdict. */
export interface Headline {
  readonly mark: string;
  readonly title: string;
  readonly state: string;
  readonly tone: 'good' | 'bad' | 'warn';
}

/** How many characters of a value are shown at most. */
const MAX_VALUE = 600;

/** How much of what two values begin with alike is shown before they differ. */
const MAX_SAME = 40;

/** Says in a line what came out. */
export function headlineOf(verdict: Verdict, task: string): Headline {
  switch (verdict.kind) {
    case 'passed':
      return { ...states.passed, title: task, tone: 'good' };
    case 'unwritten':
      return { ...states.unwritten, title: verdict.task.title, tone: 'warn' };
    case 'uncompilable':
      return { ...uncompilable, tone: 'bad' };
    case 'ended':
    case 'wrong':
      return { ...states.wrong, title: verdict.task.title, tone: 'bad' };
  }
}

/** Two values, cut where they begin to differ. */
export interface Compared {
  /** What both begin with. */
  readonly same: string;
  readonly expected: string;
  readonly found: string;
  /** In which part of the values they differ. */
  readonly where: string;
}

/** Cuts two values where they begin to differ. */
export function comparisonOf({
  expected,
  found,
  same,
  path,
  beside,
}: Comparison): Compared {
  const end = same !== undefined && same > 1 ? same : 0;
  const start = end > MAX_SAME ? end - MAX_SAME / 2 : 0;
  const cut = (text: string) =>
    text.length > end + MAX_VALUE
      ? `${text.slice(end, end + MAX_VALUE)}…`
      : text.slice(end);
  const next = beside === undefined ? '' : `, where ${beside}`;
  return {
    same: (start > 0 ? '…' : '') + expected.slice(start, end),
    expected: cut(expected),
    found: cut(found),
    where: path === '' ? '' : `They differ at ${path.replace(/^\./, '')}${next}:`,
  };
}

/** Begins a sentence with a capital letter. */
export const sentenceOf = (text: string): string =>
  text.charAt(0).toUpperCase() + text.slice(1);

/** The anchor of a task in its chapter. */
export const chapterOf = (task: string): string => slug(task);

/** A part of a hint: prose, or code. */
export interface HintPart {
  readonly isCode: boolean;
  readonly text: string;
  /** The words of prose, with what is code among them. */
  readonly words: readonly { readonly text: string; readonly isCode: boolean }[];
}

/** Takes a hint apart, which is written in Markdown. */
export function partsOfHint(hint: string): HintPart[] {
  return hint.split(/^```.*$/m).flatMap((text, i): HintPart[] => {
    if (i % 2 === 1) return [{ isCode: true, text: text.trim(), words: [] }];
    const paragraphs = text.split(/\n\n+/).filter((one) => one.trim() !== '');
    return paragraphs.map((one) => ({ isCode: false, text: one, words: wordsOf(one) }));
  });
}

const wordsOf = (text: string): HintPart['words'] =>
  text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .split('`')
    .map((word, i) => ({ text: word, isCode: i % 2 === 1 }))
    .filter(({ text: word }) => word !== '');
