import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import GithubSlugger from 'github-slugger';
import MarkdownIt from 'markdown-it';

/** A fenced block of code, as written in a page. */
export interface Fence {
  /** The language: the first word of the info string. */
  readonly lang: string;
  /** The words after the language: `file=…`, `example=…`, `run`, `wrong`, `part`. */
  readonly words: readonly string[];
  /** Where the block stands: the lines of its fences, counted from 0. */
  readonly first: number;
  readonly last: number;
  readonly text: string;
}

/** A link or a picture. */
export interface Target {
  readonly url: string;
  /** The alternative text of a picture; undefined for a link. */
  readonly alt?: string;
  readonly line: number;
}

/** A heading: 1 is that of the page, 2 to 6 are below it. */
export interface Heading {
  readonly level: number;
  readonly line: number;
}

/** A Markdown file, taken apart. */
export interface Page {
  /** Relative to the project's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly fences: readonly Fence[];
  readonly targets: readonly Target[];
  readonly headings: readonly Heading[];
  /** What `#…` may follow in a link to this page. */
  readonly anchors: ReadonlySet<string>;
}

const parser = new MarkdownIt({ html: true });

/** Takes a Markdown text apart. Settings at its beginning (`---`) are skipped. */
export function parsePage(path: string, text: string): Page {
  // Blanked, not cut off, so that the numbers of the lines stay right.
  const body = text.replace(/^---\n[\s\S]*?\n---\n/, (settings) =>
    settings.replace(/[^\n]+/g, ''),
  );
  const fences: Fence[] = [];
  const targets: Target[] = [];
  const headings: Heading[] = [];
  const anchors = new Set<string>();
  const slugger = new GithubSlugger();
  const tokens = parser.parse(body, {});
  for (const [i, token] of tokens.entries()) {
    const [first, end] = token.map ?? [0, 0];
    if (token.type === 'fence') {
      const [lang = '', ...words] = token.info.trim().split(/\s+/);
      fences.push({ lang, words, first, last: end - 1, text: token.content });
    }
    if (token.type === 'heading_open') {
      headings.push({ level: Number(token.tag.slice(1)), line: first });
    }
    const children = token.children ?? [];
    if (tokens[i - 1]?.type === 'heading_open') {
      const words = children.map(({ type, content }) =>
        type === 'image' ? '' : content,
      );
      anchors.add(slugger.slug(words.join('')));
    }
    for (const child of children) {
      const line = first;
      if (child.type === 'link_open') {
        targets.push({ url: String(child.attrGet('href')), line });
      } else if (child.type === 'image') {
        targets.push({ url: String(child.attrGet('src')), alt: child.content, line });
      }
    }
  }
  return { path, text, fences, targets, headings, anchors };
}

/** Reads the Markdown files of the project: the chapters, the slides, and those at the top. */
export function readPages(root: string): Page[] {
  const inside = (folder: string) =>
    readdirSync(join(root, folder))
      .filter((name) => /^[^.].*\.md$/.test(name))
      .sort()
      .map((name) => posix.join(folder, name));
  const slides = 'tutorial/slides';
  return [...inside('tutorial'), ...inside(slides), ...inside('.')].map((path) =>
    parsePage(path, readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n')),
  );
}

/** Whether a page has this name: that of its file, as `final`, or its number, as `03`. */
export function isNamed(page: Page, name: string): boolean {
  const own = posix.basename(page.path, '.md');
  return own === name || (/^\d\d$/.test(name) && own.startsWith(`${name}-`));
}

/** Returns the value of a word such as `file=…` of an info string. */
export function wordOf(fence: Fence, name: string): string | undefined {
  return fence.words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Returns the programs of a page (`example=…`) by their names. */
export function examplesOf(page: Page): Map<string, string> {
  const examples = new Map<string, string>();
  for (const fence of page.fences) {
    const name = wordOf(fence, 'example');
    if (name !== undefined) examples.set(name, (examples.get(name) ?? '') + fence.text);
  }
  return examples;
}

/** Says where something stands, so that an editor can jump there. */
export function at(page: Page, { first }: { first: number }): string {
  return `${page.path}:${first + 1}`;
}

/** Returns a page's text with other texts in some of its fenced blocks. */
export function withTexts(page: Page, texts: ReadonlyMap<Fence, string>): string {
  const lines = page.text.split('\n');
  for (const fence of [...page.fences].reverse()) {
    const text = texts.get(fence);
    if (text === undefined || text === fence.text) continue;
    const indent = /^\s*/.exec(lines[fence.first] ?? '')?.[0] ?? '';
    const inner = text === '' ? [] : text.replace(/\n$/, '').split('\n');
    const indented = inner.map((line) => (line === '' ? '' : indent + line));
    lines.splice(fence.first + 1, fence.last - fence.first - 1, ...indented);
  }
  return lines.join('\n');
}
