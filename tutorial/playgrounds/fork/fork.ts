import { genesisBlock, hashBlock, nextBlock, type Block } from '#blocks';
import { Sync, type Change, type Effects } from '#consensus';
import { leadingZeroBits } from '#proof-of-work';
import type { Hello, Message } from '#peers';
import type { Link } from '../../../final/explorer/components/graph.ts';
import { Network, type Packet } from '../shared/network.ts';
import { links as startLinks, names, sideOf, type Side } from '../shared/peers.ts';
import { randomSource } from '../shared/random.ts';
import { Timeline } from '../shared/timeline.ts';
import { count, list } from '../../../final/explorer/components/words.ts';

/** Few bits: how long a block takes is drawn here, so that the page shows it at any speed. */
const DIFFICULTY = 6;

/** How long the whole network takes for a block on average, in milliseconds. */
export const BLOCK_INTERVAL = 3_000;

/** A greeting as far as `#consensus` reads it, or one of its messages. */
type Wire =
  ({ readonly type: 'hello' } & Pick<Hello, 'genesis' | 'tip'>) | Exclude<Message, Hello>;

/** A block that was mined here, and by whom. */
export interface Mined {
  readonly block: Block;
  readonly miner: string | undefined;
}

/** A reorganization: who changed to another branch at the cost of which blocks. */
export interface Reorganization {
  readonly at: number;
  readonly nodes: readonly string[];
  readonly removed: readonly Block[];
  readonly added: readonly Block[];
}

/** What can be done in the network. */
export type Action =
  | { readonly kind: 'mine'; readonly by: string; readonly data?: string }
  /** The nodes mine by themselves, with luck that follows from the seed. */
  | { readonly kind: 'start'; readonly seed: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'part' }
  | { readonly kind: 'heal' }
  | { readonly kind: 'join'; readonly a: string; readonly b: string }
  | { readonly kind: 'cut'; readonly a: string; readonly b: string }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The left half's share of the hash rate, in percent. */
  | { readonly kind: 'share'; readonly percent: number };

/** Settings that may change while the network runs. */
export interface Settings {
  /** How long a message takes over each link, in milliseconds. */
  delay: number;
  /** The left half's share of the hash rate, from 0 to 1. */
  leftShare: number;
}

