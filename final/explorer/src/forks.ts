import { count, number } from '../components/words.ts';
import type { Forks, Reorganization, TreeEntry } from './api.ts';

/** A branch that lost, and what became of it. */
export interface LostBranch {
  readonly tip: TreeEntry;
  /** The hashes of its blocks. */
  readonly hashes: readonly string[];
  /** What it is, as in `2 blocks to block 7 (…9a0c)`. */
  readonly name: string;
  /** Where it began, and why it lost. */
  readonly words: string;
  /** Why it lost. */
  readonly reason: string;
}

/** The last digits of a hash, since the first are zeros. */
export const ending = (hash: string): string => `…${hash.slice(-4)}`;

/** Tells of each branch off the best chain why it lost, the newest first. */
export function lostBranches({ blocks }: Pick<Forks, 'blocks'>): LostBranch[] {
  const byHash = new Map(blocks.map((block) => [block.hash, block]));
  const parents = new Set(blocks.map(({ previousHash }) => previousHash));
  const best = blocks.filter(({ best }) => best);
  const bestTip = best.at(-1);
  if (bestTip === undefined) return [];
  return blocks
    .filter(({ best, hash }) => !best && !parents.has(hash))
    .map((tip) => {
      let fork: TreeEntry | undefined = tip;
      const hashes: string[] = [];
      for (; fork !== undefined && !fork.best; fork = byHash.get(fork.previousHash))
        hashes.push(fork.hash);
      const { length } = hashes;
      const from =
        fork === undefined ? 'before these blocks' : `after block ${number(fork.index)}`;
      const rival = fork && best.find(({ index }) => index === fork.index + length);
      const ahead = fork === undefined ? 0 : bestTip.index - fork.index;
      const itself = `block ${number(tip.index)} (${ending(tip.hash)})`;
      const name =
        length === 1 ? `B${itself.slice(1)}` : `${count(length, 'block')} to ${itself}`;
      const why = reason(length, ahead, tip, rival);
      return { tip, hashes, name, reason: why, words: `forked off ${from}. ${why}` };
    })
    .reverse();
}

function reason(
  length: number,
  ahead: number,
  tip: TreeEntry,
  rival: TreeEntry | undefined,
): string {
  if (ahead === 0) return 'It is older than what is drawn here.';
  if (ahead > length) {
    return `The best chain has ${count(ahead, 'block')} since then: more work wins.`;
  }
  const smaller = rival && rival.hash < tip.hash ? ` (${ending(rival.hash)})` : '';
  return `Both have ${count(length, 'block')} since then: of equal work, the smaller hash wins${smaller}.`;
}

/** Tells a reorganization in words, with the rule that decided. */
export function reorganizationStory({
  removed,
  from,
  added,
  to,
}: Reorganization): string {
  const lost = `${count(removed, 'block')} of the branch that ended in ${ending(from)}`;
  const won = `${number(added)} of the one that ended in ${ending(to)}`;
  const rule =
    added > removed ? 'more work wins' : 'of equal work, the smaller hash wins';
  return `${lost} gave way to ${won}: ${rule}.`;
}
