import { visible } from '../../terminal/escapes.ts';
import { count } from '../components/words.ts';
import type { PeerState, TreeEntry } from './api.ts';

/** Where a block came from, as the node tells it. */
export type Origin = NonNullable<TreeEntry['origin']>;

/** A peer as the node names it. */
export interface PeerName {
  readonly id: string;
  readonly url: string | null;
  readonly name?: string | null | undefined;
}

/** Says how far a peer's tip is from this node's own. */
export function lagInWords(
  tip: PeerState['tip'],
  own: PeerState['tip'] | undefined,
): string {
  if (tip === null || !own) return 'no chain yet';
  if (tip.hash === own.hash) return 'the same tip';
  const behind = own.index - tip.index;
  if (behind > 0) return `${count(behind, 'block')} behind`;
  if (behind < 0) return `${count(-behind, 'block')} ahead`;
  return 'another branch';
}

/** Names a peer in few characters: by its name, or by where it is; on this machine, its port. */
export function shortName({ id, url, name }: PeerName): string {
  if (name) return visible(name);
  if (url === null) return id.slice(0, 8);
  const { hostname, port, host } = new URL(url);
  return ['127.0.0.1', 'localhost', '[::1]'].includes(hostname) ? `:${port}` : host;
}

/** Names a peer in full, with where it is, so that no two have one name. */
export function fullName({ id, url, name }: PeerName): string {
  const place = url ?? `${id.slice(0, 8)}…, which does not listen`;
  return name ? `“${visible(name)}” (${place})` : place;
}

/** Says in few words where a block came from; nothing if the node does not know. */
export function originInShort(origin: Origin | undefined): string {
  if (origin === undefined) return '';
  return origin.from === null ? 'this node' : `from ${shortName(origin.from)}`;
}

/**
 * Says who mined a block, as far as a node can know that.
 *
 * @param since - when the node started
 * @param clock - writes a time
 */
export function originInWords(
  origin: Origin | undefined,
  timestamp: number,
  since: number,
  clock: (time: number) => string,
): string {
  if (origin?.from === null) return `This node, at ${clock(origin.time)}.`;
  if (origin !== undefined) {
    const from = fullName(origin.from);
    return `Not this node: it heard of the block first from ${from}, at ${clock(origin.time)}. Who mined it, a block does not say.`;
  }
  const why =
    timestamp < since
      ? `it had the block before it started, at ${clock(since)}`
      : 'it remembers that of the last 1,000 blocks only';
  return `This node does not know: ${why}.`;
}
