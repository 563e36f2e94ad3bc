import type { Block } from '#blocks';
import type { Change } from '#consensus';
import type { KnownAddress, Message, Peer, PeerNetwork } from '#peers';
import type { Node } from '../node/node.ts';
import { remember } from '../node/bounded-map.ts';

/** How many blocks that came from peers are remembered: the newest. */
const MAX_HEARD = 1_000;

/** How many arrivals and reorganizations are remembered: the newest. */
const MAX_ARRIVALS = 1_000;
const MAX_REORGANIZATIONS = 100;

/** A switch of the best chain to another branch. */
export interface Reorganization {
  /** When it happened, in milliseconds since the epoch. */
  readonly time: number;
  /** How many blocks left the best chain, and the hash of the last of them. */
  readonly removed: number;
  readonly from: string;
  /** How many blocks joined it, and the hash of the last of them. */
  readonly added: number;
  readonly to: string;
}

/** A block of the tree, without its data. */
export interface TreeEntry {
  readonly hash: string;
  readonly previousHash: string;
  readonly index: number;
  readonly timestamp: number;
  /** Whether it is on the best chain. */
  readonly best: boolean;
  /** When this node took it for its best chain; null if it never did, or long ago. */
  readonly arrived: number | null;
}

/** A block, as far as it takes to name it. */
export interface BlockName {
  readonly hash: string;
  readonly index: number;
}

/** A connected peer, and what it said of itself last. */
export interface PeerState {
  readonly id: string;
  readonly url: string | null;
  readonly direction: 'inbound' | 'outbound';
  /** Its best block: the last that it named, or was sent. */
  readonly tip: BlockName | null;
  /** Whose code it runs, where it says so. */
  readonly code: string | null;
}

/** Watches a node and its peers for people: what it shows decides nothing. */
export class Watch {
  readonly #node: Node;
  readonly #network: PeerNetwork;
  readonly #heard = new Map<string, Block>();
  readonly #arrivals = new Map<string, number>();
  readonly #tips = new Map<string, BlockName>();
  readonly #reorganizations: Reorganization[] = [];

  /** Begins to watch. It is to be made before the node starts. */
  constructor(node: Node, network: PeerNetwork) {
    this.#node = node;
    this.#network = network;
    node.on('changes', (changes) => this.#changed(changes));
    node.on('sent', (peer, message) => this.#sent(peer, message));
    network.on('message', (peer, message) => this.#received(peer, message));
    network.on('gone', ({ key }) => this.#tips.delete(key));
  }

  /** The connected peers. */
  get peers(): PeerState[] {
    return this.#network.peers.map((peer) => ({
      id: peer.id,
      url: peer.url ?? null,
      direction: peer.outbound ? 'outbound' : 'inbound',
      tip: nameOf(this.#tips.get(peer.key) ?? peer.hello.tip),
      code: peer.hello.code ?? null,
    }));
  }

  /** The urls that the node has heard of. */
  get addresses(): readonly KnownAddress[] {
    return this.#network.addresses;
  }

  /** The last reorganizations, oldest first. */
  get reorganizations(): readonly Reorganization[] {
    return this.#reorganizations;
  }

  /** Returns the blocks of all branches from an index on, parents first. */
  tree(from: number): TreeEntry[] {
    const { chain } = this.#node;
    const side = [...this.#heard.values()].filter(({ hash, index }) => {
      // What came from a peer counts only if the node took it.
      return index >= from && !chain.find(hash) && this.#node.find(hash);
    });
    return [...chain.slice(from), ...side]
      .sort((a, b) => a.index - b.index)
      .map(({ hash, previousHash, index, timestamp }) => {
        const best = chain.find(hash) !== undefined;
        const arrived = this.#arrivals.get(hash) ?? null;
        return { hash, previousHash, index, timestamp, best, arrived };
      });
  }

  #received({ key }: Peer, message: Message): void {
    if (message.type === 'tip') this.#tips.set(key, message.tip);
    if (message.type === 'tip' && message.block) this.#hear(message.block);
    if (message.type === 'blocks') message.blocks.forEach((block) => this.#hear(block));
  }

  /** A peer that is sent blocks does not say that it has them now. */
  #sent(peer: string, message: Message): void {
    const isPush = message.type === 'tip' && message.block !== undefined;
    const block = message.type === 'blocks' ? message.blocks.at(-1) : undefined;
    const tip = isPush ? message.tip : block;
    if (tip !== undefined) this.#tips.set(peer, { hash: tip.hash, index: tip.index });
  }

  #changed(changes: readonly Change[]): void {
    const time = Date.now();
    const removed = new Set(changes.flatMap((change) => change.removed));
    const added = new Set(changes.flatMap((change) => change.added));
    for (const block of removed) this.#hear(block);
    for (const { hash } of added) remember(this.#arrivals, hash, time, MAX_ARRIVALS);
    // On the way to a better branch, blocks may have come and gone.
    const isOnChain = ({ hash }: Block) => this.#node.chain.find(hash) !== undefined;
    const lost = [...removed].filter((block) => !isOnChain(block));
    const gained = [...added].filter(isOnChain);
    const [from, to] = [lost.at(-1)?.hash, gained.at(-1)?.hash];
    if (from === undefined || to === undefined) return;
    const counts = { removed: lost.length, added: gained.length };
    this.#reorganizations.push({ time, from, to, ...counts });
    if (this.#reorganizations.length > MAX_REORGANIZATIONS) this.#reorganizations.shift();
  }

  #hear(block: Block): void {
    remember(this.#heard, block.hash, block, MAX_HEARD);
  }
}

function nameOf(block: BlockName | null): BlockName | null {
  return block && { hash: block.hash, index: block.index };
}
