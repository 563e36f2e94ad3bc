import type { Block } from './block.ts';
import { blockRules, brokenRule, type Rule } from './rules.ts';

/** A list of blocks in which each keeps the rules as the child of the one before. */
export class Chain {
  readonly #rules: readonly Rule[];
  readonly #blocks: Block[] = [];
  readonly #byHash = new Map<string, Block>();
  #tip: Block;

  /**
   * Starts a chain that has one block.
   *
   * @param genesis - its first block
   * @param rules - what this block and every later one must keep; `blockRules` unless given
   * @throws Error with the reason if the genesis block breaks a rule
   */
  constructor(genesis: Block, rules: readonly Rule[] = blockRules) {
    this.#rules = rules;
    this.#tip = this.#push(genesis, undefined);
  }

  /** The newest block. */
  get tip(): Block {
    return this.#tip;
  }

  /** How many blocks the chain has, the genesis block included. */
  get length(): number {
    return this.#blocks.length;
  }

  /**
   * Adds a block at the end, after the rules were asked about it and the tip. It is the new
   * tip then.
   *
   * @throws Error with the reason if it breaks a rule; the chain is then as it was, and
   * takes good blocks as before
   */
  append(block: Block): void {
    this.#tip = this.#push(block, this.#tip);
  }

  #push(block: Block, previous: Block | undefined): Block {
    const reason = brokenRule(block, previous, this.#rules);
    if (reason !== undefined) throw new Error(`Block ${this.length}: ${reason}.`);
    this.#blocks.push(block);
    this.#byHash.set(block.hash, block);
    return block;
  }

  /** Returns the block at `index`, or undefined if the chain has no block with that index. */
  at(index: number): Block | undefined {
    return this.#blocks[index];
  }

  /** Returns the block with this hash, or undefined if it is not on the chain. */
  find(hash: string): Block | undefined {
    return this.#byHash.get(hash);
  }

  /**
   * Returns a copy of the list of blocks from index `start` to before `end`: what there is
   * of them, where more is asked for. Neither is changed by what is done to the other.
   *
   * @param start - 0 unless given
   * @param end - the length of the chain unless given
   */
  slice(start = 0, end = this.length): Block[] {
    return this.#blocks.slice(start, end);
  }

  /**
   * Takes all blocks after `index` off the end and returns them, oldest first. They are
   * then not on the chain any more: the block at `index` is the tip, and others may follow
   * it, or the same ones again.
   *
   * @throws RangeError that says so if there is no block with that index to stop at; the
   * chain is then as it was
   */
  rewind(index: number): Block[] {
    const block = this.at(index);
    if (block === undefined) {
      throw new RangeError(`There is no block ${index} to rewind to.`);
    }
    const removed = this.#blocks.splice(index + 1);
    for (const { hash } of removed) this.#byHash.delete(hash);
    this.#tip = block;
    return removed;
  }
}
