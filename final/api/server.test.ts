import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createApiServer } from './server.ts';

const NEVER = 3_600_000;
const patient = {
  headers: NEVER,
  request: NEVER,
  unread: NEVER,
  check: 10,
  connections: 10,
};

let server: Server;
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
});

/** Starts a server with some limits shortened. */
async function start(limits: object, listener: RequestListener): Promise<void> {
  server = createApiServer(listener, { ...patient, ...limits }).listen(0, '127.0.0.1');
  await once(server, 'listening');
}

/** Connects, writes a text, and gives the socket and a promise of all that comes back. */
function say(text: string): { socket: Socket; answer: Promise<string> } {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  socket.write(text);
  return { socket, answer: allOf(socket) };
}

async function allOf(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (data: Buffer) => (text += data.toString()));
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

const hello: RequestListener = (_req, res) => res.end('hello');
const post = 'POST / HTTP/1.1\r\nHost: x\r\n';

describe('The server of the API', () => {
  it.each([
    ['says nothing', ''],
    ['does not end its headers', 'GET / HTTP/1.1\r\nHost: x\r\n'],
  ])('gives up a client that %s', async (_name, text) => {
    await start({ headers: 50 }, hello);
    expect(await say(text).answer).toMatch(
      /^HTTP\/1.1 408 [^]*application\/problem\+json/,
    );
  });

  it('gives up a client that does not end its body', async () => {
    await start({ headers: 50, request: 100 }, (req, res) => {
      req.on('end', () => res.end('never')).resume();
    });
    const { answer } = say(`${post}Content-Length: 1000\r\n\r\nto be continued`);
    expect(await answer).not.toContain('never');
  });

  it('gives up a client that does not read the answer', async () => {
    let given: Promise<unknown> | undefined;
    await start({ unread: 100 }, (_req, res) => {
      given = once(res, 'close');
      res.end(Buffer.alloc(50_000_000));
    });
    const { socket } = say('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    socket.pause();
    await once(server, 'request');
    await given; // it would wait for the client for ever
  });

  it('lets a client wait for an answer that takes long, as mining does', async () => {
    await start({ unread: 50 }, (req, res) => {
      req.socket.once('timeout', () => res.end('at last'));
    });
    const { answer } = say(`${post}Content-Length: 0\r\nConnection: close\r\n\r\n`);
    expect(await answer).toMatch(/^HTTP\/1.1 200 [^]*at last$/);
  });

  it('takes no more connections than it may have', async () => {
    await start({ connections: 1 }, hello);
    const first = say('');
    await once(server, 'connection');
    expect(await say('GET / HTTP/1.1\r\nHost: x\r\n\r\n').answer).toBe('');
    first.socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await first.answer).toContain('hello');
  });

  it.each([
    ['garbage', 'garbage\r\n\r\n', 400],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['two lengths', `${post}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400],
    ['headers without end', `GET / HTTP/1.1\r\nA: ${'a'.repeat(50_000)}`, 431],
  ])('answers %s in words', async (_name, text, status) => {
    await start({}, hello);
    const answer = await say(text).answer;
    const [head, body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(
      new RegExp(`^HTTP/1.1 ${status} [^]*application/problem\\+json`),
    );
    expect(JSON.parse(body)).toMatchObject({ status, detail: expect.any(String) });
  });

  it('writes no error into an answer that is under way', async () => {
    await start({}, (_req, res) => res.write('the first half'));
    const { answer } = say('GET / HTTP/1.1\r\nHost: x\r\n\r\ngarbage\r\n\r\n');
    expect(await answer).not.toContain('400');
  });
});
