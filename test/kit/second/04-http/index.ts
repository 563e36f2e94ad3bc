// A second solution: lists of waiting jobs, routers inside routers, bodies and lists handled by hand.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import express, {
  Router,
  type ErrorRequestHandler,
  type Express,
  type RequestHandler,
  type Response,
} from 'express';
import { z } from 'zod';
import { MAX_DATA_BYTES, nextBlock, type Block, type Chain } from '#blocks';
import { mine } from '#proof-of-work';

export interface ChainNode {
  readonly chain: Chain;
  mine(data: string): Promise<Block>;
}

export interface MiningQueueOptions {
  readonly tip: () => Block;
  readonly add: (block: Block) => boolean | Promise<boolean>;
  readonly search?: (block: Block, signal: AbortSignal) => Promise<Block>;
}

export class Problem extends Error {
  override name = 'Problem';
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

export const problemHandler: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  let [status, detail] = [500, 'Something went wrong inside the node.'];
  const asked = (error as { status?: unknown } | null)?.status;
  if (error instanceof Problem) [status, detail] = [error.status, error.message];
  else if (typeof asked === 'number' && asked >= 400 && asked <= 499)
    [status, detail] = [asked, wordsFor(asked)];
  else console.error(error);
  res.statusCode = status;
  res.setHeader('Content-Type', 'application/problem+json');
  res.end(
    JSON.stringify({ detail, status, title: STATUS_CODES[status], type: 'about:blank' }),
  );
};

function wordsFor(status: number): string {
  if (status === 413) return `Send at most ${MAX_DATA_BYTES} bytes of data.`;
  if (status === 415) return 'Send UTF-8, as it is.';
  return 'Send valid JSON, such as {"data":"hello"}.';
}

export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  try {
    return schema.parse(value);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new Problem(400, error.issues.map(({ message }) => message).join(' '));
  }
}

const digits = z
  .string({ error: 'Write "from" and "limit" once, in digits.' })
  .refine((text) => /^[0-9]{1,15}$/.test(text), {
    error: 'Write "from" and "limit" in digits.',
  })
  .transform((text) => parseInt(text, 10));

export const range = z.object({
  limit: z.optional(digits).transform((limit) => limit ?? Infinity),
  from: z.optional(digits).transform((from) => from ?? 0),
});

export const newBlock = z.object(
  {
    data: z
      .string({ error: 'The body needs "data", a text.' })
      .refine((data) => Buffer.from(data).toString() === data, {
        error: 'The body needs "data", a well-formed text.',
      }),
  },
  { error: 'The body needs "data", a text.' },
);

export class Turns {
  private readonly jobs: (() => Promise<void>)[] = [];
  private isAtWork = false;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  take<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.jobs.length + Number(this.isAtWork) >= this.limit) {
        reject(new Problem(503, 'Too many are waiting. Try again later.'));
        return;
      }
      this.jobs.push(async () => {
        let settle: () => void;
        try {
          const result = await work();
          settle = () => resolve(result);
        } catch (error) {
          settle = () =>
            reject(error instanceof Error ? error : new Error(String(error)));
        }
        if (this.jobs.length === 0) this.isAtWork = false;
        settle();
      });
      if (!this.isAtWork) void this.workOff();
    });
  }

  private async workOff(): Promise<void> {
    this.isAtWork = true;
    for (let job = this.jobs.shift(); job; job = this.jobs.shift()) await job();
    this.isAtWork = false;
  }
}

/** Has a list of its own instead of taking turns. */
export class MiningQueue {
  private waiting = 0;
  private last: Promise<unknown> | undefined;
  private current: AbortController | undefined;
  private readonly options: MiningQueueOptions;

  constructor(options: MiningQueueOptions) {
    this.options = options;
  }

  async mine(data: string): Promise<Block> {
    if (this.waiting === 1_000)
      throw new Problem(503, 'Too many blocks wait to be mined. Try again later.');
    this.waiting++;
    const before = this.last;
    const mined = (async () => {
      if (before) await Promise.allSettled([before]);
      try {
        return await this.serve(data);
      } finally {
        this.waiting--;
      }
    })();
    this.last = mined;
    return mined;
  }

