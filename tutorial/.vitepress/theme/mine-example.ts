import { genesisBlock, nextBlock, type Block } from '#blocks';
import { mine } from '#proof-of-work';

const START = Date.UTC(2026, 0, 1);

/** Mines a chain of three blocks. */
export async function mineExample(): Promise<Block[]> {
  const blocks = [await mine(genesisBlock({ timestamp: START, difficulty: 16 }))];
  for (const [i, data] of ['Hello', 'Alice pays Bob 5'].entries()) {
    const tip = blocks[i];
    if (tip) blocks.push(await mine(nextBlock(tip, data, tip.timestamp + 60_000)));
  }
  return blocks;
}
