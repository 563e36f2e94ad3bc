import { EventEmitter } from 'node:events';
import type { Block } from '#blocks';
import { BoundedMap } from '../node/bounded-map.ts';
import { beginningOf } from '../terminal/escapes.ts';
import {
  after,
  chainOf,
  continued,
  isOf,
  sidesOf,
  type Happening,
  type Pair,
  type Scene,
  type SceneNode,
  type Story,
  type StoryBlock,
  type StoryEvent,
} from './story.ts';

/** How many characters of a block's data a story holds. */
const MAX_DATA = 200;

/** How many blocks, and ways of blocks to nodes, are remembered: the newest. */
const MAX_BLOCKS = 2_000;
const MAX_WAYS = 10_000;

/** How many blocks a node may be found to have gained at once, before it says so itself. */
const MAX_AHEAD = 20;

/** A change of a node's best chain, as the node tells it: the newest blocks by their hashes. */
export interface Move {
  readonly tip: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** How many blocks went and came, named or not. */
  readonly counts: { readonly removed: number; readonly added: number };
}

/** A block before it is known who mined it. */
type Brief = Omit<StoryBlock, 'miner'>;

/** What a recorder reports. */
interface RecorderEvents {
  event: [event: StoryEvent];
}

/**
 * Makes a story of what nodes say and what passes through links. They speak over connections of
 * their own, so the news come in any order: what a node sends shows what it has before it says so.
 */
export class Recorder extends EventEmitter<RecorderEvents> {
  readonly #knowsAll: (node: string) => boolean;
  readonly #now: () => number;
  readonly #brief: (data: string) => string;
  readonly #known = new BoundedMap<string, Brief>(MAX_BLOCKS);
  readonly #told = new BoundedMap<string, StoryBlock>(MAX_BLOCKS);
  /** From whom a node first heard of a block. */
  readonly #ways = new BoundedMap<string, string>(MAX_WAYS);
  #story: Story;
  #scene: Scene;
  /** The tip that all had when it was last told; null since they differ. */
  #agreed: string | null = null;

  /**
   * Begins a story.
   *
   * @param base - the network before anything happens
   * @param knowsAll - whether blocks reach a node through the links only: then what no link
   *   brought, it has mined
   * @param brief - what to tell of what a block carries; that itself unless given
   */
  constructor(
    base: Scene,
    knowsAll: (node: string) => boolean = () => true,
    now: () => number = Date.now,
    brief: (data: string) => string = (data) => data,
  ) {
    super();
    this.#brief = brief;
    this.#story = { base, events: [], dropped: 0 };
    this.#scene = base;
    this.#knowsAll = knowsAll;
    this.#now = now;
  }

  /** What has happened so far. */
  get story(): Story {
    return this.#story;
  }

  /** How the network is. */
  get scene(): Scene {
    return this.#scene;
  }

