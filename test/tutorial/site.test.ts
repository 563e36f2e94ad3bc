/** What the site makes of the chapters: terms, tasks, descriptions, and what a page keeps. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import MarkdownIt from 'markdown-it';
import { chapters } from '../../tutorial/.vitepress/chapters.ts';
import { parseGlossary, readGlossary } from '../../tutorial/.vitepress/glossary.ts';
import { forSite } from '../../tutorial/.vitepress/llms.ts';
import { descriptionOf } from '../../tutorial/.vitepress/pages.ts';
import { socialHead } from '../../tutorial/.vitepress/social.ts';
import { readTasks } from '../../tutorial/.vitepress/tasks.ts';
import { terms } from '../../tutorial/.vitepress/terms.ts';
import * as progress from '../../tutorial/.vitepress/theme/progress.ts';
import { placeOf } from '../../tutorial/.vitepress/theme/tooltip.ts';
import { mineExample } from '../../tutorial/.vitepress/theme/mine-example.ts';
import { parsePage } from '../../tutorial/sync/markdown.ts';
import { root } from './project.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Renders Markdown as that of a chapter; returns the ids of the terms that it links. */
function termsIn(markdown: string, page = '02-blocks'): { ids: string[]; html: string } {
  const md = new MarkdownIt({ html: true });
  terms(md as unknown as Parameters<typeof terms>[0]);
  const html = md.render(markdown, { relativePath: `${page}.md` });
  return {
    ids: [...html.matchAll(/data-term="([^"]*)"/g)].map(([, id = '']) => id),
    html,
  };
}

describe('The terms of the glossary', () => {
  it('are linked where a chapter first uses them, and only there', () => {
    const { ids, html } = termsIn('A hash is a hash. Hashes\nare hashes of a block.\n');
    expect(ids).toEqual(['hash', 'block']);
    expect(html).toContain(
      'A <a href="./glossary.md#hash" class="term" data-term="hash">hash</a> is',
    );
  });

  it.each([
    ['code', 'The `hash` of it.'],
    ['a heading', '## The hash'],
    ['another link', 'The [hash](01-hashing.md) of it.'],
    ['a table', '| a |\n| - |\n| the hash |'],
    ['a part of a word', 'The rehash of hashing, and hash-like.'],
  ])('are not looked for in %s', (_where, markdown) => {
    expect(termsIn(markdown).ids).toEqual([]);
  });

  it('are found where one begins on a line and ends on the next', () => {
    expect(termsIn('A *genesis\nblock* and a proof\nof work.').ids).toEqual([
      'genesis-block',
      'proof-of-work',
    ]);
  });

  it('are the longest that fit', () => {
    expect(termsIn('A hash function.').ids).toEqual(['hash-function']);
  });

  it('are taken for themselves only where the word means them', () => {
    expect(termsIn('You can type any data.').ids).toEqual([]);
    expect(termsIn('A **type** of **data**.').ids).toEqual(['type', 'data']);
    expect(termsIn('You need Node 20. A node is a program.').html).toContain('A <a');
    expect(termsIn('the **headers**', '04-http').ids).toEqual(['http-header']);
    expect(termsIn('the headers', '02-blocks').ids).toEqual(['header']);
  });

  it('are on other pages what they are', () => {
    expect(termsIn('A hash.', 'glossary').ids).toEqual([]);
    expect(termsIn('A hash.', 'api/02-blocks').ids).toEqual([]);
  });

  it('are all linked somewhere, but those that are only code', () => {
    const linked = new Set(
      chapters.flatMap((page) => termsIn(read(`tutorial/${page}.md`), page).ids),
    );
    const others = readGlossary().filter(({ id }) => !linked.has(id));
    expect(others.map(({ id }) => id)).toEqual([
      'content-type',
      'event-emitter',
      'localhost',
      'unknown',
    ]);
  });

  it('stand in no chapter twice, and lead to what the glossary has', () => {
    const { anchors } = parsePage('tutorial/glossary.md', read('tutorial/glossary.md'));
    for (const page of chapters) {
      const { ids } = termsIn(read(`tutorial/${page}.md`), page);
      expect(ids).toEqual([...new Set(ids)]);
      expect(ids.filter((id) => !anchors.has(id))).toEqual([]);
    }
  });

  it('are read with what they mean, but without the link to their chapter', () => {
    const text =
      '# Glossary\n\nEvery term.\n\n## Bit, byte\n\nA bit is a 0\nor a 1. [Chapter 1](01.md#a)\n';
    expect(parseGlossary(text)).toEqual([
      { id: 'bit-byte', title: 'Bit, byte', meaning: 'A bit is a 0 or a 1.' },
    ]);
  });
});

