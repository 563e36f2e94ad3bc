/** The slides: each step has a deck, and it says nothing that the project does not say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { deckNames, parseDeck, readDeck } from '../../tutorial/slides/deck.ts';
import { slideFiles } from '../../tutorial/slides/files.ts';
import {
  commandProblems,
  deckProblems,
  missingDecks,
  sourceProblems,
  type Known,
} from '../../tutorial/slides/problems.ts';
import { parsePage, readPages } from '../../tutorial/sync/markdown.ts';
import { startProgram } from '../program.ts';
import { root, steps } from './project.ts';

const pages = readPages(root);
const decks = pages.filter(({ path }) => path.startsWith('tutorial/slides/'));
const names = deckNames();

/** The commands that a program of the project lists in its help. */
async function commandsOf(program: string): Promise<string[]> {
  const help = startProgram(join(root, program), ['--help']);
  await help.end;
  return [...help.output.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name = '']) => name);
}

describe('The slides', () => {
  it('are there for every step', () => {
    expect(missingDecks(steps, names)).toEqual([]);
  });

  it.each(names)(
    'of %s have a heading, notes and few words each, and the parts of a lesson',
    (name) => {
      expect(deckProblems(parseDeck(name, readDeck(name)))).toEqual([]);
    },
  );

  it.each(names.filter((name) => steps.includes(name)))(
    'of %s have the title of its chapter',
    (name) => {
      const chapter = readFileSync(join(root, 'tutorial', `${name}.md`), 'utf8');
      const [, title] = /^# (.*?)\r?$/m.exec(chapter) ?? [];
      expect(parseDeck(name, readDeck(name)).title).toBe(title);
    },
  );

  it('show code of the steps and of their chapters, and pictures with the texts that they have there', () => {
    expect(sourceProblems(pages)).toEqual([]);
  });

  it('name commands that there are', async () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: object;
    };
    const [pychain, learn] = await Promise.all(['pychain', 'learn'].map(commandsOf));
    const known = {
      scripts: Object.keys(scripts),
      pychain: pychain ?? [],
      learn: learn ?? [],
    };
    expect(decks.flatMap((deck) => commandProblems(deck, known))).toEqual([]);
  });

  it('are all listed on the page about them', () => {
    const list = pages.find(({ path }) => path === 'tutorial/slides.md');
    const links = list?.targets.map(({ url }) => url) ?? [];
    expect(links).toEqual(
      expect.arrayContaining(names.map((name) => `slides/${name}.md`)),
    );
  });

  it('ask no other host for anything, and no file that is not beside them', () => {
    const files = slideFiles();
    for (const name of names) {
      const html = String(files.get(`${name}.html`));
      const loaded = [
        ...html.matchAll(/<(?:link|script|img)\b[^>]*(?:href|src)="([^"]*)"/g),
      ];
      const urls = loaded
        .map(([, url = '']) => url)
        .filter((url) => !url.startsWith('data:'));
      expect(urls).toEqual(['slides.css', 'slides.js']);
    }
    const css = String(files.get('slides.css'));
    const fonts = [...css.matchAll(/url\('([^']*)'\)/g)].map(([, url = '']) => url);
    for (const file of [...fonts, 'slides.css', 'slides.js'])
      expect(files.get(file)?.length).toBeGreaterThan(1_000);
  });
});

describe('A deck', () => {
  const text = `---
marp: true
---

<!-- _class: title -->

# 1. A *title*

<!--
- Ask: who?
-->

## Two

Some \`code\` and [a link](../01-hashing.md#recap).

\`\`\`ts file=steps/x.ts part
  return a < b;
\`\`\`

<!--
**Ask:** "what?"
-->
`;
  let deck: ReturnType<typeof parseDeck>;
  beforeAll(() => {
    deck = parseDeck('01-x', text);
  });

  it('is cut where headings are', () => {
    expect(deck.title).toBe('1. A title');
    expect(deck.slides.map(({ title, kind }) => [title, kind])).toEqual([
      ['1. A title', 'title'],
      ['Two', ''],
    ]);
  });

  it('names each slide for those who hear it', () => {
    expect(deck.slides[1]?.html).toContain(
      '<section tabindex="-1" aria-roledescription="slide" aria-label="2 of 2: Two" id="2"',
    );
  });

  it('keeps notes apart', () => {
    expect(deck.slides.map(({ notes }) => notes.trim())).toEqual([
      '<ul>\n<li>Ask: who?</li>\n</ul>',
      '<p><strong>Ask:</strong> &quot;what?&quot;</p>',
    ]);
    for (const { html } of deck.slides) expect(html).not.toContain('Ask');
  });

  it('shows code as text, moved to the left, with its file', () => {
    const { html = '' } = deck.slides[1] ?? {};
    expect(html).toContain('<code><span class="keyword">return</span> a &lt; b;</code>');
    expect(html).toContain('<figcaption>steps/x.ts</figcaption>');
  });

  it('leads to pages, and not to Markdown', () => {
    expect(deck.slides[1]?.html).toContain('href="../01-hashing.html#recap"');
  });
});

