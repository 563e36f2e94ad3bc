import { hashBlock, type Block } from '#blocks';
import { leadingZeroBits } from './difficulty.ts';

/** How many nonces are tried before other work gets a turn: some milliseconds' worth. */
const BATCH = 5_000;

/**
 * Tries the nonces 0, 1, 2, … and returns `block` with the first one that gives its hash
 * the zero bits of its difficulty. There is no last nonce to try. While it searches,
 * timers and sockets have their turn.
 *
 * @param signal - ends the search when aborted
 * @throws the signal's reason (an AbortError) if the search was aborted
 */
export async function mine(block: Block, signal?: AbortSignal): Promise<Block> {
  for (let nonce = 0; ; nonce += 1) {
    if (nonce % BATCH === 0) {
      await pause();
      signal?.throwIfAborted();
    }
    const hash = hashBlock({ ...block, nonce });
    if (leadingZeroBits(hash) >= block.difficulty) return { ...block, nonce, hash };
  }
}

/** Lets timers, sockets and key presses have their turn. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
