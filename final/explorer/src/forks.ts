import { count } from '../components/words.ts';
import type { Forks, Reorganization, TreeEntry } from './api.ts';

/** A branch that lost: its blocks, oldest first, and what became of it. */
export interface LostBranch {
  readonly tip: TreeEntry;
  readonly words: string;
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
      let length = 0;
      for (; fork !== undefined && !fork.best; fork = byHash.get(fork.previousHash))
        length += 1;
      const from =
        fork === undefined ? 'before these blocks' : `after block ${fork.index}`;
      const rival = fork && best.find(({ index }) => index === fork.index + length);
      const ahead = fork === undefined ? 0 : bestTip.index - fork.index;
      const name =
        length === 1
          ? `Block ${tip.index} (${ending(tip.hash)})`
          : `${count(length, 'block')} to block ${tip.index} (${ending(tip.hash)})`;
      return {
        tip,
        words: `${name} forked off ${from}. ${reason(length, ahead, tip, rival)}`,
      };
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

/** Tells a reorganization in words. */
export function reorganizationStory({
  removed,
  from,
  added,
  to,
}: Reorganization): string {
  const lost = `${count(removed, 'block')} of the branch that ended in ${ending(from)}`;
  return `${lost} gave way to ${added} of the one that ended in ${ending(to)}.`;
}
