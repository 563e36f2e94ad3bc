import type { AccountState, PaymentStatus } from '../../api/schemas.ts';
import { pay, type Keys } from '#signatures';
import { ask } from './api.ts';

/** What somebody wants to pay. */
export interface Wish {
  readonly to: string;
  readonly amount: number;
  readonly fee: number;
}

/** Signs a payment in this page, with the next count of its payer, and gives it to the node. */
export async function send(
  network: string,
  keys: Keys,
  wish: Wish,
): Promise<PaymentStatus> {
  const { pending, count } = await ask<AccountState>(`/accounts/${keys.address}`);
  const payment = pay(network, keys, { ...wish, count: pending?.count ?? count });
  return ask<PaymentStatus>('/payments', payment);
}
