/**
 * Step 6: consensus. Nodes that disagree find out which chain took the most work.
 *
 * @module
 */
export { MAX_AHEAD, consensusRules, earliestTime } from './rules.ts';
export { textLedger, type Ledger } from './ledger.ts';
export { BlockTree, type Added, type Change } from './tree.ts';
export { isBetter, type Candidate } from './fork-choice.ts';
export { Sync, type Effects, type Outgoing, type Refusal } from './sync.ts';
