import { checkShape, type Block } from '#blocks';
import { Sync } from '#consensus';
import { SideBlocks } from './side-blocks.ts';
import { StoredBlock, hold } from './stored-block.ts';
import { damaged, type Store } from './store.ts';

/** Who is told how far the loading is. */
export type OnProgress = (done: number, total: number) => void;

/** What a store holds, ready to go on with. */
export interface Loaded {
  /** The blocks; undefined if the store is empty. */
  readonly sync: Sync | undefined;
  /** Those off the best chain. */
  readonly side: SideBlocks;
}

/**
 * Reads the blocks that a store holds, and checks every one of them.
 *
 * @param onProgress - called from time to time; it may throw to end the loading
 * @throws Error with a sentence if a block is missing or breaks a rule
 */
export async function loadChain(store: Store, onProgress: OnProgress): Promise<Loaded> {
  const total = await store.count();
  const side = new SideBlocks();
  let sync: Sync | undefined;
  let last: Block | undefined;
  for await (const batch of store.blocks()) {
    onProgress(last?.index ?? 0, total);
    for (const block of batch) {
      const reason = tryToAdd(block);
      if (reason !== undefined) {
        const index = last === undefined ? 0 : last.index + 1;
        throw damaged(store.place, `block ${index} breaks the rules, ${reason}`);
      }
    }
  }
  const tip = await store.tip();
  if (tip !== undefined && tip !== last?.hash) {
    throw damaged(store.place, `after block ${last?.index ?? 0} blocks are missing`);
  }
  // Only now, as how many of these the tree keeps depends on the best chain.
  for await (const block of store.sideBlocks()) await addAside(block);
  return { sync, side };

  /** Offers a block off the best chain. One that the tree does not keep is forgotten later. */
  async function addAside(block: Block): Promise<void> {
    const [held = block] = hold(store, sync?.tree, [block]);
    const result = sync?.tree?.add(held, Infinity);
    if (result?.status === 'invalid')
      throw damaged(store.place, `a block breaks the rules, ${result.reason}`);
    if (held instanceof StoredBlock) held.release();
    const changes = result?.status === 'added' && result.change ? [result.change] : [];
    const moved = side.changed([held], changes);
    // Where steps prefer another branch now than when this was stored.
    if (changes.length > 0) await store.write({ ...moved, tip: sync?.tip?.hash });
  }

  function tryToAdd(block: Block): string | undefined {
    const [held = block] = hold(store, sync?.tree, [block]);
    const reason = add(held);
    if (reason !== undefined) return checkShape(block) ?? reason;
    if (held instanceof StoredBlock) held.release();
    last = held;
    return undefined;
  }

  function add(block: Block): string | undefined {
    if (sync?.tree === undefined) return start(block);
    const result = sync.tree.add(block, Infinity); // these blocks were accepted in their time
    if (result.status === 'invalid') return result.reason;
    return result.status === 'added' ? undefined : 'it does not follow the block before';
  }

  function start(genesis: Block): string | undefined {
    try {
      sync = new Sync(genesis);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }
}
