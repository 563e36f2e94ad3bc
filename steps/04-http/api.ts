import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, { type Express, type Response, type Router } from 'express';
import { z } from 'zod';
import { MAX_DATA_BYTES, type Block, type Chain } from '#blocks';
import { Problem, problemHandler } from './problem.ts';

/** What the API needs from a node. */
export interface ChainNode {
  /** The chain to show. May throw a {@link Problem} while there is none. */
  readonly chain: Chain;
  /** Mines a block that carries `data` and returns it when it is on the chain. */
  mine(data: string): Promise<Block>;
}

/** JSON writes some characters as six (`\u0000`), so a body may be that much larger. */
const MAX_BODY_BYTES = 6 * MAX_DATA_BYTES + 1_024;

/** How many characters of a list of blocks are sent at a time, or one block if it is longer. */
const PIECE_LENGTH = 65_536;

/** What `POST /blocks` takes. */
export const newBlock = z.object(
  {
    data: z
      .string({ error: 'Give "data" as a text.' })
      .refine((data) => data.isWellFormed(), {
        error: 'Give "data" as well-formed Unicode.',
      }),
  },
  { error: 'Send a JSON object such as {"data":"hello"}.' },
);

const count = z
  .stringFormat('count', /^\d{1,15}$/, {
    error: 'Give "from" and "limit" as numbers from 0.',
  })
  .transform(Number);
/** The query of `GET /blocks`. */
export const range = z.object({ from: count.default(0), limit: count.default(Infinity) });

/**
 * Returns `value` as `schema` describes it.
 *
 * @throws {@link Problem} 400 with the schema's own words
 */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Problem(400, result.error.issues[0]?.message ?? 'The request is malformed.');
}

/**
 * Builds the HTTP API of a node.
 *
 * @param node - whose chain to serve
 * @param routers - further routes, asked before "no such path" is answered
 */
export function createApi(node: ChainNode, ...routers: Router[]): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((req, _res, next) => {
    if (req.is('json') !== false || req.get('Content-Length') === '0') return next();
    throw new Problem(
      415,
      'Send JSON, with the header "Content-Type: application/json".',
    );
  });
  app.use(express.json({ limit: MAX_BODY_BYTES, strict: false }));

  app
    .route('/blocks')
    .get((req, res) => {
      const { from, limit } = parse(range, req.query);
      return sendBlocks(res, node.chain.slice(from, from + limit));
    })
    .post(async (req, res) => {
      const { data } = parse(newBlock, req.body);
      if (Buffer.byteLength(data) > MAX_DATA_BYTES) {
        throw new Problem(
          413,
          `A block carries at most ${MAX_DATA_BYTES} bytes of data.`,
        );
      }
      const block = await node.mine(data);
      res.status(201).location(`/blocks/${block.hash}`).json(block);
    })
    .all((_req, res) => {
      res.set('Allow', 'GET, POST');
      throw new Problem(405, 'Use GET to read blocks, or POST to add one.');
    });

  app.get('/blocks/:id', (req, res) => {
    res.json(findBlock(node.chain, req.params.id));
  });

  for (const router of routers) app.use(router);
  app.use((req) => {
    throw new Problem(404, `There is nothing at ${req.method} ${req.path}.`);
  });
  app.use(problemHandler);
  return app;
}

function findBlock(chain: Chain, id: string): Block {
  if (id === 'latest') return chain.tip;
  const isIndex = /^\d{1,15}$/.test(id);
  const block = isIndex ? chain.at(Number(id)) : chain.find(id);
  if (block) return block;
  throw new Problem(404, `There is no block ${id}: give an index, a hash, or "latest".`);
}

/** Sends blocks as one JSON array, written piece by piece as fast as the client reads. */
async function sendBlocks(res: Response, blocks: readonly Block[]): Promise<void> {
  res.type('json');
  try {
    await pipeline(Readable.from(jsonPieces(blocks)), res);
  } catch {
    res.destroy(); // the client went away
  }
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
