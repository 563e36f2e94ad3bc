import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { RequestHandler } from 'express';
import { MAX_DATA_BYTES } from '#blocks';
import { Problem } from '#http';
import { MAX_MESSAGE_BYTES } from '#peers';

/**
 * Keeps web pages of others from driving the node. A page that a browser shows may send
 * requests to any address, so:
 *
 * - the `Origin` that browsers name, if any, must be this API itself;
 * - the `Host` must be an IP address or a name of this machine, for a page can have its own
 *   name resolve to this machine's address (DNS rebinding).
 */
export const guard: RequestHandler = (req, _res, next) => {
  const { host, origin } = req.headers;
  if (!isOwnName(hostnameOf(`http://${host}`))) {
    throw new Problem(
      403,
      'Call this node by an IP address, "localhost", or its host name.',
    );
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new Problem(403, 'This node takes no requests from pages of other sites.');
  }
  next();
};

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

function hostnameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}

function isOwnName(name: string): boolean {
  const own = hostname().toLowerCase();
  const address = name.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) !== 0 || ['localhost', own, `${own}.local`].includes(name);
}
