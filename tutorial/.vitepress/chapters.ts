import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { steps } from '../../scripts/steps.mjs';

const tutorial = join(import.meta.dirname, '..');

const stepsOf = (wanted: 1 | 2) =>
  steps.filter(({ part }) => part === wanted).map(({ folder }) => folder);

/** The parts of the tutorial, and their chapters by the names of their files. */
export const parts: readonly {
  readonly title: string;
  readonly names: readonly string[];
}[] = [
  {
    title: 'Part one: a blockchain',
    names: ['before-you-start', ...stepsOf(1), 'final', 'mining-faster'],
  },
  { title: 'Part two: a currency', names: [...stepsOf(2), 'where-to-go-next'] },
];

/** The chapters in the order in which they are read, by the names of their files. */
export const chapters = parts.flatMap(({ names }) => names);

/** Lists the parts for the sidebar, and their chapters by the first words of their titles. */
export function partItems(): DefaultTheme.SidebarItem[] {
  return parts.map(({ title, names }) => ({ text: title, items: names.map(itemOf) }));
}

function itemOf(name: string): DefaultTheme.SidebarItem {
  const text = readFileSync(join(tutorial, `${name}.md`), 'utf8');
  const title = /^# ([^:\r\n]*)/m.exec(text)?.[1] ?? name;
  return { text: title, link: `/${name}` };
}
