import { readFileSync, readdirSync } from 'node:fs';
import { basename, join as joinPath } from 'node:path';
import { diffArrays } from 'diff';
import { at, wordOf, type Fence, type Page } from './markdown.ts';

/** The most lines that a piece of a listing may have. */
export const MAX_LINES = 45;

/** A piece of a listing, and the page that it stands on. */
export interface Piece {
  readonly page: Page;
  readonly fence: Fence;
}

/** The project's source files: their texts, by their paths. */
export type Sources = ReadonlyMap<string, string>;

/** Collects the listings (`file=…`) of the pages by file, in the order of the pages. */
export function listingsOf(pages: readonly Page[]): Map<string, Piece[]> {
  const listings = new Map<string, Piece[]>();
  for (const page of pages) {
    for (const fence of page.fences) {
      const file = wordOf(fence, 'file');
      if (file === undefined || fence.words.includes('part')) continue;
      listings.set(file, [...(listings.get(file) ?? []), { page, fence }]);
    }
  }
  return listings;
}

/** Reads the source files of the project that chapters may show. */
export function readSources(root: string): Sources {
  const folders = ['steps', 'final', 'tutorial/mining-faster', 'tutorial/practice'];
  const files = folders.flatMap((folder) =>
    readdirSync(joinPath(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /^[^.].*\.(ts|mjs)$/.test(basename(name)))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  );
  return new Map(
    files.map((file) => [
      file,
      readFileSync(joinPath(root, file), 'utf8').replaceAll('\r\n', '\n'),
    ]),
  );
}

/** Joins the pieces of a listing to the text of the file. */
export function join(pieces: readonly Piece[]): string {
  return pieces.map(({ fence }) => fence.text).join('');
}

/** Returns the page of a step: the one that is named like its folder. */
export function chapterOf(pages: readonly Page[], step: string): Page | undefined {
  return pages.find(({ path }) => path === `tutorial/${step}.md`);
}

/** Whether a chapter must show a file of a step: all but its tests, what they share, and its demo. */
export function belongsInChapter(path: string): boolean {
  return /^steps\/.*\.ts$/.test(path) && !/([.-]test|\/demo)\.ts$/.test(path);
}

/** Says in sentences where listings and source files are not the same. */
export function listingProblems(pages: readonly Page[], sources: Sources): string[] {
  const problems: string[] = [];
  const listings = listingsOf(pages);
  for (const [file, pieces] of listings) {
    const where = pieces.map(({ page, fence }) => at(page, fence)).join(', ');
    const source = sources.get(file);
    if (source === undefined) {
      problems.push(`${where}: there is no file ${file}.`);
    } else if (join(pieces) !== source) {
      const line = differingLine(join(pieces), source);
      problems.push(
        `${where}: the listing is not ${file}, from its line ${line} on. Run npm run tutorial:sync.`,
      );
    }
  }
  for (const page of pages) {
    for (const fence of page.fences) {
      const file = wordOf(fence, 'file');
      if (file === undefined) continue;
      const lines = fence.text.trimEnd().split('\n').length;
      if (lines > MAX_LINES) {
        problems.push(`${at(page, fence)}: ${lines} lines are too many, cut the piece.`);
      }
      const whole = sources.get(file);
      if (fence.words.includes('part') && whole?.includes(fence.text) !== true) {
        problems.push(`${at(page, fence)}: ${file} holds no such lines. Copy them anew.`);
      }
    }
  }
  for (const file of [...sources.keys()].filter(belongsInChapter)) {
    const chapter = chapterOf(pages, file.split('/')[1] ?? '');
    if (chapter === undefined) continue;
    const pieces = listings.get(file) ?? [];
    if (pieces.length === 0 || pieces.some(({ page }) => page !== chapter)) {
      problems.push(`${chapter.path} must hold the whole of ${file}, and no other page.`);
    }
  }
  return problems;
}

function differingLine(a: string, b: string): number {
  const others = b.split('\n');
  return a.split('\n').findIndex((line, i) => line !== others[i]) + 1;
}

/**
 * Cuts the new text of a file where the old pieces were cut.
 *
 * @returns as many pieces as there were; joined, they are the new text
 */
export function carryOver(old: readonly string[], text: string): string[] {
  const lines = linesOf(text);
  const places = placesOf(old.flatMap(linesOf), lines);
  let boundary = 0;
  let start = 0;
  return old.map((piece, i) => {
    boundary += linesOf(piece).length;
    const last = i === old.length - 1;
    const end = last ? lines.length : Math.max(start, cut(places, boundary, lines));
    const part = lines.slice(start, end).join('');
    start = end;
    return part;
  });
}

/** Tells for each old line which new line it is now; undefined where it is gone. */
function placesOf(old: string[], lines: string[]): (number | undefined)[] {
  const places: (number | undefined)[] = [];
  let place = 0;
  for (const { count, added, removed } of diffArrays(old, lines)) {
    if (!added) {
      for (let i = 0; i < count; i++) places.push(removed ? undefined : place + i);
    }
    if (!removed) place += count;
  }
  return places;
}

/** Finds the new line before which a cut of the old lines now belongs. */
function cut(
  places: readonly (number | undefined)[],
  boundary: number,
  lines: readonly string[],
): number {
  const before = places.slice(0, boundary).findLast((place) => place !== undefined);
  const from = before === undefined ? 0 : before + 1;
  const to = places.slice(boundary).find((place) => place !== undefined) ?? lines.length;
  // Lines from here to there are new: the cut goes where a blank line ends a paragraph.
  for (let line = to; line > from; line--) if (lines[line - 1] === '\n') return line;
  return lines[from - 1] === '\n' ? from : to;
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
