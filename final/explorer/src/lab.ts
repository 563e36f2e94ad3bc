import type { LabLink, LabState } from '../../lab/lab.ts';
import { count, list } from '../components/words.ts';
import type { TreeEntry } from './api.ts';
import { ending } from './forks.ts';

export type { LabLink, LabNodeState, LabState } from '../../lab/lab.ts';

/** A block of any node, and which of the nodes that run have it on their best chain. */
export interface SharedBlock extends TreeEntry {
  readonly holders: readonly string[];
}

/** Names the nodes that a node is connected with; `nobody` if there are none. */
export function peersInWords(links: readonly LabLink[], name: string): string {
  const peers = links
    .filter(({ connected }) => connected)
    .flatMap(({ from, to }) => (from === name ? [to] : to === name ? [from] : []));
  return list(peers.sort()) || 'nobody';
}

/** Joins what the nodes know into one tree, parents first. */
export function sharedTree({ nodes }: LabState): SharedBlock[] {
  const running = nodes.filter(({ state }) => state === 'running');
  const holders = new Map<string, string[]>();
  const byHash = new Map<string, TreeEntry>();
  for (const { name, blocks } of running) {
    for (const block of blocks) {
      byHash.set(block.hash, byHash.get(block.hash) ?? block);
      const names = holders.get(block.hash) ?? [];
      holders.set(block.hash, block.best ? [...names, name] : names);
    }
  }
  return [...byHash.values()]
    .sort((a, b) => a.index - b.index || a.timestamp - b.timestamp)
    .map((block) => ({ ...block, holders: holders.get(block.hash) ?? [] }));
}

/** Says whether the nodes that run have one tip, or who has which. */
export function agreement({ nodes }: LabState): { agreed: boolean; words: string } {
  const running = nodes.filter(({ state, status }) => state === 'running' && status?.tip);
  const tips = new Map<string, { index: number; names: string[] }>();
  for (const { name, status } of running) {
    const { hash = '', index = 0 } = status?.tip ?? {};
    const { names } = tips.get(hash) ?? { names: [] };
    tips.set(hash, { index, names: [...names, name] });
  }
  const [[hash, first] = ['', undefined], ...others] = tips;
  if (first === undefined) return { agreed: true, words: 'No node runs.' };
  if (others.length === 0) {
    const all =
      running.length === 1
        ? 'The node that runs has'
        : `All ${running.length} nodes that run have`;
    return {
      agreed: true,
      words: `${all} the same tip: block ${first.index} (${ending(hash)}).`,
    };
  }
  const groups = [...tips].map(
    ([hash, { index, names }]) => `${list(names)} at block ${index} (${ending(hash)})`,
  );
  return { agreed: false, words: `${count(tips.size, 'tip')}: ${groups.join('; ')}.` };
}
