import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { slug } from 'github-slugger';
import { defineConfig, type DefaultTheme } from 'vitepress';
import { steps } from '../../scripts/steps.mjs';
import { accessible } from './accessible.ts';
import { chapters, partItems } from './chapters.ts';
import { dark, light } from './code-colors.ts';
import { standIns } from '../../final/explorer/stand-ins/index.ts';
import { liveSteps } from './live-steps.ts';
import { writeMarkdown } from './llms.ts';
import { chapterMarkdown } from './markdown.ts';
import { ANY_FOLDER, makeMovable } from './movable.ts';
import { writeOffline } from './offline.ts';
import { descriptionOf, readPage } from './pages.ts';
import { placeOf, repository, siteAddress } from './project.ts';
import { search } from './search.ts';
import { progressInSidebar } from './sidebar.ts';
import { slides, writeSlides } from './slides.ts';
import { socialHead } from './social.ts';
import { editorPackages, workbench } from './workbench.ts';

const tutorial = join(import.meta.dirname, '..');
const icon = encodeURIComponent(
  readFileSync(join(import.meta.dirname, 'icon.svg'), 'utf8'),
);

export default defineConfig({
  title: 'Pychain',
  description: 'A blockchain you build yourself, step by step, in TypeScript',
  lang: 'en-US',
  base: process.argv.includes('build') ? ANY_FOLDER : '/',
  buildEnd: ({ outDir }) => {
    makeMovable(outDir);
    writeMarkdown(outDir);
    writeSlides(outDir);
    writeOffline(outDir);
  },
  transformHead: (context) => socialHead(context, siteAddress),
  ...(siteAddress === undefined ? {} : { sitemap: { hostname: siteAddress } }),
  outDir: '../site',
  srcExclude: ['README.md', 'slides/**'],
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${icon}` }]],
  markdown: {
    theme: { light, dark },
    anchor: { slugify: (text) => slug(text) }, // as other viewers of Markdown do it
    config: chapterMarkdown,
  },
  transformPageData: ({ relativePath, frontmatter }) => {
    const name = relativePath.replace(/\.md$/, '');
    const chapter = chapters.includes(name) ? name : undefined;
    const outline = name === 'glossary' ? { outline: false } : {};
    const about = descriptionOf(readPage(relativePath) ?? '');
    return {
      ...(about === undefined ? {} : { description: about }),
      frontmatter: { ...outline, ...frontmatter, chapter, place: placeOf(relativePath) },
    };
  },
  themeConfig: {
    nav: [
      { text: 'Start', link: `/${chapters[0]}` },
      { text: 'Playgrounds', link: '/playgrounds' },
      { text: 'Glossary', link: '/glossary' },
      { text: 'API', link: '/api/' },
    ].filter(({ link }) => link === '/api/' || exists(link)),
    sidebar: [...partItems(), { text: 'Look it up', items: reference() }],
    outline: { level: [2, 3], label: 'On this page' },
    search,
    externalLinkIcon: true,
    docFooter: { prev: 'Before', next: 'Next' },
    repository,
  } as DefaultTheme.Config,
  vite: {
    plugins: [accessible(), progressInSidebar(), liveSteps(), workbench(), slides()],
    resolve: { alias: standIns },
    // Else the first editor that is opened would load the page anew, to take these over.
    optimizeDeps: { include: [...editorPackages, '@noble/curves/ed25519.js'] },
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
  return existsSync(join(tutorial, `${link.slice(1)}.md`));
}

function reference(): DefaultTheme.SidebarItem[] {
  const glossary = { text: 'Glossary', link: '/glossary' };
  const items = steps.map(({ folder }) => ({ text: folder, link: `/api/${folder}` }));
  const api = { text: 'API of the steps', link: '/api/', collapsed: true, items };
  const teaching = { text: 'Teaching', link: '/teaching' };
  const decks = { text: 'Slides', link: '/slides' };
  const accessibility = { text: 'Accessibility', link: '/accessibility' };
  const grading = { text: 'Grading', link: '/grading' };
  const all = [glossary, api, teaching, decks, grading, accessibility];
  return exists('/glossary') ? all : [api];
}
