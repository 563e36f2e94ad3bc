/** The site as `npm run site` shows it: nothing is built ahead of time, so that this is quick. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sha256 } from '#hashing';
import type { Program } from '../../final/lab/program.ts';
import { startProgram } from '../program.ts';
import { withBrowser, type Visit } from './harness.ts';

const { visit } = withBrowser();
const root = join(import.meta.dirname, '..', '..');

let server: Program;
let url: string;

beforeAll(async () => {
  const vitepress = join(root, 'node_modules/vitepress/bin/vitepress.js');
  const where = ['--host', '127.0.0.1', '--port', '0'];
  server = startProgram(vitepress, ['dev', join(root, 'tutorial'), ...where]);
  [url] = await server.untilOutput(/http:\S+(?=\s)/);
});
afterAll(async () => {
  server.signal('SIGINT');
  await server.end;
});

/** Opens a chapter, and waits until its playground has come to life. */
async function open(): Promise<Visit> {
  const visited = await visit(`${url}01-hashing.html`);
  await visited.page.getByRole('region', { name: 'Playground: The avalanche' }).waitFor();
  return visited;
}

it('A chapter shows its text, its listings, and a playground at work', async () => {
  // The first visitor of a server may see a page load anew, when all its packages are known.
  const first = await open();
  await first.page.context().close();

  const { page, troubles } = await open();
  expect(await page.title()).toMatch(/^1\. Hashing.* Pychain$/);
  await page.getByLabel('I only read').check();
  const caption = page.locator('figure.listing figcaption').first();
  expect(await caption.innerText()).toMatch(/^steps\/01-hashing\//);
  const playground = page.getByRole('region', { name: 'Playground: The avalanche' });
  const input = playground.getByLabel('Your text');
  await input.press('End');
  await input.press('!');
  await playground.getByText(sha256(await input.inputValue())).waitFor();
  // Other requests that fail are there with their urls; a browser asks for an icon by itself.
  const others = troubles.filter((text) => !text.startsWith('Failed to load resource'));
  expect(others).toEqual([]);
});

it('The slides are there too, and a name that is none of theirs is left to the site', async () => {
  const get = async (name: string) => {
    const response = await fetch(`${url}slides/${name}`);
    return [response.headers.get('content-type'), await response.text()];
  };
  const [type, deck = ''] = await get('01-hashing.html');
  expect(type).toBe('text/html; charset=utf-8');
  expect(deck).toContain('<h1>1. Hashing: how can a text have a fingerprint?</h1>');
  expect((await get('slides.css'))[0]).toBe('text/css');
  for (const name of ['none.html', '%zz', '..%2fdeck.ts'])
    expect((await get(name))[1]).not.toMatch(/<section|parseDeck/);
});
