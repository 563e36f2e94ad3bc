/** Chance, and the ends of nodes, in networks whose nodes are killed all the time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestNode } from '../network/harness.ts';

/** What all chance follows from: SEED=17 repeats a run, as far as processes repeat. */
export const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

let state = seed;
/** Returns a whole number below `limit` that follows from the seed. */
export function below(limit: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
  return Math.trunc((state / 0x80000000) * limit);
}

/** One place of a network: what it keeps outlives the process that runs there. */
export interface Place {
  node: TestNode | undefined;
}

/**
 * Ends nodes and starts them again until a time has come: at each fifth place at once.
 *
 * @param start - starts the node of a place again
 * @param ended - is told of each node that has ended
 */
export async function killAndRestart<P extends Place>(
  places: readonly P[],
  end: number,
  start: (place: P) => Promise<TestNode>,
  ended: (node: TestNode) => void,
): Promise<void> {
  const killer = async () => {
    while (Date.now() < end) {
      await sleep(200 + below(3_000));
      const place = places[below(places.length)];
      const node = place?.node;
      if (place === undefined || node === undefined) continue;
      place.node = undefined; // so nobody else kills it, or asks it
      await (below(4) === 0 ? node.stop() : node.kill());
      ended(node);
      await sleep(below(2_000));
      place.node = await start(place);
    }
  };
  await Promise.all(Array.from({ length: Math.ceil(places.length / 5) }, killer));
}
