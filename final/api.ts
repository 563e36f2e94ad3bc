import express, { Router, type Express } from 'express';
import { createApi, type ChainNode } from '#http';
import { peerRoutes, type PeerNetwork } from '#peers';
import type { Status } from './node.ts';

/** The names that other toy blockchains use for `POST /blocks` and `POST /peers`. */
const aliases: Record<string, string> = { '/mineBlock': '/blocks', '/addPeer': '/peers' };

/** Builds the HTTP API of the complete node: the routes of the steps, and its status. */
export function createNodeApi(
  node: ChainNode & { readonly status: Status },
  network: PeerNetwork,
): Express {
  const status = Router();
  status.get('/status', (_req, res) => {
    res.json(node.status);
  });
  status.get('/', (_req, res) => {
    res.json({
      blocks: '/blocks',
      latest: '/blocks/latest',
      peers: '/peers',
      status: '/status',
    });
  });

  const app = express();
  app.disable('x-powered-by');
  app.use((req, _res, next) => {
    if (req.method === 'POST') req.url = aliases[req.url] ?? req.url;
    next();
  });
  return app.use(createApi(node, peerRoutes(network), status));
}
