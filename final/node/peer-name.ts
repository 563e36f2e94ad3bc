import type { Peer } from '#peers';
import { quote } from '../terminal/quote.ts';

/**
 * What people call a peer: by the name that it gives itself, in quotes, and by where it is, which
 * it cannot choose; or that it does not listen.
 */
export function nameOf({ url, id, hello: { name } }: Peer): string {
  const place = url ?? `a peer that does not listen (${id.slice(0, 8)}…)`;
  return name === undefined ? place : `${quote(name)} (${place})`;
}
