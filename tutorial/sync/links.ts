import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { at, type Page } from './markdown.ts';

/**
 * Says in sentences which relative links and pictures lead nowhere, which pictures have no
 * alternative text, which headings skip a level, and which code does not name its language.
 */
export function linkProblems(
  pages: readonly Page[],
  exists: (path: string) => boolean,
): string[] {
  const problems: string[] = [];
  for (const page of pages) {
    for (const target of page.targets) {
      const where = at(page, { first: target.line });
      if (target.alt?.trim() === '') {
        problems.push(`${where}: the picture ${target.url} has no alternative text.`);
      }
      if (/^[a-z][a-z\d+.-]*:/i.test(target.url)) continue; // another host, or mail
      const [file = '', anchor] = decodeURI(target.url).split('#');
      const path = file === '' ? page.path : posix.join(posix.dirname(page.path), file);
      if (!exists(path)) problems.push(`${where}: there is no ${path}.`);
      const other = pages.find((one) => one.path === path);
      if (anchor !== undefined && other?.anchors.has(anchor) === false) {
        problems.push(`${where}: ${path} has no heading with the anchor #${anchor}.`);
      }
    }
    for (const [i, { level, line }] of page.headings.entries()) {
      const above = page.headings[i - 1]?.level ?? 0;
      if (level > above + 1) {
        problems.push(`${at(page, { first: line })}: a heading skips a level.`);
      }
    }
    for (const fence of page.fences) {
      if (fence.lang === '') {
        problems.push(`${at(page, fence)}: name the language of the block (or text).`);
      }
    }
  }
  return problems;
}

/** Tells which files of the project exist. */
export function existsIn(root: string): (path: string) => boolean {
  return (path) => !path.startsWith('..') && existsSync(join(root, path));
}
