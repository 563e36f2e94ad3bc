// A third solution: paths instead of parents, a ledger of questions, and steps that double.
import { blockRules, type Block, type Rule } from '#blocks';
import { workRules } from '#proof-of-work';

export { BlockTree, type Added, type Change } from './woods.ts';
export { Sync, type Effects, type Outgoing, type Refusal } from './talk.ts';
export { textLedger, type Ledger } from './accord.ts';
export { isBetter, type Candidate } from './duel.ts';

export const MAX_AHEAD = 120 * 1_000;
export const consensusRules: readonly Rule[] = [blockRules, workRules].flat();
export function earliestTime({ timestamp }: Block): number {
  return timestamp - MAX_AHEAD;
}
