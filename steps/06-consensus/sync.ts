import { brokenRule, type Block } from '#blocks';
import type { Hello, Message, Tip } from '#peers';
import { isBetter, type Candidate } from './fork-choice.ts';
import { textLedger, type Ledger } from './ledger.ts';
import { earliestTime } from './rules.ts';
import { BlockTree, type Added, type Change } from './tree.ts';

// How long things take is counted in ticks of a second: a clock may be set while a node runs.

/** How long only those are waited for that were asked; then more are asked as well. */
const PATIENCE = 2;

/** How many are asked then for each that did not answer. */
const MORE = 4;

/** After how long a peer is parted from that owes an answer: time for a slow line. */
const MAX_SILENCE = 120;

/** How long at most a peer with a block of the future is left in peace. */
const MAX_REST = 60;

/** How often all peers are told the tip again, should a message be lost. */
const REPEAT = 60;

/** How often a peer may send blocks that are of no use, or that nobody asked for. */
const MAX_FAILURES = 3;

/** What is thought of a newcomer: it is less quick than who answers in time. */
const NEWCOMER = {
  hope: 0,
  patience: PATIENCE,
  pace: 0.5,
  share: 1 / 64,
  notBefore: 0,
  failures: 0,
};

/** A message, and the id of the peer to send it to. */
export interface Outgoing {
  /** The id of the peer. */
  readonly to: string;
  /** What to send. */
  readonly message: Message;
}

/** A peer to part from. */
export interface Refusal {
  /** The id of the peer. */
  readonly peer: string;
  /** Why. */
  readonly reason: string;
}

/** What is to be done after an event. */
export interface Effects {
  /** Messages to send, in this order, to peers that are connected and not refused. */
  readonly send: readonly Outgoing[];
  /** How the best chain changed, step by step. A genesis block is a change too. */
  readonly changes: readonly Change[];
  /** The blocks that the tree took, on whatever branch: only these are more than claims. */
  readonly taken: readonly Block[];
  /** Peers to part from, each once. To a {@link Sync} they are gone already. */
  readonly refuse: readonly Refusal[];
}

/** What is known of a peer. Times are in ticks. */
interface PeerState {
  readonly id: string;
  readonly genesis: string | null;
  /** The best block it says it has. This decides whether to ask it, and nothing else. */
  claim: Candidate | undefined;
  /** The best block that it certainly has. */
  has: string | undefined;
  /** The last block it sent while its branch was still the lighter one. */
  last?: Block | undefined;
  /** When it was asked for blocks; undefined if it owes no answer. */
  asked?: number | undefined;
  /** Until when it is waited for, and others are not asked instead. */
  hope: number;
  /** How long there is hope when it is asked next time. */
  patience: number;
  /** How long its last answer took; 0 if it came in time. */
  pace: number;
  /** How large the next answer to it is, as a part of a full one. It doubles each time. */
  share: number;
  /** Not to be asked before this time. */
  notBefore: number;
  failures: number;
}

/** What an event has led to so far. */
class Collected implements Effects {
  readonly send: Outgoing[] = [];
  readonly changes: Change[] = [];
  readonly taken: Block[] = [];
  readonly refuse: Refusal[] = [];
}

/**
 * Keeps a node's blocks in step with its peers. It is told what happens and says what to
 * do; it has no socket, timer or clock of its own.
 */
export class Sync<S extends object = object> {
  readonly #ledgerOf: (genesis: Block) => Ledger<S> | string;
  #tree: BlockTree<S> | undefined;
  /** Whose turn was longest ago comes first. */
  readonly #peers = new Map<string, PeerState>();
  #ticks = 0;
  /** The hashes of the tip and of the block that was taken last. */
  #newest: readonly string[] = [];
  #effects = new Collected();

