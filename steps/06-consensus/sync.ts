import { brokenRule, type Block } from '#blocks';
import type { Hello, Message, Tip } from '#peers';
import { isBetter, type Candidate } from './fork-choice.ts';
import { consensusRules, earliestTime } from './rules.ts';
import { BlockTree, type Added, type Change } from './tree.ts';

/** How long a peer may take to answer, in milliseconds. */
const ANSWER_TIMEOUT = 10_000;

/** How long one peer is asked alone, in milliseconds; then another is asked as well. */
const TURN = 30_000;

/** How long at most a peer with a block of the future is left in peace, in milliseconds. */
const MAX_REST = 60_000;

/** How often all peers are told the tip again, should a message be lost, in milliseconds. */
const REPEAT = 60_000;

/** How often a peer may fail to deliver the work it claims. */
const MAX_FAILURES = 3;

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
  /** Peers to part from. */
  readonly refuse: readonly Refusal[];
}

interface PeerState {
  readonly genesis: string | null;
  /** The best block it says it has. This decides whether to ask it, and nothing else. */
  claim: Candidate | undefined;
  /** The best block that it certainly has. */
  has: string | undefined;
  /** The last block it sent while its branch was still the lighter one. */
  last: Block | undefined;
  /** When its answer is overdue; undefined if nothing was asked. */
  deadline: number | undefined;
  /** When its turn to be asked began, or when it connected. */
  turn: number;
  /** Not to be asked before this time. */
  notBefore: number;
  failures: number;
}

/**
 * Keeps a node's blocks in step with its peers. It is told what happens and says what to
 * do; it has no socket, timer or clock of its own. All times are in milliseconds.
 */
export class Sync {
  #tree: BlockTree | undefined;
  readonly #peers = new Map<string, PeerState>();
  #repeated = 0;
  #send: Outgoing[] = [];
  #changes: Change[] = [];
  #refuse: Refusal[] = [];

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
  connected(peer: string, hello: Pick<Hello, 'genesis' | 'tip'>, now: number): Effects {
    const { genesis, tip } = hello;
    const state: PeerState = {
      genesis,
      claim: tip === null ? undefined : { hash: tip.hash, work: BigInt(tip.work) },
      has: tip?.hash,
      last: undefined,
      deadline: undefined,
      turn: now,
      notBefore: 0,
      failures: 0,
    };
    this.#peers.set(peer, state);
    // This node's hello may have crossed a new block, so what it said may be out of date.
    const own = this.tip;
    if (own !== null && own.hash !== tip?.hash && !this.#wants(state)) {
      this.#send.push({ to: peer, message: { type: 'tip', tip: own } });
    }
    return this.#finish(now);
  }

  /** A peer is gone. */
  disconnected(peer: string, now: number): Effects {
    this.#peers.delete(peer);
    return this.#finish(now);
  }

  /** A peer sent a message. */
  received(peer: string, message: Message, now: number): Effects {
    const state = this.#peers.get(peer);
    if (state === undefined) return this.#finish(now);
    if (message.type === 'tip') {
      const { tip, block } = message;
      state.claim = { hash: tip.hash, work: BigInt(tip.work) };
      state.has = tip.hash;
      if (block !== undefined) this.#add(peer, state, block, now);
    } else if (message.type === 'getBlocks') {
      this.#answer(peer, state, message.locator);
    } else if (message.type === 'blocks') {
      this.#take(peer, state, message.blocks, now);
    }
    return this.#finish(now);
  }

  /** This node made a block. Throws an Error with the reason if it is not valid. */
  mined(block: Block, now: number): Effects {
    const result: Added = this.#tree?.add(block, now) ?? { status: 'orphan' };
    if (result.status === 'invalid') {
      throw new Error(`The mined block is invalid: ${result.reason}.`);
    }
    if (result.status === 'added' && result.change) this.#changes.push(result.change);
    return this.#finish(now);
  }

  /**
   * Time has passed. To be called about once a second: whoever does not answer in time is
   * given up, and each minute the peers are told the tip again.
   */
  tick(now: number): Effects {
    for (const [peer, state] of this.#peers) {
      if (state.deadline === undefined || state.deadline > now) continue;
      this.#fail(peer, state, now);
    }
    if (now - this.#repeated >= REPEAT) {
      this.#repeated = now;
      for (const state of this.#peers.values()) state.has = state.claim?.hash;
      this.#announce();
    }
    return this.#finish(now);
  }

  /** Answers a locator with the blocks that follow it. */
  #answer(peer: string, state: PeerState, locator: readonly string[]): void {
    const blocks = this.#tree?.after(locator) ?? [];
    this.#send.push({ to: peer, message: { type: 'blocks', blocks } });
    state.has = blocks.at(-1)?.hash ?? state.has;
  }

