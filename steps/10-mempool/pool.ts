import { accountOf, parseReward, type Account, type Accounts } from '#accounts';
import type { Block } from '#blocks';
import type { Change } from '#consensus';
import { parsePayment, paymentId, type Payment } from '#signatures';
import { payable } from './payable.ts';

/** How many payments wait at most. */
const MAX_WAITING = 5_000;

/** How many of these may be ones that cannot be made yet: nobody knows whether they ever will. */
const MAX_PARKED = 1_000;

/** How many payments of one payer are taken at most: so far ahead may their counts be. */
const MAX_AHEAD = 64;

interface Entry {
  readonly id: string;
  readonly payment: Payment;
}

/** The payments that wait to get into a block, in one node. */
export class Pool {
  /** What waits, by its id. What came first comes first. */
  readonly #waiting = new Map<string, Payment>();
  /** The same by payer, and by count. */
  readonly #queues = new Map<string, Map<number, Entry>>();
  /** The ids of those that cannot be made yet. What was parked first comes first. */
  readonly #parked = new Set<string>();

  /** How many payments wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** All that waits, by id; what came first comes first. It is only to be read. */
  get waiting(): ReadonlyMap<string, Payment> {
    return this.#waiting;
  }

  /** Returns the payment with this id, if it waits. */
  get(id: string): Payment | undefined {
    return this.#waiting.get(id);
  }

  /** Returns what waits of one payer, in the order of the counts. */
  of(address: string): readonly Payment[] {
    const queue = [...(this.#queues.get(address)?.values() ?? [])];
    return queue.map(({ payment }) => payment).sort((a, b) => a.count - b.count);
  }

  /** Whether the payment with this id waits, and cannot be made yet: it is parked. */
  isParked(id: string): boolean {
    return this.#parked.has(id);
  }

  /**
   * Takes a payment whose signature was checked, unless it waits already. Another one with the
   * same payer and count is replaced if the new one has the higher fee.
   *
   * @param accounts - those after the tip
   * @returns why it is not taken: a fee below 1, a count that is used, or 64 or more ahead of the
   * payer's next one, another payment in its place with as high a fee, or no room
   */
  add(payment: Payment, accounts: Accounts): string | undefined {
    const { from, fee, count } = payment;
    const payer = accountOf(accounts, from);
    if (fee < 1) return 'a payment that waits needs a fee of at least 1';
    if (count < payer.count) return `its payer has made payment ${count} already`;
    if (count >= payer.count + MAX_AHEAD)
      return `its payer has to make payment ${payer.count} first, and may have ${MAX_AHEAD} waiting`;
    const id = paymentId(payment);
    if (this.#waiting.has(id)) return undefined;
    const rival = this.#queues.get(from)?.get(count);
    const reason = rival && this.#replace(rival, fee);
    if (reason !== undefined) return reason;
    this.#insert({ id, payment });
    this.#park(from, payer);
    if (this.#isCrowded) this.#makeRoom();
    return this.#waiting.has(id) ? undefined : 'there is no room for it now';
  }

  #insert(entry: Entry): void {
    const { from, count } = entry.payment;
    const queue = this.#queues.get(from) ?? new Map<number, Entry>();
    this.#queues.set(from, queue.set(count, entry));
    this.#waiting.set(entry.id, entry.payment);
  }

  /** Finds out which payments of a payer can be made now, and parks the others. */
  #park(address: string, payer: Account): void {
    const ready = new Set(payable(this.of(address), payer));
    for (const { id, payment } of this.#queues.get(address)?.values() ?? [])
      if (ready.has(payment)) this.#parked.delete(id);
      else this.#parked.add(id);
  }

  /** Whether there is more than may wait. */
  get #isCrowded(): boolean {
    return this.#parked.size > MAX_PARKED || this.#waiting.size > MAX_WAITING;
  }

  /** Takes a payment out if the fee is higher than its own, or says why not. */
  #replace({ id, payment }: Entry, fee: number): string | undefined {
    if (payment.fee >= fee)
      return `another payment ${payment.count} of its payer waits, with a fee of ${payment.fee}`;
    this.#remove(id);
    return undefined;
  }

  #remove(id: string): void {
    const { from = '', count = -1 } = this.#waiting.get(id) ?? {};
    const queue = this.#queues.get(from);
    queue?.delete(count);
    if (queue?.size === 0) this.#queues.delete(from);
    this.#waiting.delete(id);
    this.#parked.delete(id);
  }