  restart(): void {
    this.current?.abort(new Error('restart'));
  }

  private async serve(data: string): Promise<Block> {
    let block: Block | undefined;
    while (block === undefined || !(await this.options.add(block))) {
      block = await this.attempt(nextBlock(this.options.tip(), data, Date.now()));
      while (block === undefined) {
        block = await this.attempt(nextBlock(this.options.tip(), data, Date.now()));
      }
    }
    return block;
  }

  private async attempt(unmined: Block): Promise<Block | undefined> {
    const controller = new AbortController();
    this.current = controller;
    let found: Block | undefined;
    try {
      found = await (this.options.search ?? mine)(unmined, controller.signal);
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    }
    return controller.signal.aborted ? undefined : found;
  }
}

export const getBlock =
  (node: Pick<ChainNode, 'chain'>): RequestHandler<{ id: string }> =>
  (req, res) => {
    const { id } = req.params;
    const { chain } = node;
    let block: Block | undefined;
    if (id === 'latest') block = chain.tip;
    else if (/^[0-9]+$/.test(id) && id.length < 16) block = chain.at(parseInt(id, 10));
    else block = chain.find(id);
    if (!block) throw new Problem(404, `No block is called ${id}.`);
    res.status(200).json(block);
  };

export function getBlocks(node: ChainNode): RequestHandler {
  return async (req, res) => {
    const { from, limit } = parse(range, req.query);
    const blocks = node.chain.slice(from, from + limit);
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    await send(blocks, res);
  };
}

export function jsonBody(): RequestHandler {
  const parser = express.json({ limit: 6 * MAX_DATA_BYTES + 500, strict: false });
  const router = Router();
  router.use((req, _res, next) => {
    const type = req.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    const hasBody =
      req.headers['transfer-encoding'] !== undefined ||
      Number(req.headers['content-length'] ?? 0) > 0;
    if (hasBody && type !== 'application/json') {
      next(new Problem(415, 'The body must be of the type application/json.'));
    } else {
      next();
    }
  }, parser);
  return router;
}

export function postBlock(node: ChainNode): RequestHandler {
  return (req, res, next) => {
    const { data } = parse(newBlock, req.body);
    if (new TextEncoder().encode(data).byteLength > MAX_DATA_BYTES) {
      throw new Problem(413, `Send at most ${MAX_DATA_BYTES} bytes of data.`);
    }
    node
      .mine(data)
      .then((block) =>
        res.set('Location', `/blocks/${block.hash}`).status(201).json(block),
      )
      .catch(next);
  };
}

export function createApi(node: ChainNode, ...routers: Router[]): Express {
  const blocks = Router();
  blocks.get('/', getBlocks(node)).post('/', postBlock(node));
  blocks.all('/', (_req, res) => {
    res.set('Allow', 'GET, HEAD, POST');
    throw new Problem(405, 'Blocks can be read with GET and added with POST.');
  });
  blocks.get('/:id', getBlock(node));

  const app = express().set('x-powered-by', false);
  app.use(jsonBody());
  app.use('/blocks', blocks);
  for (const router of routers) app.use(router);
  app.use((_req, _res, next) => next(new Problem(404, 'Nothing is here.')));
  app.use(problemHandler);
  return app;
}

async function send(blocks: readonly Block[], res: Response): Promise<void> {
  let text = '[';
  for (const block of blocks) {
    if (text.length > 10_000) {
      if (!res.write(text)) await drained(res);
      if (res.destroyed) return;
      text = '';
    }
    text += (block === blocks[0] ? '' : ',') + JSON.stringify(block);
  }
  res.end(text + ']');
}

function drained(res: Response): Promise<void> {
  const socket: Socket | null = res.socket;
  return new Promise((resolve) => {
    if (!socket || res.destroyed) return void resolve();
    res.once('drain', resolve).once('close', resolve);
  });
}
