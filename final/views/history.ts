import { EventEmitter } from 'node:events';
import type { Block } from '#blocks';
import type { Change } from '#consensus';
import type { Message, Peer } from '#peers';
import { BoundedMap } from '../node/bounded-map.ts';
import type { Node } from '../node/node.ts';

/** How many blocks that came from peers are remembered: the newest. */
const MAX_HEARD = 1_000;

/** Of how many blocks it is remembered where they came from: the newest. */
const MAX_ORIGINS = 1_000;

/** How many arrivals and reorganizations are remembered: the newest. */
const MAX_ARRIVALS = 1_000;
const MAX_REORGANIZATIONS = 100;

/** Of how many blocks that came together the arrival is noted: the last. */
const MAX_NEWS = 100;

/** What changes of the best chain came to in the end. */
export interface Outcome {
  /** When, in milliseconds since the epoch. */
  readonly time: number;
  /** The blocks that left the best chain, oldest first. */
  readonly removed: readonly Block[];
  /** The blocks that joined it, oldest first. */
  readonly added: readonly Block[];
}

/** What a {@link History} reports. */
export interface HistoryEvents {
  /** The best chain is another one now. */
  outcome: [outcome: Outcome];
}

/** A switch of the best chain to another branch. */
interface Reorganization {
  readonly time: number;
  /** How many blocks left the best chain, and the hash of the last of them. */
  readonly removed: number;
  readonly from: string;
  /** How many blocks joined it, and the hash of the last of them. */
  readonly added: number;
  readonly to: string;
}

/** What people call a peer: by its url, by the name that it gives itself, or by its id. */
interface PeerName {
  readonly id: string;
  readonly url: string | null;
  readonly name: string | null;
}

/** Where a block came from: from this node itself, or from the peer that sent it first. */
interface Origin {
  /** When this node made it, or had it from that peer. */
  readonly time: number;
  /** The peer that sent it first; null if this node mined it. */
  readonly from: PeerName | null;
}

interface BlockName {
  readonly hash: string;
  readonly index: number;
}

/**
 * Follows a node and its peers for people: what it shows decides nothing. Of blocks it keeps
 * the names only; the node has the rest.
 */
export class History extends EventEmitter<HistoryEvents> {
  readonly #node: Node;
  readonly #heard = new BoundedMap<string, true>(MAX_HEARD);
  readonly #arrivals = new BoundedMap<string, number>(MAX_ARRIVALS);
  readonly #tips = new Map<string, BlockName>();
  readonly #reorganizations: Reorganization[] = [];
  readonly #origins = new BoundedMap<string, Origin>(MAX_ORIGINS);
  /** The blocks that came last, with who sent them: the tree takes them next, or never. */
  #delivery:
    { readonly from: PeerName; readonly hashes: ReadonlySet<string> } | undefined;
  /** When it began to follow, in milliseconds since the epoch. What was before, it cannot know. */
  readonly since = Date.now();

