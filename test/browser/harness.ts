import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, jest } from '@jest/globals';
import type { AxeResults, ElementContext } from 'axe-core';
import { chromium as driver, type Browser, type Page } from 'playwright-core';
import { chromium, flags } from './chromium.mjs';

/** Where the built site is served. */
export const siteUrl = process.env.SITE_URL ?? '';

/** The folder that the site was built into. */
export const siteFolder = process.env.SITE_FOLDER ?? '';

/**
 * How long to wait for what is to appear on a page, in milliseconds: time for a busy machine,
 * and for searches that take many times as long as usual. What is awaited comes sooner.
 */
const PATIENCE = 100_000;

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core'),
  'utf8',
);

/** A page in the browser, and what went wrong on it. */
export interface Visit {
  readonly page: Page;
  /** Errors in the console, requests that failed, and requests to other hosts. */
  readonly troubles: string[];
}

interface Axe {
  run(context: ElementContext): Promise<AxeResults>;
}

export interface Looks {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  readonly reducedMotion?: boolean;
  readonly hasTouch?: boolean;
  /** Whether the page may run scripts; it may unless this is false. */
  readonly scripts?: boolean;
}

/** What pages are looked at in: light and dark, on a wide screen and on a telephone. */
export const allLooks = [
  { scheme: 'light', width: 1_440 },
  { scheme: 'dark', width: 1_440 },
  { scheme: 'light', width: 380 },
  { scheme: 'dark', width: 380 },
] as const satisfies readonly Looks[];

/** All of these with LOOKS=all; else one wide and light, and one narrow and dark. */
export const someLooks =
  process.env.LOOKS === 'all' ? allLooks : ([allLooks[0], allLooks[3]] as const);

/**
 * Starts a browser for the tests of a file; gives what opens pages in it: of the site, or of
 * any url.
 */
export function withBrowser(): {
  visit: (path: string, looks?: Looks) => Promise<Visit>;
} {
  let browser: Browser | undefined;
  jest.setTimeout(3 * PATIENCE);

  beforeAll(async () => {
    browser = await driver.launch({ executablePath: chromium ?? '', args: flags });
  });

  afterAll(async () => browser?.close());

  return {
    async visit(path, looks = {}) {
      const { width = 1440, scheme = 'light', reducedMotion = false } = looks;
      if (browser === undefined) throw new Error('Pages can be visited in tests only.');
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme: scheme,
        reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
        hasTouch: looks.hasTouch ?? false,
        javaScriptEnabled: looks.scripts ?? true,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE);
      const troubles: string[] = [];
      const isOfSite = !path.startsWith('http://');
      const url = isOfSite ? siteUrl + path : path;
      const own = isOfSite ? siteUrl : new URL(url).origin;
      page.on('console', (message) => {
        if (/error|warning/.test(message.type())) troubles.push(message.text());
      });
      page.on('pageerror', (error) => troubles.push(error.message));
      page.on('requestfailed', (request) => {
        // A worker that is ended before its program is read is no trouble.
        const isEnded =
          request.url().startsWith('blob:') &&
          request.failure()?.errorText === 'net::ERR_ABORTED';
        if (!isEnded) troubles.push(`failed: ${request.url()}`);
      });
      page.on('response', (response) => {
        if (response.status() >= 400)
          troubles.push(`${response.status()} ${response.url()}`);
      });
      page.on('request', (request) => {
        const isOwn = request.url().startsWith(own) || !/^(http|ws)/.test(request.url());
        if (!isOwn) troubles.push(`to another place: ${request.url()}`);
      });
      // A node's page listens without end, so that there the network is never idle.
      await page.goto(url, { waitUntil: isOfSite ? 'networkidle' : 'load' });
      return { page, troubles };
    },
  };
}

/**
 * Lets axe look at a page; gives what it finds, in one line each. The words in blocks of code
 * are thousands, and take it most of a minute: their colors have a test of their own.
 */
export async function axe(page: Page): Promise<string[]> {
  // Colors that still fade into others would be judged by what they are on the way.
  await page.evaluate(() =>
    Promise.allSettled(document.getAnimations().map((animation) => animation.finished)),
  );
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => {
    const context = { exclude: [['.shiki code']] };
    return (window as unknown as { axe: Axe }).axe.run(context);
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) =>
      `${id} at ${target.join(' ')}: ${failureSummary ?? ''}`.replace(/\s+/g, ' '),
    ),
  );
}
