import type { RequestHandler } from 'express';
import type { Block, Chain } from '#blocks';
import type { ChainNode } from './chain-node.ts';
import { Problem } from './problem.ts';

/**
 * Makes the handler of `GET /blocks/:id`, which answers with one block as JSON. An `id` of 1 to
 * 15 digits is an index, `latest` is the tip, and all else is a hash. The node is asked for its
 * chain at each request.
 *
 * It throws a `Problem` 404 if there is no such block, and what the node throws.
 */
export function getBlock(node: ChainNode): RequestHandler<{ id: string }> {
  return (req, res) => {
    res.json(findBlock(node.chain, req.params.id));
  };
}

function findBlock(chain: Chain, id: string): Block {
  if (id === 'latest') return chain.tip;
  const isIndex = /^\d{1,15}$/.test(id);
  const block = isIndex ? chain.at(Number(id)) : chain.find(id);
  if (block) return block;
  throw new Problem(404, `There is no block ${id}: give an index, a hash, or "latest".`);
}
