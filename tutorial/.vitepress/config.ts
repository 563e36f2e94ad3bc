import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { slug } from 'github-slugger';
import { defineConfig, type DefaultTheme } from 'vitepress';
import { accessible } from './accessible.ts';
import { dark, light } from './code-colors.ts';
import { standIns } from '../../final/explorer/stand-ins/index.ts';
import { chapterMarkdown } from './markdown.ts';
import { ANY_FOLDER, makeMovable } from './movable.ts';
import { placeOf, repository } from './project.ts';

const tutorial = join(import.meta.dirname, '..');
const icon = encodeURIComponent(
  readFileSync(join(import.meta.dirname, 'icon.svg'), 'utf8'),
);

export default defineConfig({
  title: 'Pychain',
  description: 'A blockchain you build yourself, in six steps of TypeScript',
  lang: 'en-US',
  base: process.argv.includes('build') ? ANY_FOLDER : '/',
  buildEnd: ({ outDir }) => makeMovable(outDir),
  outDir: '../site',
  srcExclude: ['README.md'],
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${icon}` }]],
  markdown: {
    theme: { light, dark },
    anchor: { slugify: (text) => slug(text) }, // as other viewers of Markdown do it
    config: chapterMarkdown,
  },
  transformPageData: ({ relativePath, frontmatter }) => ({
    frontmatter: { ...frontmatter, place: placeOf(relativePath) },
  }),
  themeConfig: {
    nav: [
      { text: 'Start', link: '/00-before-you-start' },
      { text: 'Playgrounds', link: '/playgrounds' },
      { text: 'Glossary', link: '/glossary' },
      { text: 'API', link: '/api/' },
    ].filter(({ link }) => link === '/api/' || exists(link)),
    sidebar: [
      { text: 'Build it', items: chapters() },
      { text: 'Look it up', items: reference() },
    ],
    outline: { level: [2, 3], label: 'On this page' },
    search: { provider: 'local' },
    externalLinkIcon: true,
    docFooter: { prev: 'Before', next: 'Next' },
    repository,
  } as DefaultTheme.Config,
  vite: {
    plugins: [accessible()],
    resolve: { alias: standIns },
    css: { postcss: {} }, // or it looks for settings up to the root of the disk
    server: {
      // The playgrounds import the steps, which are outside of this folder.
      fs: { allow: [join(tutorial, '..')] },
      // Vite overlooks its own cache, but not where brackets are in the project's path.
      watch: { ignored: ['**/.vitepress/cache/**'] },
    },
    build: { chunkSizeWarningLimit: 1_000 },
  },
});

function exists(link: string): boolean {
  return readdirSync(tutorial).includes(`${link.slice(1)}.md`);
}

/** The chapters, in the order of their numbers, by the first words of their titles. */
function chapters(): DefaultTheme.SidebarItem[] {
  return readdirSync(tutorial)
    .filter((name) => /^\d\d-.*\.md$/.test(name))
    .sort()
    .map((name) => {
      const text = readFileSync(join(tutorial, name), 'utf8');
      const title = /^# (.*)$/m.exec(text)?.[1] ?? name;
      return { text: title.split(':')[0] ?? title, link: `/${name.slice(0, -3)}` };
    });
}

function reference(): DefaultTheme.SidebarItem[] {
  const glossary = { text: 'Glossary', link: '/glossary' };
  const steps = readdirSync(join(tutorial, '..', 'steps')).sort();
  const items = steps.map((step) => ({ text: step, link: `/api/${step}` }));
  const api = { text: 'API of the steps', link: '/api/', collapsed: true, items };
  return exists('/glossary') ? [glossary, api] : [api];
}
