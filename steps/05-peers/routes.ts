import { Router } from 'express';
import { z } from 'zod';
import { Problem, parse } from '#http';
import { peerUrl } from './messages.ts';
import type { PeerNetwork } from './network.ts';
import type { Peer } from './peer.ts';

/** What `POST /peers` takes. */
export const newPeer: z.ZodType<{ url: string }> = z.object(
  { url: peerUrl },
  { error: 'Send a JSON object such as {"url":"ws://localhost:8000"}.' },
);

/** Builds the routes `GET /peers` and `POST /peers` for the API of step 4. */
export function peerRoutes(network: PeerNetwork): Router {
  const router = Router();
  router.get('/peers', (_req, res) => {
    res.json(network.peers.map(describe));
  });
  router.post('/peers', async (req, res) => {
    const { url } = parse(newPeer, req.body);
    const before = network.peers;
    const peer = await network.connect(url).catch((error: unknown) => {
      throw new Problem(502, `No connection to ${url}: ${(error as Error).message}`);
    });
    network.keep(url);
    res.status(before.includes(peer) ? 200 : 201).json(describe(peer));
  });
  return router;
}

function describe(peer: Peer): { id: string; url: string | null; direction: string } {
  const direction = peer.outbound ? 'outbound' : 'inbound';
  return { id: peer.id, url: peer.url ?? null, direction };
}
