import { hashBlock, type Block } from '#blocks';
import { leadingZeroBits } from '#proof-of-work';

/** How many hashes are made between two looks at the clock. */
const BATCH = 1_000;

/** The loop of step 3: a new block for each nonce, hashed from scratch. */
export function* mine(block: Block): Generator<number, Block> {
  for (let nonce = 0; ; nonce += 1) {
    if (nonce % BATCH === BATCH - 1) yield BATCH;
    const hash = hashBlock({ ...block, nonce });
    if (leadingZeroBits(hash) >= block.difficulty) return { ...block, nonce, hash };
  }
}
