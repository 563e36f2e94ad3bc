// npm run site:card      draws tutorial/public/card.png, the picture of links to the site, with Chromium
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode, install, root } from './install.mjs';

checkNode();
install({ withTools: true });
const { chromium: driver } = await import('playwright-core');
const { chromium, flags } = await import('../test/browser/chromium.mjs');
if (chromium === undefined) {
  console.error('No Chromium was found. Install it, or name it in CHROMIUM.');
  process.exit(1);
}

const font = (family, file) => {
  const path = join(root, 'node_modules', '@fontsource-variable', file);
  const data = readFileSync(path).toString('base64');
  return `@font-face { font-family: '${family}'; font-weight: 200 900; src: url(data:font/woff2;base64,${data}); }`;
};
const fonts = [
  font(
    'Source Serif 4 Variable',
    'source-serif-4/files/source-serif-4-latin-wght-normal.woff2',
  ),
  font(
    'Source Sans 3 Variable',
    'source-sans-3/files/source-sans-3-latin-wght-normal.woff2',
  ),
];
const svg = readFileSync(join(root, 'tutorial', '.vitepress', 'card.svg'), 'utf8');

const browser = await driver.launch({ executablePath: chromium, args: flags });
const page = await browser.newPage({ viewport: { width: 1200, height: 630 } });
await page.setContent(`<style>${fonts.join('')} body { margin: 0 }</style>${svg}`);
await page.evaluate('document.fonts.ready');
const file = join(root, 'tutorial', 'public', 'card.png');
writeFileSync(file, await page.screenshot());
await browser.close();
console.log(`Drew ${file}`);