/** Ten nodes, each with the `Sync` of step 6, in a network that can be cut and healed. */
export class ForkWorld {
  readonly time = new Timeline(Date.UTC(2027, 0, 1));
  readonly network = new Network<Wire>(this.time, (packet) => this.#receive(packet));
  readonly settings: Settings = { delay: 200, leftShare: 0.5 };
  #random: () => number;
  readonly #nodes: ReadonlyMap<string, Sync>;
  readonly #mined: Mined[] = [];
  readonly #reorganizations: Reorganization[] = [];
  #bridges: readonly Link[] = [];
  #stopMining: (() => void) | undefined;
  #changes = 0;

  /** Makes the network with its genesis block. */
  constructor(links: readonly Link[], random: () => number = Math.random) {
    this.#random = random;
    const genesis = solve(genesisBlock({ timestamp: this.#now, difficulty: DIFFICULTY }));
    this.#mined.push({ block: genesis, miner: undefined });
    this.#nodes = new Map(names.map((name) => [name, new Sync(genesis)]));
    for (const { a, b } of links) this.connect(a, b);
    this.#tick();
    this.time.advance(2 * this.settings.delay);
  }

  /** Does what can be done. */
  act(action: Action): void {
    switch (action.kind) {
      case 'mine':
        this.mineAt(action.by, action.data);
        break;
      case 'start':
        this.#random = randomSource(action.seed);
        this.startMining();
        break;
      case 'stop':
        this.stopMining();
        break;
      case 'part':
        this.part();
        break;
      case 'heal':
        this.heal();
        break;
      case 'join':
        this.connect(action.a, action.b);
        break;
      case 'cut':
        this.cut(action.a, action.b);
        break;
      case 'delay':
        this.setDelay(action.milliseconds);
        break;
      case 'share':
        this.settings.leftShare = action.percent / 100;
        break;
    }
  }

  /** Whether the halves were parted and not yet healed. */
  get isParted(): boolean {
    return this.#bridges.length > 0;
  }

  /** A number that is another one when any node's chain, or the list of blocks, is. */
  get version(): number {
    return this.#changes;
  }

  /** All blocks, in the order in which they were mined. */
  get mined(): readonly Mined[] {
    return this.#mined;
  }

  /** What was reorganized, newest last. */
  get reorganizations(): readonly Reorganization[] {
    return this.#reorganizations;
  }

  /** Whether the nodes mine by themselves. */
  get isMining(): boolean {
    return this.#stopMining !== undefined;
  }

  /** The best chain of a node. */
  chainOf(name: string): Block[] {
    return this.#node(name).tree?.chain.slice() ?? [];
  }

  /** The last block of a node's best chain. */
  tipOf(name: string): Block {
    const tip = this.#node(name).tree?.chain.tip;
    if (tip === undefined) throw new Error(`${name} has no chain.`);
    return tip;
  }

  /** How many nodes have a block on their best chain. */
  holders(hash: string): number {
    return names.filter((name) => this.#node(name).tree?.chain.find(hash)).length;
  }

  /** The nodes by the tip that they have, the largest group first. */
  tips(): { readonly tip: Block; readonly nodes: readonly string[] }[] {
    const tips = new Map(names.map((name) => [this.tipOf(name).hash, this.tipOf(name)]));
    const groups = Array.from(tips.values(), (tip) => ({
      tip,
      nodes: names.filter((name) => this.tipOf(name).hash === tip.hash),
    }));
    return groups.sort((a, b) => b.nodes.length - a.nodes.length);
  }

  /** Connects two nodes: each sends the other its hello. */
  connect(one: string, other: string): void {
    if (this.network.link(one, other)) return;
    this.network.connect(one, other, this.settings.delay);
    for (const [from, to] of [[one, other] as const, [other, one] as const]) {
      const { tree, tip } = this.#node(from);
      const genesis = tree?.chain.at(0)?.hash ?? null;
      this.network.send(from, to, { type: 'hello', genesis, tip });
    }
  }

  /** Cuts the link between two nodes. */
  cut(one: string, other: string): void {
    if (!this.network.link(one, other)) return;
    this.network.cut(one, other);
    this.#apply(one, this.#node(one).disconnected(other));
    this.#apply(other, this.#node(other).disconnected(one));
  }

  /** Cuts every link between the two halves, and returns those links. */
  part(): readonly Link[] {
    const bridges = this.network.links.filter(({ a, b }) => sideOf(a) !== sideOf(b));
    for (const { a, b } of bridges) this.cut(a, b);
    this.#bridges = [...this.#bridges, ...bridges];
    return bridges;
  }

  /** Connects the halves again, by the links that were between them. */
  heal(): void {
    for (const { a, b } of this.#bridges) this.connect(a, b);
    this.#bridges = [];
  }

  /** Gives all links another delay; messages on their way keep theirs. */
  setDelay(delay: number): void {
    this.settings.delay = delay;
    for (const { a, b } of this.network.links) this.network.connect(a, b, delay);
  }

  /** Lets a node find a block now. */
  mineAt(name: string, data?: string): Block {
    const text = data ?? `${name}’s block ${this.#mined.length}`;
    const block = solve(nextBlock(this.tipOf(name), text, this.#now));
    this.#mined.push({ block, miner: name });
    this.#changes += 1;
    this.#apply(name, this.#node(name).mined(block, this.#now));
    return block;
  }

  /** Lets the nodes find blocks by themselves, at random times, by their hash rate. */
  startMining(): void {
    if (this.isMining) return;
    const wait = -Math.log(1 - this.#random()) * BLOCK_INTERVAL;
    this.#stopMining = this.time.later(wait, () => {
      this.#stopMining = undefined;
      this.mineAt(this.#luckyNode());
      this.startMining();
    });
  }

  /** Ends the mining. */
  stopMining(): void {
    this.#stopMining?.();
    this.#stopMining = undefined;
  }

  /** The nodes' clock, in whole milliseconds. */
  get #now(): number {
    return Math.floor(this.time.now);
  }

  #luckyNode(): string {
    const side: Side = this.#random() < this.settings.leftShare ? 'left' : 'right';
    const half = names.filter((name) => sideOf(name) === side);
    return half[Math.floor(this.#random() * half.length)] ?? '';
  }

  #node(name: string): Sync {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`There is no node ${name}.`);
    return node;
  }

  #tick(): void {
    for (const [name, sync] of this.#nodes) this.#apply(name, sync.tick());
    this.time.later(1_000, () => this.#tick());
  }

  #receive({ from, to, message }: Packet<Wire>): void {
    const sync = this.#node(to);
    const effects =
      message.type === 'hello'
        ? sync.connected(from, message)
        : sync.received(from, message, this.#now);
    this.#apply(to, effects);
  }

  #apply(name: string, { send, changes, refuse }: Effects): void {
    this.#changes += changes.length;
    this.#note(name, inOne(changes));
    for (const { to, message } of send) {
      if (message.type !== 'hello') this.network.send(name, to, message);
    }
    for (const { peer } of refuse) this.cut(name, peer);
  }

  /** Notes a reorganization, together with the same one in other nodes. */
  #note(name: string, { removed, added }: Change): void {
    if (removed.length === 0) return;
    const hashes = (blocks: readonly Block[]) => blocks.map(({ hash }) => hash).join();
    const i = this.#reorganizations.findIndex(
      (other) =>
        hashes(other.removed) === hashes(removed) &&
        hashes(other.added) === hashes(added),
    );
    const before = this.#reorganizations[i];
    if (before === undefined) {
      this.#reorganizations.push({ at: this.#now, nodes: [name], removed, added });
    } else if (!before.nodes.includes(name)) {
      this.#reorganizations[i] = { ...before, nodes: [...before.nodes, name] };
    }
  }
}

/** Takes several changes of a chain, one after the other, as a single one. */
function inOne(changes: readonly Change[]): Change {
  let removed: readonly Block[] = [];
  let added: readonly Block[] = [];
  for (const change of changes) {
    const older = without(change.removed, added);
    const kept = without(added, change.removed);
    removed = [...older, ...removed];
    added = [...kept, ...change.added];
  }
  return { removed, added };
}

/** Returns the blocks that are not among others, by their hashes. */
function without(blocks: readonly Block[], others: readonly Block[]): Block[] {
  const hashes = new Set(others.map(({ hash }) => hash));
  return blocks.filter(({ hash }) => !hashes.has(hash));
}

/** Says a reorganization in words, and why it came to it. */
export function inWords({ nodes, removed, added }: Reorganization): string {
  const what = `${list(nodes)}: ${count(removed.length, 'block')} gave way to ${added.length}`;
  return isTie(removed, added) ? `${what}: ${tieInWords(removed, added)}.` : `${what}.`;
}

function isTie(removed: readonly Block[], added: readonly Block[]): boolean {
  return removed.length === added.length;
}

/** As much work on both sides: then the smaller hash counts, which is luck. */
function tieInWords(removed: readonly Block[], added: readonly Block[]): string {
  const [lost = '', won = ''] = [removed, added].map((blocks) =>
    blocks.at(-1)?.hash.slice(0, 4),
  );
  return `a tie, and ${won} is a smaller hash than ${lost}`;
}

/** Why a block is on nobody's chain. */
export interface Loss {
  readonly block: Block;
  readonly miner: string;
  readonly why: string;
}

/** Returns the blocks that are on nobody's chain any more, newest first, and why. */
export function losses(world: ForkWorld): Loss[] {
  return world.mined
    .flatMap(({ block, miner }) => {
      if (miner === undefined || world.holders(block.hash) > 0) return [];
      const { hash } = block;
      const event = world.reorganizations.findLast(({ removed }) =>
        removed.some((one) => one.hash === hash),
      );
      return event ? [{ block, miner, why: whyLost(event) }] : [];
    })
    .reverse();
}

function whyLost({ removed, added }: Reorganization): string {
  if (isTie(removed, added)) {
    return `${count(added.length, 'block')} against ${removed.length}: ${tieInWords(removed, added)}`;
  }
  return `the branch with ${count(added.length, 'block')} has more work than the one with ${removed.length}`;
}

/** Whether somebody's chain of so many blocks has lost against another. */
export function hasLost(world: ForkWorld, length: number): boolean {
  return world.reorganizations.some(({ removed }) => removed.length >= length);
}

/** Makes the network as it is at the start. */
export function newForkWorld(): ForkWorld {
  return new ForkWorld(startLinks);
}

/** Tries nonces until the hash has its zero bits, as `mine` of step 3 does, but at once. */
function solve(block: Block): Block {
  for (let nonce = 0; ; nonce += 1) {
    const hash = hashBlock({ ...block, nonce });
    if (leadingZeroBits(hash) >= block.difficulty) return { ...block, nonce, hash };
  }
}
