import { Router, type RequestHandler, type Response } from 'express';
import type { Block } from '#blocks';
import { parse, Problem } from '#http';
import type { SearchState } from '../mining/miner.ts';
import type { Node } from '../node/node.ts';
import { beginningOf } from '../terminal/escapes.ts';
import type { History } from '../views/history.ts';
import {
  listening,
  type AgainEvent,
  type AliveEvent,
  type ChainEvent,
  type PaymentsEvent,
  type PeersEvent,
  type SearchEvent,
} from './schemas.ts';

/** How many clients may listen at the same time. */
const MAX_LISTENERS = 100;

/** Where a client that does not read is given up, in bytes. */
const MAX_UNREAD = 1_048_576;

/** How many blocks one event names at most: the newest. */
const MAX_NAMED = 100;

/** How often a sign of life is sent, in milliseconds, so that no proxy gives up. */
const SIGN_OF_LIFE = 15_000;

/** How often those who listen live are told how far a search is, in milliseconds. */
const LOOK = 250;

/** How often they are told that the node does not hang, in milliseconds. */
const HEARTBEAT = 2_000;

/** How many characters of what a block is to carry are told while it is searched for. */
const MAX_TEXT = 200;

/** Clients that listen to server-sent events (HTML standard, section 9.2). */
export class EventStream {
  readonly #listeners = new Set<Response>();

  /** How many listen. */
  get size(): number {
    return this.#listeners.size;
  }

  /** Tells all that listen. What comes without a name is a `message` to them. */
  send(data: unknown, event?: string): void {
    if (this.#listeners.size === 0) return;
    const text = textOf(data, event);
    for (const listener of this.#listeners) {
      if (listener.writableLength > MAX_UNREAD) listener.destroy();
      else listener.write(text);
    }
  }

  /**
   * Returns the route at which to listen.
   *
   * @param first - what each hears at once; a comment if there is nothing to say
   */
  route(first?: () => unknown): RequestHandler {
    return (req, res) => {
      if (this.#listeners.size >= MAX_LISTENERS) {
        throw new Problem(
          503,
          `${MAX_LISTENERS} clients are listening already. Try again later.`,
        );
      }
      res.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no', // or nginx keeps events until it has many
      });
      res.write(first === undefined ? ': welcome\n\n' : textOf(first()));
      this.#listeners.add(res);
      const timer = setInterval(() => res.write(':\n\n'), SIGN_OF_LIFE);
      req.on('close', () => {
        clearInterval(timer);
        this.#listeners.delete(res);
      });
    };
  }
}

/** Builds the route `GET /events`. Its events carry JSON. */
export function eventRoutes(node: Node, history: History): Router {
  const plain = new EventStream();
  const live = new EventStream();
  const send = (data: unknown, event: string) => {
    plain.send(data, event);
    live.send(data, event);
  };
  history.on('outcome', ({ removed, added }) => {
    const chain: ChainEvent = {
      tip: node.status.tip,
      removed: namesOf(removed),
      added: namesOf(added),
      counts: { removed: removed.length, added: added.length },
    };
    send(chain, 'chain');
  });
  node.on('again', (was, block) => send({ was, block } satisfies AgainEvent, 'again'));
  node.on('payments', (waiting) => send({ waiting } satisfies PaymentsEvent, 'payments'));
  node.on('peers', (peers) => send({ peers } satisfies PeersEvent, 'peers'));

  const routes = { yes: live.route(), no: plain.route() };
  const watch = watchNode(node, live);
  return Router().get('/events', (req, res, next) => {
    const { live } = parse(listening, req.query);
    routes[live](req, res, next);
    if (live === 'yes') watch();
  });
}

/**
 * Returns what begins to tell those who listen live how far a search is, and that the node does
 * not hang. It goes on while anybody listens.
 */
function watchNode(node: Node, live: EventStream): () => void {
  let timer: NodeJS.Timeout | undefined;
  let looks = 0;
  let wasSearching = false;
  const look = () => {
    if (live.size === 0) {
      clearInterval(timer);
      timer = undefined;
      return;
    }
    const { search } = node;
    if (search !== null || wasSearching)
      live.send(searchEvent(search, node.status.hashRate), 'search');
    wasSearching = search !== null;
    looks += 1;
    if (looks % (HEARTBEAT / LOOK) !== 0) return;
    live.send({ time: Date.now() } satisfies AliveEvent, 'alive');
  };
  return () => {
    wasSearching = true; // who has missed the end of a search hears of it
    timer ??= setInterval(look, LOOK);
  };
}

function searchEvent(state: SearchState | null, hashRate: number): SearchEvent {
  if (state === null) return { search: null };
  const { attempts, expected, seconds, samples } = state;
  const { index, data } = state.block;
  const words = { index, data: beginningOf(data, MAX_TEXT) };
  const numbers = { attempts, expected, seconds, hashRate };
  return { search: { ...words, ...numbers, samples: [...samples] } };
}

function textOf(data: unknown, event?: string): string {
  const name = event === undefined ? '' : `event: ${event}\n`;
  return `${name}data: ${JSON.stringify(data)}\n\n`;
}

function namesOf(blocks: readonly Block[]): { index: number; hash: string }[] {
  return blocks.slice(-MAX_NAMED).map(({ index, hash }) => ({ index, hash }));
}
