/**
 * Fits what is shown to the size of a terminal.
 *
 * @module
 */
import stringWidth from 'string-width';
import { colors } from '../../final/terminal/colors.ts';

/** What a screen consists of, each a text of one or more lines. */
export interface Screen {
  /** Which step this is. */
  readonly title: string;
  /** Where to write it, and what to read. */
  readonly place: string;
  /** What is said of the machine; empty if nothing. */
  readonly notes: string;
  /** What it is about: a result, a hint, a list. */
  readonly body: string;
  /** Which keys there are, and what they do. */
  readonly help: string;
  /** Which keys there are, in a few characters. */
  readonly keys: string;
  /** Whether the beginning of the body must be seen, even if its end cannot be. */
  readonly isResult: boolean;
}

/** What stands for lines that a terminal has no room for. */
const MORE = '… more: learn check';

/**
 * Puts a screen together. Where it has more lines than the terminal, empty lines give way first,
 * then the help, then what stands around the body; of a result the last lines, too.
 */
export function fit(screen: Screen, columns = Infinity, rows = Infinity): string {
  const { title, place, notes, body, help, keys, isResult } = screen;
  const forms = [
    [`${title}  ${place}`, notes, body, help],
    [title, notes, body, keys],
    [title, body, keys],
  ];
  for (const parts of forms) {
    const lines = broken(parts, columns);
    const full = lines.filter((line) => line !== '');
    const excess = height(lines, columns) - rows;
    if (excess <= lines.length - full.length) return without(lines, excess).join('\n');
  }
  if (!isResult) return broken([title, body, keys], columns).join('\n');
  const lines = broken([body], columns).filter((line) => line !== '');
  return beginning(lines, columns, rows).join('\n');
}

/** Puts parts below each other, with an empty line between them, and breaks lines between words. */
function broken(parts: readonly string[], columns: number): string[] {
  const text = parts.filter((part) => part !== '').join('\n\n');
  return text.split('\n').flatMap((line) => {
    const [indentation = ''] = /^ */.exec(line) ?? [];
    if (widthOf(line) <= columns) return [line];
    return wrapLine(line.trimStart(), columns - indentation.length)
      .split('\n')
      .map((part) => indentation + part);
  });
}

/** How many rows lines take: a terminal breaks those that are too long, such as paths. */
function height(lines: readonly string[], columns: number): number {
  const rows = lines.map((line) => Math.max(1, Math.ceil(widthOf(line) / columns)));
  return rows.reduce((sum, one) => sum + one, 0);
}

/** Leaves out as many empty lines, the first ones. */
function without(lines: readonly string[], count: number): string[] {
  let left = count;
  return lines.filter((line) => line !== '' || (left -= 1) < 0);
}

/** Returns as many of the first lines as there is room for, and says that there are more. */
function beginning(lines: readonly string[], columns: number, rows: number): string[] {
  if (height(lines, columns) <= rows) return [...lines];
  let count = 0;
  while (height(lines.slice(0, count + 1), columns) < rows) count += 1;
  return [...lines.slice(0, count), colors.dim(MORE)];
}

/** How many columns a text takes: colors take none, and an emoji two. */
export const widthOf = (text: string): number => stringWidth(text);

const characters = new Intl.Segmenter();

/** Returns as much of a text as fits into so many columns, and says so where that is not all. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let begin = '';
  for (const { segment } of characters.segment(text)) {
    if (widthOf(begin + segment) >= width) break;
    begin += segment;
  }
  return `${begin}…`;
}

/** Breaks a line between words. */
export function wrapLine(text: string, length: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > length) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}
