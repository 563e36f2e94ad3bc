import { Chain, MAX_DATA_BYTES, brokenRule, type Block } from '#blocks';
import { work } from '#proof-of-work';
import { isBetter } from './fork-choice.ts';
import { textLedger, type Ledger } from './ledger.ts';
import { earliestTime } from './rules.ts';

/** How many blocks off the best chain are kept beyond as many as the chain itself has. */
const SPARE_SIDE_BLOCKS = 1_000;

/** How much data they may hold, as text length: 64 full blocks, which any machine has room for. */
const MAX_SIDE_DATA = 64 * MAX_DATA_BYTES;

/** How many blocks answer one locator at most. */
const MAX_BATCH = 500;

/** After how many blocks the state is kept, of those that were added or asked for last. */
const MAX_STATES = 500;

/** Of the older ones that of each hundredth is kept, and behind 10,000 of each thousandth. */
const MILESTONES = { near: 100, far: 1_000, distance: 10_000 };

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

interface Node<S> {
  readonly block: Block;
  readonly hash: string;
  readonly parent: Node<S> | undefined;
  readonly work: bigint;
  /** How long its data is. */
  readonly size: number;
  children: number;
  /** What is known after it, as long as that is kept. */
  state: S | undefined;
}

/**
 * All valid blocks that a node knows, and the best chain through them: that to the block that
 * {@link isBetter} prefers to all others, whatever the order in which they came.
 *
 * Off the best chain it keeps at most as many blocks as that has and 1,000 more, with data of
 * 64 * 1,048,576 characters, and forgets those first that came first; but never a block that
 * another one follows, nor the one that came last. A forgotten block is new when it comes again.
 */
export class BlockTree<S extends object = object> {
  /** The best chain, from the genesis block on. It is only to be read. */
  readonly chain: Chain;
  readonly #ledger: Ledger<S>;
  readonly #nodes = new Map<string, Node<S>>();
  readonly #side = new Set<Node<S>>();
  #sideData = 0;
  /** Whose state is kept. What was used last comes last. */
  readonly #recent = new Set<Node<S>>();
  #tip: Node<S>;

  /**
   * Starts a tree.
   *
   * @param genesis - the block that all others descend from
   * @param ledger - what the network agrees on; {@link textLedger} unless given
   * @throws Error with the reason if the genesis block breaks a rule
   */
  constructor(genesis: Block, ledger: Ledger<S> = textLedger as Ledger<S>) {
    this.#ledger = ledger;
    const reason = brokenRule(genesis, undefined, ledger.rules);
    if (reason !== undefined) throw new Error(`The genesis block is invalid: ${reason}.`);
    this.chain = new Chain(genesis, []); // the tree has checked its blocks already
    this.#tip = this.#insert(genesis, undefined, ledger.initial);
  }

  /** The work of all blocks of the best chain, with that of the genesis block. */
  get work(): bigint {
    return this.#tip.work;
  }

  /** Returns a block of any branch by its hash, or undefined if the tree does not hold it. */
  get(hash: string): Block | undefined {
    return this.#nodes.get(hash)?.block;
  }

