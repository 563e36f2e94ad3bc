/** A part of a text: some characters as they are, or some that are written as escapes. */
export interface Part {
  readonly text: string;
  readonly isEscape: boolean;
}

/**
 * What cannot be seen, or lets other characters be seen elsewhere: controls, halves of characters,
 * marks of direction, joiners, fillers, tags, variation selectors.
 */
const INVISIBLE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u.source;

/** In one symbol, joiners and variation selectors are what people mean by it. */
const SYMBOL =
  /\p{Extended_Pictographic}\p{Emoji_Modifier}?\ufe0f?(?:\u200d\p{Extended_Pictographic}\p{Emoji_Modifier}?\ufe0f?)*|[#*\d]\ufe0f\u20e3/u
    .source;

const inLines = new RegExp(`(${SYMBOL})|((?:${INVISIBLE})+)`, 'gu');
const inText = new RegExp(`(${SYMBOL})|((?:(?![\\t\\n])${INVISIBLE})+)`, 'gu');

/**
 * Parts a text so that all that it holds can be seen, with escapes such as `\u202e`.
 *
 * @param isLine - whether it is shown in one line, where line breaks and tabs cannot be seen
 */
export function visibleParts(text: string, isLine = false): Part[] {
  const parts: Part[] = [];
  let plain = '';
  let end = 0;
  for (const { 0: found, 2: hidden, index } of text.matchAll(isLine ? inLines : inText)) {
    plain += text.slice(end, index);
    end = index + found.length;
    if (hidden === undefined) {
      plain += found;
      continue;
    }
    if (plain !== '') parts.push({ text: plain, isEscape: false });
    parts.push({ text: escapesOf(hidden), isEscape: true });
    plain = '';
  }
  plain += text.slice(end);
  return plain === '' ? parts : [...parts, { text: plain, isEscape: false }];
}

/** Writes a text in one line so that all that it holds can be seen, with escapes. */
export function visible(text: string): string {
  return visibleParts(text, true)
    .map((part) => part.text)
    .join('');
}

/** Returns the beginning of a text, which ends between two characters. */
export function beginningOf(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

/** Writes characters as JSON and JavaScript do: one that is not in 16 bits takes two escapes. */
function escapesOf(text: string): string {
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
