import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mayRead, serveProgress } from '../../tutorial/companion/progress-server.ts';
import { freePort } from '../free-port.ts';

const HOME = 'https://chain.example.org/book/';

/** Opens a connection as soon as somebody listens. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      // Not yet.
    } finally {
      socket.destroy();
    }
  }
}

describe('The progress for the site', () => {
  let port: number;
  let url: string;
  let passed: Record<string, number[]>;
  let stop: () => void;

  beforeEach(async () => {
    port = await freePort();
    url = `http://127.0.0.1:${port}/progress`;
    passed = { '01-hashing': [1, 2] };
    stop = serveProgress({ passed: () => passed, homepage: HOME, port });
    await listening(port);
  });
  afterEach(() => stop());

  const ask = (origin: string | undefined, method = 'GET', at = url) =>
    fetch(at, { method, headers: origin === undefined ? {} : { origin } });

  it('is told to a page of this machine, as it is now', async () => {
    const answer = await ask('http://localhost:5173');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(
      'http://localhost:5173',
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({ passed });
    passed = { '01-hashing': [1, 2, 3] };
    expect(await (await ask('http://localhost:5173')).json()).toEqual({ passed });
  });

  it.each([undefined, 'null', 'https://example.com', 'https://127.0.0.1.example.com'])(
    'is not told to %s',
    async (origin) => {
      const answer = await ask(origin);
      expect(answer.status).toBe(403);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(await answer.text()).not.toContain('hashing');
    },
  );

  it('is not told under a name that somebody made lead here', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.end(
      `GET /progress HTTP/1.1\r\nHost: evil.example.com:${port}\r\n` +
        'Origin: http://localhost:5173\r\nConnection: close\r\n\r\n',
    );
    const parts: string[] = [];
    socket.setEncoding('utf8').on('data', (part: string) => parts.push(part));
    await once(socket, 'close');
    expect(parts.join('')).toMatch(/^HTTP\/1\.1 403 /);
    expect(parts.join('')).not.toContain('passed');
  });

  it('can only be read, and is all there is', async () => {
    const origin = 'http://localhost:5173';
    expect((await ask(origin, 'POST')).status).toBe(405);
    expect((await ask(origin, 'DELETE')).headers.get('allow')).toBe('GET');
    expect((await ask(origin, 'GET', `http://127.0.0.1:${port}/my/a.ts`)).status).toBe(
      404,
    );
  });

  it('answers a browser that asks first whether a page may come here', async () => {
    const answer = await ask(new URL(HOME).origin, 'OPTIONS');
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-private-network')).toBe('true');
    expect((await ask('https://example.com', 'OPTIONS')).status).toBe(403);
  });

  it('leaves a port alone that is taken, and gives its own back', async () => {
    stop();
    let other: Server | undefined;
    for (; other === undefined;) {
      const server = createServer((_request, response) => response.end('other'));
      server.listen(port, '127.0.0.1');
      other = await once(server, 'listening').then(
        () => server,
        () => undefined,
      );
    }
    const stopSecond = serveProgress({ passed: () => passed, port });
    expect(await (await ask('http://localhost:5173')).text()).toBe('other');
    stopSecond();
    expect(await (await ask('http://localhost:5173')).text()).toBe('other');
    other.close();
    other.closeAllConnections();
  });
});

describe('The pages that may read the progress', () => {
  it.each([
    'http://localhost:8080',
    'http://127.0.0.1:5173',
    'http://[::1]:5173',
    'http://192.168.1.20:8080',
    'http://10.0.0.7',
    'http://172.20.1.1',
    'http://[fe80::1]:8000',
    'http://teacher.local:8000',
    'http://teacher',
    'https://chain.example.org',
  ])('are those of %s', (origin) => {
    expect(mayRead(origin, HOME)).toBe(true);
  });

  it.each([
    '',
    'null',
    'https://example.com',
    'http://8.8.8.8',
    'http://172.32.0.1',
    'http://192.169.0.1',
    'http://[2001:db8::1]',
    'https://localhost.example.com',
    'http://chain.example.org',
    'https://chain.example.org.evil.com',
  ])('are not those of %j', (origin) => {
    expect(mayRead(origin, HOME)).toBe(false);
  });
});
