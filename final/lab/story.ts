/**
 * What has happened in a laboratory, as a list of events, and what the network is after each of
 * them. Nothing here touches Node: the page goes back in time by the same functions.
 *
 * @module
 */

/** How many events are remembered: the newest. */
export const MAX_EVENTS = 500;

/** How many blocks a scene holds from before the events that are remembered. */
const MAX_OLD_BLOCKS = 300;

/** A block, as a story tells of it. */
export interface StoryBlock {
  readonly hash: string;
  readonly previousHash: string;
  readonly index: number;
  readonly timestamp: number;
  /** The beginning of what it carries. */
  readonly data: string;
  /** Who mined it; null where nobody saw that. */
  readonly miner: string | null;
}

/** Two nodes, by their names: who dials, and who is dialed. */
export type Pair = readonly [from: string, to: string];

/** What may happen. `tip` is always the hash of the node's best block afterwards. */
export type Happening =
  /** A node runs. Its tip is what it had on disk, or the genesis block that it mined. */
  | { readonly kind: 'started'; readonly node: string; readonly tip: string | null }
  /** Its process has ended; it has stopped answering; it answers again. */
  | { readonly kind: 'stopped' | 'silent' | 'back'; readonly node: string }
  | { readonly kind: 'mined'; readonly node: string; readonly tip: string }
  /** Blocks came that go on from its tip: from a neighbor, or null where no link brought them. */
  | {
      readonly kind: 'heard';
      readonly node: string;
      readonly from: string | null;
      readonly count: number;
      readonly tip: string;
    }
  /** It left some blocks for a branch with more work, or as much and a smaller hash. */
  | {
      readonly kind: 'gave way';
      readonly node: string;
      readonly from: string | null;
      /** The last of the blocks that left its chain, and of those that joined it, oldest first. */
      readonly removed: readonly string[];
      readonly added: readonly string[];
      readonly counts: { readonly removed: number; readonly added: number };
      readonly tip: string;
    }
  /** What block `was` carried had been taken off its chain: it is in block `hash` now. */
  | {
      readonly kind: 'again';
      readonly node: string;
      readonly was: string;
      readonly hash: string;
    }
  /** Links changed; `sides` are the nodes that can reach each other afterwards. */
  | {
      readonly kind: 'cut' | 'healed';
      readonly links: readonly Pair[];
      readonly sides: readonly (readonly string[])[];
    }
  /** Somebody paid, by a payment that was given to the node `at`. */
  | {
      readonly kind: 'paid';
      readonly at: string;
      readonly payer: string;
      readonly payee: string;
      readonly amount: number;
    }
  /** All that run have the payment in this block; or it is void, as its count is used there. */
  | {
      readonly kind: 'settled' | 'void';
      readonly payer: string;
      readonly payee: string;
      readonly amount: number;
      readonly index: number;
    }
  /** After a difference all nodes that run have the same tip. */
  | { readonly kind: 'agreed'; readonly nodes: readonly string[]; readonly tip: string };

/** Something that happened. */
export type StoryEvent = Happening & {
  /** Counts the events, from 1. */
  readonly id: number;
  /** When, in milliseconds since the epoch. */
  readonly time: number;
  /** The blocks that are new with it, parents first. */
  readonly blocks: readonly StoryBlock[];
};

/** A node at some time. */
export interface SceneNode {
  readonly name: string;
  readonly state: 'stopped' | 'running' | 'silent';
  /** The hash of its best block; null before it has one. */
  readonly tip: string | null;
}

/** A link at some time. */
export interface SceneLink {
  readonly from: string;
  readonly to: string;
  readonly whole: boolean;
}

/** The network at some time. */
export interface Scene {
  readonly nodes: readonly SceneNode[];
  readonly links: readonly SceneLink[];
  /** All blocks that any node had by then, parents first. */
  readonly blocks: readonly StoryBlock[];
}

/** A story: how the network was at first, and what has happened since. */
export interface Story {
  readonly base: Scene;
  readonly events: readonly StoryEvent[];
  /** How many earlier events are forgotten. */
  readonly dropped: number;
}

