/**
 * The colors of code on slides: that of TypeScript by the parser of the site's editor.
 *
 * @module
 */
import { typescriptLanguage } from '@codemirror/lang-javascript';
import { highlightCode, tagHighlighter, tags } from '@lezer/highlight';
import MarkdownIt from 'markdown-it';
import { darkCode, lightCode, type Palette } from '../.vitepress/code-colors.ts';

/** Writes a text so that it is one in HTML, in an attribute too. */
export const { escapeHtml } = new MarkdownIt().utils;

/** Which kind of word is what in {@link Palette}. */
const kinds = tagHighlighter([
  { tag: tags.comment, class: 'comment' },
  {
    tag: [tags.keyword, tags.bool, tags.null, tags.self, tags.modifier],
    class: 'keyword',
  },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], class: 'text' },
  { tag: [tags.number, tags.escape], class: 'number' },
  { tag: [tags.typeName, tags.className], class: 'type' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    class: 'call',
  },
]);

/** Writes a block of code as HTML, with a class on each word that has a color. */
export function codeHtml(text: string, lang: string): string {
  const code = text.trimEnd();
  if (lang === 'ts') return typescriptHtml(code);
  if (lang === 'console') return sessionHtml(code);
  return escapeHtml(code);
}

function typescriptHtml(code: string): string {
  let html = '';
  highlightCode(
    code,
    typescriptLanguage.parser.parse(code),
    kinds,
    (text, kind) => (html += span(kind, text)),
    () => (html += '\n'),
  );
  return html;
}

/** What is typed stands out from what is printed. */
function sessionHtml(code: string): string {
  return code
    .split('\n')
    .map((line) => (/^[$>] /.test(line) ? span('typed', line) : escapeHtml(line)))
    .join('\n');
}

function span(kind: string, text: string): string {
  return kind === ''
    ? escapeHtml(text)
    : `<span class="${kind}">${escapeHtml(text)}</span>`;
}

/** The colors of code as rules of CSS. */
export function codeColors(): string {
  const names = Object.keys(lightCode) as (keyof Palette)[];
  const rules = names.map(
    (name) =>
      `pre .${name} { color: light-dark(${lightCode[name]}, ${darkCode[name]}); }`,
  );
  return `${rules.join('\n')}\n`;
}
