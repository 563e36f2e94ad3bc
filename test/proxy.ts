/** A reverse proxy for tests, which serves another server in a folder, as nginx does. */
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The folder that it serves the other server in. */
const FOLDER = '/chain/';

/** Serves `http://host:port/chain/…` from another server. */
export class Proxy {
  readonly #server: Server;

  /**
   * @param target - the url of the other server, without a path
   * @param keepsHost - whether it tells that which host it was asked for; nginx does not by itself
   */
  constructor(target: string, keepsHost: boolean) {
    this.#server = createServer((req, res) => {
      const { url = '', method, headers } = req;
      if (!url.startsWith(FOLDER)) return void res.writeHead(404).end();
      const { hostname, port, host } = new URL(target);
      const sent = request({
        hostname,
        port,
        method,
        path: `/${url.slice(FOLDER.length)}`,
        headers: { ...headers, host: keepsHost ? headers.host : host },
      });
      sent.on('response', (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        res.flushHeaders();
        answer.pipe(res);
      });
      sent.on('error', () => res.destroy());
      res.on('close', () => sent.destroy());
      req.pipe(sent);
    });
  }

  /** Begins to serve; gives its url, with the folder. */
  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${FOLDER}`;
  }

  /** Ends all connections. */
  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
