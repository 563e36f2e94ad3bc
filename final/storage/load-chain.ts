import { checkShape, type Block } from '#blocks';
import { Sync, textLedger, type Ledger } from '#consensus';
import { paidBy } from './paid.ts';
import { SideBlocks } from './side-blocks.ts';
import { StoredBlock, hold } from './stored-block.ts';
import { StoreError, damaged, type Store } from './store.ts';

/** Who is told how far the loading is. */
export type OnProgress = (done: number, total: number) => void;

/** How to read what a store holds. */
export interface LoadOptions<S extends object> {
  /** Says what the network of a genesis block agrees on; texts unless given. */
  readonly ledgerOf?: (genesis: Block) => Ledger<S> | string;
  /** Whether to ask of each block what costs much to ask, and not of the last one alone. */
  readonly thorough?: boolean;
}

/** What a store holds, ready to go on with. */
export interface Loaded<S extends object> {
  /** The blocks; undefined if the store is empty. */
  readonly sync: Sync<S> | undefined;
  /** Those off the best chain. */
  readonly side: SideBlocks;
}

/**
 * Reads the blocks that a store holds, and checks every one of them. What is known after them is
 * worked out anew. What costs much to ask, such as signatures, was asked before a block was stored,
 * and its hash vouches for it since: so only the last one is asked for it again, unless the
 * options say more.
 *
 * @param onProgress - called from time to time; it may throw to end the loading
 * @throws Error with a sentence if a block is missing or breaks a rule
 */
export async function loadChain<S extends object>(
  store: Store,
  onProgress: OnProgress,
  options: LoadOptions<S> = {},
): Promise<Loaded<S>> {
  const { ledgerOf = () => textLedger as Ledger<S>, thorough = false } = options;
  const total = await store.count();
  const side = new SideBlocks();
  let isQuick = !thorough;
  let sync: Sync<S> | undefined;
  let verify: Ledger<S>['verify'];
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
  verifyTip();
  // Only now, as how many of these the tree keeps depends on the best chain.
  for await (const block of store.sideBlocks()) await addAside(block);
  isQuick = false;
  return { sync, side };

  function verifyTip(): void {
    const state = sync?.tree?.stateAt(last?.hash ?? '');
    if (last === undefined || last.index === 0 || state === undefined) return;
    const reason = verify?.(state, last);
    if (reason !== undefined)
      throw damaged(store.place, `block ${last.index} breaks the rules, ${reason}`);
  }

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
    const paid = verify === undefined ? undefined : paidBy(changes);
    if (changes.length > 0)
      await store.write({ ...moved, tip: sync?.tip?.hash, ...(paid && { paid }) });
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
    const ledger = ledgerOf(genesis);
    if (typeof ledger === 'string')
      throw new StoreError(`The chain in ${store.place} cannot be used. ${ledger}`);
    try {
      sync = new Sync(genesis, quickly);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** What the network agrees on, without what costs much for as long as blocks are read. */
  function quickly(genesis: Block): Ledger<S> | string {
    const ledger = ledgerOf(genesis);
    if (typeof ledger === 'string' || ledger.verify === undefined) return ledger;
    verify = (after, block) => ledger.verify?.(after, block);
    return {
      rules: ledger.rules,
      initial: ledger.initial,
      apply: (state, block, previous) => ledger.apply(state, block, previous),
      verify: (after, block) => (isQuick ? undefined : verify?.(after, block)),
      ...(ledger.batch !== undefined && { batch: ledger.batch }),
    };
  }
}