  /** Takes the answer to a locator, and asks on where the peer has more. */
  #take(peer: string, state: PeerState, blocks: readonly Block[], now: number): void {
    const asked = state.deadline !== undefined;
    const before = state.last?.index ?? -1;
    state.deadline = undefined;
    if (this.#tree === undefined && asked) this.#adopt(peer, state, blocks[0], now);
    let isNew = false;
    for (const block of blocks) {
      const status = this.#add(peer, state, block, now);
      isNew ||= status === 'added';
      if (status !== 'added' && status !== 'known') break;
    }
    if (!asked || !this.#peers.has(peer) || !this.#wants(state) || state.notBefore > now)
      return;
    // Where its branch left this node's own far back, the first blocks are known ones.
    if (isNew || (state.last?.index ?? -1) > before) this.#ask(peer, state, now);
    else this.#fail(peer, state, now);
  }

  /** Takes the genesis block from a peer, and with it the network to belong to. */
  #adopt(peer: string, state: PeerState, genesis: Block | undefined, now: number): void {
    if (genesis === undefined) return;
    const reason = brokenRule(genesis, undefined, consensusRules);
    if (reason !== undefined)
      return this.#drop(peer, `Its genesis block is invalid: ${reason}.`);
    if (genesis.hash !== state.genesis) {
      return this.#drop(peer, 'It sent another genesis block than it announced.');
    }
    if (earliestTime(genesis) > now) {
      return this.#drop(peer, 'Its genesis block is of the future: check the clocks.');
    }
    this.#tree = new BlockTree(genesis);
    this.#changes.push({ removed: [], added: [genesis] });
    for (const [other, { genesis: hash }] of this.#peers) {
      if (hash !== null && hash !== genesis.hash)
        this.#drop(other, 'It is of another network.');
    }
  }

  /** Adds a block that a peer sent, and says what became of it. */
  #add(peer: string, state: PeerState, block: Block, now: number): Added['status'] {
    const result: Added = this.#tree?.add(block, now) ?? { status: 'orphan' };
    if (result.status === 'invalid') {
      this.#drop(peer, `It sent an invalid block: ${result.reason}.`);
    } else if (result.status === 'early') {
      state.notBefore = Math.min(result.until, now + MAX_REST);
    } else if (result.status !== 'orphan') {
      state.last = this.#tree?.get(block.hash); // what was sent may lie about the index
      if (result.status === 'added') state.failures = 0;
      if (result.status === 'added' && result.change) this.#changes.push(result.change);
    }
    return result.status;
  }

  /** Whether a peer claims a better block than this node has. */
  #wants({ claim }: PeerState): boolean {
    if (claim === undefined || this.#tree === undefined) return claim !== undefined;
    return isBetter(claim, { hash: this.#tree.chain.tip.hash, work: this.#tree.work });
  }

  #ask(peer: string, state: PeerState, now: number): void {
    const locator = this.#tree?.locator(state.last) ?? [];
    this.#send.push({ to: peer, message: { type: 'getBlocks', locator } });
    state.deadline = now + ANSWER_TIMEOUT;
  }

  #fail(peer: string, state: PeerState, now: number): void {
    state.deadline = undefined;
    state.last = undefined;
    state.failures += 1;
    state.notBefore = now + 1_000 * 2 ** state.failures;
    if (state.failures < MAX_FAILURES) return;
    this.#drop(peer, 'It does not deliver the blocks that it announces.');
  }

  #drop(peer: string, reason: string): void {
    this.#peers.delete(peer);
    this.#refuse.push({ peer, reason });
  }

  /** Asks one peer, unless another has its turn: the one whose turn was longest ago. */
  #seek(now: number): void {
    let busy = false;
    let next: [string, PeerState] | undefined;
    for (const [peer, state] of this.#peers) {
      const asked = state.deadline !== undefined;
      busy ||= asked && now < state.turn + TURN;
      if (!this.#wants(state)) state.last = undefined;
      else if (asked || state.notBefore > now) continue;
      else if (!next || state.turn < next[1].turn) next = [peer, state];
    }
    if (next === undefined || busy) return;
    next[1].turn = now;
    this.#ask(...next, now);
  }

  /** Tells the peers of a new tip; with the block, where they can use it at once. */
  #announce(): void {
    const tip = this.tip;
    const block = this.#tree?.chain.tip;
    if (tip === null || block === undefined) return;
    const own = { hash: tip.hash, work: BigInt(tip.work) };
    for (const [peer, state] of this.#peers) {
      if (state.has === tip.hash || (state.claim && isBetter(state.claim, own))) continue;
      const hasParent = state.has === block.previousHash;
      const message: Message = { type: 'tip', tip, ...(hasParent && { block }) };
      this.#send.push({ to: peer, message });
      if (hasParent) state.has = tip.hash;
    }
  }

  #finish(now: number): Effects {
    if (this.#changes.length > 0) this.#announce();
    this.#seek(now);
    const effects = { send: this.#send, changes: this.#changes, refuse: this.#refuse };
    this.#send = [];
    this.#changes = [];
    this.#refuse = [];
    return effects;
  }
}