  /**
   * Returns what to put into the next block: payments that can be made in this order, and at each
   * place the one with the highest fee.
   *
   * @param limit - how many at most
   * @param accounts - those after the block to follow
   */
  pick(limit: number, accounts: Accounts): Payment[] {
    const balances = new Map<string, number>();
    const turns = new Map<string, Payment | undefined>();
    for (const [from, queue] of this.#queues) {
      const { balance, count } = accountOf(accounts, from);
      balances.set(from, balance);
      turns.set(from, queue.get(count)?.payment);
    }
    const picked: Payment[] = [];
    while (picked.length < limit) {
      const best = this.#best(turns.values(), balances);
      if (best === undefined) break;
      const { from, to, amount, fee, count } = best;
      balances.set(from, (balances.get(from) ?? 0) - fee - amount);
      const payee = balances.get(to);
      if (payee !== undefined) balances.set(to, payee + amount);
      turns.set(from, this.#queues.get(from)?.get(count + 1)?.payment);
      picked.push(best);
    }
    return picked;
  }

  /** Returns the one with the highest fee that its payer can pay. */
  #best(
    turns: Iterable<Payment | undefined>,
    balances: ReadonlyMap<string, number>,
  ): Payment | undefined {
    let best: Payment | undefined;
    for (const payment of turns) {
      if (payment === undefined || payment.fee <= (best?.fee ?? -1)) continue;
      const { from, amount, fee } = payment;
      if (amount <= (balances.get(from) ?? 0) - fee) best = payment;
    }
    return best;
  }

  /**
   * Lets payments go while there are more than 5,000, or more than 1,000 that are parked. Those go
   * first, and of them what was parked first. Then of all that wait the lowest fee is looked for,
   * of equal ones that which came last; from its payer, the last payment goes.
   */
  #makeRoom(): void {
    while (this.#isCrowded) {
      const [oldest = this.#leastWanted()] = this.#parked;
      this.#remove(oldest);
    }
  }

  #leastWanted(): string {
    let lowest: Payment | undefined;
    for (const payment of this.#waiting.values())
      if (payment.fee <= (lowest?.fee ?? Infinity)) lowest = payment;
    const last = lowest && this.of(lowest.from).at(-1);
    return last === undefined ? '' : paymentId(last);
  }

  /**
   * Follows the best chain: what is on it waits no more, nor does what can never be made, since its
   * count is used. What is not on it any more waits again, whatever its fee and however far ahead.
   *
   * @param changes - what happened to the best chain since the accounts that were given last
   * @param accounts - those after the tip that there is now
   */
  changed(changes: readonly Change[], accounts: Accounts): void {
    const removed = changes.flatMap((change) => change.removed);
    const added = changes.flatMap((change) => change.added);
    const touched = new Set([...removed, ...added].flatMap(addressesOf));
    for (const address of touched) this.#dropMade(address, accounts);
    for (const payment of removed.flatMap(paymentsOf)) this.#takeBack(payment, accounts);
    for (const address of touched)
      if (this.#queues.has(address)) this.#park(address, accountOf(accounts, address));
    if (this.#isCrowded) this.#makeRoom();
  }

  /** Lets go what a payer has made, or can never make. */
  #dropMade(address: string, accounts: Accounts): void {
    const queue = this.#queues.get(address);
    if (queue === undefined) return;
    const next = accountOf(accounts, address).count;
    for (const { id, payment } of queue.values())
      if (payment.count < next) this.#remove(id);
  }

  /** Lets a payment that was on the chain wait, if it can still be made, and no better one waits. */
  #takeBack(payment: Payment, accounts: Accounts): void {
    const { from, fee, count } = payment;
    if (count < accountOf(accounts, from).count) return;
    const rival = this.#queues.get(from)?.get(count);
    const reason = rival && this.#replace(rival, fee);
    if (reason !== undefined) return;
    this.#insert({ id: paymentId(payment), payment });
    if (this.#isCrowded) this.#makeRoom();
  }
}

function paymentsOf({ data }: Block): Payment[] {
  return data.split('\n').flatMap((line) => parsePayment(line) ?? []);
}

/** Returns the addresses whose accounts a block changes. */
function addressesOf(block: Block): string[] {
  const [first = ''] = block.data.split('\n', 1);
  const reward = parseReward(first);
  const payments = paymentsOf(block).flatMap(({ from, to }) => [from, to]);
  return reward === undefined ? payments : [reward.to, ...payments];
}
