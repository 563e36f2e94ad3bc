/** Who may drive a node: programs of this machine, and no web page of somebody else. */
import { once } from 'node:events';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { TestNode, cleanUp, easy } from './harness.ts';

let node: TestNode;

beforeAll(async () => {
  node = await TestNode.start(easy);
});
afterAll(cleanUp);

/** Asks with headers that `fetch` does not let anybody set. */
async function ask(
  method: string,
  path: string,
  headers: OutgoingHttpHeaders,
  body = '',
): Promise<{ status: number | undefined; headers: object; body: string }> {
  const length = Buffer.byteLength(body);
  const all = { ...headers, 'content-length': length };
  const question = request(node.http + path, { method, headers: all }).end(body);
  const [answer] = (await once(question, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

const json = { 'content-type': 'application/json' };
const post = '{"data":"of a stranger"}';

describe('The HTTP API', () => {
  it.each(['127.0.0.2', '::1'])(
    'does not listen on %s unless it is told to',
    async (address) => {
      const socket = connect({
        port: Number(node.httpPort),
        host: address,
        timeout: 2_000,
      });
      socket.once('timeout', () => socket.destroy(new Error('Nobody answers.')));
      await expect(once(socket, 'connect')).rejects.toThrow();
    },
  );

  it('refuses a name that a foreign page may have pointed here', async () => {
    const { status, body } = await ask(
      'POST',
      '/blocks',
      { ...json, host: 'example.org' },
      post,
    );
    expect(status).toBe(403);
    expect(body).toContain('localhost');
  });

  it.each(['http://example.org', 'https://localhost', 'http://localhost:1', 'null'])(
    'refuses what a page of %s asks for, and lets it read nothing',
    async (origin) => {
      for (const [method, path] of [
        ['POST', '/blocks'],
        ['GET', '/blocks'],
        ['OPTIONS', '/blocks'],
        ['POST', '/peers'],
        ['GET', '/events'],
      ] as const) {
        const asked = { ...json, origin, 'access-control-request-method': 'POST' };
        const { status, headers } = await ask(
          method,
          path,
          asked,
          method === 'POST' ? post : '',
        );
        expect(status).toBe(403);
        expect(Object.keys(headers).join()).not.toContain('access-control');
      }
    },
  );

  it('sends no CORS headers to anybody', async () => {
    for (const path of ['/blocks', '/peers', '/status', '/metrics', '/nowhere']) {
      const { headers } = await ask('GET', path, {});
      expect(Object.keys(headers).join()).not.toContain('access-control');
    }
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ])('takes no %s, which is all that a foreign page may send unasked', async (type) => {
    const { status, body } = await ask('POST', '/blocks', { 'content-type': type }, post);
    expect(status).toBe(415);
    expect(body).toContain('application/json');
  });

  it('answers 413 to a body that is too large, before it has come', async () => {
    const socket = connect(Number(node.httpPort), '127.0.0.1');
    socket.write(
      'POST /blocks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
        'Content-Length: 100000000000\r\n\r\n{"data":"',
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1.1 413 [^]*problem\+json/);
  });

  it('answers in words what is not HTTP', async () => {
    const socket = connect(Number(node.httpPort), '127.0.0.1').end('garbage\r\n\r\n');
    expect(await text(socket)).toMatch(
      /^HTTP\/1.1 400 [^]*problem\+json[^]*not a valid HTTP/,
    );
  });

  it('has added no block for all that', async () => {
    expect(await node.chain()).toHaveLength(1);
  });
});

describe('The port for peers', () => {
  it.each(['http://example.org', 'http://localhost:8000', 'null'])(
    'refuses a browser that shows a page of %s',
    async (origin) => {
      const socket = new WebSocket(node.ws, { origin });
      const [error] = (await once(socket, 'error')) as [Error];
      expect(error.message).toContain('403');
    },
  );

  it('answers a browser that opens it as a page with 426', async () => {
    expect((await fetch(node.ws.replace('ws:', 'http:'))).status).toBe(426);
  });
});