  /** Begins to follow. It is to be made before the node starts. */
  constructor(node: Node) {
    super();
    this.#node = node;
    node.on('changes', (changes) => this.#changed(changes));
    node.on('mined', ({ hash }) =>
      this.#origins.set(hash, { time: Date.now(), from: null }),
    );
    node.on('taken', (blocks) => {
      for (const block of blocks) {
        if (!node.chain.find(block.hash)) this.#hear(block);
        this.#noteOrigin(block.hash);
      }
    });
    node.on('sent', (peer, message) => this.#sent(peer, message));
    node.network.on('message', (peer, message) => this.#received(peer, message));
    node.network.on('gone', ({ key }) => this.#tips.delete(key));
  }

  /** The connected peers, with the best block of each: the last that it named, or was sent. */
  get peers() {
    return this.#node.network.peers.map((peer) => ({
      id: peer.id,
      url: peer.url ?? null,
      direction: peer.outbound ? ('outbound' as const) : ('inbound' as const),
      tip: nameOf(this.#tips.get(peer.key) ?? peer.hello.tip),
      code: peer.hello.code ?? null,
      name: peer.hello.name ?? null,
    }));
  }

  /** The last reorganizations, oldest first. */
  get reorganizations(): readonly Reorganization[] {
    return this.#reorganizations;
  }

  /** Returns where a block came from; undefined if it was there before, or is long ago. */
  originOf(hash: string): Origin | undefined {
    return this.#origins.get(hash);
  }

  /**
   * Returns the connected peers that have a block, as far as this node knows: those whose best
   * block it is, or one after it on the best chain.
   */
  holdersOf(hash: string): PeerName[] {
    const { chain } = this.#node;
    const index = chain.find(hash)?.index ?? Infinity;
    const has = (tip: BlockName | null) => {
      if (tip === null) return false;
      return tip.hash === hash || (chain.find(tip.hash)?.index ?? -1) >= index;
    };
    return this.#node.network.peers
      .filter((peer) => has(this.#tips.get(peer.key) ?? peer.hello.tip))
      .map(peerName);
  }

  /**
   * Returns the blocks of all branches from an index on, without their data, parents first;
   * with each, when this node took it for its best chain (null if it never did, or long ago), and
   * where it came from, if that is known.
   */
  tree(from: number) {
    const { chain } = this.#node;
    const side = [...this.#heard.keys()].flatMap((hash) => {
      // The tree may have forgotten it.
      const block = chain.find(hash) ? undefined : this.#node.find(hash);
      return block !== undefined && block.index >= from ? block : [];
    });
    return [...chain.slice(from), ...side]
      .sort((a, b) => a.index - b.index)
      .map(({ hash, previousHash, index, timestamp }) => {
        const best = chain.find(hash) !== undefined;
        const arrived = this.#arrivals.get(hash) ?? null;
        const origin = this.originOf(hash);
        const known = { hash, previousHash, index, timestamp, best, arrived };
        return { ...known, ...(origin && { origin }) };
      });
  }

  #received(peer: Peer, message: Message): void {
    if (message.type === 'tip') this.#tips.set(peer.key, message.tip);
    const blocks = blocksOf(message);
    if (blocks.length === 0) return;
    const hashes = new Set(blocks.map(({ hash }) => hash));
    this.#delivery = { from: peerName(peer), hashes };
  }

  /** What the tree takes was sent with the last message, or was kept until its time came. */
  #noteOrigin(hash: string): void {
    if (this.#origins.has(hash) || !this.#delivery?.hashes.has(hash)) return;
    this.#origins.set(hash, { time: Date.now(), from: this.#delivery.from });
  }

  /** A peer that is sent blocks does not say that it has them now. */
  #sent(key: string, message: Message): void {
    const isPush = message.type === 'tip' && message.block !== undefined;
    const block = message.type === 'blocks' ? message.blocks.at(-1) : undefined;
    const tip = isPush ? message.tip : block;
    if (tip !== undefined) this.#tips.set(key, { hash: tip.hash, index: tip.index });
  }

  #changed(changes: readonly Change[]): void {
    const outcome = this.#outcomeOf(changes);
    const { time, removed, added } = outcome;
    for (const block of removed) this.#hear(block);
    for (const { hash } of added.slice(-MAX_NEWS)) this.#arrivals.set(hash, time);
    const [from, to] = [removed.at(-1)?.hash, added.at(-1)?.hash];
    if (from !== undefined && to !== undefined) {
      const counts = { removed: removed.length, added: added.length };
      this.#reorganizations.push({ time, from, to, ...counts });
      if (this.#reorganizations.length > MAX_REORGANIZATIONS)
        this.#reorganizations.shift();
    }
    this.emit('outcome', outcome);
  }

  /** On the way to a better branch, blocks may have come and gone: they do not count. */
  #outcomeOf(changes: readonly Change[]): Outcome {
    const { chain } = this.#node;
    const isOnChain = ({ hash }: Block) => chain.find(hash) !== undefined;
    const removed = new Set(changes.flatMap((change) => change.removed));
    const added = new Set(changes.flatMap((change) => change.added));
    return {
      time: Date.now(),
      removed: [...removed].filter((block) => !added.has(block) && !isOnChain(block)),
      added: [...added].filter((block) => !removed.has(block) && isOnChain(block)),
    };
  }

  #hear({ hash }: Block): void {
    this.#heard.set(hash, true);
  }
}

function blocksOf(message: Message): readonly Block[] {
  if (message.type === 'blocks') return message.blocks;
  return message.type === 'tip' && message.block !== undefined ? [message.block] : [];
}

function peerName({ id, url, hello }: Peer): PeerName {
  return { id, url: url ?? null, name: hello.name ?? null };
}

function nameOf(block: BlockName | null): BlockName | null {
  return block && { hash: block.hash, index: block.index };
}