/** Returns the network as it is after an event. */
export function after(scene: Scene, event: StoryEvent): Scene {
  const blocks =
    event.blocks.length === 0 ? scene.blocks : [...scene.blocks, ...event.blocks];
  switch (event.kind) {
    case 'agreed':
    case 'again':
    case 'paid':
    case 'settled':
    case 'void':
      return { ...scene, blocks };
    case 'cut':
    case 'healed':
      return { ...scene, blocks, links: linksAfter(scene.links, event) };
    default:
      return { ...scene, blocks, nodes: nodesAfter(scene.nodes, event) };
  }
}

type NodeEvent = Extract<StoryEvent, { node: string }>;
type LinkEvent = Extract<StoryEvent, { links: unknown }>;

function nodesAfter(nodes: readonly SceneNode[], event: NodeEvent): SceneNode[] {
  return nodes.map((node) => {
    if (node.name !== event.node) return node;
    switch (event.kind) {
      case 'stopped':
      case 'silent':
        return { ...node, state: event.kind };
      case 'back':
        return { ...node, state: 'running' };
      case 'started':
        return { ...node, state: 'running', tip: event.tip };
      case 'again':
        return node;
      default:
        return { ...node, tip: event.tip };
    }
  });
}

function linksAfter(links: readonly SceneLink[], { kind, links: pairs }: LinkEvent) {
  const whole = kind === 'healed';
  const isMeant = ({ from, to }: SceneLink) => pairs.some((pair) => isOf(pair, from, to));
  const added = pairs.filter(
    ([from, to]) => !links.some((link) => isOf([from, to], link.from, link.to)),
  );
  return [
    ...links.map((link) => (isMeant(link) ? { ...link, whole } : link)),
    ...added.map(([from, to]) => ({ from, to, whole })),
  ];
}

/** Whether a pair is these two, whichever is named first. */
export function isOf([a, b]: Pair, one: string, other: string): boolean {
  return (a === one && b === other) || (a === other && b === one);
}

/** Returns a story with further events. One that it has already is replaced with all after it. */
export function continued(story: Story, events: readonly StoryEvent[]): Story {
  const [first] = events;
  if (first === undefined) return story;
  const all = [...story.events.filter(({ id }) => id < first.id), ...events];
  const surplus = all.splice(0, Math.max(0, all.length - MAX_EVENTS));
  const base = surplus.reduce(after, story.base);
  return {
    base:
      surplus.length === 0
        ? base
        : { ...base, blocks: base.blocks.slice(-MAX_OLD_BLOCKS) },
    events: all,
    dropped: story.dropped + surplus.length,
  };
}

/** Returns the network as it was after the first `count` events; as it is, without a count. */
export function sceneOf({ base, events }: Story, count = events.length): Scene {
  return events.slice(0, count).reduce(after, base);
}

/** Returns all blocks that a story knows, by their hashes. */
export function blocksOf({ base, events }: Story): Map<string, StoryBlock> {
  const all = [...base.blocks, ...events.flatMap(({ blocks }) => blocks)];
  return new Map(all.map((block) => [block.hash, block]));
}

/** Returns a chain from its tip backwards, as far as its blocks are known, at most `most`. */
export function chainOf(
  blocks: ReadonlyMap<string, StoryBlock>,
  tip: string | null,
  most = Infinity,
): StoryBlock[] {
  const chain: StoryBlock[] = [];
  let block = blocks.get(tip ?? '');
  for (
    ;
    block !== undefined && chain.length < most;
    block = blocks.get(block.previousHash)
  )
    chain.push(block);
  return chain;
}

/**
 * Returns the nodes that run, in groups that can reach each other over whole links between nodes
 * that run: one group if nothing parts them.
 */
export function sidesOf({ nodes, links }: Omit<Scene, 'blocks'>): string[][] {
  const left = new Set(
    nodes.filter(({ state }) => state === 'running').map(({ name }) => name),
  );
  const sides: string[][] = [];
  for (const { name } of nodes) {
    if (!left.delete(name)) continue;
    const side = [name];
    for (const one of side) {
      for (const { from, to, whole } of links) {
        const other = from === one ? to : to === one ? from : '';
        if (whole && left.delete(other)) side.push(other);
      }
    }
    sides.push(side.sort());
  }
  return sides;
}
