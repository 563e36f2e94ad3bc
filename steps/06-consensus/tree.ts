import { Chain, MAX_DATA_BYTES, brokenRule, type Block } from '#blocks';
import { work } from '#proof-of-work';
import { isBetter } from './fork-choice.ts';
import { consensusRules, earliestTime } from './rules.ts';

/** How many blocks off the best chain are kept beyond as many as the chain itself has. */
const SPARE_SIDE_BLOCKS = 1_000;

/** How much data they may hold, as text length: 64 full blocks, which any machine has room for. */
const MAX_SIDE_DATA = 64 * MAX_DATA_BYTES;

/** What answers one locator at most: so many blocks, and about the data of one full block. */
const MAX_BATCH = { blocks: 500, data: MAX_DATA_BYTES };

/**
 * A change of the best chain: what was taken off its end, then what was put on. No block is
 * in both.
 */
export interface Change {
  /** Blocks that are no longer on the best chain, oldest first. */
  readonly removed: readonly Block[];
  /** Blocks that are now on the best chain, oldest first. */
  readonly added: readonly Block[];
}

/** What became of a block that was offered to a {@link BlockTree}. */
export type Added =
  | { readonly status: 'added'; readonly change?: Change }
  | { readonly status: 'known' }
  | { readonly status: 'orphan' }
  | { readonly status: 'early'; readonly until: number }
  | { readonly status: 'invalid'; readonly reason: string };

interface Node {
  readonly block: Block;
  readonly hash: string;
  readonly parent: Node | undefined;
  readonly work: bigint;
  /** How long its data is. */
  readonly size: number;
  children: number;
}

/**
 * All valid blocks that a node knows, and the best chain through them: that to the block that
 * {@link isBetter} prefers to all others, whatever the order in which they came.
 *
 * Off the best chain it keeps at most as many blocks as that has and 1,000 more, with data of
 * 64 * 1,048,576 characters, and forgets those first that came first; but never a block that
 * another one follows, nor the one that came last. A forgotten block is new when it comes again.
 */
export class BlockTree {
  /** The best chain, from the genesis block on. It is only to be read. */
  readonly chain: Chain;
  readonly #nodes = new Map<string, Node>();
  readonly #side = new Set<Node>();
  #sideData = 0;
  #tip: Node;

  /**
   * Starts a tree.
   *
   * @param genesis - the block that all others descend from
   * @throws Error with the reason if the genesis block breaks a rule
   */
  constructor(genesis: Block) {
    const reason = brokenRule(genesis, undefined, consensusRules);
    if (reason !== undefined) throw new Error(`The genesis block is invalid: ${reason}.`);
    this.chain = new Chain(genesis, []); // the tree has checked its blocks already
    this.#tip = this.#insert(genesis, undefined);
  }

  /** The work of all blocks of the best chain, with that of the genesis block. */
  get work(): bigint {
    return this.#tip.work;
  }

  /** Returns a block of any branch by its hash, or undefined if the tree does not hold it. */
  get(hash: string): Block | undefined {
    return this.#nodes.get(hash)?.block;
  }

