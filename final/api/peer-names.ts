import type { RequestHandler } from 'express';
import type { PeerNetwork } from '#peers';
import type { PeerInfo } from './schemas.ts';

/** A peer as the routes of step 5 give it. */
type Described = Omit<PeerInfo, 'name'>;

/** Adds to each peer in the answers at `/peers` what it calls itself: step 5 leaves that out. */
export function peerNames(network: PeerNetwork): RequestHandler {
  const named = (one: Described): PeerInfo => {
    const peer = network.peers.find((peer) => peer.id === one.id && isAt(peer, one));
    return { ...one, name: peer?.hello.name ?? null };
  };
  return (_req, res, next) => {
    const send = res.json.bind(res);
    res.json = (body: Described | readonly Described[] | { status: number }) => {
      if ('status' in body) return send(body); // a problem
      return send('id' in body ? named(body) : body.map(named));
    };
    next();
  };
}

/** Whether a peer is meant, since others may repeat its id. */
function isAt({ url }: { readonly url: string | undefined }, one: Described): boolean {
  return (url ?? null) === one.url;
}
