import { fileURLToPath } from 'node:url';
import express, { Router, type RequestHandler } from 'express';
import { z } from 'zod';
import { parse } from '#http';
import { judgeBlocks } from '../views/dry-run.ts';
import type { Node } from '../node/node.ts';
import { searchBlocks } from '../views/search-blocks.ts';
import type { Watch } from '../views/history.ts';

/** Where the built page is. `npm run explorer:build` writes it. */
const folder = fileURLToPath(new URL('../explorer/dist', import.meta.url));

/** How many blocks back the tree goes unless told otherwise, and at most. */
const LEVELS = { usual: 30, most: 500 };

/** How many blocks a search finds at most. */
const FOUND = 50;

const levels = z
  .stringFormat('levels', /^\d{1,15}$/, { error: 'Give "last" as a number from 1.' })
  .transform(Number)
  .pipe(
    z
      .int()
      .min(1, { error: 'Give "last" as a number from 1.' })
      .max(LEVELS.most, { error: `Give "last" as a number to ${LEVELS.most}.` }),
  );

/** The query of `GET /forks`. */
export const lastLevels = z.object({ last: levels.default(LEVELS.usual) });

/** The query of `GET /search`. */
export const searched = z.object({
  text: z.string({ error: 'Say what to search for, as in /search?text=hello.' }).min(1, {
    error: 'Say what to search for, as in /search?text=hello.',
  }),
});

/** What `POST /blocks/check` takes. */
export const offered = z.object(
  {
    blocks: z
      .array(z.unknown(), { error: 'Give "blocks" as a list.' })
      .min(1, { error: 'Give at least one block.' })
      .max(LEVELS.most, { error: `Give at most ${LEVELS.most} blocks.` }),
  },
  { error: 'Send a JSON object such as {"blocks":[…]}.' },
);

/**
 * What a page of a node may do: load its own files, ask its own node, and nothing else. No
 * text that comes with a block can become a script.
 */
const securityHeaders = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

const secure: RequestHandler = (_req, res, next) => {
  res.set(securityHeaders);
  next();
};

/** Answers browsers with a built page. Whoever does not ask for HTML gets what comes next. */
export function page(name: 'index.html' | 'lab.html'): RequestHandler[] {
  const send: RequestHandler = (req, res, next) => {
    res.vary('Accept');
    if (req.accepts(['json', 'html']) !== 'html') return next();
    res.set('Cache-Control', 'no-cache');
    res.sendFile(name, { root: folder });
  };
  return [secure, send];
}

/** Serves the files that the pages load. Their names change with what is in them. */
export function assetRoutes(): Router {
  const router = Router();
  const options = { immutable: true, maxAge: '1y', index: false, redirect: false };
  return router.use('/assets', secure, express.static(`${folder}/assets`, options));
}

/** Builds the routes that the page of a node asks for beyond those of the steps. */
export function explorerRoutes(node: Node, watch: Watch): Router {
  const router = Router();
  router.get('/forks', (req, res) => {
    const { last } = parse(lastLevels, req.query);
    const blocks = watch.tree(Math.max(0, node.chain.length - last));
    res.json({ blocks, reorganizations: watch.reorganizations });
  });
  router.get('/network', (_req, res) => {
    const { peers, addresses } = watch;
    res.json({ url: node.wsUrl, peers, addresses });
  });
  router.get('/search', async (req, res) => {
    const { text } = parse(searched, req.query);
    res.json(await searchBlocks(node.chain, text, FOUND));
  });
  router.post('/blocks/check', (req, res) => {
    const { blocks } = parse(offered, req.body);
    res.json(judgeBlocks(blocks, (hash) => node.find(hash), Date.now()));
  });
  return router;
}
