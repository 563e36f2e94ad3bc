import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { RequestHandler } from 'express';
import { Problem } from '#http';

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

function hostnameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}

function isOwnName(name: string): boolean {
  const own = hostname().toLowerCase();
  const address = name.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) !== 0 || ['localhost', own, `${own}.local`].includes(name);
}
