import express, { type Express, type Router } from 'express';
import type { ChainNode } from './chain-node.ts';
import { getBlock } from './get-block.ts';
import { getBlocks } from './get-blocks.ts';
import { jsonBody } from './json-body.ts';
import { postBlock } from './post-block.ts';
import { Problem, problemHandler } from './problem.ts';

/**
 * Builds the HTTP API of a node, from the handlers of this step. What else is asked for, and
 * whatever is thrown, is answered with a problem document: another method than GET, HEAD and
 * POST on `/blocks` with 405 and `Allow: GET, POST`, a malformed path with 400, all that is not
 * there with 404. No header tells what the API is made of.
 *
 * @param node - whose chain to serve
 * @param routers - further routes. They get bodies that were read, and are asked before "no such
 * path" is answered; what they throw is answered in the same way
 */
export function createApi(node: ChainNode, ...routers: Router[]): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(jsonBody());

  app.get('/blocks/:id', getBlock(node));
  app
    .route('/blocks')
    .get(getBlocks(node))
    .post(postBlock(node))
    .all((_req, res) => {
      res.set('Allow', 'GET, POST');
      throw new Problem(405, 'Use GET to read blocks, or POST to add one.');
    });
  for (const router of routers) app.use(router);

  app.use((req) => {
    throw new Problem(404, `There is nothing at ${req.method} ${req.path}.`);
  });
  app.use(problemHandler);
  return app;
}
