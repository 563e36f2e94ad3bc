import type { Block } from '#blocks';
import type { BlockTree, Change } from '#consensus';

/** Follows which blocks are off the best chain, to note that, and to notice what is forgotten. */
export class SideBlocks {
  readonly #blocks = new Map<string, Block>();
  #isNew = false;

  /**
   * The tree took blocks, and the best chain changed. Returns which blocks are off the best chain
   * since then, and which are on it again.
   */
  changed(
    taken: readonly Block[],
    changes: readonly Change[],
  ): { aside: Block[]; back: Block[] } {
    const before = new Map<string, { block: Block; wasAside: boolean }>();
    const note = (block: Block) => {
      const { hash } = block;
      if (!before.has(hash))
        before.set(hash, { block, wasAside: this.#blocks.has(hash) });
    };
    for (const block of [...taken, ...changes.flatMap(({ removed }) => removed)])
      note(block);
    for (const block of taken) this.#blocks.set(block.hash, block);
    for (const { removed, added } of changes) {
      for (const block of removed) this.#blocks.set(block.hash, block);
      for (const block of added) {
        note(block);
        this.#blocks.delete(block.hash);
      }
    }
    this.#isNew ||= this.#blocks.size > 0;
    const aside: Block[] = [];
    const back: Block[] = [];
    for (const [hash, { block, wasAside }] of before) {
      if (this.#blocks.has(hash) === wasAside) continue;
      (wasAside ? back : aside).push(block);
    }
    return { aside, back };
  }

  /**
   * Returns the blocks that the tree has forgotten since this was last asked for.
   *
   * @param isWanted - whether a block is to be kept nevertheless, by its hash
   */
  forgotten(tree: BlockTree, isWanted: (hash: string) => boolean = () => false): Block[] {
    if (!this.#isNew) return []; // the tree forgets only when something else comes
    this.#isNew = false;
    const forgotten = [...this.#blocks.values()].filter(
      ({ hash }) => !tree.get(hash) && !isWanted(hash),
    );
    for (const { hash } of forgotten) this.#blocks.delete(hash);
    return forgotten;
  }
}
