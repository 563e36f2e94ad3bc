import { afterPaying, type Account } from '#accounts';
import type { Payment } from '#signatures';

/**
 * Returns which payments of a payer can be made now, one after the other: the one whose turn it
 * is, the next one, and so on, up to where a count is missing or the coins do not reach. What the
 * payer may be paid meanwhile is not counted in.
 *
 * @param payments - of one payer, in any order, no two with the same count
 * @param payer - what the payer has
 */
export function payable(payments: readonly Payment[], payer: Account): Payment[] {
  const byCount = new Map(payments.map((payment) => [payment.count, payment]));
  const made: Payment[] = [];
  let account = payer;
  for (;;) {
    const payment = byCount.get(account.count);
    const after = payment && afterPaying(account, payment);
    if (payment === undefined || typeof after !== 'object') return made;
    made.push(payment);
    account = after;
  }
}
