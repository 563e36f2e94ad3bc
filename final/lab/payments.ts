import { join } from 'node:path';
import { Problem } from '#http';
import { pay, type Payment } from '#signatures';
import type { ApiClient } from '../api/client.ts';
import { Refused } from '../api/client.ts';
import type { AccountState, PaymentStatus, Status } from '../api/schemas.ts';
import { readWallet } from '../wallet/wallet-file.ts';

/** A node, as far as payments need it. */
export interface Payer {
  readonly name: string;
  readonly client: ApiClient;
}

/** A payment that somebody made in the laboratory. */
export interface Paid {
  readonly id: string;
  readonly payer: string;
  readonly payee: string;
  readonly amount: number;
  /** The node that it was given to. */
  readonly at: string;
  /** How many payments its payer made before. */
  readonly count: number;
}

/** What one node of the laboratory pays another. */
export interface Wish {
  readonly amount: number;
  readonly fee: number;
}

/** Signs with the wallets of nodes, which lie in their data folders, and follows what was paid. */
export class Payments {
  readonly #folder: string;
  /** What is not known to be in a block for good. */
  readonly #open = new Map<string, Paid>();

  /** @param folder - where the data folders of the nodes are, by their names */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Pays from one node to another, and gives the payment to `at`.
   *
   * @param count - its count; the next one that `at` knows unless given
   * @throws Problem with a sentence if the payer has too little, or no coins are known here
   */
  async pay(
    payer: Payer,
    payee: Payer,
    at: Payer,
    wish: Wish,
    count?: number,
  ): Promise<Paid> {
    const [{ network }, { coin }] = await Promise.all([
      at.client.get<Status>('/status'),
      payee.client.get<Status>('/status'),
    ]);
    if (network === null || coin === null)
      throw new Problem(409, 'This network has no coins. Start one with --coin.');
    const keys = readWallet(join(this.#folder, payer.name, 'wallet.pem'));
    const account = await at.client.get<AccountState>(`/accounts/${keys.address}`);
    const { balance } = account.pending ?? account;
    if (balance < wish.amount + wish.fee)
      throw new Problem(
        409,
        `Node ${payer.name} has ${balance} coins there, which is too little: mine at ${payer.name}.`,
      );
    const next = count ?? account.pending?.count ?? account.count;
    const payment = pay(network, keys, { to: coin.rewardsTo, ...wish, count: next });
    const { id } = await at.client.post<PaymentStatus>(
      '/payments',
      payment satisfies Payment,
    );
    const paid = {
      id,
      payer: payer.name,
      payee: payee.name,
      amount: wish.amount,
      at: at.name,
      count: next,
    };
    this.#open.set(id, paid);
    return paid;
  }

  /** Says, once for each payment, what has become of it by what a node knows. */
  async settled(at: Payer): Promise<{ paid: Paid; isVoid: boolean; index: number }[]> {
    const news: { paid: Paid; isVoid: boolean; index: number }[] = [];
    for (const paid of this.#open.values()) {
      const found = await at.client
        .get<PaymentStatus>(`/payments/${paid.id}`)
        .catch((error: unknown) => unknown(error));
      const isVoid = found?.state === 'used';
      if (!found?.block || !(isVoid || found.state === 'included')) continue;
      if (!this.#open.delete(paid.id)) continue;
      news.push({ paid, isVoid, index: found.block.index });
    }
    return news;
  }
}

/** A payment that a node has never heard of is none of its business. */
function unknown(error: unknown): undefined {
  if (error instanceof Refused) return undefined;
  throw error;
}
