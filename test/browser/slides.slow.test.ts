/** The slides in a browser: that all of them fit, on a projector, on a telephone and on paper. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { allLooks, axe, siteFolder, siteUrl, withBrowser } from './harness.ts';

const { visit } = withBrowser();

const decks = readdirSync(join(siteFolder, 'slides')).filter((name) =>
  name.endsWith('.html'),
);

/** How small text on a slide may be, in pixels of a slide of 1,280 by 720; code and figures' sources less. */
const SMALLEST = 28;

/** Says what does not fit on the slides of a page, and which text is too small. */
function misfits(page: Page): Promise<string[]> {
  return page.evaluate((smallest) => {
    const found: string[] = [];
    for (const frame of document.querySelectorAll<HTMLElement>('.frame')) {
      for (const one of document.querySelectorAll('.frame'))
        one.classList.toggle('current', one === frame);
      const [slide] = frame.children;
      const name = slide?.getAttribute('aria-label') ?? '';
      for (const part of frame.querySelectorAll('section, section *')) {
        const isWider = part.scrollWidth > part.clientWidth + 1;
        if (/^(SECTION|PRE|P|UL|OL|TABLE)$/.test(part.tagName) && isWider)
          found.push(`${name}: ${part.tagName} is too wide`);
      }
      const bottom = slide?.getBoundingClientRect().bottom ?? 0;
      if (slide === undefined || slide.scrollHeight > slide.clientHeight || bottom > 721)
        found.push(`${name}: it is too high`);
      for (const text of frame.querySelectorAll(
        'section :is(p, li, td, th):not(:has(> small))',
      )) {
        const size = parseFloat(getComputedStyle(text).fontSize);
        if (size < smallest) found.push(`${name}: ${size} px`);
      }
    }
    return found;
  }, SMALLEST);
}

