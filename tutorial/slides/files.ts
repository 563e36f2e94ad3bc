/**
 * The files of the folder `slides/` of the site: a page for each deck, and what these share. They
 * name each other relative to themselves and ask for nothing else, so they work from a stick too.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { codeColors, escapeHtml } from './code.ts';
import { deckNames, parseDeck, readDeck, type Deck } from './deck.ts';

const design = join(import.meta.dirname, '..', '..', 'final', 'explorer', 'design');
const require = createRequire(import.meta.url);

/** The letters of the site, by the names of their files here. */
const fonts = {
  'sans.woff2':
    '@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2',
  'serif.woff2':
    '@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2',
};

/** Makes all files, by their names. */
export function slideFiles(): Map<string, string | Uint8Array> {
  const files = new Map<string, string | Uint8Array>();
  for (const name of deckNames()) {
    const markdown = readDeck(name);
    files.set(`${name}.html`, pageOf(parseDeck(name, markdown)));
    files.set(`${name}.md`, markdown);
  }
  files.set('slides.css', styles());
  files.set('slides.js', player());
  for (const [name, path] of Object.entries(fonts))
    files.set(name, readFileSync(require.resolve(path)));
  return files;
}

function styles(): string {
  const palette = readFileSync(join(design, 'palette.css'), 'utf8');
  const own = readFileSync(join(import.meta.dirname, 'slides.css'), 'utf8');
  return `${palette}\n${codeColors()}\n${own}`;
}

function player(): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(import.meta.dirname, 'player.ts')],
    bundle: true,
    write: false,
    format: 'iife', // a module would not be loaded from a file
    target: 'es2022',
  });
  return outputFiles[0]?.text ?? '';
}

function icon(): string {
  const file = join(import.meta.dirname, '..', '.vitepress', 'icon.svg');
  return encodeURIComponent(readFileSync(file, 'utf8'));
}

const keys = [
  ['→, ↓, Page down, space', 'the next slide'],
  ['←, ↑, Page up, shift and space', 'the slide before'],
  ['Home, End', 'the first slide, the last one'],
  ['n', 'notes for who teaches: on paper, too'],
  ['f', 'the full screen'],
  ['d', 'dark or light'],
  ['?', 'these keys'],
];

/** Writes the page of a deck. */
export function pageOf(deck: Deck): string {
  const title = escapeHtml(deck.title);
  const about = escapeHtml(`${deck.slides.length} slides for a class: ${deck.title}`);
  const isOfStep = /^\d\d-/.test(deck.name);
  const chapter = isOfStep
    ? `<a href="../${deck.name}.html">The chapter</a>`
    : '<a href="../teaching.html">Teaching</a>';
  const frames = deck.slides.map(
    ({ html, notes }, i) => `<div class="frame">
${html}${
      notes === ''
        ? ''
        : `<aside class="notes" tabindex="0" aria-label="Notes on slide ${i + 1}">${notes}</aside>\n`
    }</div>`,
  );
  const rows = keys.map(([key, does]) => `<dt>${key}</dt><dd>${does}</dd>`);
  return `<!doctype html>
<html lang="en-US">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} | Pychain</title>
<meta name="description" content="${about}">
<meta property="og:title" content="${title} | Pychain">
<meta property="og:description" content="${about}">
<meta property="og:image" content="../card.png">
<link rel="icon" href="data:image/svg+xml,${icon()}">
<link rel="stylesheet" href="slides.css">
</head>
<body>
<nav aria-label="Slides">
<a href="../slides.html">All slides</a>
${chapter}
<span class="buttons">
<button id="back" type="button" aria-label="The slide before">‹</button>
<span id="place" role="status"></span>
<button id="next" type="button" aria-label="The next slide">›</button>
<button id="notes" type="button" aria-pressed="false">Notes</button>
<button id="full" type="button">Full screen</button>
<button id="keys" type="button" aria-label="Keys">?</button>
</span>
</nav>
<main>
<h1 id="deck">${title}</h1>
${frames.join('\n')}
</main>
<dialog id="help" aria-label="Keys">
<h2>Keys</h2>
<dl>
${rows.join('\n')}
</dl>
<p>On paper, or saved as a PDF, each slide is a page. With the notes switched on, each page has its notes.</p>
<form method="dialog"><button>Close</button></form>
</dialog>
<script src="slides.js"></script>
</body>
</html>
`;
}
