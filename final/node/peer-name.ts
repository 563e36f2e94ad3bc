import type { Peer } from '#peers';

/** What people call a peer: where it is, or that it does not listen. */
export function nameOf({ url, id }: Peer): string {
  return url ?? `a peer that does not listen (${id.slice(0, 8)}…)`;
}
