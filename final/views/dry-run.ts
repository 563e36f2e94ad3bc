import { setImmediate as nextTurn } from 'node:timers/promises';
import { brokenRule, checkShape, type Block } from '#blocks';
import { earliestTime, textLedger, type Ledger } from '#consensus';

/** How many characters of data are checked before others get a turn. */
const PIECE = 1_000_000;

/** What a node would do with a list of blocks, and why. */
export interface DryRun {
  /** `refused` breaks a rule, `early` is not yet valid, `known` is in its tree already. */
  readonly verdict: 'refused' | 'early' | 'known' | 'valid';
  /** The index that the first block has which decided so; null if it has none. */
  readonly index: number | null;
  /** The reason, in the words of the rules. */
  readonly reason: string;
}

/** What a network agrees on, with what is known after blocks of the tree. */
export interface Knowledge<S extends object> {
  readonly ledger: Ledger<S>;
  /** Gives what is known after a block, by its hash, if that is at hand. */
  readonly stateAt: (hash: string) => S | undefined;
}

const ofTexts: Knowledge<object> = {
  ledger: textLedger,
  stateAt: () => textLedger.initial,
};

/**
 * Judges blocks as if a peer had sent them, and changes nothing.
 *
 * @param blocks - any values, each to follow the one before
 * @param find - gives a block of any branch by its hash
 * @param now - the time, in milliseconds since the epoch
 * @param knowledge - what the network agrees on; that of texts unless given
 */
export async function dryRun<S extends object>(
  blocks: readonly unknown[],
  find: (hash: string) => Block | undefined,
  now: number,
  knowledge: Knowledge<S> = ofTexts as Knowledge<S>,
): Promise<DryRun> {
  const { ledger, stateAt } = knowledge;
  const offered = new Map<string, Block>();
  const states = new Map<string, S>();
  let isNew = false;
  let checked = 0;
  for (const value of blocks) {
    const shape = checkShape(value);
    if (shape !== undefined) return { verdict: 'refused', index: null, reason: shape };
    const block = value as Block;
    const { index } = block;
    checked += block.data.length;
    if (checked > PIECE) {
      checked = 0;
      await nextTurn();
    }
    const parent = find(block.previousHash) ?? offered.get(block.previousHash);
    const isGenesis = parent === undefined && index === 0;
    if (parent === undefined && !isGenesis) {
      const reason = `no block has the hash ${block.previousHash}, which it gives as its parent's`;
      return { verdict: 'refused', index, reason };
    }
    const broken = brokenRule(block, parent, ledger.rules);
    if (broken !== undefined) return { verdict: 'refused', index, reason: broken };
    const isKnown = find(block.hash) !== undefined;
    if (isGenesis && !isKnown) {
      const reason = 'it would begin another network';
      return { verdict: 'refused', index, reason };
    }
    if (earliestTime(block) > now) {
      const reason = 'its timestamp is too far ahead of the clock';
      return { verdict: 'early', index, reason };
    }
    if (!isKnown && parent !== undefined) {
      const state = applied(block, parent);
      if (typeof state === 'string') return { verdict: 'refused', index, reason: state };
      states.set(block.hash, state);
      if (ledger.verify !== undefined) await nextTurn(); // signatures take time
    }
    isNew ||= !isKnown;
    offered.set(block.hash, block);
  }
  const verdict = isNew ? 'valid' : 'known';
  return { verdict, index: null, reason: 'every rule is kept' };

  /** Returns what is known after a new block, or why the ledger does not take it. */
  function applied(block: Block, parent: Block): S | string {
    const state = states.get(parent.hash) ?? stateAt(parent.hash);
    if (state === undefined)
      return 'it is too far back: what was known before it is not at hand any more';
    const after = ledger.apply(state, block, parent);
    if (typeof after === 'string') return after;
    return ledger.verify?.(after, block) ?? after;
  }
}
