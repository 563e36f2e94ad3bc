/**
 * What decks must keep: each step has one, it has the parts that a lesson needs, and says nothing that
 * steps, chapters and commands do not say.
 *
 * @module
 */
import { posix } from 'node:path';
import { at, type Fence, type Page } from '../sync/markdown.ts';
import type { Deck } from './deck.ts';

/** Where the decks are. */
const FOLDER = 'tutorial/slides';

/** How many slides a deck of a step has: fewer leave something out, more are no hour. */
const FEWEST = 8;
const MOST = 14;

/** The most words on a slide, without its code: who reads does not listen. */
const MOST_WORDS = 50;

/** How many characters of code a line has room for: that of a contract, of a slide that is `wide`. */
const widths = { code: 74, contract: 80, wide: 84 };

/** The kinds of slides that a deck of a step needs. */
const kindsNeeded = ['title', 'question', 'attack', 'real', 'recap', 'quiz'];

/** What some Markdown may name. */
export interface Known {
  /** The scripts of package.json. */
  readonly scripts: readonly string[];
  /** The commands of `./pychain` and of `./learn`. */
  readonly pychain: readonly string[];
  readonly learn: readonly string[];
}

/** Says in sentences for which steps there are no slides. */
export function missingDecks(
  steps: readonly string[],
  names: readonly string[],
): string[] {
  return steps
    .filter((step) => !names.includes(step))
    .map(
      (step) =>
        `There is no ${FOLDER}/${step}.md: write slides for this step, as CONTRIBUTING.md says.`,
    );
}

/** Says in sentences what a deck lacks, or has too much of. */
export function deckProblems(deck: Deck): string[] {
  const path = `${FOLDER}/${deck.name}.md`;
  const problems: string[] = [];
  const isOfStep = /^\d\d-/.test(deck.name);
  const { slides } = deck;
  if (slides.length < FEWEST || slides.length > MOST)
    problems.push(`${path} has ${slides.length} slides, not ${FEWEST} to ${MOST}.`);
  const kinds = slides.flatMap(({ kind }) => kind.split(' '));
  for (const kind of isOfStep ? kindsNeeded : ['title', 'quiz'])
    if (!kinds.includes(kind)) problems.push(`${path} has no slide of the kind ${kind}.`);
  if (slides.at(-1)?.kind.split(' ').includes('quiz') !== true)
    problems.push(`${path} does not end with a question (quiz).`);
  for (const [i, { title, kind, html, notes, words }] of slides.entries()) {
    const where = `${path}, slide ${i + 1}`;
    if (title === '') problems.push(`${where}: it has no heading.`);
    if (notes === '') problems.push(`${where}: it has no notes for who teaches.`);
    if (words > MOST_WORDS)
      problems.push(`${where}: ${words} words are too many, ${MOST_WORDS} at most.`);
    if (kind.includes('real') && !html.includes('<small>'))
      problems.push(`${where}: say in <small> where the figure is from.`);
    for (const width of tooWide(html, kind.split(' ').includes('wide')))
      problems.push(`${where}: a line of code has ${width} characters, too many.`);
  }
  return problems;
}

/** The lengths of the lines of code for which a slide has no room. */
function tooWide(html: string, isWide: boolean): number[] {
  const blocks = html.matchAll(/<pre class="([^"]*)"><code>(.*?)<\/code><\/pre>/gs);
  return [...blocks].flatMap(([, classes = '', code = '']) => {
    const isContract = classes.includes('contract');
    const room = isWide ? widths.wide : isContract ? widths.contract : widths.code;
    const lines = code
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll(/&\w+;/g, '&')
      .split('\n');
    return lines.map(({ length }) => length).filter((length) => length > room);
  });
}

/**
 * Says in sentences which code of a deck is from nowhere, and which pictures say something else than in
 * the chapters. Pieces of files and contracts are compared with their sources where those of the
 * chapters are.
 *
 * @param pages - the decks, and the chapters that they quote
 */
export function sourceProblems(pages: readonly Page[]): string[] {
  const chapters = pages.filter(({ path }) => posix.dirname(path) === 'tutorial');
  const decks = pages.filter(({ path }) => posix.dirname(path) === FOLDER);
  const alts = new Map(
    chapters.flatMap(({ targets }) =>
      targets.map(({ url, alt }): [string, string] => [posix.basename(url), alt ?? '']),
    ),
  );
  return decks.flatMap((deck) => {
    const chapter = chapters.find(
      ({ path }) => posix.basename(path) === posix.basename(deck.path),
    );
    const code = deck.fences
      .filter((fence) => !isFromSomewhere(fence, chapter))
      .map(
        (fence) =>
          `${at(deck, fence)}: say where the code is from: file=… part, contract=… bare, or quote, of a block of the chapter.`,
      );
    const pictures = deck.targets
      .filter(
        ({ url, alt }) => alt !== undefined && alts.get(posix.basename(url)) !== alt,
      )
      .map(
        ({ url, line }) =>
          `${at(deck, { first: line })}: give ${posix.basename(url)} the text that it has in its chapter.`,
      );
    return [...code, ...pictures];
  });
}

function isFromSomewhere({ lang, words, text }: Fence, chapter?: Page): boolean {
  if (words.some((word) => word.startsWith('file='))) return words.includes('part');
  if (words.some((word) => word.startsWith('contract='))) return words.includes('bare');
  if (words.includes('quote'))
    return chapter?.fences.some((one) => `\n${one.text}`.includes(`\n${text}`)) === true;
  return lang === 'sh' && words.length === 0;
}

/** Says in sentences which commands a text names that do not exist. */
export function commandProblems(page: Page, known: Known): string[] {
  const lists: Readonly<Record<string, readonly string[]>> = {
    'npm run ': known.scripts,
    './pychain ': known.pychain,
    './learn ': known.learn,
  };
  return page.text.split('\n').flatMap((line, first) => {
    const named = line.matchAll(/(npm run |\.\/pychain |\.\/learn )([a-z][\w:-]*)/g);
    return [...named]
      .filter(([, program = '', name = '']) => lists[program]?.includes(name) !== true)
      .map(([command]) => `${at(page, { first })}: there is no command "${command}".`);
  });
}
