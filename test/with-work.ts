import { hashBlock, type Block } from '#blocks';
import { leadingZeroBits } from '#proof-of-work';

/** Returns a block with a nonce that gives it the work that its difficulty asks for. */
export function withWork(block: Block): Block {
  for (let nonce = 0; ; nonce += 1) {
    const hash = hashBlock({ ...block, nonce });
    if (leadingZeroBits(hash) >= block.difficulty) return { ...block, nonce, hash };
  }
}
