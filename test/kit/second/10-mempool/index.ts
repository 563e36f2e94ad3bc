// A second solution: one sorted list for each payer, and what can be made is asked for, not noted.
import { accountOf, afterPaying, parseReward } from '#accounts';
import type { Account, Accounts } from '#accounts';
import type { Block } from '#blocks';
import type { Change, Outgoing, Refusal } from '#consensus';
import { isSigned, parsePayment, paymentId, paymentLine, paymentText } from '#signatures';
import type { Payment } from '#signatures';

export function payable(payments: readonly Payment[], payer: Account): Payment[] {
  const inOrder = payments.toSorted((a, b) => a.count - b.count);
  let has = payer;
  return inOrder
    .filter(({ count }) => count >= payer.count)
    .filter((payment) => {
      const after = afterPaying(has, payment);
      if (typeof after === 'string') return false;
      has = after;
      return true;
    });
}

interface Ticket {
  readonly id: string;
  readonly payment: Payment;
  /** When it was parked; 0 if it is not. */
  parked: number;
}

export class Pool {
  private readonly tickets = new Map<string, Ticket>();
  private readonly payers = new Map<string, Ticket[]>();
  private parkedCount = 0;
  private clock = 0;

  get size(): number {
    return this.tickets.size;
  }

  get waiting(): ReadonlyMap<string, Payment> {
    return new Map([...this.tickets].map(([id, { payment }]) => [id, payment]));
  }

  get(id: string): Payment | undefined {
    return this.tickets.get(id)?.payment;
  }

  of(address: string): readonly Payment[] {
    return (this.payers.get(address) ?? []).map(({ payment }) => payment);
  }

  isParked(id: string): boolean {
    return (this.tickets.get(id)?.parked ?? 0) > 0;
  }

  add(payment: Payment, accounts: Accounts): string | undefined {
    const payer = accountOf(accounts, payment.from);
    const ahead = payment.count - payer.count;
    if (payment.fee === 0) return 'it offers no fee';
    if (ahead < 0) return 'its count is used';
    if (ahead > 63) return 'its count is too far ahead';
    if (this.tickets.has(paymentId(payment))) return undefined;
    if (!this.enter(payment)) return 'it offers no more than the one that waits';
    this.look(payment.from, payer);
    this.trim();
    return this.tickets.has(paymentId(payment)) ? undefined : 'the pool is full';
  }

  pick(limit: number, accounts: Accounts): Payment[] {
    const state = new Map<string, Account>();
    const left = new Map<string, Payment[]>();
    for (const address of this.payers.keys()) {
      const account = accountOf(accounts, address);
      state.set(address, account);
      left.set(
        address,
        this.of(address).filter(({ count }) => count >= account.count),
      );
    }
    const block: Payment[] = [];
    for (let place = 0; place < limit; place += 1) {
      let best: { payment: Payment; after: Account } | undefined;
      for (const [address, [first]] of left) {
        if (!first || (best && best.payment.fee >= first.fee)) continue;
        const after = afterPaying(state.get(address) ?? { balance: 0, count: 0 }, first);
        if (typeof after !== 'string') best = { payment: first, after };
      }
      if (!best) break;
      const { payment, after } = best;
      state.set(payment.from, after);
      const payee = state.get(payment.to);
      if (payee)
        state.set(payment.to, { ...payee, balance: payee.balance + payment.amount });
      left.get(payment.from)?.shift();
      block.push(payment);
    }
    return block;
  }

  changed(changes: readonly Change[], accounts: Accounts): void {
    const off = changes.flatMap(({ removed }) => removed.flatMap(readPayments));
    const blocks = changes.flatMap(({ removed, added }) => [...removed, ...added]);
    const names = new Set<string>();
    for (const block of blocks) {
      const reward = parseReward(block.data.split('\n')[0] ?? '');
      if (reward) names.add(reward.to);
      for (const { from, to } of readPayments(block)) names.add(from).add(to);
    }
    for (const name of names) {
      const { count } = accountOf(accounts, name);
      for (const ticket of [...(this.payers.get(name) ?? [])])
        if (ticket.payment.count < count) this.leave(ticket);
    }
    for (const payment of off) {
      if (accountOf(accounts, payment.from).count > payment.count) continue;
      if (this.tickets.has(paymentId(payment))) continue;
      this.enter(payment);
      this.trim();
    }
    for (const name of names) this.look(name, accountOf(accounts, name));
    this.trim();
  }

  private enter(payment: Payment): boolean {
    const queue = this.payers.get(payment.from) ?? [];
    const rival = queue.find((one) => one.payment.count === payment.count);
    if (rival && rival.payment.fee >= payment.fee) return false;
    if (rival) this.leave(rival);
    const ticket = { id: paymentId(payment), payment, parked: 0 };
    this.tickets.set(ticket.id, ticket);
    const all = [...(this.payers.get(payment.from) ?? []), ticket];
    all.sort((a, b) => a.payment.count - b.payment.count);
    this.payers.set(payment.from, all);
    return true;
  }

  private leave(ticket: Ticket): void {
    if (ticket.parked > 0) this.parkedCount -= 1;
    this.tickets.delete(ticket.id);
    const { from } = ticket.payment;
    const left = (this.payers.get(from) ?? []).filter((one) => one !== ticket);
    if (left.length > 0) this.payers.set(from, left);
    else this.payers.delete(from);
  }

