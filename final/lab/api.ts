import { text as textOf } from 'node:stream/consumers';
import express, { type Express } from 'express';
import { z } from 'zod';
import { parse, Problem, problemHandler } from '#http';
import { EventStream } from '../api/events.ts';
import type { AllowedHost } from '../api/allowed-hosts.ts';
import { bodyGuard, hostGuard, readJson, siteGuard } from '../api/guards.ts';
import { assetRoutes, page } from '../api/pages.ts';
import { newBlock } from '../api/schemas.ts';
import type { Lab } from './lab.ts';

/** How long changes are gathered before the pages are told, in milliseconds. */
const GATHER = 100;

const link = z.object(
  {
    one: z.string({ error: 'Name two nodes.' }),
    other: z.string({ error: 'Name two nodes.' }),
    whole: z.boolean({ error: 'Give "whole" as true or false.' }),
  },
  { error: 'Send a JSON object such as {"one":"A","other":"B","whole":false}.' },
);

/**
 * Builds the page of a laboratory, and what its buttons call.
 *
 * @param allowed - names that requests may use beyond those of this machine
 */
export function createLabApp(lab: Lab, allowed: readonly AllowedHost[] = []): Express {
  const stream = new EventStream();
  let timer: NodeJS.Timeout | undefined;
  lab.on('change', () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      stream.send(lab.state);
    }, GATHER);
  });

  const app = express();
  app.disable('x-powered-by');
  app.use(hostGuard(allowed), siteGuard, bodyGuard, assetRoutes());
  app.get('/', ...page('lab.html'), (_req, res) => {
    res.json(lab.state);
  });
  app.get(
    '/lab/events',
    stream.route(() => lab.state),
  );
  app.use((req, _res, next) => {
    if (req.method !== 'POST' || req.is('json') !== false) return next();
    throw new Problem(
      415,
      'Send JSON, with the header "Content-Type: application/json".',
    );
  });
  app.use(readJson);
  app.post('/lab/nodes/:name/stop', async (req, res) => {
    await lab.node(req.params.name).stop();
    res.status(204).end();
  });
  app.post('/lab/nodes/:name/start', async (req, res) => {
    await lab.node(req.params.name).start();
    res.status(204).end();
  });
  app.post('/lab/nodes/:name/blocks', async (req, res) => {
    const body = JSON.stringify(parse(newBlock, req.body));
    const { name, state, client } = lab.node(req.params.name);
    if (state !== 'running') throw new Problem(409, `Node ${name} does not run.`);
    const answer = await client.send('/blocks', body);
    const { statusCode = 502, headers } = answer;
    res.status(statusCode).type(headers['content-type'] ?? 'application/json');
    res.send(await textOf(answer));
  });
  app.post('/lab/links', async (req, res) => {
    const { one, other, whole } = parse(link, req.body);
    if (whole) await lab.connect(one, other);
    else lab.cut(one, other);
    res.status(204).end();
  });
  app.use((req) => {
    throw new Problem(404, `There is nothing at ${req.method} ${req.path}.`);
  });
  return app.use(problemHandler);
}
