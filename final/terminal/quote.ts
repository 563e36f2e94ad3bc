import { beginningOf, visible } from './escapes.ts';
import { widthOf } from './width.ts';

/** How many characters of a text are shown where there is room for them. */
const USUAL = 60;

/**
 * Writes text from elsewhere so that it cannot drive the terminal, nor look like another text: in
 * quotes, with what cannot be seen as escapes, cut after `length` characters.
 */
export function quote(text: string, length = USUAL): string {
  const short = beginningOf(text, length);
  return visible(JSON.stringify(short.length < text.length ? `${short}…` : text));
}

/** Writes text as {@link quote} does, in at most so many columns of the terminal. */
export function quoteWithin(text: string, width: number): string {
  for (let length = Math.min(USUAL, text.length); length > 0; length--) {
    const quoted = quote(text, length);
    if (widthOf(quoted) <= width) return quoted;
  }
  return text === '' ? '""' : '"…"';
}
