import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chapters, parts } from './chapters.ts';
import { descriptionOf, readPage, tutorial } from './pages.ts';
import { repository, siteAddress } from './project.ts';

/** The pages that programs get as Markdown: all that people read, but not the API. */
const reference = ['glossary', 'teaching', 'slides', 'grading', 'accessibility'];
const pages = [...chapters, ...reference];

/**
 * Writes the chapters as Markdown beside their pages, and `llms.txt`, which lists them for programs
 * that read Markdown (https://llmstxt.org).
 */
export function writeMarkdown(outDir: string): void {
  const written = pages.flatMap((name) => {
    const text = readPage(`${name}.md`);
    if (text === undefined) return [];
    writeFileSync(join(outDir, `${name}.md`), forSite(text));
    return [{ name, text }];
  });
  copyPictures(outDir);
  const items = written.map(({ name, text }) => {
    const title = /^# (.*)$/m.exec(text)?.[1] ?? name;
    const about = descriptionOf(text);
    const url = `${siteAddress ?? ''}${name}.md`;
    return {
      name,
      line: `- [${title}](${url})${about === undefined ? '' : `: ${about}`}`,
    };
  });
  const groups = [...parts, { title: 'Reference', names: reference }];
  const lists = groups.map(({ title, names }) => {
    const lines = items
      .filter(({ name }) => names.includes(name))
      .map(({ line }) => line);
    return `## ${title}\n\n${lines.join('\n')}\n`;
  });
  writeFileSync(
    join(outDir, 'llms.txt'),
    `# Pychain

> A blockchain you build yourself, step by step, in TypeScript.

Each chapter teaches one step: a demo, the idea, tasks with their contracts, and one way to write
each task. The Markdown below is that of the pages of the same names.

${lists.join('\n')}`,
  );
}

/** The pictures are part of the Markdown. Those of other files of the project stand there alone. */
function copyPictures(outDir: string): void {
  const from = join(tutorial, 'pictures');
  const to = join(outDir, 'pictures');
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter((file) => /^[^.].*\.(svg|png)$/.test(file)))
    copyFileSync(join(from, name), join(to, name));
}

/** Links to files that are not on the site lead to the project's public place, or are words. */
export function forSite(markdown: string): string {
  return markdown.replaceAll(
    /(?<!!)\[((?:[^\]\\]|\\.)*)\]\(\.\.\/([^)]*)\)/g,
    (_link, words: string, path: string) =>
      repository === undefined ? words : `[${words}](${repository}/blob/main/${path})`,
  );
}
