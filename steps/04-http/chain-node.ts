import type { Block, Chain } from '#blocks';

/** What the API needs from a node. */
export interface ChainNode {
  /** The chain to show. May throw a `Problem` while there is none. */
  readonly chain: Chain;
  /** Mines a block that carries `data` and returns it when it is on the chain. */
  mine(data: string): Promise<Block>;
}
