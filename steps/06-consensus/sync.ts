import { brokenRule, type Block } from '#blocks';
import type { Hello, Message, Tip } from '#peers';
import { isBetter, type Candidate } from './fork-choice.ts';
import { consensusRules, earliestTime } from './rules.ts';
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
const NEWCOMER = { hope: 0, pace: 0.5, share: 1 / 64, notBefore: 0, failures: 0 };

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
  /** Messages to send, in this order. */
  readonly send: readonly Outgoing[];
  /** How the best chain changed, step by step. A genesis block is a change too. */
  readonly changes: readonly Change[];
  /** The blocks that the tree took, on whatever branch: only these are more than claims. */
  readonly taken: readonly Block[];
  /** Peers to part from. */
  readonly refuse: readonly Refusal[];
}

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
  /** How long its last answer took; 0 if it came in time. */
  pace: number;
  /** When it was asked last, or connected. */
  turn: number;
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
 *
 * One peer is asked for blocks at a time, and they take turns. While no answer comes, more are
 * asked: all of 15 within five ticks, of 64 within ten. So several may be asked for the same
 * blocks, and therefore the first answer to a peer is small. Parted from is who sends an invalid
 * block; who owes an answer for minutes, but not for 90 seconds, and is not asked again meanwhile;
 * and who sends blocks of no use, or that nobody asked for, three times without a good one in
 * between. What nobody asked for is not looked at.
 */
export class Sync {
  #tree: BlockTree | undefined;
  readonly #peers = new Map<string, PeerState>();
  #ticks = 0;
  #newest: readonly string[] = [];
  #effects = new Collected();

  /** Begins with a genesis block, or with none: then the first peer that is asked gives it. */
  constructor(genesis?: Block) {
    if (genesis !== undefined) this.#tree = new BlockTree(genesis);
  }

  /** The blocks known, or undefined before there is a genesis block. */
  get tree(): BlockTree | undefined {
    return this.#tree;
  }

