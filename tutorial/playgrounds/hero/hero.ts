import {
  blockRules,
  brokenRule,
  genesisBlock,
  hashBlock,
  nextBlock,
  type Block,
} from '#blocks';
import { sha256 } from '#hashing';
import { mine, workRules } from '#proof-of-work';
import { digestCount } from '../../../final/explorer/stand-ins/crypto.ts';
import { count, duration, number } from '../../../final/explorer/components/words.ts';

const rules = [...blockRules, ...workRules];

/** How a block stands: `shaken` keeps its rules, but follows one that does not. */
export type State = 'good' | 'bad' | 'shaken';

/** What there is to see of a block. */
export interface Judged {
  readonly state: State;
  /** Whether it names the hash of the block before; the first one has none to name. */
  readonly isLinked: boolean;
}

/** What has become of the whole chain. */
export type Phase = 'mined' | 'broken' | 'linked' | 'mined again';

/** Returns what the rules of steps 2 and 3 say of each block. */
export function judge(blocks: readonly Block[]): Judged[] {
  let sound = true;
  return blocks.map((block, i) => {
    const before = blocks[i - 1];
    const isBroken = brokenRule(block, before, rules) !== undefined;
    const state = isBroken ? 'bad' : sound ? 'good' : 'shaken';
    sound = state === 'good';
    return {
      state,
      isLinked: before === undefined || block.previousHash === before.hash,
    };
  });
}

/** Returns the blocks with other data in one of them, and in it the hashes of that data. */
export function withData(blocks: readonly Block[], place: number, data: string): Block[] {
  const block = blocks[place];
  const text = data.toWellFormed();
  if (block === undefined) return [...blocks];
  const changed = { ...block, data: text, dataHash: sha256(text) };
  return blocks.with(place, { ...changed, hash: hashBlock(changed) });
}

/** Returns the blocks with every link made to fit; nobody works for the new hashes. */
export function relinked(blocks: readonly Block[]): Block[] {
  const result: Block[] = [];
  for (const block of blocks) {
    const previousHash = result.at(-1)?.hash ?? block.previousHash;
    const linked = { ...block, previousHash };
    result.push({ ...linked, hash: hashBlock(linked) });
  }
  return result;
}

/**
 * Mines all blocks from the first on that breaks a rule, with the `mine` of step 3. Yields
 * the whole chain after each block.
 *
 * @throws the signal's reason when it is aborted
 */
export async function* remined(
  blocks: readonly Block[],
  signal: AbortSignal,
): AsyncGenerator<Block[]> {
  const first = judge(blocks).findIndex(({ state }) => state !== 'good');
  let chain = [...blocks];
  for (let i = first; i >= 0 && i < blocks.length; i += 1) {
    const [block, parent] = [chain[i], chain[i - 1]];
    if (block === undefined) return;
    const { data, timestamp, difficulty } = block;
    const unmined = parent
      ? nextBlock(parent, data, timestamp)
      : genesisBlock({ data, timestamp, difficulty });
    chain = chain.with(i, await mine(unmined, signal));
    yield chain;
  }
}

/** Says what the chain has come to, compared to the one that was mined first. */
export function phaseOf(blocks: readonly Block[], mined: readonly Block[]): Phase {
  const judged = judge(blocks);
  if (judged.every(({ state }) => state === 'good')) {
    return blocks.at(-1)?.hash === mined.at(-1)?.hash ? 'mined' : 'mined again';
  }
  return judged.every(({ isLinked }) => isLinked) ? 'linked' : 'broken';
}

/** What the work on the chain has taken. */
export interface Effort {
  readonly attempts: number;
  readonly milliseconds: number;
}

/** Measures how many hashes are made, and how long that takes. */
export function startMeasuring(): () => Effort {
  const [hashes, time] = [digestCount(), performance.now()];
  return () => ({
    attempts: digestCount() - hashes,
    milliseconds: performance.now() - time,
  });
}

/**
 * Tells in a sentence or two what the chain has come to.
 *
 * @param effort - what was done since somebody has last typed, if anything
 */
export function story(phase: Phase, changed: number, effort: Effort | undefined): string {
  const took = duration(Math.max(0.1, effort?.milliseconds ?? 0));
  const other = `Block ${changed} has other data, so it has another hash, without the zeros.`;
  switch (phase) {
    case 'mined':
      return 'Each block holds the hash of the one before. Write something else into the first.';
    case 'broken':
      return `${other} Block ${changed + 1} still names the old one: all that follows is broken.`;
    case 'linked':
      if (effort === undefined) return `${other} No node would take it.`;
      return `All links fit again, and that took ${took}. But the zeros are gone: still no work, so no node would take this chain.`;
    case 'mined again':
      return `It holds again, after ${count(effort?.attempts ?? 0, 'attempt')} and ${took}. Meanwhile all others have mined on: step 6 tells whose chain counts.`;
  }
}

/** Tells how far the search is. */
export function progressIn(place: number, attempts: number, expected: number): string {
  return `Mining block ${place}: ${count(attempts, 'attempt')}, of about ${number(expected)} to be expected.`;
}