describe('The meaning of a term', () => {
  const page = { width: 400, height: 600 };
  const tip = { width: 200, height: 100 };

  it('stands below its word', () => {
    const word = { left: 50, top: 100, bottom: 120 };
    expect(placeOf(word, tip, page)).toEqual({ left: 50, top: 126 });
  });

  it('stands above its word where there is no room below', () => {
    const word = { left: 50, top: 500, bottom: 520 };
    expect(placeOf(word, tip, page)).toEqual({ left: 50, top: 394 });
  });

  it('stays within the window on both sides', () => {
    const word = { top: 100, bottom: 120 };
    expect(placeOf({ ...word, left: 390 }, tip, page).left).toBe(188);
    expect(placeOf({ ...word, left: -5 }, tip, page).left).toBe(12);
  });
});

describe('The progress of a reader', () => {
  const task = (number: number) => ({
    number,
    title: `Task ${number}`,
    anchor: `task-${number}`,
  });
  const one = { name: '01-one', title: '1. One', tasks: [task(1), task(2)] };
  const two = { name: '02-two', title: '2. Two', tasks: [task(1)] };

  it('is what was marked, and no longer what was not', () => {
    const marked = progress.changed({}, '01-one', 2, true);
    expect(progress.changed(marked, '01-one', 1, true)).toEqual({ '01-one': [1, 2] });
    expect(progress.changed(marked, '01-one', 2, false)).toEqual({ '01-one': [] });
    expect(progress.has(marked, '01-one', 2)).toBe(true);
    expect(progress.has(marked, '02-two', 2)).toBe(false);
  });

  it('counts what is marked and what passes once', () => {
    const both = progress.union({ '01-one': [2] }, { '01-one': [1, 2], '02-two': [1] });
    expect(both).toEqual({ '01-one': [1, 2], '02-two': [1] });
    expect(progress.countOf(both, one)).toBe(2);
  });

  it('does not count tasks that there are no more', () => {
    expect(progress.countOf({ '01-one': [1, 7] }, one)).toBe(1);
  });

  it('goes on with the first task after the last one that is done', () => {
    const next = (tasks: progress.Tasks) => progress.nextTask(tasks, [one, two]);
    expect(next({})).toBeUndefined();
    expect(next({ '01-one': [1] })).toEqual({ chapter: one, task: task(2) });
    expect(next({ '01-one': [2] })).toEqual({ chapter: two, task: task(1) });
    expect(next({ '02-two': [1] })).toEqual({ chapter: one, task: task(1) });
    expect(next({ '01-one': [1, 2], '02-two': [1] })).toBeUndefined();
  });

  it.each([[null], ['text'], [{ '01-one': 'all' }], [[1, 2]]])(
    'is nothing where %j was kept',
    (kept) => {
      expect(progress.countOf(progress.readTasks(kept), one)).toBe(0);
    },
  );

  it('keeps a place only if it is on the site', () => {
    const place = { page: '02-two', anchor: 'task-1', words: '2. Two, Task 1' };
    expect(progress.readPlace({ ...place, more: 1 })).toEqual(place);
    expect(progress.readPlace({ ...place, page: '../../evil' })).toBeUndefined();
    expect(progress.readPlace({ ...place, anchor: 7 })).toBeUndefined();
    expect(progress.readPlace(null)).toBeUndefined();
  });

  it('knows each task that a chapter folds a way for', () => {
    for (const { name, title, tasks } of readTasks()) {
      const page = read(`tutorial/${name}.md`);
      const ways = [...page.matchAll(/^<details id="one-way-(\d+)">/gm)];
      expect(tasks.map(({ number }) => number)).toEqual(
        ways.map(([, number]) => Number(number)),
      );
      expect(title).toMatch(/^\d+\. \w/);
      const { anchors } = parsePage('', page);
      expect(tasks.filter(({ anchor }) => !anchors.has(anchor))).toEqual([]);
    }
  });
});

