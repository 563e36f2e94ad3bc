import type { Block } from '#blocks';
import { search } from '../../final/mining/search.ts';
import { WasmKernel } from '../../final/mining/wasm-kernel.ts';

/** One schedule for 32 timestamps. */
export function mine(block: Block): Generator<number, Block> {
  return search(new WasmKernel(), block, { after: block.timestamp - 32 });
}
