import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { steps } from '../../scripts/steps.mjs';

const tutorial = join(import.meta.dirname, '..');

/** The chapters in the order in which they are read, by the names of their files. */
export const chapters = [
  'before-you-start',
  ...steps.map(({ folder }) => folder),
  'final',
  'mining-faster',
  'where-to-go-next',
];

/** Lists the chapters for the sidebar, each by the first words of its title. */
export function chapterItems(): DefaultTheme.SidebarItem[] {
  return chapters.map((name) => {
    const text = readFileSync(join(tutorial, `${name}.md`), 'utf8');
    const title = /^# ([^:\r\n]*)/m.exec(text)?.[1] ?? name;
    return { text: title, link: `/${name}` };
  });
}
