import type { Change } from '#consensus';
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

/** Where a node keeps its best chain and its peers between two runs. */
export interface Store {
  /** Where it is, for people to read. */
  readonly place: string;
  /** Returns how many blocks are stored. */
  count(): Promise<number>;
  /** Gives the stored blocks in batches, the genesis block first. */
  blocks(): AsyncIterable<unknown[]>;
  /** Returns the hash of the last block that was stored; undefined if there is none. */
  tip(): Promise<string | undefined>;
  /** Gives the posts that were last stored. */
  posts(): Promise<Post[]>;
  /**
   * Stores changes of the best chain, and what they mean for posts, all or nothing. When it
   * is done they are on disk.
   *
   * @throws {@link StoreGone} if the disk has lost them, and all before them
   */
  write(changes: readonly Change[], posts?: readonly Post[]): Promise<void>;
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

/** A store that keeps nothing. */
export const memoryStore: Store = {
  place: 'memory only',
  count: () => Promise.resolve(0),
  // eslint-disable-next-line @typescript-eslint/no-empty-function -- there is nothing to give
  blocks: async function* () {},
  tip: () => Promise.resolve(undefined),
  posts: () => Promise.resolve([]),
  write: () => Promise.resolve(),
  peers: () => Promise.resolve([]),
  writePeers: () => Promise.resolve(),
  check: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** The files of a store were removed, moved or replaced while it was open. */
export class StoreGone extends Error {
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
export function damaged(place: string, reason: string): Error {
  return new Error(
    `The data folder ${place} is damaged: ${reason}. ` +
      'Move it away: with -n, the node takes the chain from its peers again.',
  );
}
