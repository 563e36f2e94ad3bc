/**
 * Slides for a class: a deck is a Markdown file of this folder, and each heading begins a slide.
 * Marpit cuts it into slides and takes the notes out; what a slide looks like is in slides.css.
 *
 * @module
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { Marpit } from '@marp-team/marpit';
import MarkdownIt from 'markdown-it';
import type { MarkdownRenderer } from 'vitepress';
import { pictureForms } from '../.vitepress/picture-forms.ts';
import { codeHtml, escapeHtml } from './code.ts';

const folder = import.meta.dirname;

/** One slide. */
export interface Slide {
  /** The words of its heading. */
  readonly title: string;
  /** What it is for: `title`, `question`, `naive`, `attack`, `real`, `recap`, `quiz`, or nothing. */
  readonly kind: string;
  /** Its section. */
  readonly html: string;
  /** What only the teacher is to see, in HTML; empty where nothing was written. */
  readonly notes: string;
  /** How many words it has, without its code. */
  readonly words: number;
}

/** A deck of slides. */
export interface Deck {
  /** As its file, without the ending: that of a step's chapter, for most. */
  readonly name: string;
  readonly title: string;
  readonly slides: readonly Slide[];
}

/** The names of all decks: first those that belong to no step, then those of the steps. */
export function deckNames(): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder)
    .filter((name) => /^[^._].*\.md$/.test(name))
    .map((name) => basename(name, '.md'));
  const isOfStep = (name: string) => /^\d\d-/.test(name);
  return [
    ...names.filter((name) => !isOfStep(name)).sort(),
    ...names.filter(isOfStep).sort(),
  ];
}

/** Returns the Markdown of a deck. */
export function readDeck(name: string): string {
  return readFileSync(join(folder, `${name}.md`), 'utf8').replaceAll('\r\n', '\n');
}

type Tokens = ReturnType<MarkdownRenderer['parse']>;

const notesParser = new MarkdownIt();

/** Makes slides of the Markdown of a deck. */
export function parseDeck(name: string, markdown: string): Deck {
  const marpit = new Marpit({
    container: false,
    headingDivider: 2,
    anchor: (index) => `${index + 1}`,
    markdown: ['default', { html: true }],
  });
  const md = marpit.markdown as MarkdownRenderer;
  const heads: { title: string; kind: string; words: number }[] = [];
  md.core.ruler.push('heads', ({ tokens }) => {
    heads.push(...headsOf(tokens));
  });
  codeBlocks(md);
  pictures(md);
  links(md);
  const { html, comments } = marpit.render(markdown, { htmlAsArray: true });
  const slides = html.map((section, i): Slide => {
    const head = heads[i] ?? { title: '', kind: '', words: 0 };
    const notes = comments[i]?.join('\n\n') ?? '';
    const label = `${i + 1} of ${html.length}: ${head.title}`;
    return {
      ...head,
      html: section.replace(
        '<section',
        `<section tabindex="-1" aria-roledescription="slide" aria-label="${escapeHtml(label)}"`,
      ),
      notes: notes === '' ? '' : notesParser.render(notes),
    };
  });
  return { name, title: slides[0]?.title ?? name, slides };
}

/** Finds the heading of each slide, what it is for, and how many words stand on it. */
function headsOf(tokens: Tokens) {
  const heads: { title: string; kind: string; words: number }[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.type === 'marpit_slide_open') {
      const kind = token.attrGet('class') ?? '';
      heads.push({ title: '', kind, words: 0 });
    }
    const head = heads.at(-1);
    if (head === undefined || token.type !== 'inline') continue;
    const text = (token.children ?? [])
      .map(({ type, content }) => (/^(text|code_inline)$/.test(type) ? content : ' '))
      .join('');
    const isHeading = tokens[i - 1]?.type === 'heading_open' && head.title === '';
    if (isHeading) head.title = text.replaceAll(/\s+/g, ' ').trim();
    else head.words += text.match(/[\p{L}\p{N}][\p{L}\p{N},.'-]*/gu)?.length ?? 0;
  }
  return heads;
}

/** Code has its colors; the file that it is from stands below it. */
function codeBlocks(md: MarkdownRenderer): void {
  md.renderer.rules.fence = (tokens, i) => {
    const { info = '', content = '' } = tokens[i] ?? {};
    const [lang = 'text', ...words] = info.split(/\s+/);
    const source = words.find((word) => /^(file|contract)=/.test(word));
    const [kind = '', file = ''] = source?.split('=') ?? [];
    const isNaive = file.startsWith('tutorial/practice/');
    const classes = [lang, kind, isNaive ? 'wrong' : ''].filter((name) => name !== '');
    const code = `<pre class="${classes.join(' ')}"><code>${codeHtml(dedented(content), lang)}</code></pre>`;
    if (file === '') return `${code}\n`;
    return `<figure>${code}<figcaption>${escapeHtml(file)}</figcaption></figure>\n`;
  };
}

/** Takes away what all lines are indented by, as a piece of a class is. */
function dedented(code: string): string {
  const indents = code.match(/^ *(?=\S)/gm)?.map(({ length }) => length) ?? [];
  return code.replaceAll(new RegExp(`^ {${Math.min(...indents, 100)}}`, 'gm'), '');
}

/** A picture comes along in both forms, so that a deck is one file, and has a switch. */
function pictures(md: MarkdownRenderer): void {
  md.renderer.rules.image = (tokens, i) => {
    const token = tokens[i];
    const source = token?.attrGet('src') ?? '';
    const alt = escapeHtml(token?.content ?? '');
    const file = join(folder, source);
    if (!source.endsWith('.svg') || !existsSync(file))
      return `<img alt="${alt}" src="${escapeHtml(source)}">`;
    const forms = pictureForms(file);
    const images = (['light', 'dark'] as const).map(
      (form) => `<img class="${form}" alt="${alt}" src="${forms[form]}">`,
    );
    return `<span class="picture">${images.join('')}</span>`;
  };
}

/** Links to Markdown lead to the pages that are made of it. */
function links(md: MarkdownRenderer): void {
  md.core.ruler.push('links', ({ tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const url = token.type === 'link_open' ? token.attrGet('href') : null;
      if (url === null || /^[a-z]+:/.test(url)) continue;
      const [path = '', anchor] = url.split('#');
      const page = posix.normalize(path).replace(/\.md$/, '.html');
      token.attrSet('href', anchor === undefined ? page : `${page}#${anchor}`);
    }
  });
}
