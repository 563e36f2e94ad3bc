import { setImmediate as breathe } from 'node:timers/promises';
import type { Block, Chain } from '#blocks';

/**
 * How many characters of data are searched before others get a turn. Data made to be slow to
 * search, for a text of 64 characters, takes 6 milliseconds a million. To read a block from the
 * disk takes as long as to search some thousand characters.
 */
const PIECE = 2_000_000;
const READING = 1_000;

/**
 * Finds blocks by what their data contains, whatever its case, or by how their hash begins. With
 * zeros alone every hash begins, so they are looked for in the data only.
 *
 * @param limit - how many to find at most by their data, and how many by their hash
 * @returns the newest first
 */
export async function searchBlocks(
  chain: Chain,
  text: string,
  limit: number,
): Promise<Block[]> {
  const wanted = text.toLowerCase();
  const isForced = /^0+$/.test(text) && 4 * text.length <= chain.tip.difficulty;
  const found: Block[] = [];
  let byData = 0;
  let byHash = isForced ? limit : 0;
  let searched = 0;
  for (let index = chain.length - 1; index >= 0; index -= 1) {
    if (byData >= limit && byHash >= limit) break;
    const block = chain.at(index);
    if (block === undefined) continue; // the chain became shorter meanwhile
    const { data, hash } = block;
    const inData = byData < limit && data.toLowerCase().includes(wanted);
    const inHash = byHash < limit && hash.startsWith(wanted);
    if (inData) byData += 1;
    if (inHash) byHash += 1;
    if (inData || inHash) found.push(block);
    searched += data.length + READING;
    if (searched < PIECE) continue;
    searched = 0;
    await breathe();
  }
  return found;
}
