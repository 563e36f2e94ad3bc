import type { LabLink, LabNodeState } from '../../lab/lab.ts';
import { chainOf, type Scene, type SceneNode, type StoryBlock } from '../../lab/story.ts';
import { count, list } from '../components/words.ts';
import { ending } from './forks.ts';

export type { LabLink, LabNodeState } from '../../lab/lab.ts';

/** How many blocks back the tree goes. */
const LEVELS = 12;

/** How many colors there are for groups; the first is that of the best tip alone. */
const COLORS = 4;

/** A tip with the nodes that have it, the best tip first. */
export interface Group {
  readonly hash: string;
  readonly index: number;
  readonly names: readonly string[];
  readonly color: number;
}

/** A block of any node, as the tree shows it. */
export interface SharedBlock extends StoryBlock {
  /** Which of the nodes that run have it on their best chain. */
  readonly holders: readonly string[];
  /** Whose tip it is. */
  readonly tips: readonly { readonly name: string; readonly color: number }[];
  readonly color: number;
  readonly state: 'best' | 'some' | 'lost';
  readonly words: string;
}

/** How a node is called while it does not run as it should; nothing while it does. */
export const stateWords = {
  stopped: 'stopped',
  starting: 'starting …',
  silent: 'does not answer',
  running: '',
} as const satisfies Record<LabNodeState['state'], string>;

/** Names the nodes that a node is connected with; `nobody` if there are none. */
export function peersInWords(links: readonly LabLink[], name: string): string {
  const peers = links
    .filter(({ connected }) => connected)
    .flatMap(({ from, to }) => (from === name ? [to] : to === name ? [from] : []));
  return list(peers.sort()) || 'nobody';
}

const isRunning = ({ state }: SceneNode) => state === 'running';

function byHash({ blocks }: Scene): Map<string, StoryBlock> {
  return new Map(blocks.map((block) => [block.hash, block]));
}

/**
 * Puts the nodes that run together by their tips. All blocks of a network are as hard to find, so
 * more blocks are more work; of as many, the smaller hash is the better tip.
 */
export function groupsOf(scene: Scene): Group[] {
  const blocks = byHash(scene);
  const names = new Map<string, string[]>();
  for (const { name, tip } of scene.nodes.filter(isRunning)) {
    if (tip !== null) names.set(tip, [...(names.get(tip) ?? []), name]);
  }
  return [...names]
    .map(([hash, names]) => ({ hash, index: blocks.get(hash)?.index ?? 0, names }))
    .sort((a, b) => b.index - a.index || (a.hash < b.hash ? -1 : 1))
    .map((group, rank) => ({
      ...group,
      color: rank === 0 ? 0 : 1 + ((rank - 1) % (COLORS - 1)),
    }));
}

/** Where no node runs, what they have on disk is told of as if they did. */
function asRunning(scene: Scene): Scene {
  const nodes = scene.nodes.map((node) => ({ ...node, state: 'running' as const }));
  return { ...scene, nodes };
}

/** Returns the last blocks that any node had, parents first, in the order in which they came. */
export function treeOf(scene: Scene): SharedBlock[] {
  const blocks = byHash(scene);
  const groups = groupsOf(scene.nodes.some(isRunning) ? scene : asRunning(scene));
  const holdersOf = new Map<string, Group[]>();
  for (const group of groups) {
    for (const { hash } of chainOf(blocks, group.hash))
      holdersOf.set(hash, [...(holdersOf.get(hash) ?? []), group]);
  }
  const running = groups.reduce((sum, { names }) => sum + names.length, 0);
  const last = Math.max(-1, ...scene.blocks.map(({ index }) => index));
  return scene.blocks
    .filter(({ index }) => index > last - LEVELS)
    .map((block) => {
      const having = holdersOf.get(block.hash) ?? [];
      const holders = having.flatMap(({ names }) => names).sort();
      const own = groups.find(({ hash }) => hash === block.hash);
      const { color = 0 } = having[0] ?? {};
      const tips = own?.names.map((name) => ({ name, color: own.color })) ?? [];
      const state =
        holders.length === 0 ? 'lost' : holders.length === running ? 'best' : 'some';
      const words = `${nameOf(block)}, on the chain of ${list(holders) || 'nobody'}`;
      return { ...block, holders, tips, color, state, words } as const;
    });
}

function nameOf({ index, hash, miner }: StoryBlock): string {
  return `Block ${index} (${ending(hash)})${miner === null ? '' : `, mined by ${miner}`}`;
}

/** Says whether the nodes that run have one tip, or who has which. */
export function agreement(scene: Scene): { tone: 'good' | 'warn'; words: string } {
  const silent = scene.nodes.filter(({ state }) => state === 'silent');
  const verb = silent.length === 1 ? 'does' : 'do';
  const rest =
    silent.length === 0
      ? ''
      : ` ${list(silent.map(({ name }) => name))} ${verb} not answer.`;
  const running = scene.nodes.filter((node) => isRunning(node) && node.tip !== null);
  const [first, ...others] = groupsOf(scene);
  if (first === undefined) return { tone: 'warn', words: `No node runs.${rest}` };
  if (others.length > 0) {
    const groups = [first, ...others].map(
      ({ hash, index, names }) => `${list(names)} at block ${index} (${ending(hash)})`,
    );
    const words = `${count(groups.length, 'tip')}: ${groups.join('; ')}.`;
    return { tone: 'warn', words: words + rest };
  }
  const tip = `block ${first.index} (${ending(first.hash)})`;
  const all = scene.nodes.length === running.length;
  const who =
    running.length === 1
      ? `Only ${list(first.names)} runs, at`
      : `All ${running.length} nodes${all ? '' : ' that run'} have the same tip:`;
  const tone = silent.length === 0 && running.length > 1 ? 'good' : 'warn';
  return { tone, words: `${who} ${tip}.${rest}` };
}
