import type { Block, Rule } from '#blocks';
import { consensusRules } from './index.ts';

export interface Ledger<S extends object> {
  readonly rules: readonly Rule[];
  readonly initial: S;
  apply(state: S, block: Block, previous: Block): S | string;
  verify?(after: S, block: Block): string | undefined;
  readonly batch?: number;
}

const nothing = Object.freeze({});

export const textLedger: Ledger<object> = {
  get rules() {
    return consensusRules; // read late: the modules of this solution import each other
  },
  initial: nothing,
  apply: () => nothing,
};
