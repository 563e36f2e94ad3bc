import { checkShape, type Block } from '#blocks';
import { Sync } from '#consensus';
import { damaged, type Store } from './store.ts';

/** Who is told how far the loading is. */
export type OnProgress = (done: number, total: number) => void;

/**
 * Reads the chain that a store holds, and checks every block of it.
 *
 * @param onProgress - called from time to time; it may throw to end the loading
 * @returns the blocks, ready to go on with; undefined if the store is empty
 * @throws Error with a sentence if a block is missing or breaks a rule
 */
export async function loadChain(
  store: Store,
  onProgress: OnProgress,
): Promise<Sync | undefined> {
  const total = await store.count();
  let sync: Sync | undefined;
  let done = 0;
  for await (const batch of store.blocks()) {
    onProgress(done, total);
    for (const value of batch) {
      const reason = checkShape(value) ?? tryToAdd(value as Block);
      if (reason !== undefined) {
        throw damaged(store.place, `block ${done} breaks the rules, ${reason}`);
      }
      done += 1;
    }
  }
  const tip = await store.tip();
  if (tip !== undefined && tip !== sync?.tip?.hash) {
    throw damaged(store.place, `after block ${done - 1} blocks are missing`);
  }
  return sync;

  function tryToAdd(block: Block): string | undefined {
    if (sync === undefined) return tryToStart(block);
    const result = sync.tree?.add(block, Infinity); // these blocks were accepted in their time
    if (result?.status === 'invalid') return result.reason;
    return result?.status === 'added' ? undefined : 'it does not follow the block before';
  }

  function tryToStart(genesis: Block): string | undefined {
    try {
      sync = new Sync(genesis);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }
}
