import type { Block } from './block.ts';
import { blockRules, brokenRule, type Rule } from './rules.ts';

/** A list of blocks in which each keeps the rules as the child of the one before. */
export class Chain {
  readonly #rules: readonly Rule[];
  readonly #blocks: Block[] = [];
  readonly #byHash = new Map<string, Block>();
  #tip: Block;

  /**
   * Starts a chain.
   *
   * @param genesis - its first block
   * @param rules - what every block must keep
   * @throws Error if the genesis block breaks a rule
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

  /** Returns the block at `index`, or undefined if the chain is shorter. */
  at(index: number): Block | undefined {
    return this.#blocks[index];
  }

  /** Returns the block with this hash, or undefined if it is not on the chain. */
  find(hash: string): Block | undefined {
    return this.#byHash.get(hash);
  }

  /** Returns a copy of the list of blocks from index `start` to before `end`. */
  slice(start = 0, end = this.length): Block[] {
    return this.#blocks.slice(start, end);
  }

  /**
   * Adds a block at the end.
   *
   * @throws Error if it breaks a rule; the chain is then as it was
   */
  append(block: Block): void {
    this.#tip = this.#push(block, this.#tip);
  }

  /**
   * Takes all blocks after `index` off the end and returns them, oldest first.
   *
   * @throws RangeError if there is no block with that index to stop at
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

  #push(block: Block, previous: Block | undefined): Block {
    const reason = brokenRule(block, previous, this.#rules);
    if (reason !== undefined) throw new Error(`Block ${this.length}: ${reason}.`);
    this.#blocks.push(block);
    this.#byHash.set(block.hash, block);
    return block;
  }
}
