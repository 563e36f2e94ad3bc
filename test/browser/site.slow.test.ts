import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { chapters as inOrder } from '../../tutorial/.vitepress/chapters.ts';
import { dark, light } from '../../tutorial/.vitepress/code-colors.ts';
import { serveProgress } from '../../tutorial/companion/progress-server.ts';
import { freePort } from '../free-port.ts';
import { allLooks, someLooks, axe, siteFolder, siteUrl, withBrowser } from './harness.ts';

const { visit } = withBrowser();

const pages = readdirSync(siteFolder, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.html'))
  .sort();

// The slides have tests of their own: slides.slow.test.ts.
const toRead = pages.filter((path) => !path.startsWith('slides/'));

describe('Every page of the site', () => {
  it.each(toRead)(
    '%s loads without errors or other hosts, fits into a phone, and pleases axe where it is looked at',
    async (path) => {
      const { page, troubles } = await visit(path);
      // Else each third page, in one look: chapters are long, and axe takes its time.
      const turn = toRead.indexOf(path);
      const some = turn % 3 === 0 ? [someLooks[turn % 2 === 0 ? 0 : 1]] : [];
      const looks = process.env.LOOKS === 'all' ? allLooks : some;
      for (const { scheme, width } of looks) {
        await page.setViewportSize({ width, height: 900 });
        await page.evaluate(
          (isDark) => document.documentElement.classList.toggle('dark', isDark),
          scheme === 'dark',
        );
        expect([scheme, width, ...(await axe(page))]).toEqual([scheme, width]);
      }
      // As wide as a phone, as a window of 1,280 px at 200 % zoom, and at 400 %.
      for (const width of [380, 640, 320]) {
        await page.setViewportSize({ width, height: 800 });
        const needed = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(needed).toBeLessThanOrEqual(width);
      }
      expect(troubles).toEqual([]);
      await page.context().close();
    },
  );

  it.each(pages.filter((path) => path !== '404.html'))(
    '%s says what it is to other programs, and names no address that it does not know',
    (path) => {
      const html = readFileSync(join(siteFolder, path), 'utf8');
      const meta = (name: string) =>
        new RegExp(`<meta (?:name|property)="${name}" content="([^"]+)"`).exec(html)?.[1];
      expect(meta('og:title')).toBe(/<title>([^<]+)</.exec(html)?.[1]);
      expect(meta('og:description')).toBe(meta('description'));
      const card = meta('og:image') ?? '';
      expect(existsSync(join(siteFolder, path, '..', card))).toBe(true);
      expect(html).not.toContain('rel="canonical"');
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

  it.each(['none', 'a/b/none', 'api/none.html'])(
    'shows a page with all chapters and the search at %s, which does not exist',
    async (path) => {
      const { page, troubles } = await visit(path);
      await page.getByRole('heading', { name: '404' }).waitFor();
      // What it looked for on its way is not there; nothing else went wrong.
      const others = troubles.filter((text) => !text.includes('404'));
      expect(others).toEqual([]);
      expect(await axe(page)).toEqual([]);
      const list = page.locator('.nothing-here li a');
      expect(await list.count()).toBe(inOrder.length);
      await page.getByRole('button', { name: 'Search all pages' }).click();
      await page.locator('#localsearch-input:focus').waitFor();
      await page.keyboard.press('Escape');
      await list.first().click();
      await shows(page, `${inOrder[0]}.html`);
    },
  );

  it('finds in chapters what the API holds too, and before it', async () => {
    const { page } = await visit('');
    await page.getByRole('button', { name: 'Search' }).click();
    for (const word of ['difficulty', 'canonicalJson', 'locator']) {
      await page.locator('#localsearch-input').fill(word);
      await page.waitForFunction((wanted) => {
        const first = document.querySelector('.result');
        return first?.textContent.toLowerCase().includes(wanted.toLowerCase());
      }, word);
      const results = page.locator('.result');
      const found = await results.evaluateAll((all) =>
        all.map((one) => one.getAttribute('href')?.includes('/api/') === true),
      );
      expect(found[0]).toBe(false);
      expect(found).toEqual([...found].sort()); // false before true
    }
  });

  it('says of each step in a sentence what its API offers', async () => {
    const { page } = await visit('api/');
    const items = await page.locator('.vp-doc li').allInnerTexts();
    expect(items.length).toBeGreaterThanOrEqual(6);
    for (const item of items) expect(item).toMatch(/^\d\d-[\w-]+\s*\nStep \d+: .+\.$/);
  });

  it('shows the place that its url names, though playgrounds load above it', async () => {
    const { page } = await visit('02-blocks.html#one-way-2');
    await page.locator('#one-way-2[open]').waitFor();
    await page.getByRole('region', { name: /^Playground/ }).waitFor();
    const topOf = () =>
      page.locator('#one-way-2').evaluate((it) => it.getBoundingClientRect().top);
    const inSight = 'document.querySelector("#one-way-2").getBoundingClientRect().top';
    await page.waitForFunction(`${inSight} >= 0 && ${inSight} < 300`);
    // As if something more came to be above it.
    const grow = (height: number) =>
      page
        .locator('.vp-doc h2')
        .first()
        .evaluate((it, pixels) => (it.style.paddingTop = `${pixels}px`), height);
    await grow(900);
    await page.waitForFunction(`${inSight} >= 0 && ${inSight} < 300`);
    // A reader who has moved is left alone.
    await page.mouse.move(700, 500);
    await page.mouse.wheel(0, 400);
    await page.waitForFunction(`${inSight} < -50`);
    const before = await topOf();
    await grow(0);
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(await topOf()).toBeLessThan(before + 300);
    expect(await topOf()).not.toBeCloseTo(88, -1);
  });

  it('leads from each step to its place in the explorer of a node', async () => {
    const { page } = await visit('06-consensus.html');
    const link = page.getByRole('link', { name: 'in your node’s explorer' });
    expect(await link.getAttribute('href')).toBe('http://localhost:6001/#/forks');
    expect(await page.locator('aside.place').innerText()).toMatch(
      /about 8 to 12 hours to write, \d+ minutes to read/,
    );
  });
});

describe('A term of the glossary', () => {
  const fingerprint = 'a.term[data-term=fingerprint]';

  it('shows what it means on hover and on focus, until Escape', async () => {
    const { page, troubles } = await visit('01-hashing.html');
    const tip = page.getByRole('tooltip');
    const term = page.locator(fingerprint);
    expect(await tip.count()).toBe(0);
    await term.hover();
    await tip.filter({ hasText: 'a short number that stands for a text' }).waitFor();
    expect(await axe(page)).toEqual([]);
    // It stays while the pointer is on it, and goes with the pointer.
    await tip.hover();
    await page.mouse.move(5, 5);
    await tip.waitFor({ state: 'hidden' });

    await page.getByLabel('I write it myself').focus();
    const isFocused = () => term.evaluate((it) => it === document.activeElement);
    while (!(await isFocused())) await page.keyboard.press('Tab');
    await tip.waitFor();
    const id = await term.getAttribute('aria-describedby');
    expect(await tip.getAttribute('id')).toBe(id);
    await page.keyboard.press('Escape');
    await tip.waitFor({ state: 'hidden' });
    expect(await isFocused()).toBe(true);
    expect(await term.getAttribute('aria-describedby')).toBeNull();
    await page.keyboard.press('Enter');
    await page.waitForURL(/glossary\.html#fingerprint$/);
    expect(troubles).toEqual([]);
  });

  it('shows what it means at the first tap, and leads there at the second', async () => {
    const { page } = await visit('01-hashing.html', { width: 380, hasTouch: true });
    const tip = page.getByRole('tooltip');
    await page.locator(fingerprint).tap();
    await tip.waitFor();
    expect(page.url()).toMatch(/01-hashing\.html$/);
    const box = await tip.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(380);
    await page.getByRole('heading', { level: 1 }).tap();
    await tip.waitFor({ state: 'hidden' });
    await page.locator(fingerprint).tap();
    await tip.waitFor();
    await page.locator(fingerprint).tap();
    await page.waitForURL(/glossary\.html#fingerprint$/);
  });
});

describe('The glossary', () => {
  it('is one list of letters that what is typed makes shorter', async () => {
    const { page, troubles } = await visit('glossary.html');
    const shown = page.locator('.entry:visible h3');
    const all = await shown.count();
    expect(all).toBeGreaterThan(90);
    await page.getByLabel('Find a term').fill('merkle');
    await page.getByText(/^\d+ terms hold “merkle”\.$/).waitFor();
    expect(await shown.allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('Merkle tree')]),
    );
    expect(await shown.count()).toBeLessThan(10);
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('Find a term').fill('no such word');
    await page.getByText('No term holds “no such word”.').waitFor();
    await page.keyboard.press('Escape');
    expect(await shown.count()).toBe(all);
    await page.getByRole('navigation', { name: 'Letters' }).getByText('T').click();
    await page.waitForURL(/#letter-T$/);
    expect(troubles).toEqual([]);
  });

  it('shows a term that a link leads to, whatever was typed', async () => {
    const { page } = await visit('glossary.html');
    await page.getByLabel('Find a term').fill('merkle');
    await page.getByText(/terms hold “merkle”/).waitFor();
    await page.evaluate(() => (location.hash = '#block'));
    await page.locator('#block').waitFor();
    expect(await page.getByLabel('Find a term').inputValue()).toBe('');
  });
});

describe('The progress of a reader', () => {
  it('is marked by hand, kept in the browser, and shown in the sidebar', async () => {
    const { page, troubles } = await visit('01-hashing.html');
    const panel = page.getByRole('region', { name: 'Your progress' });
    await panel.getByText('No task done yet').waitFor();
    await page.getByLabel('I have done task 1').check();
    await panel.getByText(/^1 of \d+ tasks done$/).waitFor();
    await page.getByLabel('I have done task 2').check();
    const item = page.locator('.VPSidebarItem', { hasText: '1. Hashing' }).last();
    expect(await item.innerText()).toMatch(/2 of 3 tasks done/);
    await page.reload();
    await panel.getByText(/^2 of \d+ tasks done$/).waitFor();
    expect(await page.getByLabel('I have done task 2').isChecked()).toBe(true);
    await panel.getByRole('link', { name: 'Next: Task 3: hashFields' }).click();
    await page.waitForURL(/#task-3-hashfields$/);
    await page.getByLabel('I have done task 2').uncheck();
    await panel.getByText(/^1 of \d+ tasks done$/).waitFor();
    expect(await axe(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('comes from ./learn only after the reader has switched that on', async () => {
    const { page, troubles } = await visit('01-hashing.html');
    const asked: string[] = [];
    await page.route('http://127.0.0.1:5172/**', async (route) => {
      asked.push(route.request().url());
      await route.continue({ url: `http://127.0.0.1:${port}/progress` });
    });
    let passed: Record<string, number[]> = { '01-hashing': [1] };
    const port = await freePort();
    const stop = serveProgress({ passed: () => passed, port });
    try {
      await page.reload({ waitUntil: 'networkidle' });
      await page.getByText('Follow ./learn').click();
      expect(asked).toEqual([]);
      const wanted = page.getByLabel('Ask ./learn on this machine what passes');
      await wanted.check();
      await page.getByText(/^It answers: 1 of \d+ tasks pass\.$/).waitFor();
      await page.getByText('Task 1 passes, says ./learn.').waitFor();
      expect(asked.length).toBeGreaterThan(0);
      passed = { '01-hashing': [1, 2] };
      await page.getByText('Task 2 passes, says ./learn.').waitFor();
      await page.reload();
      await page.getByText('Task 2 passes, says ./learn.').waitFor();
      stop();
      await page.getByLabel('I have done task 2').waitFor();
      await page.getByText('Follow ./learn').click();
      await page.getByText('It does not answer. Start ./learn').waitFor();
      await wanted.uncheck();
      const count = asked.length;
      await page.reload({ waitUntil: 'networkidle' });
      expect(asked.length).toBe(count);
    } finally {
      stop();
    }
    const others = troubles.filter((text) => !/\/progress$|ERR_/.test(text));
    expect(others).toEqual([]);
  });

  it('leads back to where one was, from the first page', async () => {
    const { page } = await visit('02-blocks.html');
    expect(await page.locator('.continue-reading').count()).toBe(0);
    await page.locator('#task-3-nextblock').evaluate((it) => it.scrollIntoView());
    await page.waitForFunction(() =>
      localStorage.getItem('pychain-place')?.includes('task-3-nextblock'),
    );
    await page.goto(siteUrl);
    await page.getByRole('link', { name: '2. Blocks, Task 3: nextBlock' }).click();
    await page.waitForURL(/02-blocks\.html#task-3-nextblock$/);
  });
});

describe('On paper', () => {
  it('a chapter is all text, black on white also in the dark, and nothing is cut off', async () => {
    const { page } = await visit('05-peers.html', { scheme: 'dark' });
    await page.setViewportSize({ width: 680, height: 1_000 });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const seen = (selector: string) => page.locator(selector).first().isVisible();
    for (const gone of ['.VPNav', '.VPSidebar', 'section.playground', '.task-done'])
      expect([gone, await seen(gone)]).toEqual([gone, false]);
    expect(await seen('#one-way-1 figure.listing')).toBe(true);
    expect(await page.locator('details[open]').count()).toBe(0); // by style alone
    const colors = await page.evaluate(() => {
      const style = getComputedStyle(document.body);
      return [style.color, style.backgroundColor];
    });
    expect(colors).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
    expect(await seen('.picture img.light')).toBe(true);
    expect(await seen('.picture img.dark')).toBe(false);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(680);
    const hidden = await page
      .locator('pre')
      .evaluateAll(
        (all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).length,
      );
    expect(hidden).toBe(0);
    const after = await page
      .locator('.vp-doc p a[href^="https://"]')
      .first()
      .evaluate((it) => getComputedStyle(it, '::after').content);
    expect(after).toContain('https://');
  });
});

describe('For programs', () => {
  const text = (path: string) => readFileSync(join(siteFolder, path), 'utf8');

  it('llms.txt lists each chapter as Markdown, which is there', () => {
    const list = text('llms.txt');
    expect(list).toMatch(/^# Pychain\n\n> /);
    const links = [...list.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
    expect(links).toEqual(expect.arrayContaining(inOrder.map((name) => `${name}.md`)));
    for (const link of links) expect(text(link)).toMatch(/^# /m);
  });

  it('a chapter as Markdown leads to no file that is not there', () => {
    for (const name of inOrder) {
      const files = text(`${name}.md`).matchAll(/\]\(([^):#]+)[^):]*\)/g);
      for (const [, file = ''] of files)
        expect([name, file, existsSync(join(siteFolder, file))]).toEqual([
          name,
          file,
          true,
        ]);
    }
  });
});

describe('Without scripts', () => {
  it('a chapter reads: its text, its listings, its links and its pictures', async () => {
    const { page, troubles } = await visit('02-blocks.html', { scripts: false });
    const text = await page.locator('.vp-doc').innerText();
    expect(text).toContain('In this chapter you write blocks');
    await page.locator('#one-way-1 summary').click();
    expect(await page.locator('#one-way-1 figure.listing').first().isVisible()).toBe(
      true,
    );
    expect(await page.locator('.picture img.light').first().isVisible()).toBe(true);
    expect(await page.locator('.task-done, .reader-panel').count()).toBe(0);
    const term = page.locator('a.term').first();
    expect(await term.getAttribute('href')).toMatch(/glossary\.html#/);
    await page.locator('.pager-link.next').click();
    await page.waitForURL(`${siteUrl}03-proof-of-work.html`);
    // What is loaded ahead of time for scripts is given up without them.
    expect(troubles.filter((text) => !/^failed: .*\.js$/.test(text))).toEqual([]);
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

  it.each(someLooks)(
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
    expect(await steps.count()).toBe(10);
    await page.getByRole('link', { name: 'What it shows' }).click();
    await page.waitForURL(/final\.html#what-a-node-shows-of-itself$/);
  });
});
