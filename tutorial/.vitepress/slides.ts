import { mkdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Plugin } from 'vite';
import { slideFiles } from '../slides/files.ts';

/** Where the site has the slides. */
const FOLDER = 'slides/';

const types = new Map([
  ['.css', 'text/css'],
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript'],
  ['.md', 'text/markdown; charset=utf-8'],
  ['.woff2', 'font/woff2'],
]);

/** Writes the slides beside the pages of the built site. */
export function writeSlides(outDir: string): void {
  mkdirSync(join(outDir, FOLDER), { recursive: true });
  for (const [name, content] of slideFiles())
    writeFileSync(join(outDir, FOLDER, name), content);
}

/** Serves the slides while they are written: they are made anew for each page that is loaded. */
export function slides(): Plugin {
  return {
    name: 'slides',
    configureServer({ config, middlewares }) {
      let files = new Map<string, string | Uint8Array>();
      middlewares.use((request, response, next) => {
        const { pathname } = new URL(request.url ?? '', 'http://localhost');
        const start = config.base + FOLDER;
        const name = pathname.slice(start.length);
        if (!pathname.startsWith(start)) return next();
        if (name.endsWith('.html') || files.size === 0) files = slideFiles();
        const content = files.get(name);
        if (content === undefined) return next();
        response.setHeader('content-type', types.get(extname(name)) ?? 'text/plain');
        response.end(content);
      });
    },
  };
}
