import type { Block } from '#blocks';
import type { BlockTree } from '#consensus';
import type { Store } from './store.ts';

/** Reads a block that a store has on disk. */
export type ReadBlock = (block: StoredBlock) => Block;

/**
 * A block whose data is in memory only until it is on disk, and is read from there whenever it
 * is asked for; so is the hash of the data. Apart from that it is like any other: all its fields
 * can be listed, copied and written as JSON.
 */
export class StoredBlock implements Block {
  // None has an initializer, so that all come into being in the constructor, in their usual order.
  declare readonly index: number;
  declare readonly timestamp: number;
  declare readonly previousHash: string;
  declare readonly dataHash: string;
  declare readonly difficulty: number;
  declare readonly nonce: number;
  declare readonly data: string;
  declare readonly hash: string;
  readonly #read: ReadBlock;
  #kept: Block | undefined;

  /** The same for all blocks, so that they have one shape in memory, and a small one. */
  static readonly #data: PropertyDescriptor & ThisType<StoredBlock> = {
    enumerable: true,
    get() {
      return (this.#kept ?? this.#read(this)).data;
    },
  };
  static readonly #dataHash: PropertyDescriptor & ThisType<StoredBlock> = {
    enumerable: true,
    get() {
      return (this.#kept ?? this.#read(this)).dataHash;
    },
  };

  /**
   * Takes over a block that is not on disk yet.
   *
   * @param previousHash - the same text, as it is in memory already
   */
  constructor(block: Block, previousHash: string, read: ReadBlock) {
    this.#read = read;
    this.#kept = block;
    this.index = block.index;
    this.timestamp = block.timestamp;
    this.previousHash = previousHash;
    Object.defineProperty(this, 'dataHash', StoredBlock.#dataHash);
    this.difficulty = block.difficulty;
    this.nonce = block.nonce;
    Object.defineProperty(this, 'data', StoredBlock.#data);
    this.hash = block.hash;
  }

  /** It can be read from now on. */
  release(): void {
    this.#kept = undefined;
  }
}

/**
 * Returns blocks as they are to be kept in memory, with `previousHash` being the text that their
 * parents have, so that memory holds it once.
 */
export function hold(
  store: Store,
  tree: BlockTree | undefined,
  blocks: readonly Block[],
): Block[] {
  let last: string | undefined;
  return blocks.map((block) => {
    const { hash, previousHash } = block;
    const shared = previousHash === last ? last : tree?.get(previousHash)?.hash;
    last = hash;
    return store.hold(block, shared);
  });
}
