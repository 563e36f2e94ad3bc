import stringWidth from 'string-width';

/** How wide a terminal is that does not say so. */
const USUAL = 80;

const characters = new Intl.Segmenter();

/** How many columns there are to write to; elsewhere than on a terminal, as many as one likes. */
export function columnsOf(stream: {
  readonly isTTY?: boolean;
  readonly columns?: number;
}): number {
  if (stream.isTTY !== true) return Infinity;
  return stream.columns === undefined || stream.columns === 0 ? USUAL : stream.columns;
}

/**
 * How many columns a text without colors takes. A character of Chinese and an emoji take two, with
 * whatever marks they have.
 */
export function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  const all = Array.from(characters.segment(text), ({ segment }) => segment);
  return all.reduce((sum, one) => sum + Math.min(2, stringWidth(one)), 0);
}

/** Fills a text up with spaces to so many columns, on the left if it is to stand on the right. */
export function padded(text: string, width: number, toTheRight = false): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return toTheRight ? space + text : text + space;
}

/** Returns as much of a text as fits into so many columns, and says so where that is not all. */
export function clipped(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return `${firstOf(text, width - 1)}…`;
}

/**
 * Breaks a text into lines of at most so many columns: between words, and within those that are
 * longer than a line.
 */
export function wrapped(text: string, width: number): string[] {
  if (widthOf(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (widthOf(line) > width) {
      const begin = firstOf(line, width) || firstOf(line, 2); // one character at least
      lines.push(begin);
      line = line.slice(begin.length);
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** Returns the first characters that take at most so many columns. */
function firstOf(text: string, width: number): string {
  let begin = '';
  let taken = 0;
  for (const { segment } of characters.segment(text)) {
    taken += widthOf(segment);
    if (taken > width) break;
    begin += segment;
  }
  return begin;
}
