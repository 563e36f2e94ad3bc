import { accountOf, afterPaying, type Account, type Accounts } from '#accounts';
import type { Block } from '#blocks';
import type { Change } from '#consensus';
import { parsePayment, paymentId, type Payment } from '#signatures';

/** How many payments wait at most. */
const MAX_WAITING = 5_000;

/** How many of these may be ones that cannot be made yet: nobody knows whether they ever will. */
const MAX_PARKED = 1_000;

/** How many payments of one payer wait at most: so far ahead may their counts be. */
const MAX_AHEAD = 64;

interface Entry {
  readonly id: string;
  readonly payment: Payment;
}

/**
 * The payments that wait to get into a block. At most 5,000 wait, and of one payer 64. Some are
 * parked: they cannot be made yet, since one before them is missing or the coins are. They are at
 * most 1,000, and leave first where room is needed, those first that came first.
 */
export class Pool {
  /** What waits, by its id. What came first comes first. */
  readonly #waiting = new Map<string, Payment>();
  /** The same by payer, and by count. */
  readonly #queues = new Map<string, Map<number, Entry>>();
  readonly #parked = new Set<string>();

  /** How many payments wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Returns the payment with this id, if it waits. */
  get(id: string): Payment | undefined {
    return this.#waiting.get(id);
  }

  /** Whether the payment with this id waits, and cannot be made yet. */
  isParked(id: string): boolean {
    return this.#parked.has(id);
  }

  /** Returns what waits of one payer, in the order of the counts. */
  of(address: string): readonly Payment[] {
    return this.#entries(address).map(({ payment }) => payment);
  }

  /** All that waits, by id; what came first comes first. It is only to be read. */
  get waiting(): ReadonlyMap<string, Payment> {
    return this.#waiting;
  }

  #entries(address: string): Entry[] {
    const queue = [...(this.#queues.get(address)?.values() ?? [])];
    return queue.sort((a, b) => a.payment.count - b.payment.count);
  }

  /**
   * Takes a payment whose signature was checked. One with the same payer and count is replaced if
   * the new one has the higher fee.
   *
   * @param accounts - those after the tip
   * @returns why it is not taken: a fee below 1, a count that is used or too far ahead, another
   * payment in its place with as high a fee, or no room for a fee so low
   */
  add(payment: Payment, accounts: Accounts): string | undefined {
    if (payment.fee < 1) return 'a payment that waits needs a fee of at least 1';
    return this.#put(payment, accounts);
  }

  #put(payment: Payment, accounts: Accounts): string | undefined {
    const { from, fee, count } = payment;
    const next = accountOf(accounts, from).count;
    if (count < next) return `its payer has made payment ${count} already`;
    if (count >= next + MAX_AHEAD)
      return `its payer has to make payment ${next} first, and may have ${MAX_AHEAD} waiting`;
    const id = paymentId(payment);
    const rival = this.#queues.get(from)?.get(count);
    if (rival?.id === id) return undefined;
    if (rival && rival.payment.fee >= fee)
      return `another payment ${count} of its payer waits, with a fee of ${rival.payment.fee}`;
    if (rival) this.#remove(rival.id);
    this.#insert({ id, payment }, accounts);
    this.#makeRoom();
    if (this.#waiting.has(id)) return undefined;
    if (rival) this.#insert(rival, accounts);
    return 'there is no room for a payment with so low a fee';
  }

  #insert(entry: Entry, accounts: Accounts): void {
    const { from, count } = entry.payment;
    const queue = this.#queues.get(from) ?? new Map<number, Entry>();
    this.#queues.set(from, queue.set(count, entry));
    this.#waiting.set(entry.id, entry.payment);
    this.#park(from, accountOf(accounts, from));
  }

  #remove(id: string): void {
    const payment = this.#waiting.get(id);
    if (payment === undefined) return;
    const queue = this.#queues.get(payment.from);
    queue?.delete(payment.count);
    if (queue?.size === 0) this.#queues.delete(payment.from);
    this.#waiting.delete(id);
    this.#parked.delete(id);
  }

  /** Finds out which payments of a payer can be made one after the other, and parks the others. */
  #park(address: string, payer: Account): void {
    let account = payer;
    for (const { id, payment } of this.#entries(address)) {
      const after = afterPaying(account, payment);
      if (typeof after === 'string') this.#parked.add(id);
      else {
        account = after;
        this.#parked.delete(id);
      }
    }
  }

  #makeRoom(): void {
    while (this.#parked.size > MAX_PARKED || this.#waiting.size > MAX_WAITING) {
      const [oldest = this.#cheapest()] = this.#parked;
      this.#remove(oldest);
    }
  }

  /** The id of the payment with the lowest fee, of those that no other one of their payer follows. */
  #cheapest(): string {
    const ends = [...this.#queues.values()].map((queue) =>
      queue.get(Math.max(...queue.keys())),
    );
    const [first] = ends.sort((a, b) => (a?.payment.fee ?? 0) - (b?.payment.fee ?? 0));
    return first?.id ?? '';
  }

  /**
   * Returns what to put into the next block: payments that can be made in this order, and at each
   * place the one with the highest fee.
   *
   * @param limit - how many at most
   * @param accounts - those after the block to follow
   */
  pick(limit: number, accounts: Accounts): Payment[] {
    const candidates = [...this.#waiting.values()].sort((a, b) => b.fee - a.fee);
    const known = new Map<string, Account>();
    const now = (address: string) => {
      const account = known.get(address) ?? accountOf(accounts, address);
      known.set(address, account);
      return account;
    };
    const picked: Payment[] = [];
    while (picked.length < limit) {
      const place = candidates.findIndex(
        (payment) => typeof afterPaying(now(payment.from), payment) === 'object',
      );
      const [best] = place === -1 ? [] : candidates.splice(place, 1);
      if (best === undefined) break;
      const payer = afterPaying(now(best.from), best);
      if (typeof payer === 'object') known.set(best.from, payer);
      const { balance, count } = now(best.to);
      known.set(best.to, { balance: balance + best.amount, count });
      picked.push(best);
    }
    return picked;
  }

  /**
   * Follows the best chain: what is on it waits no more, nor does what can never be made, since its
   * count is used. What is not on it any more waits again, whatever its fee.
   *
   * @param changes - what happened to the best chain, step by step
   * @param accounts - those after the tip that there is now
   */
  changed(changes: readonly Change[], accounts: Accounts): void {
    for (const payment of changes.flatMap(({ removed }) => paymentsOf(removed)))
      this.#put(payment, accounts);
    for (const [from, queue] of this.#queues) {
      const payer = accountOf(accounts, from);
      for (const { id, payment } of queue.values())
        if (payment.count < payer.count) this.#remove(id);
      this.#park(from, payer);
    }
    this.#makeRoom();
  }
}

function paymentsOf(blocks: readonly Block[]): Payment[] {
  const lines = blocks.flatMap(({ data }) => data.split('\n').slice(1));
  return lines.flatMap((line) => parsePayment(line) ?? []);
}