/** How many pages a deck has on paper. */
async function printed(page: Page): Promise<number> {
  const paper = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  return paper.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

describe('Every deck', () => {
  it.each(decks)(
    '%s fits on the projector, on a telephone and on paper, and pleases axe in light or dark',
    async (name) => {
      const { page, troubles } = await visit(`slides/${name}`, { width: 1280 });
      await page.setViewportSize({ width: 1280, height: 720 });
      await page.evaluate(() => document.fonts.ready);
      expect(await misfits(page)).toEqual([]);

      const count = await page.locator('.frame').count();
      expect(await printed(page)).toBe(count);
      await page.keyboard.press('n');
      expect(await printed(page)).toBe(count);

      const odd = decks.indexOf(name) % 2;
      const looks = allLooks.filter(({ width }) => width === 380);
      for (const { scheme } of process.env.LOOKS === 'all'
        ? looks
        : looks.slice(odd, odd + 1)) {
        // There all slides are shown at once.
        await page.emulateMedia({ colorScheme: scheme });
        await page.setViewportSize({ width: 380, height: 900 });
        expect(await page.getByRole('button', { name: 'Notes' }).isVisible()).toBe(true);
        expect([scheme, ...(await axe(page))]).toEqual([scheme]);
      }
      for (const width of [380, 320, 640]) {
        await page.setViewportSize({ width, height: 800 });
        const needed = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(needed).toBeLessThanOrEqual(width);
      }
      expect(troubles).toEqual([]);
      await page.context().close();
    },
  );
});

describe('A deck', () => {
  /** Opens one at a slide; gives what asks which slide is shown. */
  async function open(place = '') {
    const visited = await visit(`slides/01-hashing.html${place}`, { width: 1280 });
    const { page } = visited;
    const shown = () =>
      page.evaluate(() => {
        const frames = [...document.querySelectorAll<HTMLElement>('.frame')];
        const visible = frames.filter((frame) => frame.offsetHeight > 0);
        return visible.map((frame) => frames.indexOf(frame) + 1);
      });
    const last = await page.locator('.frame').count();
    return { ...visited, shown, last };
  }

  it('is turned over with the keyboard, and its address says where it is', async () => {
    const { page, shown, last, troubles } = await open();
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
      return shown();
    };
    expect(await shown()).toEqual([1]);
    expect(await press('ArrowLeft')).toEqual([1]);
    expect(await press('ArrowRight', 'ArrowDown', 'PageDown', 'Space')).toEqual([5]);
    expect(page.url()).toMatch(/#5$/);
    expect(await press('ArrowLeft', 'PageUp', 'Shift+Space')).toEqual([2]);
    expect(await press('End')).toEqual([last]);
    expect(await press('ArrowRight')).toEqual([last]);
    expect(await press('Home')).toEqual([1]);
    // What has the focus is what is shown, so that it is read aloud.
    await press('ArrowRight');
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    expect(await focused()).toMatch(new RegExp(`^2 of ${last}: `));
    expect(troubles).toEqual([]);
  });

  it('opens at the slide that its address names, and follows it', async () => {
    const { page, shown, last } = await open('#3');
    expect(await shown()).toEqual([3]);
    await page.goto(`${siteUrl}slides/01-hashing.html#4`);
    expect(await shown()).toEqual([4]);
    for (const [place, at] of [
      ['#999', last],
      ['#nonsense', 1],
    ] as const) {
      await page.goto(`${siteUrl}slides/01-hashing.html${place}`);
      expect(await shown()).toEqual([at]);
    }
  });

  it('has buttons with the same effect, which stand out when they have the focus', async () => {
    const { page, shown } = await open();
    await page.getByRole('button', { name: 'The next slide' }).click();
    expect(await shown()).toEqual([2]);
    expect(await page.getByRole('status').innerText()).toMatch(/^2 \/ \d+$/);
    await page.keyboard.press('Tab');
    const outline = () =>
      page.evaluate(
        () => getComputedStyle(document.activeElement ?? document.body).outlineStyle,
      );
    expect(await outline()).toBe('solid');
    await page.getByRole('button', { name: 'Notes' }).focus();
    await page.keyboard.press('Space'); // presses the button, and turns nothing over
    expect(await shown()).toEqual([2]);
    await page.getByText('Ask:').filter({ visible: true }).waitFor();
  });

  it('shows its notes below a slide that is still whole, and its keys', async () => {
    const { page, troubles } = await open('#2');
    const notes = page.getByRole('complementary', { name: 'Notes on slide 2' });
    expect(await notes.isVisible()).toBe(false);
    await page.keyboard.press('n');
    const boxes = await Promise.all(
      [page.locator('.current > section'), notes].map((part) => part.boundingBox()),
    );
    const [slide, below] = boxes;
    expect(slide?.y).toBeGreaterThanOrEqual(0);
    expect((slide?.y ?? 0) + (slide?.height ?? 0)).toBeLessThanOrEqual(
      (below?.y ?? 0) + 1,
    );
    expect((below?.y ?? 0) + (below?.height ?? 0)).toBeLessThanOrEqual(901);
    expect(await axe(page)).toEqual([]);

    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keys' });
    await keys.waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await keys.waitFor({ state: 'hidden' });
    await page.keyboard.press('n');
    await notes.waitFor({ state: 'hidden' });
    expect(troubles).toEqual([]);
  });

  it('turns dark and back, with its pictures, whatever the system says', async () => {
    const { page } = await open('#3');
    const pictures = page.locator('.current .picture img');
    const visible = async () =>
      (await pictures.all()).length === 2 &&
      (await pictures.filter({ visible: true }).getAttribute('class'));
    const ground = () =>
      page
        .locator('.current > section')
        .evaluate((slide) => getComputedStyle(slide).backgroundColor);
    expect(await visible()).toBe('light');
    const light = await ground();
    await page.keyboard.press('d');
    expect(await visible()).toBe('dark');
    expect(await ground()).not.toBe(light);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.keyboard.press('d');
    expect(await visible()).toBe('light');
    expect(await ground()).toBe(light);
  });

  it('is a page with all slides and notes where no scripts run', async () => {
    const { page } = await visit('slides/01-hashing.html', { scripts: false });
    const count = await page.locator('section').count();
    for (const parts of ['section', '.notes'])
      expect(await page.locator(parts).filter({ visible: true }).count()).toBe(count);
  });

  it('is led to by the page about slides, which lists them all, and by its chapter', async () => {
    const { page, troubles } = await visit('slides.html');
    const links = page.locator('.vp-doc table a');
    expect(await links.count()).toBe(decks.length);
    await links.first().click();
    await page.waitForURL(`${siteUrl}slides/opening.html`);
    await page.getByRole('link', { name: 'All slides' }).click();
    await page.waitForURL(`${siteUrl}slides.html`);
    await page.goto(`${siteUrl}02-blocks.html`);
    await page.locator('aside.place').getByRole('link', { name: 'slides' }).click();
    await page.waitForURL(`${siteUrl}slides/02-blocks.html`);
    await page.getByRole('link', { name: 'The chapter' }).click();
    await page.waitForURL(`${siteUrl}02-blocks.html`);
    // What was still on its way when a page was left did not come.
    expect(troubles.filter((text) => !text.startsWith('failed: '))).toEqual([]);
  });
});
