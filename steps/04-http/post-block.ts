import type { RequestHandler } from 'express';
import { MAX_DATA_BYTES } from '#blocks';
import type { ChainNode } from './chain-node.ts';
import { Problem } from './problem.ts';
import { newBlock, parse } from './schemas.ts';

/**
 * Makes the handler of `POST /blocks`, which takes what `newBlock` describes from
 * `req.body`, lets the node mine it, and, when the block is there, answers 201 with it as JSON. The
 * header `Location` says where it is to be read: `/blocks/` and its hash. Requests of one moment all
 * go to the node at once.
 *
 * It throws a `Problem` 400 if the body is not so, 413 if the data has more than
 * `MAX_DATA_BYTES` bytes (the words say how many it may have), and what the node throws. In the
 * first two cases the node is not asked.
 */
export function postBlock(node: ChainNode): RequestHandler {
  return async (req, res) => {
    const { data } = parse(newBlock, req.body);
    if (Buffer.byteLength(data) > MAX_DATA_BYTES) {
      const words = `A block carries at most ${MAX_DATA_BYTES} bytes of data.`;
      throw new Problem(413, words);
    }
    const block = await node.mine(data);
    res.status(201).location(`/blocks/${block.hash}`).json(block);
  };
}
