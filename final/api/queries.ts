import { Router } from 'express';
import { parse, Problem } from '#http';
import type { Node } from '../node/node.ts';
import { dryRun } from '../views/dry-run.ts';
import type { History } from '../views/history.ts';
import { searchBlocks } from '../views/search-blocks.ts';
import {
  lastLevels,
  offered,
  searched,
  seenPath,
  type DryRun,
  type Forks,
  type NetworkState,
  type Seen,
  type Status,
} from './schemas.ts';

/** How many blocks a search finds at most. */
const FOUND = 50;

/** Builds the routes beyond those of the steps that tell of a node, and change nothing. */
export function queryRoutes(node: Node, history: History): Router {
  const router = Router();
  router.get('/status', (_req, res) => {
    res.json(node.status satisfies Status);
  });
  router.get('/forks', (req, res) => {
    const { last } = parse(lastLevels, req.query);
    const blocks = history.tree(Math.max(0, node.chain.length - last));
    const reorganizations = [...history.reorganizations];
    res.json({ blocks, reorganizations, since: history.since } satisfies Forks);
  });
  router.get('/blocks/:id/seen', (req, res) => {
    const hash = parse(seenPath, req.params).id.toLowerCase();
    const block = node.find(hash);
    if (block === undefined) {
      throw new Problem(404, `There is no block with the hash ${hash}.`);
    }
    const { since, peers } = history;
    const origin = history.originOf(hash);
    const holders = history.holdersOf(hash);
    const isLost = node.chain.find(hash) === undefined;
    const known = { ...(isLost && { block }), ...(origin && { origin }) };
    res.json({ ...known, since, holders, peers: peers.length } satisfies Seen);
  });
  router.get('/network', (_req, res) => {
    const addresses = node.network.addresses;
    res.json({ url: node.wsUrl, peers: history.peers, addresses } satisfies NetworkState);
  });
  router.get('/search', async (req, res) => {
    const { text } = parse(searched, req.query);
    res.json(await searchBlocks(node.chain, text, FOUND));
  });
  router.post('/blocks/check', async (req, res) => {
    const { blocks } = parse(offered, req.body);
    const find = (hash: string) => node.find(hash);
    const result = await dryRun(blocks, find, Date.now(), node.knowledge);
    res.json(result satisfies DryRun);
  });
  return router;
}