describe('The check of the slides', () => {
  const slide = (heading: string, rest = '', kind = '') =>
    `${heading}\n\n<!-- _class: ${kind} -->\n\n${rest}\n\n<!-- Ask. -->\n\n`;
  const kinds = ['question', 'attack', 'real', 'recap', 'one', 'two', 'quiz'];
  const good =
    slide('# T', '', 'title') +
    kinds.map((kind) => slide(`## ${kind}`, '<small>from</small>', kind)).join('');
  const problems = (markdown: string) => deckProblems(parseDeck('01-x', markdown));

  it('passes a deck that has all', () => {
    expect(problems(good)).toEqual([]);
  });

  it('says which deck is missing', () => {
    expect(missingDecks(['01-x', '02-y'], ['01-x'])).toEqual([
      'There is no tutorial/slides/02-y.md: write slides for this step, as CONTRIBUTING.md says.',
    ]);
  });

  it.each([
    [
      'a kind of slide that is missing',
      good.replace('_class: attack', '_class: x'),
      'attack',
    ],
    ['an end without a question', `${good}${slide('## More')}`, 'end with a question'],
    [
      'a slide without notes',
      good.replace('<!-- Ask. -->', ''),
      'slide 1: it has no notes',
    ],
    [
      'a heading without words',
      good.replace('## one', '##'),
      'slide 6: it has no heading',
    ],
    [
      'too many words',
      good.replace('## one', `## one\n\n${'word '.repeat(60)}`),
      'too many',
    ],
    ['a figure from nowhere', good.replaceAll('<small>from</small>', ''), '<small>'],
    [
      'code that is too wide',
      good.replace('## one', `## one\n\n\`\`\`text\n${'<'.repeat(75)}\n\`\`\`\n`),
      '75 characters',
    ],
    ['too many slides', slide('# More').repeat(9) + good, 'has 17 slides'],
  ])('finds %s', (_what, markdown, words) => {
    expect(problems(markdown)).toContainEqual(expect.stringContaining(words));
  });

  const chapter = parsePage(
    'tutorial/01-x.md',
    '# X\n\n![All of it](pictures/a.svg)\n\n```console run\n$ a\nb\nc\n```\n',
  );
  const sources = (markdown: string) =>
    sourceProblems([chapter, parsePage('tutorial/slides/01-x.md', markdown)]);

  it.each([
    ['lines of the chapter', '```console quote\nb\nc\n```\n'],
    ['a piece of a file', '```ts file=steps/a.ts part\na\n```\n'],
    ['what is to be called', '```ts contract=steps/a.ts names=a bare\na\n```\n'],
    ['a command', '```sh\nnpm run demo 01\n```\n'],
    ['a picture', '![All of it](../pictures/a.svg)\n'],
  ])('passes %s', (_what, markdown) => {
    expect(sources(markdown)).toEqual([]);
  });

  it.each([
    ['lines that the chapter does not have', '```console quote\nb\nd\n```\n', 'from'],
    ['half a line of the chapter', '```console quote\n a\n```\n', 'from'],
    ['code from nowhere', '```ts\na\n```\n', 'from'],
    ['output from nowhere', '```console\n$ a\n```\n', 'from'],
    ['a whole listing', '```ts file=steps/a.ts\na\n```\n', 'from'],
    ['other words for a picture', '![Some](../pictures/a.svg)\n', 'a.svg'],
  ])('finds %s', (_what, markdown, words) => {
    expect(sources(markdown)).toEqual([
      expect.stringMatching(new RegExp(`^tutorial/slides/01-x\\.md:1: .*${words}`)),
    ]);
  });

  it('finds commands that there are not', () => {
    const known: Known = { scripts: ['demo'], pychain: ['mine'], learn: ['attack'] };
    const text =
      'npm run demo 01\n`./learn atack 1`, `./pychain mine`\n./pychain --coin\nnpm run x:y\n';
    expect(commandProblems(parsePage('a.md', text), known)).toEqual([
      'a.md:2: there is no command "./learn atack".',
      'a.md:4: there is no command "npm run x:y".',
    ]);
  });
});