  /** Returns those of these blocks that it has not seen yet. */
  unknown(hashes: readonly string[]): string[] {
    return hashes.filter((hash) => !this.#known.has(hash));
  }

  /** Takes note of what blocks hold. */
  learn(blocks: readonly Block[]): void {
    for (const block of blocks)
      this.#known.set(block.hash, inBrief({ ...block, data: this.#brief(block.data) }));
  }

  /** Blocks went from one node to another; the last is on the sender's best chain. */
  passed(from: string, to: string, blocks: readonly Block[]): void {
    this.learn(blocks);
    for (const { hash } of blocks) {
      const way = `${to} ${hash}`;
      if (!this.#ways.has(way)) this.#ways.set(way, from);
    }
    const last = blocks.at(-1)?.hash;
    if (last !== undefined) this.#foundWith(from, last);
  }

  /** A node says that its best chain changed. */
  moved(name: string, move: Move): void {
    const node = this.#node(name);
    if (node?.tip === move.tip || this.#chainHas(node, move.tip)) return;
    const { tip, removed, added, counts } = move;
    const from = this.#from(name, added);
    const isMined = from === null && counts.added === 1 && this.#knowsAll(name);
    if (counts.removed > 0) {
      const about = { node: name, from, removed, added, counts, tip };
      this.#record({ kind: 'gave way', ...about }, added);
    } else if (isMined) this.#record({ kind: 'mined', node: name, tip }, added, name);
    else {
      this.#record({ kind: 'heard', node: name, from, count: counts.added, tip }, added);
    }
  }

  /** A node says which chain it has: its last blocks, oldest first. Nobody may have followed it. */
  has(name: string, chain: readonly Block[]): void {
    this.learn(chain);
    const tip = chain.at(-1);
    const node = this.#node(name);
    if (tip === undefined || node === undefined) return;
    const before = chainOf(this.#told, node.tip);
    const own = new Set(before.map(({ hash }) => hash));
    const named = new Set(chain.map(({ hash }) => hash));
    const added = chain.filter(({ hash }) => !own.has(hash));
    const fork = chain.findLast(({ hash }) => own.has(hash));
    const since = fork?.index ?? before[0]?.index ?? -1;
    const removed = before.filter(({ hash, index }) => index > since && !named.has(hash));
    const gone = removed.reverse();
    this.moved(name, {
      tip: tip.hash,
      removed: hashesOf(gone),
      added: hashesOf(added),
      counts: { removed: gone.length, added: tip.index - since },
    });
  }

  /**
   * A node runs.
   *
   * @param chain - its last blocks, oldest first: they count as what it had when it started, but
   *   for those that a link has brought
   */
  started(name: string, chain: readonly Block[]): void {
    this.learn(chain);
    const before = this.#node(name)?.tip ?? null;
    const own = chain.filter(({ hash }) => this.#from(name, [hash]) === null);
    const tip = before ?? own.at(-1)?.hash ?? null;
    this.#record({ kind: 'started', node: name, tip }, before ? [] : hashesOf(own));
    this.has(name, chain);
  }

  /** A node has ended, has stopped answering, or answers again. */
  turned(node: string, kind: 'stopped' | 'silent' | 'back'): void {
    this.#record({ kind, node });
  }

  /** A node says that it has mined the data of a lost block again. */
  again(node: string, was: string, block: Block): void {
    this.learn([block]);
    this.#record({ kind: 'again', node, was, hash: block.hash });
  }

  /** Somebody paid, or it is known what has become of a payment. */
  paid(happening: Extract<Happening, { payer: string }>): void {
    this.#record(happening);
  }

  /** Links are cut, or whole again; those that were so already are left out. */
  linked(pairs: readonly Pair[], whole: boolean): void {
    const links = pairs.filter(
      (pair) =>
        this.#scene.links.find(({ from, to }) => isOf(pair, from, to))?.whole !== whole,
    );
    if (links.length === 0) return;
    const happening = { kind: whole ? ('healed' as const) : ('cut' as const), links };
    const outcome = after(this.#scene, { ...happening, sides: [], ...this.#stamp([]) });
    this.#record({ ...happening, sides: sidesOf(outcome) });
  }

  /** What a node sends it has, though it may not have said so yet. */
  #foundWith(name: string, hash: string): void {
    const node = this.#node(name);
    if (node?.state !== 'running' || node.tip === null) return;
    const path: string[] = [];
    let block = this.#known.get(hash);
    while (block !== undefined && block.hash !== node.tip && path.length < MAX_AHEAD) {
      path.unshift(block.hash);
      block = this.#known.get(block.previousHash);
    }
    if (block?.hash !== node.tip) return;
    for (const tip of path) {
      const counts = { removed: 0, added: 1 };
      this.moved(name, { tip, removed: [], added: [tip], counts });
    }
  }

  #node(name: string): SceneNode | undefined {
    return this.#scene.nodes.find((node) => node.name === name);
  }

  #chainHas(node: SceneNode | undefined, hash: string): boolean {
    return chainOf(this.#told, node?.tip ?? null).some((block) => block.hash === hash);
  }

  /** Who sent a node the last of these blocks that came through a link. */
  #from(name: string, hashes: readonly string[]): string | null {
    const brought = hashes.findLast((hash) => this.#ways.has(`${name} ${hash}`));
    return this.#ways.get(`${name} ${brought}`) ?? null;
  }

  /** The blocks before a tip that became known only after their event was told. */
  #untold(tip: string | null): string[] {
    const hashes: string[] = [];
    let block = this.#known.get(this.#known.get(tip ?? '')?.previousHash ?? '');
    while (
      block !== undefined &&
      !this.#told.has(block.hash) &&
      hashes.length < MAX_AHEAD
    ) {
      hashes.unshift(block.hash);
      block = this.#known.get(block.previousHash);
    }
    return hashes;
  }

  #stamp(blocks: readonly StoryBlock[]) {
    const id = this.#story.dropped + this.#story.events.length + 1;
    return { id, time: this.#now(), blocks };
  }

  #record(happening: Happening, hashes: readonly string[] = [], miner?: string): void {
    const tip = 'tip' in happening ? happening.tip : null;
    const blocks = [...this.#untold(tip), ...hashes].flatMap((hash) => {
      const block = this.#known.get(hash);
      if (block === undefined || this.#told.has(hash)) return [];
      const told = { ...block, miner: hashes.includes(hash) ? (miner ?? null) : null };
      this.#told.set(hash, told);
      return told;
    });
    const event = { ...happening, ...this.#stamp(blocks) };
    this.#story = continued(this.#story, [event]);
    const scene = after(this.#scene, event);
    this.#scene = { ...scene, blocks: scene.blocks.slice(-MAX_BLOCKS) };
    this.emit('event', event);
    if (event.kind !== 'agreed') this.#compare();
  }

  /** Tells when all that run agree, once for each tip, and not before all have begun. */
  #compare(): void {
    const { nodes } = this.#scene;
    const running = nodes.filter(({ state }) => state === 'running');
    const tips = new Set(running.map(({ tip }) => tip));
    const [tip = null] = tips;
    if (tips.size > 1) this.#agreed = null;
    if (tips.size !== 1 || running.length < 2 || tip === this.#agreed) return;
    if (tip === null || nodes.some((node) => node.tip === null)) return;
    this.#agreed = tip;
    this.#record({ kind: 'agreed', nodes: running.map(({ name }) => name), tip });
  }
}

const hashesOf = (blocks: readonly { readonly hash: string }[]) =>
  blocks.map(({ hash }) => hash);

function inBrief({ hash, previousHash, index, timestamp, data }: Block): Brief {
  const beginning = beginningOf(data, MAX_DATA);
  const isWhole = beginning.length === data.length;
  return {
    hash,
    previousHash,
    index,
    timestamp,
    data: isWhole ? data : `${beginning}…`,
  };
}
