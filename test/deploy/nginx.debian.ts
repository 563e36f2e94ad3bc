/** A node behind nginx, as deploy/nginx.conf has it; run by `npm run test:deploy`. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chromium as driver } from 'playwright-core';
import { Program } from '../../final/lab/program.ts';
import { chromium, flags } from '../browser/chromium.mjs';
import { freePort } from '../free-port.ts';
import { TestNode, cleanUp, easy, newFolder } from '../network/harness.ts';
import { eventually, need, needRoot, read } from './debian.ts';

jest.setTimeout(300_000);

/** Who may come in where nginx asks: a name, and how nginx keeps its password. */
const USER = { name: 'ada', password: 'lovelace' };

let node: TestNode;
const servers: Program[] = [];

/**
 * Starts nginx with the settings that Debian gives it and deploy/nginx.conf, on a free port.
 *
 * @param change - what to change in deploy/nginx.conf
 * @returns the url of the folder that the node is in
 */
async function startNginx(
  port: number,
  change: (conf: string, folder: string) => string = (conf) => conf,
): Promise<string> {
  const folder = await newFolder();
  chmodSync(folder, 0o755); // nginx works as a user of its own
  mkdirSync(join(folder, 'conf.d'));
  const own = read('deploy/nginx.conf')
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
    .replace('http://127.0.0.1:6001/', `${node.http}/`);
  expect(own).toContain(`127.0.0.1:${port};`);
  expect(own).toContain(node.http);
  writeFileSync(join(folder, 'conf.d', 'pychain.conf'), change(own, folder));
  const usual = readFileSync('/etc/nginx/nginx.conf', 'utf8')
    .replace(/^pid .*$/m, `pid ${join(folder, 'pid')};`)
    .replaceAll('/var/log/nginx', folder)
    .replace(/^.*sites-enabled.*$/m, '')
    .replace('/etc/nginx/conf.d', join(folder, 'conf.d'));
  const main = join(folder, 'nginx.conf');
  writeFileSync(main, usual);
  execFileSync('nginx', ['-t', '-q', '-c', main], { stdio: 'pipe' });
  servers.push(new Program('nginx', ['-c', main, '-g', 'daemon off;']));
  const url = `http://127.0.0.1:${port}/chain/`;
  await eventually(async () => (await fetch(url).catch(() => undefined)) && true);
  return url;
}

/** Posts a block as a page of `origin` does. */
const post = (
  url: string,
  data: string,
  origin = new URL(url).origin,
  more: Readonly<Record<string, string>> = {},
) =>
  fetch(`${url}blocks`, {
    method: 'POST',
    body: JSON.stringify({ data }),
    headers: { origin, 'content-type': 'application/json', ...more },
  });

let url = '';
let locked = '';

beforeAll(async () => {
  need('nginx');
  needRoot('nginx changes over to a user of its own');
  const ports = [await freePort(), await freePort()] as const;
  const names = ports.flatMap((port) => ['--allow-host', `http://127.0.0.1:${port}`]);
  node = await TestNode.start([...easy, ...names]);
  url = await startNginx(ports[0]);
  locked = await startNginx(ports[1], (conf, folder) => {
    const file = join(folder, 'htpasswd');
    writeFileSync(file, `${USER.name}:{PLAIN}${USER.password}\n`);
    return conf
      .replaceAll('# auth_basic', 'auth_basic')
      .replace('/etc/nginx/pychain.htpasswd', file);
  });
});
afterAll(async () => {
  for (const server of servers) server.signal('SIGQUIT');
  await Promise.all(servers.map((server) => server.end));
  await cleanUp();
});

describe('Behind nginx', () => {
  it('a block is posted, and Location leads to it', async () => {
    const answer = await post(url, 'through nginx');
    expect(answer.status).toBe(201);
    const { hash } = (await answer.json()) as { hash: string };
    const location = answer.headers.get('location') ?? '';
    expect(new URL(location, url).href).toBe(`${url}blocks/${hash}`);
    expect(await (await fetch(new URL(location, url))).json()).toMatchObject({
      data: 'through nginx',
    });
  });

  it('the largest text passes, and the node says what is wrong with a larger one', async () => {
    const largest = '\u0000'.repeat(1_000_000); // six characters each, as JSON writes them
    const known = await post(url, largest);
    const refused = await post(url, `${largest}${'x'.repeat(100_000)}`);
    expect([known.status, refused.status]).toEqual([201, 413]);
    expect(await refused.json()).toMatchObject({
      detail: expect.stringMatching(/^\w.*\.$/),
    });
  });

  it('events arrive at once', async () => {
    const { body, headers } = await fetch(`${url}events`);
    if (body === null) throw new Error('There are no events.');
    expect(headers.get('content-type')).toBe('text/event-stream');
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    const { hash } = await node.post('told at once');
    let text = '';
    while (!text.includes(hash)) text += (await reader.read()).value ?? '';
    await reader.cancel();
    expect(text).toContain('event: chain');
  });

  it('a page of another site may do nothing', async () => {
    const answer = await post(url, 'from elsewhere', 'http://elsewhere.example');
    expect(answer.status).toBe(403);
  });

  it('the explorer opens, hears of blocks, and mines', async () => {
    if (chromium === undefined)
      throw new Error('Install Chromium, or name it in CHROMIUM.');
    const browser = await driver.launch({ executablePath: chromium, args: flags });
    try {
      const page = await browser.newPage();
      const troubles: string[] = [];
      page.on('console', (message) => {
        if (/error|warning/.test(message.type())) troubles.push(message.text());
      });
      page.on('requestfailed', (request) => troubles.push(`failed: ${request.url()}`));
      await page.goto(url);
      await page.locator('.dot.live').waitFor();
      const row = (text: string) =>
        page.locator('a.block-row').getByText(text, { exact: true });
      await node.post('from elsewhere');
      await row('from elsewhere').waitFor();
      await page.getByRole('link', { name: 'Mine', exact: true }).click();
      await page.getByLabel('What the block is to carry').fill('from the page');
      await page.getByRole('button', { name: 'Mine a block', exact: true }).click();
      await page.getByRole('link', { name: 'Chain', exact: true }).click();
      await row('from the page').waitFor();
      expect(troubles).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  it('a password is asked for, where nginx is told to', async () => {
    const authorization = `Basic ${btoa(`${USER.name}:${USER.password}`)}`;
    const origin = new URL(locked).origin;
    const refused = await post(locked, 'who am I?');
    const taken = await post(locked, 'by Ada', origin, { authorization });
    expect([refused.status, taken.status]).toEqual([401, 201]);
  });
});
