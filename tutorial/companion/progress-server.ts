/**
 * Tells the site which tasks have passed, while the companion runs.
 *
 * Whoever asks learns the numbers of the passed tasks, and nothing else: no code, no times, no
 * paths. A page is answered only if it comes from this machine, from the local network, or from
 * the project's own address; a page of any other site cannot read the answer.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { root } from './kit.ts';
import { PROGRESS_PORT } from './progress-port.ts';

/** The numbers of the tasks that have passed, by the folder of their step. */
export type PassedTasks = Readonly<Record<string, readonly number[]>>;

interface Options {
  /** Gives what has passed by now. */
  readonly passed: () => PassedTasks;
  /** The address of the public site; unless given, what package.json names, if it names one. */
  readonly homepage?: string | undefined;
  readonly port?: number | undefined;
}

/**
 * Begins to answer `GET /progress` on 127.0.0.1. Where the port is taken, by another companion
 * perhaps, it does nothing. It keeps no process alive.
 *
 * @returns what ends it
 */
export function serveProgress({
  passed,
  homepage = publicAddress(),
  port = PROGRESS_PORT,
}: Options): () => void {
  const server = createServer((request, response) => {
    answer(request, response, homepage, passed);
  });
  server.on('error', () => undefined);
  server.listen(port, '127.0.0.1').unref();
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

function publicAddress(): string | undefined {
  const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    homepage?: string;
  };
  return about.homepage;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  homepage: string | undefined,
  passed: () => PassedTasks,
): void {
  const { origin = '', host = '' } = request.headers;
  response.setHeader('Vary', 'Origin');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  const refuse = (status: number, sentence: string) => {
    response.writeHead(status, { 'Content-Type': 'text/plain' }).end(`${sentence}\n`);
  };
  // A name that somebody made lead to this machine is not one of its own.
  if (!/^(127\.0\.0\.1|localhost):\d+$/.test(host))
    return refuse(403, 'Ask 127.0.0.1 by its own name.');
  if (!mayRead(origin, homepage))
    return refuse(403, 'Only the site of the tutorial may read this.');
  response.setHeader('Access-Control-Allow-Origin', origin);
  if (request.method === 'OPTIONS') {
    // Browsers ask this before a page that is not of this machine may come here.
    response.setHeader('Access-Control-Allow-Private-Network', 'true');
    response.writeHead(204, { 'Access-Control-Allow-Methods': 'GET' }).end();
  } else if (request.url !== '/progress') {
    refuse(404, 'There is only GET /progress.');
  } else if (request.method !== 'GET') {
    response.setHeader('Allow', 'GET');
    refuse(405, 'This can only be read: GET /progress.');
  } else {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ passed: passed() }));
  }
}

/** Whether pages of an origin may learn what has passed. */
export function mayRead(origin: string, homepage?: string): boolean {
  if (!URL.canParse(origin)) return false; // "null" or nothing
  const { hostname, origin: own } = new URL(origin);
  if (homepage !== undefined && own === new URL(homepage).origin) return true;
  const name = hostname.replace(/^\[|\]$/g, '');
  if (isIP(name) === 4)
    return /^(127|10|192\.168|172\.(1[6-9]|2\d|3[01])|169\.254)\./.test(name);
  if (isIP(name) === 6) return /^(::1$|f[cd]|fe[89ab])/.test(name);
  return name === 'localhost' || name.endsWith('.local') || !name.includes('.');
}
