import { sha256 } from '#hashing';
import type { Peer } from './peer.ts';

/** What is known of a node that has said hello. */
export type Candidate = Pick<Peer, 'outbound' | 'place' | 'key' | 'hello'>;

/** What a node knows of itself: its id, and its genesis hash, which is null if it has none. */
export interface Self {
  readonly id: string;
  readonly genesis: string | null;
}

/**
 * Says why a node that has said hello cannot be a peer of this one, or undefined if it can. It
 * cannot be a peer
 *
 * - if it is this node itself: it gives the id of `own`;
 * - if the one of the two that was dialed, be it that node or this one, has no genesis block;
 * - if both have a genesis block, and not the same; whoever dials may have none yet;
 * - if this node has dialed one of its `peers` at the same `place`, and met the same id there.
 *   The reason ends with the {@link proof} of that.
 *
 * @param peer - who has said hello
 * @param own - what this node is
 * @param peers - whom this node is connected to already
 */
export function refusal(
  peer: Candidate,
  own: Self,
  peers: readonly Candidate[],
): string | undefined {
  const { nodeId, genesis, nonce } = peer.hello;
  const [dialing, dialed] = peer.outbound
    ? [own.genesis, genesis]
    : [genesis, own.genesis];
  if (nodeId === own.id) return 'A node cannot be its own peer.';
  if (dialed === null) return 'The node that was dialed has not joined a network yet.';
  if (dialing !== null && dialing !== dialed) {
    return `Different networks: genesis ${dialing.slice(0, 12)}… and ${dialed.slice(0, 12)}….`;
  }
  const twin = peers.find(({ outbound, place }) => outbound && place === peer.place);
  if (twin?.hello.nodeId !== nodeId) return undefined;
  return `The two nodes are connected already. ${proof(nonce, twin.key)}`;
}

/**
 * Returns what a node shows to a caller that it has dialed itself: the SHA-256 digest of the
 * nonce in that caller's hello, a space, and the nonce that it has sent to it when it dialed.
 * Only these two nodes know both.
 */
export function proof(callers: string | undefined, own: string | undefined): string {
  return sha256(`${callers} ${own}`);
}
