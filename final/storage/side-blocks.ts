import type { Block } from '#blocks';
import type { BlockTree, Change } from '#consensus';

/** Follows which blocks are off the best chain, to notice those that the tree forgets. */
export class SideBlocks {
  readonly #blocks = new Map<string, Block>();
  #isNew = false;

  /** The tree took blocks, and the best chain changed. */
  changed(taken: readonly Block[], changes: readonly Change[]): void {
    for (const block of taken) this.#blocks.set(block.hash, block);
    for (const { removed, added } of changes) {
      for (const block of removed) this.#blocks.set(block.hash, block);
      for (const { hash } of added) this.#blocks.delete(hash);
    }
    this.#isNew ||= this.#blocks.size > 0;
  }

  /** Returns the blocks that the tree has forgotten since this was last asked for. */
  forgotten(tree: BlockTree): Block[] {
    if (!this.#isNew) return []; // the tree forgets only when something else comes
    this.#isNew = false;
    const forgotten = [...this.#blocks.values()].filter(({ hash }) => !tree.get(hash));
    for (const { hash } of forgotten) this.#blocks.delete(hash);
    return forgotten;
  }
}
