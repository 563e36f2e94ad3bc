import express, { Router, type Express } from 'express';
import { createApi, Problem, problemHandler } from '#http';
import { peerRoutes, type PeerNetwork } from '#peers';
import { noteClient } from '../node/request-context.ts';
import { eventRoutes } from './events.ts';
import { assetRoutes, explorerRoutes, page } from './queries.ts';
import { bodyGuard, guard } from './guards.ts';
import { metricsRoutes } from './metrics.ts';
import type { Node } from '../node/node.ts';
import { describeApi } from './openapi.ts';
import { Watch } from '../views/history.ts';

/** The names that other toy blockchains use for `POST /blocks` and `POST /peers`. */
const aliases: Record<string, string> = { '/mineBlock': '/blocks', '/addPeer': '/peers' };

/** What `GET /` names. */
const readable = [
  ...['/blocks', '/blocks/latest', '/peers', '/status', '/events', '/metrics'],
  ...['/forks', '/network', '/openapi.json'],
];

/** Builds the HTTP API of the complete node: the routes of the steps, and its own. */
export function createNodeApi(node: Node, network: PeerNetwork): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(guard, bodyGuard, noteClient, assetRoutes());
  app.use((req, _res, next) => {
    if (req.headers.upgrade?.toLowerCase() !== 'websocket') return next();
    throw new Problem(
      400,
      `This is the HTTP API. Peers connect to ${node.wsUrl} instead.`,
    );
  });
  app.use((req, _res, next) => {
    if (req.method === 'POST') req.url = aliases[req.url] ?? req.url;
    next();
  });
  const routers = [
    peerRoutes(network),
    statusRoutes(node),
    eventRoutes(node),
    metricsRoutes(node),
    explorerRoutes(node, new Watch(node, network)),
  ];
  app.use(createApi(node, ...routers));
  return app.use(problemHandler);
}

function statusRoutes(node: Node): Router {
  const router = Router();
  router.get('/status', (_req, res) => {
    res.json(node.status);
  });
  const description = describeApi();
  router.get('/openapi.json', (_req, res) => {
    res.json(description);
  });
  router.get('/', ...page('index.html'), (_req, res) => {
    res.json(readable);
  });
  return router;
}
