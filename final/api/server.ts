import { once } from 'node:events';
import { STATUS_CODES, createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { explainPort, urlOf } from '../node/ports.ts';

/** How long clients may take to read the last answers, in milliseconds. */
const LAST_WORDS = 300;

/** How long HTTP clients may take, in milliseconds, and how many there may be. */
export interface HttpLimits {
  /** From the connection to the end of the headers: a client has them ready. */
  readonly headers: number;
  /** From the connection to the end of the body: 6 MB pass in it on a slow line. */
  readonly request: number;
  /** Without one byte of an answer read. Waiting for an answer has no limit: mining takes time. */
  readonly unread: number;
  /** How often the first two are checked. */
  readonly check: number;
  /** At the same time. Each takes a file handle, and peers and the database need some too. */
  readonly connections: number;
}

const LIMITS: HttpLimits = {
  headers: 10_000,
  request: 30_000,
  unread: 60_000,
  check: 1_000,
  connections: 1_000,
};

/** The answers to what is not even HTTP, by the code of Node's error. */
const problems: Record<string, [status: number, detail: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come in time. Send it at once.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers are too large. Send fewer or shorter ones.'],
};
const malformed: [number, string] = [400, 'This is not a valid HTTP/1.1 request.'];

/** Serves an API over HTTP. */
export class ApiServer {
  readonly #server: Server;
  #host = '';

  /** Prepares a server. Nothing happens before {@link listen}. */
  constructor(listener: RequestListener) {
    this.#server = createApiServer(listener);
  }

  /** The url of the API. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return urlOf('http', this.#host, port);
  }

  /**
   * Listens on a port of an address; 0 takes a free one.
   *
   * @throws Error with a sentence if that cannot be
   */
  async listen(port: number, host: string): Promise<void> {
    this.#host = host;
    this.#server.listen(port, host);
    await once(this.#server, 'listening').catch(explainPort(port, host, '-p'));
  }

  /**
   * Takes no more clients, and ends when all answers are read.
   *
   * @param work - after which no answer is to be waited for
   */
  async close(work: Promise<unknown> = Promise.resolve()): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    await Promise.race([work, closed]);
    const impatience = setTimeout(() => this.#server.closeAllConnections(), LAST_WORDS);
    await closed;
    clearTimeout(impatience);
  }
}

/** Creates a server that gives up clients which only keep it busy. */
export function createApiServer(
  listener: RequestListener,
  limits: HttpLimits = LIMITS,
): Server {
  const server = createServer(
    {
      headersTimeout: limits.headers,
      requestTimeout: limits.request,
      connectionsCheckingInterval: limits.check,
    },
    listener,
  );
  server.maxConnections = limits.connections;
  server.setTimeout(limits.unread, (socket) => {
    if (socket.writableLength > 0) socket.destroy();
  });

  const answering = new Map<object, number>();
  server.prependListener('request', ({ socket }, res) => {
    answering.set(socket, (answering.get(socket) ?? 0) + 1);
    res.once('close', () => {
      const rest = (answering.get(socket) ?? 0) - 1;
      if (rest > 0) answering.set(socket, rest);
      else answering.delete(socket);
    });
  });
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Socket) => {
    // Into an answer that is under way, no other one can be written.
    if (answering.has(socket) || !socket.writable) return socket.destroy();
    socket.end(problemText(...(problems[code] ?? malformed)));
    socket.destroySoon();
  });
  return server;
}

function problemText(status: number, detail: string): string {
  const title = STATUS_CODES[status];
  const body = JSON.stringify({ type: 'about:blank', title, status, detail });
  return [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
