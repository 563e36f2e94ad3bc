import { beginningOf, visible } from './escapes.ts';

/**
 * Writes text from elsewhere so that it cannot drive the terminal, nor look like another text: in
 * quotes, with what cannot be seen as escapes, cut after `length` characters.
 */
export function quote(text: string, length = 60): string {
  const short = beginningOf(text, length);
  return visible(JSON.stringify(short.length < text.length ? `${short}…` : text));
}
