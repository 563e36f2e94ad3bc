import { sha256 } from '#hashing';
import { headerText, type Block } from '#blocks';
import { leadingZeroBits } from '#proof-of-work';

const BATCH = 1_000;

/** The same with the header text kept ready: all of it but the nonce. */
export function* mine(block: Block): Generator<number, Block> {
  const head = headerText({ ...block, nonce: 0 }).slice(0, -'0]'.length);
  for (let nonce = 0; ; nonce += 1) {
    if (nonce % BATCH === BATCH - 1) yield BATCH;
    const hash = sha256(`${head}${nonce}]`);
    if (leadingZeroBits(hash) >= block.difficulty) return { ...block, nonce, hash };
  }
}
