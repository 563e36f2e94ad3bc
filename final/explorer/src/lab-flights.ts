import type { GraphPacket } from '../components/graph.ts';

/** How long a block is drawn on its way, in milliseconds. */
export const FLIGHT = 700;

/** How far ahead flights are put off at most, in milliseconds. */
const MOST_WAIT = 6 * FLIGHT;

/** A block on its way from one node to another. */
export interface Way {
  readonly from: string;
  readonly to: string;
  readonly hash: string;
}

/** A block that is drawn on its way from a time on. */
export interface Flying extends Way {
  readonly id: number;
  readonly start: number;
}

/**
 * Puts further flights behind those that are on their way. In truth all take milliseconds: who
 * passes a block on does so here when it has arrived.
 */
export function launched(
  flying: readonly Flying[],
  ways: readonly Way[],
  now: number,
): Flying[] {
  const all = flying.filter(({ start }) => start + FLIGHT > now);
  let id = Math.max(0, ...all.map((flight) => flight.id));
  for (const way of ways) {
    const before = all.find(({ to, hash }) => to === way.from && hash === way.hash);
    const start = before === undefined ? now : before.start + FLIGHT;
    all.push({ ...way, id: (id += 1), start: Math.min(start, now + MOST_WAIT) });
  }
  return all;
}

/** Returns what is to be drawn at a time, in the colors of the blocks. */
export function packetsAt(
  flying: readonly Flying[],
  now: number,
  colorOf: (hash: string) => number,
): GraphPacket[] {
  return flying
    .filter(({ start }) => start <= now && now < start + FLIGHT)
    .map(({ id, from, to, hash, start }) => {
      return { id, from, to, progress: (now - start) / FLIGHT, color: colorOf(hash) };
    });
}