describe('What others are told of a page', () => {
  it('is its first paragraph, in whole sentences and without marks', () => {
    const text =
      '---\na: b\n---\n\n# Title\n\nA **block** is `one`. See\n[it](x.md). Done!\n\nMore.\n';
    expect(descriptionOf(text)).toBe('A block is one. See it. Done!');
    const long = `# Title\n\nShort. ${'word '.repeat(60).trim()}. End.\n`;
    expect(descriptionOf(long)).toBe('Short.');
    expect(descriptionOf('# Title\n')).toBeUndefined();
  });

  it('is different for each chapter, and neither long nor empty', () => {
    const told = chapters.map((page) => descriptionOf(read(`tutorial/${page}.md`)) ?? '');
    expect(new Set(told).size).toBe(chapters.length);
    for (const text of told) {
      expect(text).toMatch(/^[A-Z].{40,}[.?!]$/);
      expect(text.length).toBeLessThanOrEqual(240);
    }
  });

  it('names its own address only where the site has one', () => {
    const tell = (relativePath: string, address?: string, isNotFound = false) => {
      const context = {
        ...{ title: 'A | Pychain', description: 'About a.' },
        pageData: { relativePath, isNotFound },
        siteData: { title: 'Pychain', base: '/base/' },
      } as Parameters<typeof socialHead>[0];
      const found = new Map<string, string>();
      for (const [, attributes] of socialHead(context, address)) {
        const { property, rel, name, content, href } = attributes;
        found.set(property ?? rel ?? name ?? '', content ?? href ?? '');
      }
      return found;
    };
    const here = tell('api/01-hashing.md', 'https://example.org/book/');
    expect(here.get('canonical')).toBe('https://example.org/book/api/01-hashing.html');
    expect(here.get('og:url')).toBe(here.get('canonical'));
    expect(here.get('og:image')).toBe('https://example.org/book/card.png');
    const first = tell('index.md', 'https://example.org/book/');
    expect(first.get('canonical')).toBe('https://example.org/book/');
    const movable = tell('api/01-hashing.md');
    expect(movable.get('og:title')).toBe('A | Pychain');
    expect(movable.get('og:image')).toBe('/base/card.png');
    expect(movable.has('canonical')).toBe(false);
    expect(movable.has('og:url')).toBe(false);
    expect(tell('404.md', 'https://example.org/', true).size).toBe(0);
  });

  it('links to no files that the site does not have', () => {
    expect(forSite('See [the `code`](../steps/a.ts) and [x](b.md#c).')).toMatch(
      /^See (the `code`|\[the `code`\]\(http[^)]*\)) and \[x\]\(b\.md#c\)\.$/,
    );
    for (const page of chapters)
      expect(forSite(read(`tutorial/${page}.md`))).not.toMatch(/\]\(\.\.\//);
  });

  it('shows blocks that were mined', async () => {
    const card = read('tutorial/.vitepress/card.svg');
    const shown = [...card.matchAll(/"zeros">(0+)<\/tspan>([0-9a-f]+)…/g)];
    const mined = await mineExample();
    expect(shown.map(([, zeros = '', rest = '']) => zeros + rest)).toEqual(
      mined.map(({ hash }) => hash.slice(0, 16)),
    );
  });
});

describe('The colors of pictures', () => {
  const palette = read('final/explorer/design/palette.css');
  const pairs = [...palette.matchAll(/light-dark\((#\w+), (#\w+)\)/g)];
  const light = pairs.map(([, color]) => color);
  const dark = pairs.map(([, , color]) => color);
  const pictures = readdirSync(join(root, 'tutorial/pictures')).filter((name) =>
    /^[^.].*\.svg$/.test(name),
  );

  it.each(pictures)(
    'are those of the palette in %s, in the light and in the dark',
    (name) => {
      const [before = '', inDark = ''] = read(`tutorial/pictures/${name}`).split(
        '@media (prefers-color-scheme: dark)',
      );
      const colors = (text: string) => text.match(/(?<=[: ])#[0-9a-f]{3,8}\b/gi) ?? [];
      expect(colors(before).length).toBeGreaterThan(2);
      expect(colors(before).filter((color) => !light.includes(color))).toEqual([]);
      expect(colors(inDark).length).toBe(colors(before).length);
      expect(colors(inDark).filter((color) => !dark.includes(color))).toEqual([]);
    },
  );
});
