import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RequestHandler, Response } from 'express';
import type { Block } from '#blocks';
import type { ChainNode } from './chain-node.ts';
import { parse, range } from './schemas.ts';

/** How many characters of a list of blocks are sent at a time, or one block if it is longer. */
const PIECE_LENGTH = 65_536;

/**
 * Makes the handler of `GET /blocks`, which answers with a JSON array of blocks: `limit` of them
 * from the index `from` on, as far as the chain goes. Without a query these are all blocks. The node
 * is asked for its chain at each request.
 *
 * The answer is written piece by piece: a block is turned into JSON only when the client has
 * taken nearly all before it. A client that does not read keeps nobody else waiting, and none
 * that goes away does any harm. What the answer holds is settled when it begins.
 *
 * It throws a `Problem` 400 if the query is not as `range` describes it, and what the node throws.
 */
export function getBlocks(node: ChainNode): RequestHandler {
  return (req, res) => {
    const { from, limit } = parse(range, req.query);
    return sendBlocks(res, node.chain.slice(from, from + limit));
  };
}

/** Sends blocks as one JSON array, written piece by piece as fast as the client reads. */
async function sendBlocks(res: Response, blocks: readonly Block[]): Promise<void> {
  res.type('json');
  const sent = pipeline(Readable.from(jsonPieces(blocks)), res);
  await sent.catch(() => undefined); // the client went away: there is nobody left to tell
}

function* jsonPieces(blocks: readonly Block[]): Generator<string> {
  let piece = '[';
  for (const [i, block] of blocks.entries()) {
    piece += (i > 0 ? ',\n' : '') + JSON.stringify(block);
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  yield piece + ']\n';
}