  private look(address: string, payer: Account): void {
    const now = payable(this.of(address), payer);
    for (const ticket of this.payers.get(address) ?? []) {
      const isReady = now.includes(ticket.payment);
      if (isReady === (ticket.parked === 0)) continue;
      this.parkedCount += isReady ? -1 : 1;
      this.clock += 1;
      ticket.parked = isReady ? 0 : this.clock;
    }
  }

  private trim(): void {
    while (this.parkedCount > 1_000 || this.tickets.size > 5_000) {
      let worst: Ticket | undefined;
      for (const ticket of this.tickets.values()) {
        if (this.parkedCount > 0) {
          const isOlder = ticket.parked > 0 && !(worst && worst.parked < ticket.parked);
          if (isOlder) worst = ticket;
        } else if (!worst || ticket.payment.fee <= worst.payment.fee) worst = ticket;
      }
      const queue = (worst && this.payers.get(worst.payment.from)) ?? [];
      const gone = this.parkedCount > 0 ? worst : queue.at(-1);
      if (gone) this.leave(gone);
    }
  }
}

const readPayments = ({ data }: Block): Payment[] => {
  const found: Payment[] = [];
  for (const line of data.split('\n')) {
    const payment = parsePayment(line);
    if (payment) found.push(payment);
  }
  return found;
};

export interface GossipEffects {
  readonly send: readonly Outgoing[];
  readonly taken: readonly Payment[];
  readonly refuse: readonly Refusal[];
}

class Neighbor {
  readonly has = new Set<string>();
  lacks: string[] = [];
  outgoing = 200;
  incoming = 400;
}

export class Gossip {
  private readonly neighbors = new Map<string, Neighbor>();
  private readonly mine = new Set<string>();
  private seconds = 0;

  private readonly network: string;
  private readonly pool: Pool;

  constructor(network: string, pool: Pool) {
    this.network = network;
    this.pool = pool;
  }

  connected(peer: string): GossipEffects {
    const neighbor = new Neighbor();
    neighbor.lacks = [...this.pool.waiting.keys()];
    this.neighbors.set(peer, neighbor);
    return this.effects();
  }

  disconnected(peer: string): void {
    this.neighbors.delete(peer);
  }

  offer(payment: Payment): GossipEffects {
    this.mine.add(paymentId(payment));
    this.spread([payment]);
    return this.effects();
  }

  tick(): GossipEffects {
    this.seconds += 1;
    for (const neighbor of this.neighbors.values()) {
      neighbor.outgoing = Math.min(200, neighbor.outgoing + 20);
      neighbor.incoming = Math.min(400, neighbor.incoming + 20);
    }
    if (this.seconds % 60 === 0) {
      for (const id of [...this.mine]) if (!this.pool.get(id)) this.mine.delete(id);
      for (const { lacks } of this.neighbors.values())
        for (const id of this.mine) if (!lacks.includes(id)) lacks.push(id);
    }
    return this.effects();
  }

  received(peer: string, body: unknown, accounts: Accounts): GossipEffects {
    const neighbor = this.neighbors.get(peer);
    if (!neighbor) return this.effects();
    const taken: Payment[] = [];
    const reason = this.read(neighbor, body, accounts, taken);
    if (reason) this.neighbors.delete(peer);
    this.spread(taken);
    return this.effects(taken, reason ? [{ peer, reason }] : []);
  }

  private read(
    neighbor: Neighbor,
    body: unknown,
    accounts: Accounts,
    taken: Payment[],
  ): string | undefined {
    const { lines } = (body ?? {}) as { lines?: unknown };
    if (typeof body !== 'object' || !Array.isArray(lines)) return 'That is no body.';
    if (lines.length === 0 || lines.length > 100) return 'Those are not 1 to 100 lines.';
    const all: unknown[] = Array.from(lines);
    if (!all.every((one) => typeof one === 'string')) return 'Lines are texts.';
    neighbor.incoming -= all.length;
    if (neighbor.incoming < 0) return 'That is too much.';
    for (const line of all) {
      const payment = parsePayment(line);
      if (!payment) return 'That line is no payment.';
      const { from, signature } = payment;
      const id = paymentId(payment);
      neighbor.has.add(id);
      if (neighbor.lacks.includes(id))
        neighbor.lacks.splice(neighbor.lacks.indexOf(id), 1);
      if (this.pool.get(id)) continue;
      if (!isSigned(paymentText(this.network, payment), signature, from))
        return 'That is not signed.';
      if (this.pool.add(payment, accounts) === undefined) taken.push(payment);
    }
    return undefined;
  }

  private spread(payments: readonly Payment[]): void {
    for (const payment of payments) {
      const id = paymentId(payment);
      for (const { has, lacks } of this.neighbors.values())
        if (!has.has(id)) lacks.push(id);
    }
  }

  private effects(taken: Payment[] = [], refuse: Refusal[] = []): GossipEffects {
    const send: Outgoing[] = [];
    for (const [to, neighbor] of this.neighbors) {
      if (neighbor.outgoing === 0) continue;
      const ids = neighbor.lacks.filter((id) => this.pool.get(id));
      const late = (id: string) => (this.pool.isParked(id) ? 1 : 0);
      ids.sort((a, b) => late(a) - late(b));
      const now = ids.splice(0, neighbor.outgoing);
      neighbor.lacks = ids;
      neighbor.outgoing -= now.length;
      const lines = now.flatMap((id) => {
        neighbor.has.add(id);
        const payment = this.pool.get(id);
        return payment ? [paymentLine(payment)] : [];
      });
      while (lines.length > 0) {
        const body = { lines: lines.splice(0, 100) };
        send.push({ to, message: { type: 'topic', topic: 'payments', body } });
      }
    }
    return { send, taken, refuse };
  }
}
