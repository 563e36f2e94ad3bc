import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import type { Locator, Page } from 'playwright-core';
import { root } from '../../tutorial/companion/kit.ts';
import { someLooks, axe, siteFolder, siteUrl, withBrowser } from './harness.ts';

const { visit } = withBrowser();

/** How many bytes an open editor may load, compressed. */
const BUDGET = 1_750_000;

const chapter = '01-hashing.html';
const reference = readFileSync(join(root, 'steps/01-hashing/sha256.ts'), 'utf8');

/** The place of the first task, with its editor open. */
async function open(page: Page): Promise<Locator> {
  const place = page.locator('.write-it').first();
  await place.getByRole('button', { name: 'Write it here' }).click();
  await place.locator('.cm-content').waitFor();
  return place;
}

/** Puts a text in the place of all that stands in the editor. */
async function write(page: Page, place: Locator, text: string): Promise<void> {
  await place.locator('.cm-content').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

/** Runs the tests by the keyboard; returns the first line of what they say. */
async function run(page: Page, place: Locator): Promise<string> {
  // A run may be over before anybody looks for its signs.
  await place.evaluate((one) => {
    const seen = new MutationObserver(() => {
      if (one.textContent.includes('Stop the tests')) one.setAttribute('data-ran', '');
    });
    one.removeAttribute('data-ran');
    seen.observe(one, { childList: true, subtree: true, characterData: true });
  });
  await page.keyboard.press('ControlOrMeta+Enter');
  await place.and(page.locator('[data-ran]')).waitFor();
  await place.getByRole('button', { name: 'Run the tests' }).waitFor();
  return place.locator('.headline').innerText();
}

describe('A chapter', () => {
  it('has a place to write for each task that runs in a page, and says of others how to go on', async () => {
    for (const [page, count, others] of [
      ['01-hashing', 3, 0],
      ['02-blocks', 10, 0],
      ['03-proof-of-work', 4, 0],
      ['04-http', 3, 6],
      ['05-peers', 4, 9],
      ['06-consensus', 23, 0],
      ['07-merkle', 5, 0],
      ['08-signatures', 7, 0],
      ['09-accounts', 11, 0],
      ['10-mempool', 10, 0],
    ] as const) {
      const visited = await visit(`${page}.html`);
      await visited.page.locator('.VPDoc h1').waitFor();
      expect(await visited.page.locator('.write-it').count()).toBe(count);
      const needsNode = visited.page.getByText('This task needs Node');
      expect(await needsNode.count()).toBe(others);
      await visited.page.close();
    }
  });

  it('loads nothing of the editor before it is opened', async () => {
    const { page, troubles } = await visit(chapter);
    const loaded = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name),
    );
    expect(loaded.filter((name) => /workbench|WriteItBench|\/editor/.test(name))).toEqual(
      [],
    );
    expect(troubles).toEqual([]);
  });
});