  /** This node's best block as messages carry it, or null if it has none. */
  get tip(): Tip | null {
    if (this.#tree === undefined) return null;
    const { hash, index } = this.#tree.chain.tip;
    return { hash, index, work: String(this.#tree.work) };
  }

  /** A peer said hello. */
  connected(peer: string, { genesis, tip }: Pick<Hello, 'genesis' | 'tip'>): Effects {
    const state: PeerState = {
      ...NEWCOMER,
      id: peer,
      genesis,
      claim: tip === null ? undefined : { hash: tip.hash, work: BigInt(tip.work) },
      has: tip?.hash,
      turn: this.#ticks,
    };
    this.#peers.set(peer, state);
    // This node's hello may have crossed a new block, so what it said may be out of date.
    const own = this.tip;
    if (own !== null && own.hash !== tip?.hash && !this.#wants(state))
      this.#effects.send.push({ to: peer, message: { type: 'tip', tip: own } });
    return this.#finish();
  }

  /** A peer is gone. */
  disconnected(peer: string): Effects {
    this.#peers.delete(peer);
    return this.#finish();
  }

  /**
   * A peer sent a message.
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
      if (block !== undefined) this.#add(state, block, now);
    } else if (message.type === 'getBlocks') {
      this.#answer(state, message.locator);
    } else if (message.type === 'blocks') {
      this.#take(state, message.blocks, now);
    }
    return this.#finish();
  }

  /**
   * This node made a block.
   *
   * @param now - the time, in milliseconds since the epoch
   * @throws Error with the reason if the block is not valid
   */
  mined(block: Block, now: number): Effects {
    const result = this.#offer(block, now);
    if (result.status === 'invalid')
      throw new Error(`The mined block is invalid: ${result.reason}.`);
    return this.#finish();
  }

  /** A second has passed. Peers that do not answer are noticed, and the tip is told again. */
  tick(): Effects {
    this.#ticks += 1;
    let late = 0;
    for (const state of this.#peers.values()) {
      if (state.asked === undefined) continue;
      if (state.hope === this.#ticks) late += 1;
      if (this.#ticks - state.asked >= MAX_SILENCE)
        this.#drop(state, 'It does not answer.');
    }
    if (this.#ticks % REPEAT === 0) {
      for (const state of this.#peers.values()) state.has = state.claim?.hash;
      this.#announce();
    }
    return this.#finish(late);
  }

  /** Answers a locator with the blocks that follow it. */
  #answer(state: PeerState, locator: readonly string[]): void {
    const blocks = this.#tree?.after(locator, state.share) ?? [];
    this.#effects.send.push({ to: state.id, message: { type: 'blocks', blocks } });
    state.share = Math.min(1, 2 * state.share);
    state.has = blocks.at(-1)?.hash ?? state.has;
  }

  /** Takes the answer to a locator. */
  #take(state: PeerState, blocks: readonly Block[], now: number): void {
    if (state.asked === undefined) return this.#fail(state);
    state.pace = PATIENCE * Math.floor((this.#ticks - state.asked) / PATIENCE);
    state.asked = undefined;
    const before = state.last?.index ?? -1;
    if (this.#tree === undefined) this.#adopt(state, blocks[0], now);
    for (const block of blocks) {
      const status = this.#add(state, block, now);
      if (status === 'early') return;
      if (status !== 'added' && status !== 'known') break;
    }
    // Where its branch left this node's own far back, the first blocks are known ones.
    const isOn = this.#effects.taken.length > 0 || (state.last?.index ?? -1) > before;
    if (!isOn && this.#peers.has(state.id) && this.#wants(state)) this.#fail(state);
  }

  /** Takes the genesis block from a peer, and with it the network to belong to. */
  #adopt(state: PeerState, genesis: Block | undefined, now: number): void {
    if (genesis === undefined) return;
    const reason = brokenRule(genesis, undefined, consensusRules);
    if (reason !== undefined)
      return this.#drop(state, `Its genesis block is invalid: ${reason}.`);
    if (genesis.hash !== state.genesis)
      return this.#drop(state, 'It sent another genesis block than it announced.');
    if (earliestTime(genesis) > now)
      return this.#drop(state, 'Its genesis block is of the future: check the clocks.');
    this.#tree = new BlockTree(genesis);
    this.#effects.changes.push({ removed: [], added: [genesis] });
    this.#effects.taken.push(genesis);
    for (const other of this.#peers.values()) {
      if (other.genesis !== null && other.genesis !== genesis.hash)
        this.#drop(other, 'It is of another network.');
    }
  }

  /** Adds a block that a peer sent, and says what became of it. */
  #add(state: PeerState, block: Block, now: number): Added['status'] {
    const result = this.#offer(block, now);
    if (result.status === 'invalid') {
      this.#drop(state, `It sent an invalid block: ${result.reason}.`);
    } else if (result.status === 'early') {
      const seconds = Math.ceil((result.until - now) / 1_000);
      state.notBefore = this.#ticks + Math.min(seconds, MAX_REST);
    } else if (result.status !== 'orphan') {
      state.last = this.#tree?.get(block.hash); // what was sent may lie about the index
      if (result.status === 'added') state.failures = 0;
    }
    return result.status;
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

  /** Whether a peer claims a better block than this node has. */
  #wants({ claim }: PeerState): boolean {
    if (claim === undefined || this.#tree === undefined) return claim !== undefined;
    return isBetter(claim, { hash: this.#tree.chain.tip.hash, work: this.#tree.work });
  }

  #fail(state: PeerState): void {
    state.last = undefined;
    state.failures += 1;
    state.notBefore = this.#ticks + 2 ** state.failures;
    if (state.failures >= MAX_FAILURES)
      this.#drop(state, 'It sends blocks that are of no use, or that nobody asked for.');
  }

  #drop({ id }: PeerState, reason: string): void {
    this.#peers.delete(id);
    this.#effects.refuse.push({ peer: id, reason });
  }

  /** Asks so many peers at most, unless they would hardly answer before who is asked already. */
  #seek(count: number): void {
    let pace = Infinity;
    const idle: PeerState[] = [];
    for (const state of this.#peers.values()) {
      if (!this.#wants(state)) state.last = undefined;
      else if (state.asked === undefined) idle.push(state);
      else if (this.#ticks < state.hope) pace = Math.min(pace, state.pace);
    }
    const next = idle
      .filter((state) => this.#ticks >= state.notBefore && 2 * state.pace < pace)
      .sort((a, b) => a.turn - b.turn);
    for (const state of next.slice(0, count)) this.#ask(state);
  }

  #ask(state: PeerState): void {
    // What others sent comes first, so that this peer does not send it again.
    const known = [...this.#newest, ...(this.#tree?.locator(state.last) ?? [])];
    const message: Message = { type: 'getBlocks', locator: [...new Set(known)] };
    this.#effects.send.push({ to: state.id, message });
    state.asked = this.#ticks;
    state.hope = this.#ticks + Math.max(PATIENCE, 4 * state.pace);
    state.turn = this.#ticks;
  }

  /** Tells the peers of a new tip; with the block, where they can use it at once. */
  #announce(): void {
    const tip = this.tip;
    const block = this.#tree?.chain.tip;
    if (tip === null || block === undefined) return;
    const own = { hash: tip.hash, work: BigInt(tip.work) };
    for (const state of this.#peers.values()) {
      if (state.has === tip.hash || (state.claim && isBetter(state.claim, own))) continue;
      const hasParent = state.has === block.previousHash;
      const message: Message = { type: 'tip', tip, ...(hasParent && { block }) };
      this.#effects.send.push({ to: state.id, message });
      if (hasParent) state.has = tip.hash;
    }
  }

  #finish(late = 0): Effects {
    if (this.#effects.changes.length > 0) this.#announce();
    this.#seek(Math.max(1, late * MORE));
    const effects = this.#effects;
    this.#effects = new Collected();
    return effects;
  }
}
