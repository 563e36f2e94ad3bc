import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the chapters. */
export const tutorial = join(import.meta.dirname, '..');

/** The longest description that others show of a page, in characters. */
const LONGEST = 240;

/** Says in a sentence or two what a page is about: its first paragraph, without its marks. */
export function descriptionOf(markdown: string): string | undefined {
  const body = markdown.replaceAll('\r\n', '\n').replace(/^---\n.*?\n---\n/s, '');
  const paragraph = body.split(/\n{2,}/).find((part) => /^[A-Z*_`[]/.test(part));
  if (paragraph === undefined) return undefined;
  const words = paragraph
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/<[^>]*>|[*`]|\b_|_\b/g, '')
    .replaceAll(/"([^"]*)"/g, '“$1”') // it will be an attribute in HTML
    .replaceAll(/\s+/g, ' ')
    .trim();
  const sentences = words.match(/[^.?!:]+[.?!:]+(?= |$)/g) ?? [words];
  const tooMany = sentences.findIndex(
    (_, i) => i > 0 && sentences.slice(0, i + 1).join('').length > LONGEST,
  );
  const kept = sentences.slice(0, tooMany === -1 ? undefined : tooMany);
  return kept.join('').trim().replace(/:$/, '.');
}

/** Returns the Markdown of a page of the tutorial; undefined of one that was made. */
export function readPage(relativePath: string): string | undefined {
  const file = join(tutorial, relativePath);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
