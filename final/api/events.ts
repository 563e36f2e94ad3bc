import { Router, type RequestHandler, type Response } from 'express';
import type { Block } from '#blocks';
import { Problem } from '#http';
import type { Node } from '../node/node.ts';
import type { History } from '../views/history.ts';
import type { AgainEvent, ChainEvent, PeersEvent } from './schemas.ts';

/** How many clients may listen at the same time. */
const MAX_LISTENERS = 100;

/** Where a client that does not read is given up, in bytes. */
const MAX_UNREAD = 1_048_576;

/** How many blocks one event names at most: the newest. */
const MAX_NAMED = 100;

/** How often a sign of life is sent, in milliseconds, so that no proxy gives up. */
const SIGN_OF_LIFE = 15_000;

/** Clients that listen to server-sent events (HTML standard, section 9.2). */
export class EventStream {
  readonly #listeners = new Set<Response>();

  /** Tells all that listen. What comes without a name is a `message` to them. */
  send(data: unknown, event?: string): void {
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
  const stream = new EventStream();
  history.on('outcome', ({ removed, added }) => {
    const chain: ChainEvent = {
      tip: node.status.tip,
      removed: namesOf(removed),
      added: namesOf(added),
      counts: { removed: removed.length, added: added.length },
    };
    stream.send(chain, 'chain');
  });
  node.on('again', (was, block) => {
    stream.send({ was, block } satisfies AgainEvent, 'again');
  });
  node.on('peers', (peers) => stream.send({ peers } satisfies PeersEvent, 'peers'));
  return Router().get('/events', stream.route());
}

function textOf(data: unknown, event?: string): string {
  const name = event === undefined ? '' : `event: ${event}\n`;
  return `${name}data: ${JSON.stringify(data)}\n\n`;
}

function namesOf(blocks: readonly Block[]): { index: number; hash: string }[] {
  return blocks.slice(-MAX_NAMED).map(({ index, hash }) => ({ index, hash }));
}
