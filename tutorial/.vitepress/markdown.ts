import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { steps } from '../../scripts/steps.mjs';
import { stepsOfPage } from '../workbench/tasks-of-page.ts';
import { glossaryPage } from './glossary-page.ts';
import { pictureForms } from './picture-forms.ts';
import { repository } from './project.ts';
import { terms } from './terms.ts';

type Tokens = ReturnType<MarkdownRenderer['parse']>;

/** Teaches the site's Markdown what the chapters need, and what plain viewers overlook. */
export function chapterMarkdown(md: MarkdownRenderer): void {
  playgrounds(md);
  tasks(md);
  placesToWrite(md);
  terms(md);
  glossaryPage(md);
  listings(md);
  pictures(md);
  tables(md);
  linksToSources(md);
  braces(md);
}

/** The line `<!-- playground: fork -->` becomes the playground of that name. */
function playgrounds(md: MarkdownRenderer): void {
  md.core.ruler.push('playgrounds', ({ tokens }) => {
    for (const token of tokens) {
      const name = /^<!-- playground: ([\w-]+) -->\s*$/.exec(token.content)?.[1];
      if (token.type === 'html_block' && name !== undefined) {
        token.content = `<Playground name="${name}" />\n`;
      }
    }
  });
}

/** Before the way to write a task stands a mark that the reader sets when it is done. */
function tasks(md: MarkdownRenderer): void {
  md.core.ruler.push('tasks', ({ tokens, env }) => {
    const { relativePath = '' } = env as { relativePath?: string };
    const chapter = relativePath.replace(/\.md$/, '');
    for (const token of tokens) {
      const [, number] = /^<details id="one-way-(\d+)">/.exec(token.content) ?? [];
      if (token.type === 'html_block' && number !== undefined) {
        const mark = `<TaskDone chapter="${chapter}" :number="${number}" />`;
        token.content = `${mark}\n${token.content}`;
      }
    }
  });
}

/** With this the paragraph begins that sends readers to work. */
const YOUR_TURN = '**Your turn.**';

/**
 * Where a task says "Your turn" it gets an editor with its tests; one whose tests a page cannot run
 * says so, and how to go on.
 */
function placesToWrite(md: MarkdownRenderer): void {
  const inPage = new Set(
    stepsOfPage().flatMap(({ folder, tasks }) =>
      tasks.map(({ title }) => `${folder} ${title}`),
    ),
  );
  md.core.ruler.push('places to write', ({ tokens, env, Token }) => {
    const { relativePath = '' } = env as { relativePath?: string };
    const step = steps.find(({ folder }) => `${folder}.md` === relativePath);
    if (step === undefined) return;
    let files: string[] = [];
    const places = tasksAmong(tokens).map(({ title, start, end }) => {
      const section = tokens.slice(start, end);
      const own = filesOf(section, `steps/${step.folder}/`);
      if (own.length > 0) files = own; // a task without code of its own is about that before it
      const turn = section.findIndex(({ content }) => content.startsWith(YOUR_TURN));
      const place = new Token('html_block', '', 0);
      const [task, names] = [title, files.join(' ')].map((text) =>
        md.utils.escapeHtml(text),
      );
      place.content = inPage.has(`${step.folder} ${title}`)
        ? `<WriteItHere :step="${step.number}" folder="${step.folder}" task="${task}" files="${names}" />\n`
        : `<NeedsNode :step="${step.number}" />\n`;
      return turn === -1 ? undefined : { place, at: start + turn + 2 }; // behind the paragraph
    });
    for (const one of places.reverse())
      if (one !== undefined) tokens.splice(one.at, 0, one.place);
  });
}

/** The sections of tasks. */
function tasksAmong(tokens: Tokens): { title: string; start: number; end: number }[] {
  const starts = tokens.flatMap(({ type, tag }, i) =>
    type === 'heading_open' && /^h[1-3]$/.test(tag) ? [i] : [],
  );
  return starts
    .map((start, i) => ({
      title: tokens[start + 1]?.content ?? '',
      start,
      end: starts[i + 1] ?? tokens.length,
    }))
    .filter(({ title }) => /^Task \d+: /.test(title));
}

/** The files of a step that a section is about: first those of which "Your turn" speaks. */
function filesOf(tokens: Tokens, folder: string): string[] {
  const turn = tokens.find(({ content }) => content.startsWith(YOUR_TURN));
  const paths = tokens.flatMap(({ type, info }) =>
    type === 'fence'
      ? info
          .split(/\s+/)
          .flatMap((word) => /^(?:contract|file)=(.*)$/.exec(word)?.[1] ?? [])
      : [],
  );
  const names = [...new Set(paths)]
    .filter((path) => path.startsWith(folder))
    .map((path) => path.slice(folder.length));
  const isNamed = (name: string) => turn?.content.includes(name) === true;
  return [
    ...names.filter(isNamed),
    ...names.filter((name) => !isNamed(name) && name !== 'index.ts'),
  ];
}

