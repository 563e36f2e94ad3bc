import { once } from 'node:events';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { problemHandler } from '#http';
import { parseAllowedHost } from './allowed-hosts.ts';
import { hostGuard, readersGuard } from './guards.ts';

describe('The guard of the API', () => {
  let server: Server | undefined;
  beforeEach(() => serve());

  /** Serves what the guard lets through, with these `--allow-host`. */
  async function serve(...names: readonly string[]): Promise<void> {
    server?.close();
    const app = express();
    app.use(
      hostGuard(names.flatMap((one) => parseAllowedHost(one) ?? [])),
      (_req, res) => {
        res.end('served');
      },
    );
    server = app.use(problemHandler).listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  afterEach(() => {
    server?.close();
  });

  /** Asks with these headers and gives the status. */
  async function ask(headers: Record<string, string>): Promise<number> {
    const { port } = server?.address() as AddressInfo;
    const sent = request({ host: '127.0.0.1', port, headers, agent: false }).end();
    const [response] = (await once(sent, 'response')) as [
      { statusCode: number; resume(): void },
    ];
    response.resume();
    return response.statusCode;
  }

  it.each(['localhost:6001', '127.0.0.1', '192.168.1.20:6001', '[::1]:6001', hostname()])(
    'lets requests to %s through',
    async (host) => expect(await ask({ host })).toBe(200),
  );

  it.each(['evil.example', 'localhost.evil.example', 'evil.example:6001', 'a b'])(
    'refuses requests to %s, a name that may point anywhere',
    async (host) => expect(await ask({ host })).toBe(403),
  );

  it('refuses requests of pages from elsewhere', async () => {
    for (const origin of ['http://evil.example', 'null', 'http://localhost:9999']) {
      expect(await ask({ host: 'localhost:6001', origin })).toBe(403);
    }
  });

  it('lets its own pages through', async () => {
    expect(await ask({ host: 'localhost:6001', origin: 'http://localhost:6001' })).toBe(
      200,
    );
  });

  it('lets a name through that it is told to, and its pages, by http and https', async () => {
    await serve('vm.lan', 'host.docker.internal');
    const host = 'vm.lan:6001';
    expect(await ask({ host })).toBe(200);
    expect(await ask({ host: 'host.docker.internal:6001' })).toBe(200);
    for (const scheme of ['http', 'https'])
      expect(await ask({ host, origin: `${scheme}://${host}` })).toBe(200);
    const others = [
      'http://vm.lan:9999',
      'http://vm.lan',
      'http://host.docker.internal:6001',
    ];
    for (const origin of others) expect(await ask({ host, origin })).toBe(403);
    expect(await ask({ host: 'evil.vm.lan' })).toBe(403);
  });

  it('lets pages of an origin through that it is told to, whatever host a proxy names', async () => {
    await serve('https://chain.example.org');
    const origin = 'https://chain.example.org';
    for (const host of ['chain.example.org', '127.0.0.1:6001'])
      expect(await ask({ host, origin })).toBe(200);
    for (const other of ['http://chain.example.org', 'https://chain.example.org:8443'])
      expect(await ask({ host: '127.0.0.1:6001', origin: other })).toBe(403);
    expect(await ask({ host: 'evil.example', origin })).toBe(403);
  });
});

describe('What --allow-host takes', () => {
  it.each([
    ['vm.lan', { name: 'vm.lan' }],
    ['VM.lan', { name: 'vm.lan' }],
    ['my_node', { name: 'my_node' }],
    ['https://A.example', { name: 'a.example', origin: 'https://a.example' }],
    ['http://a.example:8080/', { name: 'a.example', origin: 'http://a.example:8080' }],
  ])('is %s', (text, host) => expect(parseAllowedHost(text)).toEqual(host));

  it.each([
    '',
    '*',
    'a b',
    'a:80',
    'a/b',
    'https://a/b',
    'https://u@a',
    'ftp://a',
    'a?b',
  ])('is not "%s"', (text) => expect(parseAllowedHost(text)).toBeUndefined());
});

describe('Clients that read blocks', () => {
  it('are let in up to a number, and again when others have gone', async () => {
    const app = express();
    const open: { end(): void }[] = [];
    app.use(readersGuard(2), (req, res) => {
      if (req.path === '/blocks') open.push(res);
      else res.end();
    });
    const server = app.use(problemHandler).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    const first = get('/blocks');
    while (open.length < 1) await new Promise(setImmediate);
    const second = get('/blocks');
    while (open.length < 2) await new Promise(setImmediate);
    const refused = await get('/blocks');
    expect([refused.status, await refused.text()]).toEqual([
      503,
      expect.stringContaining('Try again soon.'),
    ]);
    expect((await get('/status')).status).toBe(200);
    for (const each of open) each.end();
    await Promise.all([first, second].map(async (each) => (await each).text()));
    const again = get('/blocks');
    while (open.length < 3) await new Promise(setImmediate);
    open.at(-1)?.end();
    expect((await again).status).toBe(200);
    server.closeAllConnections();
    server.close();
  });
});
