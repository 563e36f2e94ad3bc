import { subsidy, type Coin } from '#accounts';

/** Returns how many coins there are after the block with this index. */
export function supplyAfter(coin: Coin, index: number): number {
  let supply = 0;
  for (let first = 1; first <= index && subsidy(coin, first) > 0;) {
    const next = nextHalvingAt(coin, first);
    supply += subsidy(coin, first) * (Math.min(index + 1, next) - first);
    first = next;
  }
  return supply;
}

/** Returns how many coins there will ever be. */
export function wholeSupply(coin: Coin): number {
  return supplyAfter(coin, Number.MAX_SAFE_INTEGER - 1);
}

/** The index of the next block that brings fewer coins than this one. */
function nextHalvingAt({ halving }: Coin, index: number): number {
  return (Math.floor(index / halving) + 1) * halving;
}

/** A block from which on blocks bring fewer coins. */
export interface Halving {
  readonly index: number;
  /** How many new coins it brings. */
  readonly reward: number;
}

/** Returns the next halving after the block with this index; null if no new coins come anyway. */
export function nextHalving(coin: Coin, index: number): Halving | null {
  if (subsidy(coin, index + 1) === 0) return null;
  const next = nextHalvingAt(coin, index + 1);
  return { index: next, reward: subsidy(coin, next) };
}
