import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';
import { chapterPattern } from './src/chapter-addresses.ts';
import { standIns } from './stand-ins/index.ts';

/** Lets the license of the font come with it, as the license wants. */
const fontLicense: Plugin = {
  name: 'font-license',
  generateBundle() {
    const url = import.meta.resolve('@fontsource-variable/source-sans-3/LICENSE');
    const source = readFileSync(fileURLToPath(url), 'utf8');
    this.emitFile({
      type: 'asset',
      fileName: 'assets/source-sans-3-LICENSE.txt',
      source,
    });
  },
};

const about = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
) as Parameters<typeof chapterPattern>[0];

/** Builds the pages of a node. The same source gives the same files, byte for byte. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  logLevel: 'warn',
  plugins: [vue(), fontLicense],
  define: { __CHAPTERS__: JSON.stringify(chapterPattern(about)) },
  css: { postcss: {} }, // or it looks for settings up to the root of the disk
  resolve: { alias: standIns },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // what is written into the page is not allowed to run or show there
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: ['index.html', 'lab.html', 'class.html'].map((name) =>
        join(import.meta.dirname, name),
      ),
    },
  },
});
