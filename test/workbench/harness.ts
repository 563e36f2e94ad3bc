import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll } from '@jest/globals';
import { build } from 'esbuild';
import { chromium as driver, type Browser, type Page } from 'playwright-core';
import { root } from '../../tutorial/companion/kit.ts';
import { buildWorkbench, type BuiltFiles } from '../../tutorial/workbench/build.ts';
import { FRAME_SCRIPT } from '../../tutorial/workbench/tester.ts';
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

/** The digest by which a policy names the script in the frame where tests run. */
const FRAME = createHash('sha256').update(FRAME_SCRIPT).digest('base64');

/** Scripts and workers of one's own, and modules made in the page: nothing else may run. */
const POLICY = `default-src 'self'; script-src 'self' blob: 'sha256-${FRAME}'`;

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

interface Served {
  readonly server: Server;
  readonly url: string;
  /** Waits for what a page sends back. */
  readonly said: () => Promise<string>;
}

/** Serves files in some folder, as any server does. */
async function serve(files: BuiltFiles): Promise<Served> {
  const folder = '/some/folder/';
  const heard = new EventEmitter();
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      void text(request).then((words) => heard.emit('said', words));
      return void response.end();
    }
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const name = pathname.slice(folder.length) || 'index.html';
    const content = pathname.startsWith(folder) ? files.get(name) : undefined;
    if (content === undefined) return void response.writeHead(404).end();
    const type = types.get(name.split('.').at(-1) ?? '') ?? 'text/plain';
    response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY });
    response.end(content);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const said = async () => String((await once(heard, 'said'))[0]);
  return { server, url: `http://127.0.0.1:${port}${folder}`, said };
}

/** Opens a page with a workbench for the tests of a file; gives what runs checks in it. */
export function withWorkbench(): {
  readonly check: (check: SentCheck) => Promise<Checked>;
  /**
   * Runs checks one after the other in a page of their own, which tells by itself what came out: the
   * driver takes a page for lost as soon as a frame of it is.
   */
  readonly checkApart: (checks: readonly SentCheck[]) => Promise<Checked[]>;
  readonly page: () => Page;
  readonly troubles: string[];
} {
  let browser: Browser | undefined;
  let served: Served | undefined;
  let page: Page | undefined;
  const troubles: string[] = [];

  beforeAll(async () => {
    served = await serve(new Map([...(await testPage()), ...(await buildWorkbench())]));
    const { url: own } = served;
    browser = await driver.launch({ executablePath: chromium ?? '', args: flags });
    page = await browser.newPage();
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      const isOwn = url.startsWith(own) || /^(blob|data):/.test(url);
      if (!isOwn) troubles.push(`to another place: ${url}`);
    });
    await page.goto(own);
    await page.evaluate(() => (window as unknown as TestWindow).workbench.prepare(1));
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    served?.server.close();
    served?.server.closeAllConnections();
  });

  const thePage = () => {
    if (page === undefined) throw new Error('There is a page in tests only.');
    return page;
  };
  return {
    page: thePage,
    troubles,
    checkApart: async (checks) => {
      if (browser === undefined || served === undefined) throw new Error('Too early.');
      const apart = await browser.newPage();
      await apart.goto(served.url);
      const said = served.said();
      await apart.evaluate((all) => {
        const { workbench } = window as unknown as TestWindow;
        const run = async () => {
          const checked = [];
          for (const one of all) checked.push(await workbench.check(one));
          await fetch('said', { method: 'POST', body: JSON.stringify(checked) });
        };
        void run();
      }, checks);
      return JSON.parse(await said) as Checked[];
    },
    check: async (check) =>
      thePage().evaluate(async (one) => {
        const checked = await (window as unknown as TestWindow).workbench.check(one);
        if (checked === undefined) throw new Error('Another check has taken its place.');
        return checked;
      }, check),
  };
}
