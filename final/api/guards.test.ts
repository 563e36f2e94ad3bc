import { once } from 'node:events';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { problemHandler } from '#http';
import { guard } from './guards.ts';

describe('The guard of the API', () => {
  let server: Server;
  beforeEach(async () => {
    const app = express();
    app.use(guard, (_req, res) => {
      res.end('served');
    });
    server = app.use(problemHandler).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
  });

  /** Asks with these headers and gives the status. */
  async function ask(headers: Record<string, string>): Promise<number> {
    const { port } = server.address() as AddressInfo;
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
});
