import type { Block } from '#blocks';
import { search } from '../../final/mining/search.ts';
import { TypeScriptKernel } from '../../final/mining/typescript-kernel.ts';

/** A SHA-256 of our own, which hashes the last block of the text only. */
export function mine(block: Block): Generator<number, Block> {
  return search(new TypeScriptKernel(), block, { after: block.timestamp - 1 });
}
