import {
  accountOf,
  afterPaying,
  nextCoinBlock,
  noAccounts,
  type Account,
  type Accounts,
  type Coin,
} from '#accounts';
import type { Block } from '#blocks';
import type { BlockTree, Change, Outgoing } from '#consensus';
import { Problem } from '#http';
import { Gossip, Pool, type GossipEffects } from '#mempool';
import {
  isSigned,
  parsePayment,
  paymentId,
  paymentLine,
  paymentText,
  type Payment,
} from '#signatures';
import { paidBy } from '../storage/paid.ts';
import { damaged, type KeptPayment, type Store, type Update } from '../storage/store.ts';
import { KeptPayments, paymentsIn } from './kept-payments.ts';
import type { NetworkState } from './network-rules.ts';

/** How many payments that are on no chain yet are promised to clients at most. */
const MAX_PROMISED = 10_000;

/** How often kept payments that had to leave are offered again, in seconds. */
const OFFER_AGAIN = 60;

/** What the coins of a node need to know. */
export interface MempoolOptions {
  /** The first block of the network, and what its coin is. */
  readonly genesis: Block;
  readonly coin: Coin;
  readonly tree: BlockTree<NetworkState>;
  readonly store: Pick<Store, 'paidIn' | 'payments' | 'place'>;
  /** The address that gets the rewards of the blocks that this node finds. */
  readonly rewardsTo: string;
}

/** What a payment has come to. */
export type PaymentState =
  'waiting' | 'parked' | 'included' | 'replaced' | 'used' | 'evicted';

/** Where a payment is, as seen from this node's tip. */
export interface PaymentStatus {
  readonly id: string;
  readonly state: PaymentState;
  /** The same in a sentence. */
  readonly reason: string;
  /** The block that it is in, or the one that it has its count used in. */
  readonly block: { readonly index: number; readonly hash: string } | null;
  /** How many blocks are on top of that. */
  readonly onTop: number | null;
  /** The id of the payment that took its place. */
  readonly by: string | null;
  readonly payment: Payment;
}

/** A payment that waits. */
export interface Waiting extends Payment {
  readonly id: string;
  /** Whether the next block takes it in, if this node finds it. */
  readonly next: boolean;
  /** Why it cannot be made yet; null if it can. */
  readonly parked: string | null;
}

/** The block that is searched for, and what its fees are. */
interface Template {
  readonly version: number;
  readonly previous: string;
  readonly fees: number;
}

/**
 * What a node of a network with coins does about payments: some wait, some are made blocks of, and
 * some are kept for clients. It sends and stores nothing itself, and says what is to be done.
 */
export class Mempool {
  readonly coin: Coin;
  /** The address that gets the rewards. */
  readonly rewardsTo: string;
  readonly #network: string;
  readonly #tree: BlockTree<NetworkState>;
  readonly #store: MempoolOptions['store'];
  readonly #pool = new Pool();
  readonly #gossip: Gossip;
  readonly #kept = new KeptPayments();
  /** Counts what could make another choice of payments the best one. */
  #version = 0;
  #template: Template | undefined;
  #ticks = 0;
  /** What goes out with the next tick. */
  #later: Outgoing[] = [];

  /** Begins without payments. */
  constructor({ genesis, coin, tree, store, rewardsTo }: MempoolOptions) {
    this.coin = coin;
    this.rewardsTo = rewardsTo;
    this.#network = genesis.hash;
    this.#tree = tree;
    this.#store = store;
    this.#gossip = new Gossip(genesis.hash, this.#pool);
  }

