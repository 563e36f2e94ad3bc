import type { Block } from '#blocks';
import type { KnownAddress } from '#peers';

/** What a store keeps of a block that this node mined for a client. */
export interface Post {
  /** The hash of the block, 64 hex digits. */
  readonly hash: string;
  /** The block's data while it is off the best chain; undefined while it is on it. */
  readonly data?: string | undefined;
  /** Whether another block carries the data now, so that this one can be forgotten. */
  readonly done?: boolean;
}

/** A payment that this node has promised a client to keep until it is in a block. */
export interface KeptPayment {
  /** Its id, 64 hex digits. */
  readonly id: string;
  /** The line that it is in a block. */
  readonly line: string;
  /** The id of the payment on the best chain that has its count, if there is one. */
  readonly usedBy?: string | undefined;
}

/** What is to be stored together. */
export interface Update {
  /** Blocks of whatever branch. */
  readonly blocks?: readonly Block[];
  /** The hash of the last block of the best chain, if that is another one now. */
  readonly tip?: string | undefined;
  /** Blocks that are off the best chain now. */
  readonly aside?: readonly Block[];
  /** Blocks that are on it again. */
  readonly back?: readonly Block[];
  /** Blocks that need not be kept any more. */
  readonly forgotten?: readonly Block[];
  /** Posts that are new, or have changed. */
  readonly posts?: readonly Post[];
  /** Kept payments that are new, or have changed. */
  readonly payments?: readonly KeptPayment[];
  /** The index of the block of the best chain that a payment is in now, by id; undefined: none. */
  readonly paid?: ReadonlyMap<string, number | undefined>;
}

/** Where a node keeps its blocks and its peers between two runs. */
export interface Store {
  /** Where it is, for people to read. */
  readonly place: string;
  /** Returns how many blocks the longest branch has. */
  count(): Promise<number>;
  /** Gives the blocks of the best chain in batches, the genesis block first, unchecked. */
  blocks(): AsyncIterable<Block[]>;
  /** Gives the blocks off it, parents first, unchecked. */
  sideBlocks(): AsyncIterable<Block>;
  /** Returns the hash of the last block of the best chain; undefined if there is none. */
  tip(): Promise<string | undefined>;
  /** Gives the posts that were last stored. */
  posts(): Promise<Post[]>;
  /** Gives the payments that were ever kept. */
  payments(): AsyncIterable<KeptPayment>;
  /** Returns the index of the block of the best chain that a payment is in, by its id. */
  paidIn(id: string): number | undefined;
  /**
   * Returns a block as it is to be kept in memory: where the store can give its data, without it.
   *
   * @param previousHash - its `previousHash`, as it is in memory already
   */
  hold(block: Block, previousHash?: string): Block;
  /**
   * Stores all of an update or nothing. When it is done it is on disk.
   *
   * @throws {@link StoreGone} if there are posts or kept payments in it, and the disk has lost it
   * and all before it
   */
  write(update: Update): Promise<void>;
  /** Waits until little is left to be written, so that what comes does not fill the memory. */
  ready(): Promise<void>;
  /** Returns the peers that were last stored. */
  peers(): Promise<KnownAddress[]>;
  /** Stores the peers. */
  writePeers(peers: readonly KnownAddress[]): Promise<void>;
  /**
   * Looks whether it is still there.
   *
   * @throws {@link StoreGone} if it is not
   */
  check(): Promise<void>;
  /** Finishes what is being written and closes the store. */
  close(): Promise<void>;
}

/** A store that keeps nothing: blocks stay in memory with their data, and no payment is found. */
export const memoryStore: Store = {
  place: 'memory only',
  count: () => Promise.resolve(0),
  // eslint-disable-next-line @typescript-eslint/no-empty-function -- there is nothing to give
  blocks: async function* () {},
  // eslint-disable-next-line @typescript-eslint/no-empty-function -- there is nothing to give
  sideBlocks: async function* () {},
  tip: () => Promise.resolve(undefined),
  posts: () => Promise.resolve([]),
  // eslint-disable-next-line @typescript-eslint/no-empty-function -- there is nothing to give
  payments: async function* () {},
  paidIn: () => undefined,
  hold: (block) => block,
  write: () => Promise.resolve(),
  ready: () => Promise.resolve(),
  peers: () => Promise.resolve([]),
  writePeers: () => Promise.resolve(),
  check: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** Returns a store in memory, which knows for as long as it is used in which blocks payments are. */
export function storeInMemory(): Store {
  const all = new Map<string, number>();
  const write = ({ paid = new Map<string, number>() }: Update) => {
    for (const [id, index] of paid) {
      if (index === undefined) all.delete(id);
      else all.set(id, index);
    }
    return Promise.resolve();
  };
  return { ...memoryStore, paidIn: (id) => all.get(id), write };
}

/** A store cannot give or keep what it holds. The message says what to do. */
export class StoreError extends Error {}

/** The files of a store were removed, moved or replaced while it was open. */
export class StoreGone extends StoreError {
  /** @param place - where they were */
  constructor(place: string) {
    super(
      `The data folder ${place} is gone: it was removed, moved or replaced while the node ran. ` +
        'Put it back if you can, then start the node again: with -n, it takes what is missing ' +
        'from its peers.',
    );
  }
}

/** Returns the error that says that a data folder cannot be read, and what to do. */
export function damaged(place: string, reason: string): StoreError {
  return new StoreError(
    `The data folder ${place} is damaged: ${reason}. ` +
      'Move it away: with -n, the node takes the chain from its peers again.',
  );
}
