import { Chain, brokenRule, type Block } from '#blocks';
import { work } from '#proof-of-work';
import { isBetter, type Candidate } from './duel.ts';
import { textLedger, type Ledger } from './accord.ts';
import { earliestTime } from './index.ts';

const MIB = 1_048_576;

export interface Change {
  readonly removed: readonly Block[];
  readonly added: readonly Block[];
}

export type Added =
  | { readonly status: 'added'; readonly change?: Change }
  | { readonly status: 'known' }
  | { readonly status: 'orphan' }
  | { readonly status: 'early'; readonly until: number }
  | { readonly status: 'invalid'; readonly reason: string };

/** A leaf or a fork of the woods. */
interface Twig extends Candidate {
  readonly block: Block;
  /** How many held blocks stand on it. */
  burden: number;
  /** When it left the trunk, or came beside it; 0 if it is of the trunk. */
  strayed: number;
}

export class BlockTree<S extends object = object> {
  readonly chain: Chain;
  private readonly rootState: S;
  private readonly fruits = new Map<string, S>();
  private readonly ripe = new Set<string>();
  private twigs = new Map<string, Twig>();
  private strays: Twig[] = [];
  private strayText = 0;
  private moment = 0;

  private readonly ledger: Ledger<S>;

  constructor(genesis: Block, ledger: Ledger<S> = textLedger as Ledger<S>) {
    this.ledger = ledger;
    const wrong = brokenRule(genesis, undefined, ledger.rules);
    if (wrong !== undefined) throw new Error(`No genesis block: ${wrong}`);
    this.chain = new Chain(genesis, []);
    this.plant(genesis, work(genesis.difficulty));
    this.rootState = ledger.initial;
  }

  get maxBatch(): number {
    return this.ledger.batch ?? MIB;
  }

  hasState(hash: string): boolean {
    const block = this.get(hash);
    return block !== undefined && (block.index === 0 || this.fruits.has(hash));
  }

  stateAt(hash: string): S | undefined {
    const block = this.get(hash);
    if (block === undefined) return undefined;
    const path: Block[] = [];
    let at = block;
    for (; !this.hasState(at.hash); at = this.lowerStray(at)) path.unshift(at);
    let state = this.fruits.get(at.hash) ?? this.rootState;
    for (const step of path) {
      const next = this.ledger.apply(state, step, at);
      if (typeof next === 'string') throw new Error('What was taken is refused now.');
      [state, at] = [next, step];
    }
    this.ripe.delete(hash);
    if (block.index > 0) this.hang(hash, state);
    return state;
  }

  /** Keeps a state, and lets fall one that nobody touched for long; one in eighty stays. */
  private hang(hash: string, state: S): void {
    this.fruits.set(hash, state);
    const index = this.get(hash)?.index ?? 1;
    if (index % 80 !== 0) this.ripe.add(hash);
    for (const old of this.ripe) {
      if (this.ripe.size <= 520) return;
      if (old === this.chain.tip.hash) continue;
      this.ripe.delete(old);
      this.fruits.delete(old);
    }
  }

  get work(): bigint {
    return this.top().work;
  }

  get(hash: string): Block | undefined {
    const twig = this.twigs.get(hash);
    return twig === undefined ? undefined : twig.block;
  }

  add(block: Block, now: number): Added {
    if (this.get(block.hash) !== undefined) return { status: 'known' };
    const below = this.twigs.get(block.previousHash);
    if (below === undefined) return { status: 'orphan' };
    const reason = brokenRule(block, below.block, this.ledger.rules);
    if (reason !== undefined) return { status: 'invalid', reason };
    const until = earliestTime(block);
    if (now < until) return { status: 'early', until };
    const before = this.stateAt(below.hash) ?? this.rootState;
    const state = this.ledger.apply(before, block, below.block);
    const wrong = typeof state === 'string' ? state : this.ledger.verify?.(state, block);
    if (typeof state === 'string' || wrong !== undefined)
      return { status: 'invalid', reason: wrong ?? '' };

    const top = this.top();
    const twig = this.plant(block, below.work + work(block.difficulty));
    this.hang(block.hash, state);
    below.burden += 1;
    if (isBetter(twig, top)) return { status: 'added', change: this.regrow(twig) };
    this.stray(twig);
    this.clearWood(twig);
    return { status: 'added' };
  }

