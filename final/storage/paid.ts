import type { Change } from '#consensus';
import { sha256 } from '#hashing';

/**
 * Returns what changes of the best chain of a network with coins mean for its payments: the index
 * of the block that each is in now, by its id; undefined if it is in none any more.
 */
export function paidBy(changes: readonly Change[]): Map<string, number | undefined> {
  const paid = new Map<string, number | undefined>();
  for (const { removed, added } of changes) {
    for (const { data } of removed) for (const id of idsIn(data)) paid.set(id, undefined);
    for (const { data, index } of added)
      if (index > 0) for (const id of idsIn(data)) paid.set(id, index);
  }
  return paid;
}

/** The ids of the payments in a block: its first line is the reward. */
export function idsIn(data: string): string[] {
  return data
    .split('\n')
    .slice(1)
    .map((line) => sha256(line));
}
