import type { Block } from '#blocks';
import type { Change } from '#consensus';
import { parsePayment, paymentId, paymentLine, type Payment } from '#signatures';
import type { KeptPayment } from '../storage/store.ts';

/** A kept payment that is not on the best chain. */
interface Open {
  readonly payment: Payment;
  /** The id of the payment on the best chain that has its count. */
  usedBy: string | undefined;
}

/** A payment, by its id. */
type Named = readonly [id: string, payment: Payment];

/**
 * The payments that clients gave this node and that it has promised to keep. Where a
 * reorganization takes one off the best chain it waits again, for as long as its count is free.
 */
export class KeptPayments {
  readonly #kept = new Set<string>();
  readonly #open = new Map<string, Open>();
  /** The same by payer and count: of several, one at most gets onto a chain. */
  readonly #rivals = new Map<string, Set<string>>();

  /** How many are not on the best chain, whether they still can be or not. */
  get open(): number {
    return this.#open.size;
  }

  /** Takes up a payment as a store kept it. */
  load({ id, line, usedBy }: KeptPayment, isPaid: boolean): void {
    this.#kept.add(id);
    const payment = isPaid ? undefined : parsePayment(line);
    if (payment !== undefined) this.#openUp(id, payment, usedBy);
  }

  /** Notes a payment that is promised. */
  keep(payment: Payment): KeptPayment {
    const id = paymentId(payment);
    this.#kept.add(id);
    if (!this.#open.has(id)) this.#openUp(id, payment);
    return this.#recordOf(id, payment);
  }

  /** Returns a payment that is not on the best chain. */
  get(id: string): Payment | undefined {
    return this.#open.get(id)?.payment;
  }

  /** Returns the id of the payment on the best chain that has the count of this one. */
  usedBy(id: string): string | undefined {
    return this.#open.get(id)?.usedBy;
  }

  /** All that may get onto the best chain, by the counts. */
  get hopeful(): Payment[] {
    return [...this.#open.values()]
      .filter(({ usedBy }) => usedBy === undefined)
      .map(({ payment }) => payment)
      .sort((a, b) => a.count - b.count);
  }

  /** Follows the best chain, and returns what is to be stored of it. */
  changed(changes: readonly Change[]): KeptPayment[] {
    if (this.#kept.size === 0) return [];
    const noted = new Map<string, KeptPayment>();
    for (const { removed, added } of changes) {
      for (const each of removed.flatMap(paymentsIn)) this.#takeOff(each, noted);
      for (const each of added.flatMap(paymentsIn)) this.#putOn(each, noted);
    }
    return [...noted.values()];
  }

  #takeOff([id, payment]: Named, noted: Map<string, KeptPayment>): void {
    for (const rival of this.#rivalsOf(payment)) {
      const open = this.#open.get(rival);
      if (open?.usedBy !== id) continue;
      open.usedBy = undefined;
      noted.set(rival, this.#recordOf(rival, open.payment));
    }
    if (this.#kept.has(id)) this.#openUp(id, payment);
  }

  #putOn([id, payment]: Named, noted: Map<string, KeptPayment>): void {
    if (this.#open.delete(id)) this.#rivals.get(keyOf(payment))?.delete(id);
    for (const rival of this.#rivalsOf(payment)) {
      const open = this.#open.get(rival);
      if (open === undefined) continue;
      open.usedBy = id;
      noted.set(rival, this.#recordOf(rival, open.payment));
    }
    if (this.#rivals.get(keyOf(payment))?.size === 0) this.#rivals.delete(keyOf(payment));
  }

  #rivalsOf(payment: Payment): readonly string[] {
    return [...(this.#rivals.get(keyOf(payment)) ?? [])];
  }

  #openUp(id: string, payment: Payment, usedBy?: string): void {
    this.#open.set(id, { payment, usedBy });
    const rivals = this.#rivals.get(keyOf(payment)) ?? new Set();
    this.#rivals.set(keyOf(payment), rivals.add(id));
  }

  #recordOf(id: string, payment: Payment): KeptPayment {
    return { id, line: paymentLine(payment), usedBy: this.#open.get(id)?.usedBy };
  }
}

const keyOf = ({ from, count }: Payment): string => `${from}:${count}`;

/** Reads the payments of a block, each with its id. */
export function paymentsIn({ data }: Block): Named[] {
  const lines = data.split('\n').slice(1);
  const payments = lines.flatMap((line) => parsePayment(line) ?? []);
  return payments.map((payment) => [paymentId(payment), payment]);
}
