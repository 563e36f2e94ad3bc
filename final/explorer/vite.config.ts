import { join } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { standIns } from './stand-ins/index.ts';

/** Builds the pages of a node. The same source gives the same files, byte for byte. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  logLevel: 'warn',
  plugins: [vue()],
  css: { postcss: {} }, // or it looks for settings up to the root of the disk
  resolve: { alias: standIns },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // what is written into the page is not allowed to run or show there
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: ['index.html', 'lab.html'].map((name) => join(import.meta.dirname, name)),
    },
  },
});
