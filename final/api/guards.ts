import { isUtf8 } from 'node:buffer';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import express, { type RequestHandler } from 'express';
import { MAX_DATA_BYTES } from '#blocks';
import { Problem } from '#http';
import { MAX_MESSAGE_BYTES } from '#peers';
import type { AllowedHost } from './allowed-hosts.ts';

/**
 * Returns what keeps web pages of others from driving the node. A page that a browser shows may
 * send requests to any address, so:
 *
 * - the `Origin` that browsers name, if any, must be this API itself;
 * - the `Host` must be an IP address or a name of this machine, for a page can have its own
 *   name resolve to this machine's address (DNS rebinding).
 *
 * @param allowed - further names; of their pages, `Origin` and `Host` must name the same place,
 *   by http or https, unless their origin is given
 */
export function hostGuard(allowed: readonly AllowedHost[] = []): RequestHandler {
  return (req, _res, next) => {
    const { host = '', origin } = req.headers;
    const name = hostnameOf(`http://${host}`);
    const named = allowed.filter((one) => one.name === name);
    if (!isOwnName(name) && named.length === 0) {
      throw new Problem(
        403,
        'Call this node by an IP address, "localhost", or its host name; or start it with ' +
          '--allow-host and the name that you call it by.',
      );
    }
    const origins = [
      `http://${host}`,
      ...(named.some((one) => one.origin === undefined) ? [`https://${host}`] : []),
      ...allowed.flatMap((one) => one.origin ?? []),
    ];
    if (origin === undefined || origins.includes(origin)) return next();
    throw new Problem(
      403,
      'This node takes no requests from pages of other sites. If the page is its own and came ' +
        'through a proxy, start the node with --allow-host and the address of the page, as in ' +
        '--allow-host https://chain.example.org.',
    );
  };
}

/**
 * Refuses bodies that say themselves that they are too large. The parser would read them to
 * their end first.
 */
export const bodyGuard: RequestHandler = (req, res, next) => {
  if (Number(req.headers['content-length'] ?? 0) <= MAX_MESSAGE_BYTES) return next();
  res.set('Connection', 'close'); // the rest of the body is not waited for
  throw new Problem(
    413,
    `The body is too large: a block carries at most ${MAX_DATA_BYTES} bytes of data.`,
  );
};

/** How many clients may read blocks at once: each holds some megabytes where blocks are large. */
export const MAX_READERS = 16;

/** Refuses more clients than that, as many that do not read on would fill the memory. */
export function readersGuard(max = MAX_READERS): RequestHandler {
  let readers = 0;
  return (req, res, next) => {
    if (req.method !== 'GET' || req.path !== '/blocks') return next();
    if (readers >= max)
      throw new Problem(
        503,
        'Too many clients read blocks at the moment. Try again soon.',
      );
    readers += 1;
    res.once('close', () => (readers -= 1));
    next();
  };
}

function hostnameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}

function isOwnName(name: string): boolean {
  const own = hostname().toLowerCase();
  const address = name.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) !== 0 || ['localhost', own, `${own}.local`].includes(name);
}

/**
 * Keeps pages of other sites from asking for what costs. What they may do is to lead a person
 * here, by a link. Browsers say where a request comes from (W3C, Fetch Metadata Request
 * Headers); other programs do not.
 */
export const siteGuard: RequestHandler = (req, _res, next) => {
  const site = req.get('Sec-Fetch-Site') ?? 'none';
  const isLink =
    req.method === 'GET' &&
    req.get('Sec-Fetch-Mode') === 'navigate' &&
    req.get('Sec-Fetch-Dest') === 'document';
  if (['same-origin', 'none'].includes(site) || isLink) return next();
  throw new Problem(403, 'This node takes no requests from pages of other sites.');
};

const QUOTE = 0x22; // "
const COMMA = 0x2c; // ,
const BRACKET = 0x5b; // [
const BACKSLASH = 0x5c;
const BRACE = 0x7b; // {

/** How many values a body may hold: 500 blocks, of which each field is one, have fewer. */
const MAX_VALUES = 20_000;

/** JSON writes some characters as six (`\u0000`), so a body may be that much larger. */
const MAX_BODY_BYTES = 6 * MAX_DATA_BYTES + 1_024;

/**
 * Reads a body of JSON, unless it is made to be slow to read: six million brackets would take a
 * third of a second, six million letters of one text take hundredths.
 */
export const readJson: RequestHandler = express.json({
  limit: MAX_BODY_BYTES,
  strict: false,
  verify: (_req, _res, body) => {
    if (!isUtf8(body)) throw new Problem(400, 'The body is not UTF-8. Send it as UTF-8.');
    if (countValues(body) > MAX_VALUES) {
      throw new Problem(
        413,
        `The body holds more than ${MAX_VALUES} values. Send fewer.`,
      );
    }
  },
});

/** Counts what begins a list or an object, or parts two values, outside of texts. */
function countValues(json: Uint8Array): number {
  let count = 1;
  let inText = false;
  for (let i = 0; i < json.length; i += 1) {
    const byte = json[i];
    if (byte === BACKSLASH) i += 1;
    else if (byte === QUOTE) inText = !inText;
    else if (!inText && (byte === COMMA || byte === BRACKET || byte === BRACE))
      count += 1;
  }
  return count;
}