  locator(start?: Block): string[] {
    let at = start && this.get(start.hash);
    at ??= this.chain.tip;
    const hashes = [at.hash];
    let stride = 1;
    while (at.index > 0) {
      const goal: number = Math.max(at.index - stride, 0);
      while (at.index > goal) at = this.lower(at, goal);
      hashes.push(at.hash);
      if (hashes.length > 9) stride *= 2;
    }
    return hashes;
  }

  after(locator: readonly string[], share = 1): Block[] {
    const known = locator.filter((hash) => this.chain.find(hash) !== undefined);
    const from = known.length === 0 ? 0 : this.indexOf(known[0] ?? '') + 1;
    const wanted = this.chain.slice(from, from + Math.ceil(share * 500));
    let length = 0;
    const end = wanted.findIndex(({ data }, i) => {
      length += data.length;
      return i > 0 && length > share * this.maxBatch;
    });
    return end === -1 ? [...wanted] : wanted.slice(0, end);
  }

  private indexOf(hash: string): number {
    return this.chain.find(hash)?.index ?? -1;
  }

  /** The block below, or that of the goal at once where the trunk leads there. */
  private lower(block: Block, goal: number): Block {
    const isTrunk = this.twigs.get(block.hash)?.strayed === 0;
    const next = isTrunk ? this.chain.at(goal) : this.get(block.previousHash);
    if (next === undefined) throw new Error('A block hangs in the air.');
    return next;
  }

  private top(): Twig {
    const twig = this.twigs.get(this.chain.tip.hash);
    if (twig === undefined) throw new Error('The trunk has no top.');
    return twig;
  }

  private plant(block: Block, total: bigint): Twig {
    const twig = { block, hash: block.hash, work: total, burden: 0, strayed: 0 };
    this.twigs.set(block.hash, twig);
    return twig;
  }

  private stray(twig: Twig): void {
    twig.strayed = this.moment += 1;
    this.strays.push(twig);
    this.strayText += twig.block.data.length;
  }

  private regrow(twig: Twig): Change {
    const added: Block[] = [];
    let at: Block = twig.block;
    for (; this.indexOf(at.hash) === -1; at = this.lowerStray(at)) added.push(at);
    const removed = this.chain.rewind(at.index);
    for (const block of added.reverse()) {
      this.chain.append(block);
      const own = this.twigs.get(block.hash);
      if (own === undefined || own.strayed === 0) continue;
      own.strayed = 0;
      this.strayText -= block.data.length;
    }
    if (added.length > 1) this.strays = this.strays.filter(({ strayed }) => strayed > 0);
    for (const block of removed) {
      const own = this.twigs.get(block.hash);
      if (own) this.stray(own);
    }
    return { removed, added };
  }

  private lowerStray({ previousHash }: Block): Block {
    const next = this.get(previousHash);
    if (next === undefined) throw new Error('A branch has no root.');
    return next;
  }

  private clearWood(fresh: Twig): void {
    const excess = () => {
      const count = this.strays.length - this.chain.length - 1_000;
      return count > 0 || this.strayText > 64 * MIB;
    };
    for (let place = 0; excess() && place < this.strays.length;) {
      const twig = this.strays[place];
      if (twig === undefined || twig === fresh || twig.burden > 0) {
        place += 1;
        continue;
      }
      this.strays.splice(place, 1);
      this.twigs.delete(twig.hash);
      this.fruits.delete(twig.hash);
      this.ripe.delete(twig.hash);
      this.strayText -= twig.block.data.length;
      const below = this.twigs.get(twig.block.previousHash);
      if (below) below.burden -= 1;
      place = 0; // what it stood on may be bare now
    }
  }
}
