import { Router, type Response } from 'express';
import type { Block } from '#blocks';
import type { Change } from '#consensus';
import { Problem } from '#http';
import type { Tip } from '#peers';
import type { Node } from '../node/node.ts';

/** How many clients may listen at the same time. */
const MAX_LISTENERS = 100;

/** Where a client that does not read is given up, in bytes. */
const MAX_UNREAD = 1_048_576;

/** How many blocks one event names at most: the newest. */
const MAX_NAMED = 100;

/** How often a sign of life is sent, in milliseconds, so that no proxy gives up. */
const SIGN_OF_LIFE = 15_000;

/** The best chain changed: its new tip, and the blocks that it lost and gained. */
export interface ChainEvent extends Record<'removed' | 'added', BlockName[]> {
  readonly tip: Tip | null;
}

/** A post that a reorganization had taken off the chain is on it again. */
export interface AgainEvent {
  /** The hash of the block that it was in. */
  readonly was: string;
  /** The block that it is in now. */
  readonly block: Block;
}

/** The number of peers changed. */
export interface PeersEvent {
  readonly peers: number;
}

type BlockName = Pick<Block, 'index' | 'hash'>;

/**
 * Builds the route `GET /events`: server-sent events (HTML standard, section 9.2) named
 * `chain`, `again` and `peers`, each with JSON as its data.
 */
export function eventRoutes(node: Node): Router {
  const listeners = new Set<Response>();

  const send = (event: string, data: ChainEvent | AgainEvent | PeersEvent) => {
    const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const listener of listeners) {
      if (listener.writableLength > MAX_UNREAD) listener.destroy();
      else listener.write(text);
    }
  };
  node.on('changes', (changes) =>
    send('chain', { tip: node.status.tip, ...name(changes) }),
  );
  node.on('again', (was, block) => send('again', { was, block }));
  node.on('peers', (count) => send('peers', { peers: count }));

  const router = Router();
  router.get('/events', (req, res) => {
    if (listeners.size >= MAX_LISTENERS) {
      throw new Problem(
        503,
        `${MAX_LISTENERS} clients are listening already. Try again later.`,
      );
    }
    res.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
    });
    res.write(': welcome\n\n');
    listeners.add(res);
    const timer = setInterval(() => res.write(':\n\n'), SIGN_OF_LIFE);
    req.on('close', () => {
      clearInterval(timer);
      listeners.delete(res);
    });
  });
  return router;
}

/** Names the blocks that changes took off and put on, the newest of them. */
function name(changes: readonly Change[]): Record<'removed' | 'added', BlockName[]> {
  const list = (which: 'removed' | 'added') =>
    changes
      .flatMap((change) => change[which])
      .slice(-MAX_NAMED)
      .map(({ index, hash }) => ({ index, hash }));
  return { removed: list('removed'), added: list('added') };
}
