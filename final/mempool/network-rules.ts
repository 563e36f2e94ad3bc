import { coinLedger, coinOf, type Accounts } from '#accounts';
import type { Block } from '#blocks';
import { textLedger, type Ledger } from '#consensus';
import { merkleRoot } from '#merkle';

/** What is known after a block, in whatever network. */
export interface NetworkState {
  /** Who has how much; only in a network with coins. */
  readonly accounts?: Accounts;
}

/**
 * Says what the network of a genesis block agrees on: one of texts, or one with coins. If it is
 * another, a sentence says that this node cannot be part of it.
 */
export function ledgerOf(genesis: Block): Ledger<NetworkState> | string {
  const coin = coinOf(genesis);
  if (coin === undefined) return textLedger;
  if (typeof coin === 'object') return coinLedger(genesis, coin);
  // Where no rule can stand, the usual rules say better what is wrong.
  return genesis.dataHash === merkleRoot(genesis.data) ? coin : textLedger;
}