  /**
   * Takes up what was kept before the node started.
   *
   * @throws Error with a sentence if that is damaged
   */
  async load(): Promise<void> {
    for await (const kept of this.#store.payments()) {
      const isPaid = this.#store.paidIn(kept.id) !== undefined;
      const payment = isPaid ? undefined : parsePayment(kept.line);
      if (!isPaid && (payment === undefined || !this.#isSigned(payment)))
        throw damaged(this.#store.place, `the payment ${kept.id} is none`);
      this.#kept.load(kept, isPaid);
    }
    this.#offerAgain();
  }

  /** Changes whenever what waits has changed. */
  get version(): number {
    return this.#version;
  }

  /** How many payments wait. */
  get size(): number {
    return this.#pool.size;
  }

  /** Who has how much, after the tip. */
  get accounts(): Accounts {
    return this.#tree.stateAt(this.#tree.chain.tip.hash)?.accounts ?? noAccounts;
  }

  /** A peer is there from now on. */
  connected(peer: string): GossipEffects {
    return this.#gossip.connected(peer);
  }

  /** A peer is gone. */
  disconnected(peer: string): void {
    this.#gossip.disconnected(peer);
  }

  /** A peer sent something about payments: any value. */
  received(peer: string, body: unknown): GossipEffects {
    const effects = this.#gossip.received(peer, body, this.accounts);
    if (effects.taken.length > 0) this.#version += 1;
    return effects;
  }

  /**
   * Takes a payment of a client, which is promised to be kept when what this returns is stored.
   *
   * @throws {@link Problem} with the reason if it cannot wait here
   */
  accept(payment: Payment): KeptPayment {
    if (parsePayment(paymentLine(payment)) === undefined)
      throw new Problem(400, 'This is no payment that could stand in a block.');
    if (!this.#isSigned(payment))
      throw new Problem(
        400,
        'The signature is not that of the payer for this network and these numbers.',
      );
    const isKnown = this.#kept.get(paymentId(payment)) !== undefined;
    if (!isKnown && this.#kept.open >= MAX_PROMISED)
      throw new Problem(
        503,
        `There is room for ${MAX_PROMISED} payments of clients. Try again later.`,
      );
    const reason = this.#pool.add(payment, this.accounts);
    if (reason !== undefined) throw new Problem(409, `Not taken: ${reason}.`);
    this.#version += 1;
    return this.#kept.keep(payment);
  }

  /** A payment that was accepted is kept: peers hear of it. */
  offer(payment: Payment): GossipEffects {
    return this.#gossip.offer(payment);
  }

  /** A second has passed. */
  tick(): GossipEffects {
    this.#ticks += 1;
    if (this.#ticks % OFFER_AGAIN === 0) this.#offerAgain();
    const { send, ...others } = this.#gossip.tick();
    const first = this.#later.splice(0);
    return { ...others, send: [...first, ...send] };
  }

  /** Follows the best chain, and returns what is to be stored with its blocks. */
  changed(changes: readonly Change[]): Pick<Update, 'payments' | 'paid'> {
    const payments = this.#kept.changed(changes);
    this.#pool.changed(changes, this.accounts);
    this.#version += 1;
    const paid = paidBy(changes);
    const back = [...paid].filter(([, index]) => index === undefined);
    // Peers may not have had that branch, and what was kept may have made room for what is gone.
    for (const [id] of back) this.#tell(this.#pool.get(id));
    if (back.length > 0) this.#offerAgain();
    return { payments, paid };
  }

  /** Tells peers of a payment with the next tick. */
  #tell(payment: Payment | undefined): void {
    if (payment !== undefined) this.#later.push(...this.#gossip.offer(payment).send);
  }

  /** Returns the block to mine next: with the payments that bring most. */
  template(previous: Block, now: number): Block {
    const state = this.#tree.stateAt(previous.hash);
    const accounts = state?.accounts ?? noAccounts;
    const picked = this.#pool.pick(this.coin.size, accounts);
    const fees = feesOf(picked);
    this.#template = { version: this.#version, previous: previous.hash, fees };
    return nextCoinBlock(this.coin, previous, { accounts }, picked, this.rewardsTo, now);
  }

  /** Whether another choice of payments would bring more than the one that is searched with. */
  get hasBetter(): boolean {
    const { hash } = this.#tree.chain.tip;
    if (this.#template?.previous !== hash) return false;
    if (this.#template.version === this.#version) return false;
    const fees = feesOf(this.#pool.pick(this.coin.size, this.accounts));
    const isBetter = fees > this.#template.fees;
    if (!isBetter) this.#template = { ...this.#template, version: this.#version };
    return isBetter;
  }

  /** Says where a payment is; undefined if it is not known here. */
  statusOf(id: string): PaymentStatus | undefined {
    return this.#included(id) ?? this.#waiting(id) ?? this.#setAside(id);
  }

  #included(id: string): PaymentStatus | undefined {
    const block = this.#blockOf(id);
    if (block === undefined) return undefined;
    const [, payment] = paymentsIn(block).find(([each]) => each === id) ?? [];
    if (payment === undefined) return undefined;
    const onTop = this.#tree.chain.tip.index - block.index;
    const reason = `It is in block ${block.index}, with ${onTop} on top.`;
    const place = { index: block.index, hash: block.hash };
    return { id, state: 'included', reason, block: place, onTop, by: null, payment };
  }

  #blockOf(id: string): Block | undefined {
    const index = this.#store.paidIn(id);
    return index === undefined ? undefined : this.#tree.chain.at(index);
  }

  #waiting(id: string): PaymentStatus | undefined {
    const payment = this.#pool.get(id);
    if (payment === undefined) return undefined;
    const parked = this.#pool.isParked(id) ? this.#whyParked(payment) : undefined;
    const state = parked === undefined ? 'waiting' : 'parked';
    const reason =
      parked === undefined
        ? 'It waits here for a block.'
        : `It waits here, and cannot be made yet: ${parked}.`;
    return { id, state, reason, block: null, onTop: null, by: null, payment };
  }

  /** A kept payment that does not wait: another one has its place, or it had to make room. */
  #setAside(id: string): PaymentStatus | undefined {
    const payment = this.#kept.get(id);
    if (payment === undefined) return undefined;
    const { count } = payment;
    const usedBy = this.#kept.usedBy(id);
    const user = usedBy === undefined ? undefined : this.#included(usedBy);
    if (user !== undefined) {
      const { block, onTop } = user;
      const reason = `Its count ${count} was used by payment ${user.id}, in block ${block?.index}, with ${onTop} on top.`;
      return { id, state: 'used', reason, block, onTop, by: user.id, payment };
    }
    const nowhere = { id, block: null, onTop: null, payment };
    const rival = this.#pool.of(payment.from).find((each) => each.count === count);
    if (rival !== undefined) {
      const by = paymentId(rival);
      const reason = `Payment ${by} waits in its place, with a higher fee.`;
      return { ...nowhere, state: 'replaced', reason, by };
    }
    const reason = 'It had to make room for others, and is offered again each minute.';
    return { ...nowhere, state: 'evicted', reason, by: null };
  }

  /** The reason why a payment that waits cannot be made yet. */
  #whyParked(payment: Payment): string | undefined {
    let account = accountOf(this.accounts, payment.from);
    for (const each of this.#pool.of(payment.from)) {
      const after = afterPaying(account, each);
      if (each.count === payment.count)
        return typeof after === 'string' ? after : undefined;
      if (typeof after === 'object') account = after;
    }
    return undefined;
  }

  /** What waits, as many as `limit`: first what the next block takes, then by the fees. */
  list(limit: number): Waiting[] {
    const picked = this.#pool.pick(this.coin.size, this.accounts);
    const next = new Set(picked.map((payment) => paymentId(payment)));
    const rest = [...this.#pool.waiting.values()]
      .filter((payment) => !picked.includes(payment))
      .sort((a, b) => b.fee - a.fee);
    return [...picked, ...rest].slice(0, limit).map((payment) => {
      const id = paymentId(payment);
      const parked = this.#pool.isParked(id) ? (this.#whyParked(payment) ?? null) : null;
      return { id, ...payment, next: next.has(id), parked };
    });
  }

  /** How many of the payments that wait cannot be made yet. */
  get parked(): number {
    return [...this.#pool.waiting.keys()].filter((id) => this.#pool.isParked(id)).length;
  }

  /** What an account will be when all that waits of it is made: so the next payment has its count. */
  pendingOf(address: string): Account {
    let account = accountOf(this.accounts, address);
    for (const payment of this.#pool.of(address)) {
      const after = afterPaying(account, payment);
      if (typeof after === 'string') break;
      account = after;
    }
    return account;
  }

  #isSigned(payment: Payment): boolean {
    const text = paymentText(this.#network, payment);
    return isSigned(text, payment.signature, payment.from);
  }

  /** Offers what is kept, and neither waits nor is on the chain, to the pool again. */
  #offerAgain(): void {
    for (const payment of this.#kept.hopeful) {
      if (this.#pool.get(paymentId(payment)) !== undefined) continue;
      if (this.#pool.add(payment, this.accounts) !== undefined) continue;
      this.#version += 1;
      this.#tell(payment);
    }
  }
}

const feesOf = (payments: readonly Payment[]): number =>
  payments.reduce((sum, { fee }) => sum + fee, 0);
