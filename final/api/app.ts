import express, { Router, type Express } from 'express';
import { createApi, Problem, problemHandler } from '#http';
import { peerRoutes } from '#peers';
import type { Node } from '../node/node.ts';
import { noteClient } from '../node/request-context.ts';
import type { History } from '../views/history.ts';
import { coinRoutes } from './coins.ts';
import { RollCall } from '../views/roll-call.ts';
import { classRoutes } from './class.ts';
import { eventRoutes } from './events.ts';
import type { AllowedHost } from './allowed-hosts.ts';
import { bodyGuard, hostGuard, readJson, readersGuard, siteGuard } from './guards.ts';
import { metricsRoutes } from './metrics.ts';
import { describeApi } from './openapi.ts';
import { assetRoutes, page } from './pages.ts';
import { peerNames } from './peer-names.ts';
import { proofRoutes } from './proofs.ts';
import { queryRoutes } from './queries.ts';

/** The names that other toy blockchains use for `POST /blocks` and `POST /peers`. */
const aliases: Record<string, string> = { '/mineBlock': '/blocks', '/addPeer': '/peers' };

/** What `GET /` names. */
const readable = [
  ...['/blocks', '/blocks/latest', '/peers', '/status', '/events', '/metrics'],
  ...['/forks', '/network', '/class', '/openapi.json'],
];

/**
 * Builds the HTTP API of the complete node: the routes of the steps, and its own.
 *
 * @param allowed - names that requests may use beyond those of this machine
 * @param rollCall - what knows of a class, as it was made before the node started
 */
export function createApp(
  node: Node,
  history: History,
  allowed: readonly AllowedHost[] = [],
  rollCall = new RollCall(node, history),
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(hostGuard(allowed), siteGuard, bodyGuard, noteClient, assetRoutes(), readJson);
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
  app.use(readersGuard());
  app.use('/peers', peerNames(node.network));
  const routers = [
    peerRoutes(node.network),
    coinRoutes(node),
    proofRoutes(node),
    startRoutes(),
    eventRoutes(node, history),
    metricsRoutes(node, history),
    queryRoutes(node, history),
    classRoutes(rollCall),
  ];
  app.use(createApi(node, ...routers));
  return app.use(problemHandler);
}

/** Says what there is: to browsers with a page, to programs with a list or in OpenAPI. */
function startRoutes(): Router {
  const router = Router();
  router.get('/', ...page('index.html'), (_req, res) => {
    res.json(readable);
  });
  const description = describeApi();
  router.get('/openapi.json', (_req, res) => {
    res.json(description);
  });
  return router;
}
