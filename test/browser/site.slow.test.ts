import { readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { chapters as inOrder } from '../../tutorial/.vitepress/chapters.ts';
import { dark, light } from '../../tutorial/.vitepress/code-colors.ts';
import { allLooks, axe, siteFolder, siteUrl, withBrowser } from './harness.ts';

const { visit } = withBrowser();

const pages = readdirSync(siteFolder, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.html'))
  .sort();

describe('Every page of the site', () => {
  it.each(pages.map((path, i) => ({ path, dark: i % 2 === 0 })))(
    '$path loads without errors or other hosts, fits into a phone, and pleases axe',
    async ({ path, dark }) => {
      // Wide and light, narrow and dark; the next page the other way round.
      const { page, troubles } = await visit(path, { scheme: dark ? 'dark' : 'light' });
      expect(await axe(page)).toEqual([]);
      await page.evaluate(() => document.documentElement.classList.toggle('dark'));
      await page.setViewportSize({ width: 380, height: 800 });
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(380);
      expect(await axe(page)).toEqual([]);
      expect(troubles).toEqual([]);
      await page.context().close();
    },
  );
});

/** Waits until a page is shown: until the address and the mark in the sidebar say so. */
async function shows(page: Page, path: string): Promise<void> {
  await page.waitForURL(siteUrl + path);
  await page.waitForFunction((url) => {
    const marked = document.querySelector<HTMLAnchorElement>(
      '.VPSidebarItem.is-active a',
    );
    return marked?.href === url;
  }, siteUrl + path);
}

describe('The colors of code', () => {
  /** The relative luminance of a color such as #1c1e26, as WCAG 2 defines it. */
  const luminance = (color: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((i) => {
      const part = parseInt(color.slice(i, i + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  it.each([light, dark])(
    'of $name stand out from the ground',
    ({ colors, tokenColors }) => {
      const ground = luminance(colors['editor.background']);
      const inks = tokenColors.map(({ settings }) => settings.foreground);
      for (const ink of [...inks, colors['editor.foreground']]) {
        const [bright = 0, dim = 0] = [luminance(ink), ground].sort((a, b) => b - a);
        const contrast = (bright + 0.05) / (dim + 0.05);
        expect(`${ink} ${contrast >= 4.5 ? 'stands out' : contrast.toFixed(2)}`).toBe(
          `${ink} stands out`,
        );
      }
    },
  );

  it('are those that a page shows', async () => {
    const { page } = await visit('02-blocks.html');
    const background = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).backgroundColor);
    const parts = [1, 3, 5].map((i) =>
      parseInt(light.colors['editor.background'].slice(i, i + 2), 16),
    );
    expect(await background('figure.listing div[class*=language-]')).toBe(
      `rgb(${parts.join(', ')})`,
    );
  });
});

describe('The site', () => {
  it('leads from the first page through all chapters with "Next", and back', async () => {
    const { page, troubles } = await visit('');
    await page.getByRole('link', { name: 'Begin' }).click();
    const chapters = inOrder.map((name) => `${name}.html`);
    for (const [i, chapter] of chapters.entries()) {
      if (i > 0) await page.locator('.pager-link.next').click();
      await shows(page, chapter);
    }
    await page.locator('.pager-link.prev').click();
    await shows(page, chapters.at(-2) ?? '');
    expect(troubles).toEqual([]);
  });

  it('finds words, with the keyboard alone', async () => {
    const { page, troubles } = await visit('api/');
    const input = page.locator('#localsearch-input:focus');
    while (!(await input.isVisible())) {
      await page.keyboard.press('Control+k'); // not heard before the page has come to life
      await input.waitFor({ timeout: 2_000 }).catch(() => undefined);
    }
    await page.keyboard.type('genesisBlock');
    await page.locator('.result.selected', { hasText: 'genesisBlock' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\.html#/);
    await page.locator('main', { hasText: 'genesisBlock' }).waitFor();
    expect(troubles).toEqual([]);
  });

  it('lets the keyboard skip to the text, and shows where it is', async () => {
    const { page } = await visit('02-blocks.html');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/#VPContent$/);
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const outline = element === null ? '' : getComputedStyle(element).outlineStyle;
      return { inside: element?.closest('#VPContent') !== null, outline };
    });
    expect(focused).toEqual({ inside: true, outline: 'solid' });
  });

  it.each([380, 1440])('has a dark mode that is remembered, at %i px', async (width) => {
    const { page } = await visit('', { width });
    const background = () =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await background();
    if (width < 768)
      await page.getByRole('button', { name: 'mobile navigation' }).click();
    await page.getByRole('switch').filter({ visible: true }).click();
    const after = await background();
    expect(after).not.toBe(before);
    await page.reload();
    expect(await background()).toBe(after);
  });

  it('opens its menus on a phone, where axe finds nothing either', async () => {
    const { page } = await visit('02-blocks.html', { width: 380 });
    await page.getByRole('button', { name: 'Menu', exact: true }).click();
    await page.locator('.VPSidebar.open').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'On this page' }).click();
    await page.locator('.VPLocalNav .outline-link', { hasText: 'Recap' }).click();
    await page.waitForURL(/#recap$/);
  });

  it('moves nothing for those who asked for less motion', async () => {
    const { page } = await visit('02-blocks.html', { reducedMotion: true });
    const slow = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((element) => {
          const { transitionDuration, animationDuration } = getComputedStyle(element);
          const times = `${transitionDuration}, ${animationDuration}`.split(', ');
          return times.some((time) => parseFloat(time) > 0.001);
        }).length,
    );
    expect(slow).toBe(0);
  });

  it('says on each chapter to which folder and commands it belongs', async () => {
    const { page } = await visit('03-proof-of-work.html');
    const place = await page.locator('aside.place').innerText();
    for (const words of [
      'steps/03-proof-of-work/',
      'npm run demo 03',
      'npm run test:step 3',
    ]) {
      expect(place).toContain(words);
    }
  });

  it('names the file above each listing, and leaves its last blank lines away', async () => {
    const { page } = await visit('02-blocks.html');
    await page.getByLabel('I only read').check();
    const listings = page.locator('figure.listing');
    expect(await listings.count()).toBeGreaterThan(3);
    for (const listing of await listings.all()) {
      expect(await listing.locator('figcaption').innerText()).toMatch(
        /^(steps\/02-blocks\/|tutorial\/practice\/02-blocks\.ts)/,
      );
      expect(await listing.locator('pre').innerText()).not.toMatch(/\n\s*$/);
    }
  });

  it('folds the code away for those who write it, and remembers who only reads', async () => {
    const { page } = await visit('01-hashing.html');
    const ways = page.locator('details[id^=one-way-]');
    const open = async () => {
      const all = await ways.all();
      return Promise.all(all.map((one) => one.evaluate((it) => 'open' in it && it.open)));
    };
    const write = page.getByLabel('I write it myself');
    await write.waitFor();
    expect(await ways.count()).toBeGreaterThanOrEqual(3);
    expect(new Set(await open())).toEqual(new Set([false]));

    await page.getByLabel('I only read').check();
    expect(new Set(await open())).toEqual(new Set([true]));
    await page.goto(page.url().replace('01-hashing', '02-blocks'));
    await write.waitFor();
    expect(await page.getByLabel('I only read').isChecked()).toBe(true);
    expect(new Set(await open())).toEqual(new Set([true]));

    await write.check();
    await page.goto(`${page.url().replace(/#.*/, '')}#one-way-2`);
    await page.locator('#one-way-2[open]').waitFor();
    expect((await open()).filter(Boolean)).toHaveLength(1);
  });

  it('shows a page for addresses that do not exist', async () => {
    const { page } = await visit('404.html');
    expect(await page.locator('body').innerText()).toContain('404');
  });
});

describe('The first page', () => {
  const hero = (page: Page) => page.getByRole('region', { name: 'Three blocks' });
  const dataOf = (page: Page, place: number) =>
    hero(page).getByLabel(`Data of block ${place}`);
  const states = (page: Page) => hero(page).locator('.state').allInnerTexts();
  const told = (page: Page) => hero(page).getByRole('status').innerText();

  it('lets who types into the first block see all three break, and hold again', async () => {
    const { page, troubles } = await visit('');
    await dataOf(page, 0).waitFor();
    const hashes = () => hero(page).locator('.hash dd').allInnerTexts();
    const mined = await hashes();
    for (const hash of mined) expect(hash).toMatch(/^0000/);
    expect(await states(page)).toEqual(['holds', 'holds', 'holds']);

    await dataOf(page, 0).press('End');
    await dataOf(page, 0).press('!');
    expect(await states(page)).toEqual(['broken', 'broken', 'broken']);
    const broken = await hashes();
    expect(broken[0]).not.toMatch(/^0000/);
    expect(broken.slice(1)).toEqual(mined.slice(1));
    expect(await hero(page).locator('li.parted').count()).toBe(1);
    expect(await told(page)).toContain('Block 1 still names the old one');

    await dataOf(page, 0).press('Backspace');
    expect(await states(page)).toEqual(['holds', 'holds', 'holds']);
    expect(await hashes()).toEqual(mined);
    expect(troubles).toEqual([]);
  });

  it('mends the links by rehashing, and the work only by mining', async () => {
    const { page, troubles } = await visit('');
    await dataOf(page, 0).fill('Mallory was here');
    const rehash = hero(page).getByRole('button', { name: 'Rehash' });
    const work = hero(page).getByRole('button', { name: 'And now with work' });
    expect(await work.isDisabled()).toBe(true);
    await rehash.click();
    expect(await states(page)).toEqual(['no work', 'no work', 'no work']);
    expect(await hero(page).locator('li.parted').count()).toBe(0);
    expect(await told(page)).toContain('still no work');

    await work.click();
    await hero(page).getByText('It holds again').waitFor();
    expect(await states(page)).toEqual(['holds', 'holds', 'holds']);
    for (const hash of await hero(page).locator('.hash dd').allInnerTexts()) {
      expect(hash).toMatch(/^0000/);
    }
    expect(await told(page)).toMatch(/after [\d,]+ attempts and [\d.]+ (ms|s|min)\./);
    expect(await dataOf(page, 0).inputValue()).toBe('Mallory was here');
    await hero(page).getByRole('button', { name: 'Start again' }).click();
    expect(await dataOf(page, 0).inputValue()).toBe('Genesis Block');
    expect(troubles).toEqual([]);
  });

  it('stops mining when told to, or when somebody types', async () => {
    const { page } = await visit('');
    await dataOf(page, 0).fill('Mallory was here');
    await hero(page).getByRole('button', { name: 'Rehash' }).click();
    await hero(page).getByRole('button', { name: 'And now with work' }).click();
    await hero(page)
      .getByText(/^Mining block \d: [\d,]+ attempts?, of about/)
      .waitFor();
    await dataOf(page, 2).fill('nothing');
    expect(await hero(page).getByRole('progressbar').count()).toBe(0);
    await hero(page).getByRole('button', { name: 'Start again' }).click();
    expect(await states(page)).toEqual(['holds', 'holds', 'holds']);
  });

  it('is a picture with words where no scripts run', async () => {
    const { page } = await visit('', { scripts: false });
    expect(await states(page)).toEqual(['holds', 'holds', 'holds']);
    const text = await hero(page).innerText();
    for (const words of [
      'Genesis Block',
      'Alice pays Bob 5',
      'holds the hash of the one',
    ]) {
      expect(text).toContain(words);
    }
    expect(await hero(page).locator('input, button').count()).toBe(0);
  });

  it.each(allLooks)(
    'pleases axe while its blocks are broken, and fits ($scheme, $width pixels)',
    async (looks) => {
      const { page } = await visit('', looks);
      await dataOf(page, 0).fill(
        'A text as long as the field takes, with all its 60 letters!',
      );
      await page.getByText('still names the old one').waitFor();
      expect(await axe(page)).toEqual([]);
      await hero(page).getByRole('button', { name: 'Rehash' }).click();
      expect(await axe(page)).toEqual([]);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(looks.width);
    },
  );

  it('loads little that other pages do not load as well', async () => {
    // Without its blocks to play with, its own part was 4.5 KB. They may add less than 20.
    const sizes = async (path: string) => {
      const { page } = await visit('404.html');
      const loaded = new Map<string, Promise<number>>();
      page.on('response', (response) => {
        const size = response.body().then((body) => gzipSync(body).length);
        loaded.set(
          response.url(),
          size.catch(() => 0),
        ); // what was fetched ahead has no body
      });
      await page.goto(siteUrl + path, { waitUntil: 'networkidle' });
      return loaded;
    };
    const others = await sizes('before-you-start.html');
    const all = [...(await sizes(''))].filter(([url]) => !others.has(url));
    expect(all.map(([url]) => url)).toContain(siteUrl);
    const own = await Promise.all(all.map(([, size]) => size));
    expect(own.reduce((sum, size) => sum + size, 0)).toBeLessThan(24_500);
  });

  it('says how long the steps take, and where they lead', async () => {
    const { page } = await visit('');
    const steps = page.locator('.landing ol > li', { hasText: /hours?$/ });
    expect(await steps.count()).toBe(6);
    await page.getByRole('link', { name: 'What it shows' }).click();
    await page.waitForURL(/final\.html#what-a-node-shows-of-itself$/);
  });
});