  /**
   * @param genesis - the block to begin with; without it, the first peer that is asked gives it
   * @param ledgerOf - says what the network of a genesis block agrees on, or why this node cannot
   * be part of it; {@link textLedger} unless given
   * @throws Error with the reason if the genesis block breaks a rule, or this node cannot be part
   * of its network
   */
  constructor(
    genesis?: Block,
    ledgerOf: (genesis: Block) => Ledger<S> | string = () => textLedger as Ledger<S>,
  ) {
    this.#ledgerOf = ledgerOf;
    if (genesis === undefined) return;
    const ledger = ledgerOf(genesis);
    if (typeof ledger === 'string') throw new Error(ledger);
    this.#tree = new BlockTree(genesis, ledger);
  }

  /** The blocks known, or undefined before there is a genesis block. It is only to be read. */
  get tree(): BlockTree<S> | undefined {
    return this.#tree;
  }

  /** This node's best block as messages carry it, or null if it has none. */
  get tip(): Tip | null {
    if (this.#tree === undefined) return null;
    const { hash, index } = this.#tree.chain.tip;
    return { hash, index, work: String(this.#tree.work) };
  }

  /**
   * This node made a block.
   *
   * @param now - the time, in milliseconds since the epoch
   * @throws Error with the reason if the block is invalid; then nothing has changed. A block that
   * the tree does not take for other reasons, or before there is a tree, leads to nothing
   */
  mined(block: Block, now: number): Effects {
    const result = this.#offer(block, now);
    if (result.status === 'invalid')
      throw new Error(`The mined block is invalid: ${result.reason}.`);
    return this.#finish();
  }

  #offer(block: Block, now: number): Added {
    if (this.#tree === undefined) return { status: 'orphan' };
    const result = this.#tree.add(block, now);
    if (result.status !== 'added') return result;
    this.#newest = [this.#tree.chain.tip.hash, block.hash];
    this.#effects.taken.push(block);
    if (result.change) this.#effects.changes.push(result.change);
    return result;
  }

  /** Ends every event: tells of a new tip, asks for what is lacking, and hands it all out. */
  #finish(count = 1): Effects {
    const peers = [...this.#peers.values()];
    if (this.#effects.changes.length > 0) for (const peer of peers) this.#tell(peer);
    const wanted: PeerState[] = [];
    for (const peer of peers) {
      if (this.#wants(peer)) wanted.push(peer);
      else peer.last = undefined;
    }
    if (wanted.length > 0) this.#seek(wanted, count);
    const effects = this.#effects;
    this.#effects = new Collected();
    return effects;
  }

  /**
   * A peer said hello: it is connected from now on.
   *
   * @param peer - its id
   * @param hello - of what it said, the hash of its genesis block and its best block
   */
  connected(peer: string, { genesis, tip }: Pick<Hello, 'genesis' | 'tip'>): Effects {
    const claim = tip === null ? undefined : { hash: tip.hash, work: BigInt(tip.work) };
    const state = { ...NEWCOMER, id: peer, genesis, claim, has: tip?.hash };
    this.#peers.set(peer, state);
    // This node's hello may have crossed a new block, so what it said may be out of date.
    this.#tell(state, false);
    return this.#finish();
  }

  /** A peer is gone. */
  disconnected(peer: string): Effects {
    this.#peers.delete(peer);
    return this.#finish();
  }

  /** Whether a peer claims a better block than this node has. */
  #wants({ claim }: PeerState): boolean {
    if (claim === undefined || this.#tree === undefined) return claim !== undefined;
    return isBetter(claim, { hash: this.#tree.chain.tip.hash, work: this.#tree.work });
  }

  /** Tells a peer of this node's tip, unless it has that or a better one. */
  #tell(peer: PeerState, withBlock = true): void {
    const { tip } = this;
    const block = this.#tree?.chain.tip;
    if (tip === null || peer.has === tip.hash || this.#wants(peer)) return;
    const isUseful = withBlock && peer.has === block?.previousHash;
    const message: Message = { type: 'tip', tip, ...(isUseful && { block }) };
    this.#effects.send.push({ to: peer.id, message });
    if (isUseful) peer.has = tip.hash;
  }

  /**
   * A peer sent a message. What is not about blocks is left alone, and so is what comes from a peer
   * that is not connected (any more).
   *
   * @param now - the time, in milliseconds since the epoch
   */
  received(peer: string, message: Message, now: number): Effects {
    const state = this.#peers.get(peer);
    if (state === undefined) return this.#finish();
    if (message.type === 'tip') {
      const { tip, block } = message;
      state.claim = { hash: tip.hash, work: BigInt(tip.work) };
      state.has = tip.hash;
      // What nobody asked for is judged only where that costs little.
      if (block && this.#tree?.hasState(block.previousHash)) this.#add(state, block, now);
    } else if (message.type === 'getBlocks') {
      this.#answer(state, message.locator);
    } else if (message.type === 'blocks') {
      this.#take(state, message.blocks, now);
    }
    return this.#finish();
  }

  /** Adds a block that a peer sent, and says what became of it. */
  #add(peer: PeerState, block: Block, now: number): Added['status'] {
    const result = this.#offer(block, now);
    if (result.status === 'added') peer.failures = 0;
    if (result.status === 'early') this.#rest(peer, result.until - now);
    if (result.status === 'invalid')
      this.#drop(peer, `It sent an invalid block: ${result.reason}.`);
    return result.status;
  }

  /** Answers a locator with the blocks that follow it. */
  #answer(peer: PeerState, locator: readonly string[]): void {
    const blocks = this.#tree?.after(locator, peer.share) ?? [];
    this.#effects.send.push({ to: peer.id, message: { type: 'blocks', blocks } });
    peer.share = Math.min(1, 2 * peer.share);
    peer.has = blocks.at(-1)?.hash ?? peer.has;
  }

  /** Asks so many at most of the peers that claim more: of those that owe no answer. */
  #seek(wanted: readonly PeerState[], count: number): void {
    const asked = wanted.filter((peer) => peer.asked !== undefined);
    const idle = wanted.filter(
      (peer) => peer.asked === undefined && this.#ticks >= peer.notBefore,
    );
    const next = idle.filter((peer) => !asked.some((other) => this.#waits(peer, other)));
    for (const peer of next.slice(0, count)) this.#ask(peer);
  }

  #ask(peer: PeerState): void {
    // What others sent comes first, so that this peer does not send it again.
    const known = [...this.#newest, ...(this.#tree?.locator(peer.last) ?? [])];
    const message: Message = { type: 'getBlocks', locator: [...new Set(known)] };
    this.#effects.send.push({ to: peer.id, message });
    peer.asked = this.#ticks;
    peer.hope = this.#ticks + peer.patience;
    // To the end of the line: all others come first now.
    this.#peers.delete(peer.id);
    this.#peers.set(peer.id, peer);
  }

  /** Takes the answer to a locator. */
  #take(peer: PeerState, blocks: readonly Block[], now: number): void {
    if (peer.asked === undefined) return this.#fail(peer);
    const time = this.#ticks - peer.asked;
    peer.asked = undefined;
    peer.pace = 0;
    peer.patience = PATIENCE;
    if (time >= PATIENCE) this.#slowDown(peer, time);
    const [first] = blocks;
    if (this.#tree === undefined && first !== undefined) this.#adopt(peer, first, now);
    let room = this.#tree?.maxBatch ?? 0;
    for (const [i, block] of blocks.entries()) {
      // One branch, and not too much of it: to judge blocks may cost more than to send them.
      const isNext = i === 0 || block.previousHash === blocks[i - 1]?.hash;
      room -= block.data.length;
      if (!isNext || (i > 0 && room < 0)) return this.#fail(peer);
      const status = this.#add(peer, block, now);
      if (status === 'early' || !this.#peers.has(peer.id)) return;
    }
    const { taken } = this.#effects;
    const isTip = taken.length > 0 && blocks.at(-1)?.hash === this.tip?.hash;
    if (!isTip) this.#follow(peer, blocks);
  }

  /** Notes how far a branch is known that is not the best one: there it is gone on with. */
  #follow(peer: PeerState, blocks: readonly Block[]): void {
    const before = peer.last?.index ?? -1;
    // What was sent may lie about the index, so this looks at the own copies.
    const known = blocks.map(({ hash }) => this.#tree?.get(hash));
    peer.last = known.findLast((block) => block !== undefined);
    // Where a branch left the best one far back, the first blocks are known ones.
    const isOn = this.#effects.taken.length > 0 || (peer.last?.index ?? -1) > before;
    if (!isOn && this.#wants(peer)) this.#fail(peer);
  }

  /** Whether a peer is not asked yet, since another one is that will answer about as soon. */
  #waits(peer: PeerState, other: PeerState): boolean {
    return this.#ticks < other.hope && other.pace <= 2 * peer.pace;
  }

  /**
   * A second has passed. This is the only sense of waiting: what `now` is elsewhere is not looked
   * at for that.
   */
  tick(): Effects {
    this.#ticks += 1;
    let late = 0;
    for (const peer of this.#peers.values()) {
      if (peer.asked === undefined) continue;
      if (peer.hope === this.#ticks) late += 1;
      if (this.#ticks - peer.asked >= MAX_SILENCE)
        this.#drop(peer, 'It does not answer.');
    }
    if (this.#ticks % REPEAT === 0) this.#repeat();
    return this.#finish(Math.max(1, MORE * late));
  }

  /** Tells all peers of the tip again: even what was sent to them may not have arrived. */
  #repeat(): void {
    for (const peer of this.#peers.values()) {
      peer.has = peer.claim?.hash;
      this.#tell(peer);
    }
  }

  #drop({ id }: PeerState, reason: string): void {
    this.#peers.delete(id);
    this.#effects.refuse.push({ peer: id, reason });
  }

  /** A peer took long to answer. The next answer may be twice as large, and take longer. */
  #slowDown(peer: PeerState, time: number): void {
    peer.pace = time;
    peer.patience = 4 * time;
  }

  /** A peer sent what is of no use. It is left in peace for a while, and then parted from. */
  #fail(peer: PeerState): void {
    peer.last = undefined;
    peer.failures += 1;
    peer.notBefore = this.#ticks + 2 ** peer.failures;
    if (peer.failures >= MAX_FAILURES)
      this.#drop(peer, 'It sends blocks that are of no use, or that nobody asked for.');
  }

  /** A peer has a block that may come in only after so many milliseconds. */
  #rest(peer: PeerState, wait: number): void {
    peer.notBefore = this.#ticks + Math.min(Math.ceil(wait / 1_000), MAX_REST);
  }

  /** Takes the genesis block from a peer, and with it the network to belong to. */
  #adopt(peer: PeerState, genesis: Block, now: number): void {
    const ledger = this.#ledgerOf(genesis);
    if (typeof ledger === 'string') return this.#drop(peer, ledger);
    const reason = brokenRule(genesis, undefined, ledger.rules);
    if (reason !== undefined)
      return this.#drop(peer, `Its genesis block is invalid: ${reason}.`);
    if (genesis.hash !== peer.genesis)
      return this.#drop(peer, 'It sent another genesis block than it announced.');
    if (earliestTime(genesis) > now)
      return this.#drop(peer, 'Its genesis block is of the future: check the clocks.');
    this.#tree = new BlockTree(genesis, ledger);
    this.#effects.changes.push({ removed: [], added: [genesis] });
    this.#effects.taken.push(genesis);
    for (const other of this.#peers.values()) {
      if (other.genesis !== null && other.genesis !== genesis.hash)
        this.#drop(other, 'It is of another network.');
    }
  }
}
