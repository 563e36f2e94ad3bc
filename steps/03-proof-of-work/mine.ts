import { hashBlock, type Block } from '#blocks';
import { leadingZeroBits } from './difficulty.ts';

/** How many nonces are tried before other work gets a turn: some milliseconds' worth. */
const BATCH = 5_000;

/**
 * Tries the nonces 0, 1, 2, … until the hash of `block` with such a nonce begins with at
 * least as many zero bits as the difficulty of the block says. Fulfills its promise with a
 * copy of `block` that has this nonce and this hash. All else in it is as it was, and so is
 * `block` itself, whose nonce does not matter. There is no last nonce to try.
 *
 * While it searches, timers and sockets have their turn, at least once in 20,000 attempts or
 * so, but not after each attempt, which would take far longer than the search. Several
 * searches may go on at once.
 *
 * @param signal - ends this search when aborted, or at once if it is aborted already
 * @throws the signal's reason (an AbortError unless another one was given) if the search was
 * aborted: then the promise is rejected with it, and nothing is tried any more
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