describe('An open editor', () => {
  it('says what is not written, what is wrong, and what passes; by the keyboard alone', async () => {
    const { page, troubles } = await visit(chapter);
    const place = await open(page);
    expect(await run(page, place)).toBe('○ Task 1: sha256 not written yet');

    const wrong = reference
      .replace("'hex'", "'base64'")
      .replace('isWellFormed()', 'length');
    await write(page, place, wrong);
    expect(await run(page, place)).toBe('✗ Task 1: sha256 wrong');
    expect(await place.locator('.verdict').innerText()).toContain(
      'A frequent mistake here',
    );

    await write(page, place, reference);
    expect(await run(page, place)).toBe('✓ Task 1: sha256 passes');
    const way = place.getByRole('link', { name: 'one way to write it' });
    expect(await way.getAttribute('href')).toBe('#one-way-1');
    expect(await page.getByLabel('I have done task 1').isChecked()).toBe(true);
    expect(await page.locator('.reader-panel .count').innerText()).toMatch(/^1 of /);
    expect(troubles).toEqual([]);
  });

  it('marks what the compiler does not accept, and leads there', async () => {
    const { page } = await visit(chapter);
    const place = await open(page);
    await write(page, place, `${reference}\nexport const digits: number = '64';\n`);
    const problem = place.locator('.problems li').first();
    await problem
      .getByText("Type 'string' is not assignable to type 'number'.")
      .waitFor();
    expect(await place.locator('.cm-lintRange-error').count()).toBeGreaterThan(0);
    await problem.getByRole('button').click();
    expect(
      await place
        .locator('.cm-content')
        .evaluate((one) => one === document.activeElement),
    ).toBe(true);
  });

  it('puts what was written into the project’s form, when it is asked to', async () => {
    const { page } = await visit(chapter);
    const place = await open(page);
    await write(page, place, 'export  const a=[1,2]\nif(a){\nconsole.log(a)\n}');
    await place.getByRole('button', { name: 'Format' }).click();
    await place.getByText('export const a = [1, 2];').waitFor();
    await place.getByText('  console.log(a);').waitFor();
  });

  it('keeps what was written, gives it as a zip file, and takes that back', async () => {
    const { page } = await visit(chapter);
    const place = await open(page);
    await write(page, place, '// my own\n');
    await place.getByRole('button', { name: 'Save my files' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      place.getByRole('button', { name: 'Save my files' }).click(),
    ]);
    const zip = await download.path();
    const files = unzipSync(readFileSync(zip));
    expect(strFromU8(files['my/01-hashing/sha256.ts'] ?? new Uint8Array())).toBe(
      '// my own\n',
    );
    expect(Object.keys(files)).toContain('my/01-hashing/index.ts');

    await place.getByText('Saved 3 files.').waitFor();
    await page.reload({ waitUntil: 'networkidle' });
    const again = await open(page);
    expect(await again.locator('.cm-content').innerText()).toContain('// my own');

    page.on('dialog', (dialog) => void dialog.accept());
    await again.getByRole('button', { name: 'Begin anew' }).click();
    await again.getByText('TODO step 1').waitFor();
    await again.locator('input[type=file]').setInputFiles(zip);
    await again.getByText('// my own').waitFor();
  });

  it('notes a run while it lasts, so that a page that ends in it can say so', async () => {
    const { page } = await visit(chapter);
    const place = await open(page);
    const noted = () => page.evaluate(() => sessionStorage.getItem('pychain-run'));
    await write(page, place, reference.replace('return hash', 'for (;;); return hash'));
    await page.keyboard.press('ControlOrMeta+Enter');
    await place.getByRole('button', { name: 'Stop the tests' }).waitFor();
    await page.waitForFunction(() => sessionStorage.getItem('pychain-run') !== null);
    const run = (await noted()) ?? '';
    await place.getByText('look for a loop that does not end').waitFor();
    expect(await noted()).toBeNull();

    await page.evaluate((text) => sessionStorage.setItem('pychain-run', text), run);
    await page.reload({ waitUntil: 'networkidle' });
    const words = await page.locator('.write-it').first().getByRole('alert').innerText();
    expect(words).toContain('The page ended while the tests ran on your program');
    expect(await (await open(page)).locator('.cm-content').innerText()).toContain(
      'for (;;);',
    );
    await page.reload({ waitUntil: 'networkidle' });
    expect(await page.locator('.write-it').getByRole('alert').count()).toBe(0);
  });

  it('shows at once what another page of the site has written', async () => {
    const { page } = await visit(chapter);
    const place = await open(page);
    const other = await page.context().newPage();
    await other.goto(page.url(), { waitUntil: 'networkidle' });
    const there = await open(other);
    await write(page, place, '// of the first page\n');
    await there.getByText('// of the first page').waitFor();
    await write(other, there, '// of the second page\n');
    await place.getByText('// of the second page').waitFor();
  });

  it.each(someLooks)('is accessible ($scheme, $width px)', async (looks) => {
    const { page } = await visit(chapter, looks);
    const place = await open(page);
    await write(page, place, reference.replace("'hex'", "'base64', 1"));
    await place.locator('.problems').waitFor();
    await run(page, place);
    await place.getByRole('button', { name: 'A hint' }).click();
    expect(await axe(page)).toEqual([]);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(looks.width);
  });

  it('loads at most 1.75 MB in all, compressed', async () => {
    const { page } = await visit(chapter);
    const names = () =>
      page.evaluate(() =>
        performance.getEntriesByType('resource').map(({ name }) => name),
      );
    const before = await names();
    await run(page, await open(page));
    const after = (await names()).filter((name) => !before.includes(name));
    const own = after.filter((name) => name.startsWith(siteUrl));
    const paths = own.map((name) =>
      new URL(name).pathname.slice(new URL(siteUrl).pathname.length),
    );
    // The workers load the rest; that library is for steps 4 and 5 alone.
    const workers = readdirSync(join(siteFolder, 'workbench'))
      .filter((name) => name !== 'zod.json')
      .map((name) => `workbench/${name}`);
    const all = new Set([...paths, ...workers]);
    expect(all.size).toBeGreaterThan(workers.length);
    const sizes = [...all].map(
      (path) => gzipSync(readFileSync(join(siteFolder, path))).length,
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(BUDGET);
  });
});

/** A zip file with the reference's files of some steps, each with one line more. */
function zipOf(folders: readonly string[], line: string): Buffer {
  const files = folders.flatMap((folder) => {
    const names = readdirSync(join(root, 'steps', folder)).filter(
      (name) => name.endsWith('.ts') && !/(test|demo)\.ts$/.test(name),
    );
    return names.map((name) => {
      const text = readFileSync(join(root, 'steps', folder, name), 'utf8');
      return [`my/${folder}/${name}`, strToU8(text + line)] as const;
    });
  });
  return Buffer.from(zipSync(Object.fromEntries(files)));
}

const asFile = (buffer: Buffer) => ({
  name: 'my.zip',
  mimeType: 'application/zip',
  buffer,
});

describe('A step that passes', () => {
  it('takes the place of the project’s in playgrounds, and goes along as a zip file', async () => {
    const { page, troubles } = await visit(chapter);
    expect(await page.locator('.whose').count()).toBe(0);
    page.on('dialog', (dialog) => void dialog.accept());
    const line = '\nObject.assign(globalThis, { isMine: true });\n';
    const first = await open(page);
    await first
      .locator('input[type=file]')
      .setInputFiles(asFile(zipOf(['01-hashing'], line)));
    await first.getByText('Took over').waitFor();
    for (const [i, place] of (await page.locator('.write-it').all()).entries()) {
      if (i > 0) await place.getByRole('button', { name: 'Write it here' }).click();
      await place.locator('.cm-content').click();
      expect(await run(page, place)).toMatch(/^✓ Task \d: \w+ passes$/);
    }
    await page.getByText('The whole step passes.').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      first.getByRole('button', { name: 'Save my files' }).click(),
    ]);
    const zip = readFileSync(await download.path());
    expect(Object.keys(unzipSync(zip))).toContain('my/progress.json');

    const isMine = () => page.evaluate(() => 'isMine' in window);
    await page.reload({ waitUntil: 'networkidle' });
    await page.getByText('Runs on your own step 1').waitFor();
    expect(await isMine()).toBe(true);
    await page.getByRole('button', { name: 'Use the project’s' }).click();
    await page.getByText('Runs on the project’s steps').waitFor();
    expect(await axe(page)).toEqual([]);
    // A worker that was about to begin is broken off when the page is loaded anew.
    expect(troubles.filter((one) => !one.startsWith('failed: blob:'))).toEqual([]);

    // In another browser, the zip file brings all of it.
    const { page: other } = await visit('04-http.html');
    const place = other.locator('.needs-node').first();
    await place.getByRole('button', { name: 'My files' }).click();
    await place.locator('input[type=file]').setInputFiles(asFile(zip));
    await other.getByText(/^3 of \d+ tasks done/).waitFor();
    await other.waitForFunction(() => localStorage.getItem('pychain-own-steps') !== null);
    await other.goto(`${siteUrl}${chapter}`, { waitUntil: 'networkidle' });
    await other.getByText('Runs on your own step 1').waitFor();
  });
});

describe('A site that is kept in the browser', () => {
  it('opens and tests without network, and is gone when that is switched off', async () => {
    const { page } = await visit(chapter);
    const panel = page.getByText('Without network', { exact: true });
    await panel.click();
    const keep = page.getByLabel('Keep this course in this browser');
    await keep.click();
    await page.getByText('The course opens without network now.').waitFor();
    await page.context().setOffline(true);
    await page.goto(`${siteUrl}02-blocks.html`);
    expect(await run(page, await open(page))).toMatch(/ not written yet$/);
    await page.context().setOffline(false);
    const kept = () => page.evaluate(() => caches.keys());
    expect((await kept()).length).toBe(1);
    await panel.click();
    await keep.click();
    await page.waitForFunction(async () => (await caches.keys()).length === 0);
    await page.context().setOffline(true);
    await expect(page.goto(`${siteUrl}03-proof-of-work.html`)).rejects.toThrow(/DISCONN/);
  });
});