/** A listing shows its file's name above, and not the blank lines at its end. */
function listings(md: MarkdownRenderer): void {
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (tokens, i, options, env, self) => {
    const token = tokens[i];
    if (token === undefined || fence === undefined) return '';
    token.content = `${token.content.trimEnd()}\n`;
    const html = fence(tokens, i, options, env, self);
    const words = token.info.split(/\s+/);
    const file = words.find((word) => word.startsWith('file='))?.slice('file='.length);
    const isExample = words.some((word) => word.startsWith('example='));
    if (file !== undefined) {
      const pieces = tokens.filter(({ info }) =>
        info.split(/\s+/).includes(`file=${file}`),
      );
      const place = pieces.indexOf(token);
      const count = `<span class="part">${place + 1} of ${pieces.length}</span>`;
      const name = `<span class="file">${file}</span>`;
      const caption = pieces.length > 1 ? name + count : name;
      return figure('listing', caption, html, place === 0 ? anchorOf(file) : undefined);
    }
    const contract = words.find((word) => word.startsWith('contract='));
    if (contract !== undefined) {
      const path = contract.slice('contract='.length);
      const name = `<span class="file">${path.replace(/^steps/, 'my')}</span>`;
      return figure('contract', `${name}<span class="part">to write</span>`, html);
    }
    if (words.includes('gives')) return figure('gives', 'Examples', html);
    if (words.includes('wrong')) return figure('wrong', 'A version that is wrong', html);
    if (isExample) return figure('example', 'An example', html);
    if (words[0] === 'console') return figure('terminal', 'Terminal', html);
    return html;
  };
}

function figure(kind: string, caption: string, html: string, id?: string): string {
  const anchor = id === undefined ? '' : ` id="${id}"`;
  return `<figure class="code ${kind}"${anchor}><figcaption>${caption}</figcaption>${html}</figure>\n`;
}

function anchorOf(file: string): string {
  return `file-${file.split('/').at(-1)?.replace(/\W+/g, '-')}`;
}

/** A picture comes along in a light and a dark form, since the site has its own switch. */
function pictures(md: MarkdownRenderer): void {
  const { image } = md.renderer.rules;
  md.renderer.rules.image = (tokens, i, options, env, self) => {
    const token = tokens[i];
    const source = String(token?.attrGet('src'));
    const { path } = env as { path: string };
    const file = join(path, '..', source);
    if (!source.endsWith('.svg') || !existsSync(file)) {
      return image?.(tokens, i, options, env, self) ?? '';
    }
    const alt = md.utils.escapeHtml(token?.content ?? '');
    const forms = pictureForms(file);
    const images = (['light', 'dark'] as const).map(
      (form) =>
        `<img class="${form}" width="${forms.width}" alt="${alt}" src="${forms[form]}">`,
    );
    return `<span class="picture" tabindex="0" role="group" aria-label="Picture">${images.join('')}</span>`;
  };
}

/** A wide table scrolls, by the keyboard too. */
function tables(md: MarkdownRenderer): void {
  md.renderer.rules.table_open = () =>
    '<div class="table" tabindex="0" role="group" aria-label="Table"><table>\n';
  md.renderer.rules.table_close = () => '</table></div>\n';
}

/**
 * A link to a source file leads to its listing. Other files of the project are links where
 * it has a public place, and their names elsewhere.
 */
function linksToSources(md: MarkdownRenderer): void {
  md.core.ruler.push('links to sources', ({ tokens }) => {
    for (const { children } of tokens) {
      let plain = false;
      for (const token of children ?? []) {
        if (token.type === 'link_open') {
          const place = placeOnSite(String(token.attrGet('href')));
          plain = place === '';
          if (place !== '') token.attrSet('href', place);
          // Slides are no pages of VitePress, which would look for them among its own.
          if (place.startsWith(SLIDES)) token.attrSet('target', '_self');
        }
        if (plain && /^link_(open|close)$/.test(token.type)) {
          token.content = token.type === 'link_open' ? '<span class="path">' : '</span>';
          token.type = 'html_inline';
        }
      }
    }
  });
}

/** How a link to a deck of slides begins. */
const SLIDES = './slides/';

/** Returns where a link leads on the site; nothing if it leads nowhere there. */
function placeOnSite(url: string): string {
  if (url.startsWith('slides/')) return `./${url.replace(/\.md$/, '.html')}`;
  if (!url.startsWith('../')) return url;
  const path = posix.normalize(url.slice('../'.length));
  const [, folder, file] = /^steps\/([^/]+)(?:\/(.*\.ts))?$/.exec(path) ?? [];
  const step = steps.find((one) => one.folder === folder);
  if (step !== undefined) {
    const listed = file !== undefined && !/(\.test|^demo)\.ts$/.test(file);
    return `./${step.folder}.md${listed ? `#${anchorOf(file)}` : ''}`;
  }
  return repository === undefined ? '' : `${repository}/blob/main/${path}`;
}

/** Two braces are text in a chapter, and not a place for a value as in templates. */
function braces(md: MarkdownRenderer): void {
  md.renderer.rules.text = (tokens: Tokens, i) =>
    md.utils.escapeHtml(tokens[i]?.content ?? '').replaceAll('{{', '&#123;&#123;');
}