  #insert(block: Block, parent: Node<S> | undefined, state: S): Node<S> {
    const { hash } = block;
    const total = (parent?.work ?? 0n) + work(block.difficulty);
    const size = block.data.length;
    const node = { block, hash, parent, work: total, size, children: 0, state };
    this.#use(node);
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
   * - `invalid`: the ledger does not take it, for the `reason`
   * - `added`, with the `change` of the best chain if that has changed
   */
  add(block: Block, now: number): Added {
    if (this.#nodes.has(block.hash)) return { status: 'known' };
    const parent = this.#nodes.get(block.previousHash);
    if (parent === undefined) return { status: 'orphan' };
    const reason = brokenRule(block, parent.block, this.#ledger.rules);
    if (reason !== undefined) return { status: 'invalid', reason };
    const until = earliestTime(block);
    if (until > now) return { status: 'early', until };
    const state = this.#judge(block, parent);
    if (typeof state === 'string') return { status: 'invalid', reason: state };

    const node = this.#insert(block, parent, state);
    this.#setAside(node);
    if (isBetter(node, this.#tip))
      return { status: 'added', change: this.#switchTo(node) };
    if (this.#isCrowded) this.#prune(node);
    return { status: 'added' };
  }

  #switchTo(node: Node<S>): Change {
    const branch: Node<S>[] = [];
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

  #setAside(node: Node<S>): void {
    this.#side.add(node);
    this.#sideData += node.size;
  }

  #takeBack(node: Node<S>): void {
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
    let node: Node<S> | undefined = this.#nodes.get(start.hash) ?? this.#tip;
    for (let step = 1; node !== undefined; step *= hashes.length < 10 ? 1 : growth) {
      hashes.push(node.hash);
      const index = Math.max(0, node.block.index - Math.floor(step));
      node = node.parent && this.#ancestor(node, index);
    }
    return hashes;
  }

  /** Steps back to the ancestor with this index: block by block off the chain, then at once. */
  #ancestor(node: Node<S>, index: number): Node<S> | undefined {
    let ancestor: Node<S> | undefined = node;
    while (ancestor && ancestor.block.index > index && this.#side.has(ancestor)) {
      ancestor = ancestor.parent;
    }
    if (ancestor === undefined || ancestor.block.index <= index) return ancestor;
    return this.#nodes.get(this.chain.at(index)?.hash ?? '');
  }

  /**
   * How many characters of data an answer to a locator has at most: 1,048,576, unless the ledger
   * says less. A single block may have more.
   */
  get maxBatch(): number {
    return this.#ledger.batch ?? MAX_DATA_BYTES;
  }

  /**
   * Returns the next blocks of the best chain, oldest first: those after the first hash of the
   * locator that is on it, or from the genesis block on if none is. They are at most 500, and have
   * at most {@link maxBatch} characters of data, but are at least one block if there is any.
   *
   * @param share - how much of these two limits to use, as a part of 1; all of it unless given
   */
  after(locator: readonly string[], share = 1): Block[] {
    const shared = locator.map((hash) => this.chain.find(hash)).find((block) => block);
    const start = shared === undefined ? 0 : shared.index + 1;
    const end = start + Math.ceil(MAX_BATCH * share);
    const batch: Block[] = [];
    let room = this.maxBatch * share;
    for (const block of this.chain.slice(start, end)) {
      room -= block.data.length;
      if (room < 0 && batch.length > 0) break;
      batch.push(block);
    }
    return batch;
  }

  /** Forgets side branches from their ends on, those that came first, while there is too much. */
  #prune(newest: Node<S>): void {
    for (const end of this.#side) {
      let node: Node<S> | undefined = end;
      while (node && this.#isCrowded && node !== newest && node.children === 0) {
        this.#takeBack(node);
        this.#nodes.delete(node.hash);
        this.#recent.delete(node);
        node = node.parent;
        if (node !== undefined) node.children -= 1;
      }
      if (!this.#isCrowded) return;
    }
  }

  /** Returns what is known after a block, or why the ledger does not take it. */
  #judge(block: Block, parent: Node<S>): S | string {
    const state = this.#ledger.apply(this.#stateAfter(parent), block, parent.block);
    if (typeof state === 'string') return state;
    return this.#ledger.verify?.(state, block) ?? state;
  }

  /**
   * Returns what is known after a block of any branch, by its hash, or undefined if the tree does
   * not hold it. Most states are let go after a while, and worked out again when they are asked
   * for, from at most 99 blocks before it, or 999 where it is more than 10,000 back.
   */
  stateAt(hash: string): S | undefined {
    const node = this.#nodes.get(hash);
    return node && this.#stateAfter(node);
  }

  /** Whether the state after a block is at hand, so that asking for it costs nothing. */
  hasState(hash: string): boolean {
    return this.#nodes.get(hash)?.state !== undefined;
  }

  /** Returns what is known after a block, which is worked out again where it was let go. */
  #stateAfter(node: Node<S>): S {
    const path: Node<S>[] = [];
    let start = node;
    for (; start.state === undefined && start.parent; start = start.parent)
      path.push(start);
    let state = start.state ?? this.#ledger.initial;
    for (const { block, parent } of path.reverse()) {
      const next = parent && this.#ledger.apply(state, block, parent.block);
      if (typeof next === 'object') state = next; // a block of the tree was taken before
    }
    node.state = state;
    this.#use(node);
    return state;
  }

  /** Notes that a state is of use, and lets go of the one that was of none for longest. */
  #use(node: Node<S>): void {
    if (node.state === this.#ledger.initial) return; // the ledger itself keeps that one
    this.#recent.delete(node);
    this.#recent.add(node);
    if (this.#recent.size <= MAX_STATES) return;
    const [oldest = node] = this.#recent;
    if (oldest === this.#tip) return this.#use(oldest); // that of the tip is always kept
    this.#recent.delete(oldest);
    this.#release(oldest);
  }

  #release(node: Node<S>): void {
    const { near, far, distance } = MILESTONES;
    const { index } = node.block;
    if (index % near !== 0) node.state = undefined;
    else {
      const past = this.#nodes.get(this.chain.at(index - distance)?.hash ?? '');
      if (past && past.block.index % far !== 0) past.state = undefined;
    }
  }
}
