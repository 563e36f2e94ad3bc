import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { build } from 'esbuild';
import { chromium as driver, type Browser, type Page } from 'playwright-core';
import { root } from '../../tutorial/companion/kit.ts';
import { buildWorkbench, type BuiltFiles } from '../../tutorial/workbench/build.ts';
import type { Check, Checked, Workbench } from '../../tutorial/workbench/workbench.ts';
import { chromium, flags } from '../browser/chromium.mjs';

/** What the pages of the tests have. */
export interface TestWindow {
  readonly workbench: Workbench;
}

/** A check as it can be sent to a page. */
export type SentCheck = Omit<Check, 'onFailure'>;

const types = new Map([
  ['js', 'text/javascript'],
  ['json', 'application/json'],
  ['html', 'text/html; charset=utf-8'],
]);

/** Scripts and workers of one's own, and modules made in the page: nothing else may run. */
const POLICY = "default-src 'self'; script-src 'self' blob:";

/** A page that holds nothing but a workbench. */
async function testPage(): Promise<BuiltFiles> {
  const entry = join(root, 'tutorial', 'workbench', 'workbench.ts');
  const { outputFiles } = await build({
    stdin: {
      contents: `import { Workbench } from ${JSON.stringify(entry)}; window.workbench = new Workbench('./');`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: 'esm',
  });
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Workbench</title>
<link rel="icon" href="data:,"><script type="module" src="./page.js"></script></html>`;
  return new Map([
    ['page.js', outputFiles[0]?.text ?? ''],
    ['index.html', html],
  ]);
}

/** Serves files in some folder, as any server does. */
async function serve(files: BuiltFiles): Promise<{ server: Server; url: string }> {
  const folder = '/some/folder/';
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const name = pathname.slice(folder.length) || 'index.html';
    const text = pathname.startsWith(folder) ? files.get(name) : undefined;
    if (text === undefined) return void response.writeHead(404).end();
    const type = types.get(name.split('.').at(-1) ?? '') ?? 'text/plain';
    response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY });
    response.end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}${folder}` };
}

/** Opens a page with a workbench for the tests of a file; gives what runs checks in it. */
export function withWorkbench(): {
  readonly check: (check: SentCheck) => Promise<Checked>;
  readonly page: () => Page;
  readonly troubles: string[];
} {
  let browser: Browser | undefined;
  let server: Server | undefined;
  let page: Page | undefined;
  const troubles: string[] = [];

  beforeAll(async () => {
    const served = await serve(
      new Map([...(await testPage()), ...(await buildWorkbench())]),
    );
    server = served.server;
    browser = await driver.launch({ executablePath: chromium ?? '', args: flags });
    page = await browser.newPage();
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      const isOwn = url.startsWith(served.url) || /^(blob|data):/.test(url);
      if (!isOwn) troubles.push(`to another place: ${url}`);
    });
    await page.goto(served.url);
    await page.evaluate(() => (window as unknown as TestWindow).workbench.prepare(1));
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const thePage = () => {
    if (page === undefined) throw new Error('There is a page in tests only.');
    return page;
  };
  return {
    page: thePage,
    troubles,
    check: async (check) =>
      thePage().evaluate(async (one) => {
        const checked = await (window as unknown as TestWindow).workbench.check(one);
        if (checked === undefined) throw new Error('Another check has taken its place.');
        return checked;
      }, check),
  };
}
