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

/** A change of the best chain: what was taken off its end, then what was put on. */
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
  children: number;
}

/**
 * All valid blocks that a node knows, and the best chain through them. Off the best chain it
 * keeps at most as many blocks as that has and 1,000 more, with 64 MiB of data, and forgets
 * those first that came first; but never the branch of the block that came last.
 */
export class BlockTree {
  /** The best chain. It is only to be read. */
  readonly chain: Chain;
  readonly #nodes = new Map<string, Node>();
  readonly #side = new Set<Node>();
  #sideData = 0;
  #tip: Node;

  /**
   * Starts a tree.
   *
   * @param genesis - the block that all others descend from
   * @throws Error if the genesis block breaks a rule
   */
  constructor(genesis: Block) {
    const reason = brokenRule(genesis, undefined, consensusRules);
    if (reason !== undefined) throw new Error(`The genesis block is invalid: ${reason}.`);
    this.chain = new Chain(genesis, []); // the tree has checked its blocks already
    this.#tip = this.#insert(genesis, undefined);
  }

  /** The work of the best chain. */
  get work(): bigint {
    return this.#tip.work;
  }

  /** Returns a block of any branch by its hash. */
  get(hash: string): Block | undefined {
    return this.#nodes.get(hash)?.block;
  }

  /**
   * Adds a block to the branch that ends in its parent, and moves the best chain there if
   * that branch is now the better one. Only a block that keeps all rules can be early.
   *
   * @param now - the time, in milliseconds since the epoch
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
    this.#prune(node);
    return { status: 'added' };
  }

  /**
   * Returns hashes from `start` backwards, ever more sparse, ending in the genesis hash: fewer
   * than 20, however long the chain is. Whoever gets them finds the last block that both have.
   * Where `start` is not known, or not any more, they begin at the end of the best chain.
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

  /**
   * Returns the next blocks of the best chain after the first hash of the locator on it: at most
   * 500, and about 1 MiB of data, but at least one block if there is any.
   *
   * @param share - how much of that, as a part of 1
   */
  after(locator: readonly string[], share = 1): Block[] {
    const shared = locator.map((hash) => this.chain.find(hash)).find((block) => block);
    const start = shared === undefined ? 0 : shared.index + 1;
    const batch = this.chain.slice(start, start + Math.ceil(MAX_BATCH.blocks * share));
    let room = MAX_BATCH.data * share;
    return batch.filter(({ data }, i) => (room -= data.length) >= 0 || i === 0);
  }

  #insert(offered: Block, parent: Node | undefined): Node {
    const total = (parent?.work ?? 0n) + work(offered.difficulty);
    // The parent's own string, so that memory holds it once.
    const block = parent ? { ...offered, previousHash: parent.hash } : offered;
    const node = { block, hash: block.hash, parent, work: total, children: 0 };
    if (parent !== undefined) parent.children += 1;
    this.#nodes.set(block.hash, node);
    return node;
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

  /** Steps back to the ancestor with this index: block by block off the chain, then at once. */
  #ancestor(node: Node, index: number): Node | undefined {
    let ancestor: Node | undefined = node;
    while (ancestor && ancestor.block.index > index && this.#side.has(ancestor)) {
      ancestor = ancestor.parent;
    }
    if (ancestor === undefined || ancestor.block.index <= index) return ancestor;
    return this.#nodes.get(this.chain.at(index)?.hash ?? '');
  }

  #setAside(node: Node): void {
    this.#side.add(node);
    this.#sideData += node.block.data.length;
  }

  #takeBack(node: Node): void {
    this.#side.delete(node);
    this.#sideData -= node.block.data.length;
  }

  /** Forgets side branches from their ends on, those that came first, while there is too much. */
  #prune(newest: Node): void {
    const isCrowded = () =>
      this.#side.size > this.chain.length + SPARE_SIDE_BLOCKS ||
      this.#sideData > MAX_SIDE_DATA;
    for (const end of this.#side) {
      let node: Node | undefined = end;
      while (node && isCrowded() && node !== newest && node.children === 0) {
        this.#takeBack(node);
        this.#nodes.delete(node.hash);
        node = node.parent;
        if (node !== undefined) node.children -= 1;
      }
      if (!isCrowded()) return;
    }
  }
}
