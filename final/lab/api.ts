import express, { type Express } from 'express';
import { z } from 'zod';
import { parse, Problem, problemHandler } from '#http';
import { EventStream } from '../api/events.ts';
import type { AllowedHost } from '../api/allowed-hosts.ts';
import { Refused } from '../api/client.ts';
import { bodyGuard, hostGuard, readJson, siteGuard } from '../api/guards.ts';
import { assetRoutes, page } from '../api/pages.ts';
import type { Flight, Lab, LabState } from './lab.ts';
import { textOf } from './story-words.ts';
import type { Story, StoryEvent } from './story.ts';

/** How long changes are gathered before the pages are told, in milliseconds. */
const GATHER = 100;

/** How often pages are shown that the laboratory lives, in milliseconds. */
const BEAT = 2_000;

/** What a page is sent: first the whole story, then what is new. */
export interface LabNews extends Omit<LabState, 'story' | 'flights'> {
  /** The story so far, in the first message only. */
  readonly story?: Story;
  /** What has happened since the last message. */
  readonly events: readonly StoryEvent[];
  readonly flights: readonly Flight[];
}

const nodeName = z.string({ error: 'Name two nodes for each link.' });
const links = z.object(
  {
    links: z.array(
      z.tuple([nodeName, nodeName], { error: 'Name two nodes for each link.' }),
      {
        error: 'Give "links" as a list.',
      },
    ),
    whole: z.boolean({ error: 'Give "whole" as true or false.' }),
  },
  { error: 'Send a JSON object such as {"links":[["A","B"]],"whole":false}.' },
);

const searches = z.object(
  {
    data: z.record(
      z.string(),
      z.string({ error: 'Give the data of each block as a string.' }),
      {
        error: 'Give "data" as an object: what the block of each node is to carry.',
      },
    ),
  },
  { error: 'Send a JSON object such as {"data":{"A":"one","B":"two"}}.' },
);

const coins = z
  .int({ error: 'Give whole coins, from 1.' })
  .min(1, 'Give whole coins, from 1.');
const node = z.string({ error: 'Name the nodes, such as "A".' });
const payment = z.object(
  { from: node, to: node, amount: coins, fee: coins.default(1) },
  { error: 'Send a JSON object such as {"from":"A","to":"B","amount":5}.' },
);
const twice = z.object(
  { from: node, amount: coins, fee: coins.default(1) },
  { error: 'Send a JSON object such as {"from":"A","amount":5}.' },
);

/**
 * Builds the page of a laboratory, and what its buttons call.
 *
 * @param allowed - names that requests may use beyond those of this machine
 */
export function createLabApp(lab: Lab, allowed: readonly AllowedHost[] = []): Express {
  const stream = new EventStream();
  let timer: NodeJS.Timeout | undefined;
  const sent = { event: 0, flight: 0 };
  lab.on('change', () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      const { story, flights, ...state } = lab.state;
      const news: LabNews = {
        ...state,
        events: story.events.filter(({ id }) => id > sent.event),
        flights: flights.filter(({ id }) => id > sent.flight),
      };
      sent.event = news.events.at(-1)?.id ?? sent.event;
      sent.flight = news.flights.at(-1)?.id ?? sent.flight;
      stream.send(news);
    }, GATHER);
  });
  setInterval(() => stream.send(null, 'alive'), BEAT).unref();

  const app = express();
  app.disable('x-powered-by');
  app.use(hostGuard(allowed), siteGuard, bodyGuard, assetRoutes());
  app.get('/', ...page('lab.html'), (_req, res) => {
    res.json(lab.state);
  });
  app.get(
    '/lab/events',
    stream.route((): LabNews => ({ ...lab.state, events: [], flights: [] })),
  );
  app.get('/lab/story.json', (_req, res) => {
    res.attachment('pychain-story.json').json(lab.state.story);
  });
  app.get('/lab/story.txt', (_req, res) => {
    res.attachment('pychain-story.txt').send(textOf(lab.state.story));
  });
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
    await lab.startNode(req.params.name);
    res.status(204).end();
  });
  app.post('/lab/blocks', async (req, res) => {
    await lab.mine(parse(searches, req.body).data).catch(passOn);
    res.status(204).end();
  });
  app.post('/lab/payments', async (req, res) => {
    const { from, to, ...wish } = parse(payment, req.body);
    await lab.pay(from, to, wish).catch(passOn);
    res.status(204).end();
  });
  app.post('/lab/spend-twice', async (req, res) => {
    const { from, ...wish } = parse(twice, req.body);
    await lab.spendTwice(from, wish).catch(passOn);
    res.status(204).end();
  });
  app.post('/lab/links', async (req, res) => {
    const { links: pairs, whole } = parse(links, req.body);
    await lab.link(pairs, whole);
    res.status(204).end();
  });
  app.use((req) => {
    throw new Problem(404, `There is nothing at ${req.method} ${req.path}.`);
  });
  return app.use(problemHandler);
}

/** What a node refuses, the laboratory refuses in the same words. */
function passOn(error: unknown): never {
  throw error instanceof Refused ? new Problem(error.status, error.message) : error;
}
