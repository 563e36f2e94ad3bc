import { setImmediate as breathe } from 'node:timers/promises';
import type { Block, Chain } from '#blocks';

/**
 * How many characters of data are searched before others get a turn. Data made to be slow to
 * search, for a text of 64 characters, takes 6 milliseconds a million.
 */
const PIECE = 2_000_000;

/**
 * Finds blocks by what their data contains, whatever its case, or by how their hash begins.
 *
 * @param limit - how many to find at most
 * @returns the newest first
 */
export async function searchBlocks(
  chain: Chain,
  text: string,
  limit: number,
): Promise<Block[]> {
  const wanted = text.toLowerCase();
  const found: Block[] = [];
  let searched = 0;
  for (let index = chain.length - 1; index >= 0 && found.length < limit; index -= 1) {
    const block = chain.at(index);
    if (block === undefined) continue; // the chain became shorter meanwhile
    const { data, hash } = block;
    if (data.toLowerCase().includes(wanted) || hash.startsWith(wanted)) found.push(block);
    searched += data.length + 100;
    if (searched < PIECE) continue;
    searched = 0;
    await breathe();
  }
  return found;
}
