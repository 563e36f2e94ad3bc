import { sidesOf, type Scene, type StoryEvent } from '../../lab/story.ts';
import { groupsOf } from './lab.ts';

/** What somebody can do with the whole network; `wait` is nothing. */
export type Action = 'start' | 'cut' | 'mine' | 'heal' | 'wait';

/** Links, by the names of their nodes. */
export type Pairs = readonly (readonly [string, string])[];

/** What a part of the page asks the laboratory to do. */
export interface LabDeeds {
  link: [pairs: Pairs, whole: boolean];
  mine: [names: readonly string[]];
  start: [names: readonly string[]];
  /** Spend the same coins twice, on two sides. */
  twice: [];
}

/** What makes sense next, and why. */
export interface Next {
  readonly action: Action;
  readonly words: string;
}

/** Says what makes sense next. */
export function nextOf(scene: Scene): Next {
  const running = scene.nodes.filter(({ state }) => state === 'running');
  const isCut = scene.links.some(({ whole }) => !whole);
  const sides = sidesOf(scene);
  const groups = groupsOf(scene);
  if (scene.nodes.some(({ state, tip }) => state === 'stopped' && tip === null))
    return { action: 'wait', words: 'The nodes start, one after the other …' };
  if (running.length < 2)
    return { action: 'start', words: 'It takes two to disagree: start the nodes.' };
  if (sides.length === 1 && groups.length > 1)
    return { action: 'wait', words: 'They tell each other what they have …' };
  if (sides.length === 1) {
    return {
      action: 'cut',
      words: 'They agree. Cut the network in two, so that each side goes on alone.',
    };
  }
  if (!isCut) {
    const words = 'Nodes that have stopped part the others: start them.';
    return { action: 'start', words };
  }
  const tipOf = (name = '') => scene.nodes.find((node) => node.name === name)?.tip;
  const tips = new Set(sides.map(([name]) => tipOf(name)));
  if (tips.size < sides.length) {
    return {
      action: 'mine',
      words: 'The sides cannot hear each other. Mine on both, and they will differ.',
    };
  }
  const [best, second] = groups;
  const words =
    best?.index === second?.index
      ? 'The chains are equally long. Heal it and see how a tie ends, or mine on one side first.'
      : 'Each side has a chain of its own. Heal the network, and see which one counts.';
  return { action: 'heal', words };
}

/** Returns the links between the first half of the nodes that run and the second. */
export function bridgesOf(scene: Scene): [string, string][] {
  const running = scene.nodes.filter(({ state }) => state === 'running');
  const names = running.map(({ name }) => name);
  const first = names.slice(0, Math.ceil(names.length / 2));
  return scene.links
    .filter(({ from, to }) => names.includes(from) && names.includes(to))
    .filter(({ from, to, whole }) => whole && first.includes(from) !== first.includes(to))
    .map(({ from, to }) => [from, to]);
}

/** Returns one node of each side, to mine there. */
export function minersOf(scene: Scene): string[] {
  return sidesOf(scene).flatMap(([name]) => name ?? []);
}

/** What undoes the last change of links; nothing if there was none. */
export function undoOf(
  events: readonly StoryEvent[],
): { links: Pairs; whole: boolean; words: string } | undefined {
  const last = events.findLast(({ kind }) => kind === 'cut' || kind === 'healed');
  if (last === undefined || !('links' in last)) return undefined;
  const whole = last.kind === 'cut';
  return { links: last.links, whole, words: `Undo the ${whole ? 'cut' : 'healing'}` };
}