  #insert(block: Block, parent: Node | undefined): Node {
    const total = (parent?.work ?? 0n) + work(block.difficulty);
    const size = block.data.length;
    const node = { block, hash: block.hash, parent, work: total, size, children: 0 };
    if (parent !== undefined) parent.children += 1;
    this.#nodes.set(block.hash, node);
    return node;
  }

  /**
   * Adds a block to the branch that ends in its parent, and moves the best chain there if
   * that branch is now the better one. A block that is not added changes nothing.
   *
   * @param now - the time, in milliseconds since the epoch
   * @returns what became of the block; the first of these that fits:
   * - `known`: the tree holds a block with this hash, and keeps that one
   * - `orphan`: it does not hold the parent, or the block is another genesis block
   * - `invalid`: the block breaks a rule, for the `reason`
   * - `early`: it keeps all rules, but may come in only from the time `until` on
   * - `added`, with the `change` of the best chain if that has changed
   */
  add(block: Block, now: number): Added {
    if (this.#nodes.has(block.hash)) return { status: 'known' };
    const parent = this.#nodes.get(block.previousHash);
    if (parent === undefined) return { status: 'orphan' };
    const reason = brokenRule(block, parent.block, consensusRules);
    if (reason !== undefined) return { status: 'invalid', reason };
    const until = earliestTime(block);
    if (until > now) return { status: 'early', until };

    const node = this.#insert(block, parent);
    this.#setAside(node);
    if (isBetter(node, this.#tip))
      return { status: 'added', change: this.#switchTo(node) };
    if (this.#isCrowded) this.#prune(node);
    return { status: 'added' };
  }

  #switchTo(node: Node): Change {
    const branch: Node[] = [];
    let fork = node;
    for (; this.#side.has(fork) && fork.parent; fork = fork.parent) branch.push(fork);
    branch.reverse();
    const removed = this.chain.rewind(fork.block.index);
    for (const { hash } of removed) {
      const side = this.#nodes.get(hash);
      if (side !== undefined) this.#setAside(side);
    }
    for (const added of branch) {
      this.#takeBack(added);
      this.chain.append(added.block);
    }
    this.#tip = node;
    return { removed, added: branch.map(({ block }) => block) };
  }

  #setAside(node: Node): void {
    this.#side.add(node);
    this.#sideData += node.size;
  }

  #takeBack(node: Node): void {
    this.#side.delete(node);
    this.#sideData -= node.size;
  }

  /** Whether there is too much off the best chain. */
  get #isCrowded(): boolean {
    return (
      this.#side.size > this.chain.length + SPARE_SIDE_BLOCKS ||
      this.#sideData > MAX_SIDE_DATA
    );
  }

  /**
   * Returns hashes by which others find the last block that they share with this branch: those of
   * `start` and of ancestors of it, newest first, each once, ever more sparse, and that of the
   * genesis block last. They are fewer than 40, however long the chain is. Yet of the blocks before
   * a fork one is named that is at most ten times as far back as the fork itself.
   *
   * @param start - the tip unless given, and where the tree does not hold it (any more)
   */
  locator(start: Block = this.chain.tip): string[] {
    const hashes: string[] = [];
    const growth = this.chain.length ** (1 / 8);
    let node: Node | undefined = this.#nodes.get(start.hash) ?? this.#tip;
    for (let step = 1; node !== undefined; step *= hashes.length < 10 ? 1 : growth) {
      hashes.push(node.hash);
      const index = Math.max(0, node.block.index - Math.floor(step));
      node = node.parent && this.#ancestor(node, index);
    }
    return hashes;
  }

  /** Steps back to the ancestor with this index: block by block off the chain, then at once. */
  #ancestor(node: Node, index: number): Node | undefined {
    let ancestor: Node | undefined = node;
    while (ancestor && ancestor.block.index > index && this.#side.has(ancestor)) {
      ancestor = ancestor.parent;
    }
    if (ancestor === undefined || ancestor.block.index <= index) return ancestor;
    return this.#nodes.get(this.chain.at(index)?.hash ?? '');
  }

  /**
   * Returns the next blocks of the best chain, oldest first: those after the first hash of the
   * locator that is on it, or from the genesis block on if none is. They are at most 500, and have
   * at most 1,048,576 characters of data, but are at least one block if there is any.
   *
   * @param share - how much of these two limits to use, as a part of 1; all of it unless given
   */
  after(locator: readonly string[], share = 1): Block[] {
    const shared = locator.map((hash) => this.chain.find(hash)).find((block) => block);
    const start = shared === undefined ? 0 : shared.index + 1;
    const end = start + Math.ceil(MAX_BATCH.blocks * share);
    const batch: Block[] = [];
    let room = MAX_BATCH.data * share;
    for (const block of this.chain.slice(start, end)) {
      room -= block.data.length;
      if (room < 0 && batch.length > 0) break;
      batch.push(block);
    }
    return batch;
  }

  /** Forgets side branches from their ends on, those that came first, while there is too much. */
  #prune(newest: Node): void {
    for (const end of this.#side) {
      let node: Node | undefined = end;
      while (node && this.#isCrowded && node !== newest && node.children === 0) {
        this.#takeBack(node);
        this.#nodes.delete(node.hash);
        node = node.parent;
        if (node !== undefined) node.children -= 1;
      }
      if (!this.#isCrowded) return;
    }
  }
}
