import { beginningOf, visible } from '../../terminal/escapes.ts';
import { count, number } from '../components/words.ts';
import type { ClassState } from './api.ts';
import { ending } from './forks.ts';
import { lagInWords, shortName } from './peers.ts';

/** How many colors there are for tips; the first is that of this node's own. */
const COLORS = 4;

/** How many characters of a name stand at a tip. */
const AT_TIP = 12;

type Pupil = ClassState['nodes'][number];

/** A node as the page shows it. */
export interface Card {
  readonly id: string;
  readonly name: string;
  /** Its whole name, and where it is, since anybody can take any name. */
  readonly place: string;
  readonly tip: string;
  /** How far its tip is from that of this node; empty where it is the same. */
  readonly lag: string;
  readonly found: number;
  /** Which steps are its owner's; empty if none. */
  readonly own: string;
  readonly color: number;
}

/** Something for the class to do. */
export interface Todo {
  readonly id: string;
  readonly done: boolean;
  readonly title: string;
  /** How far it is. */
  readonly words: string;
  /** What to type or to do for it. */
  readonly hint: string;
}

/** How a node is called on the page: the one that shows it has no address to be told by. */
function nameOf({ self, ...node }: Pupil): string {
  return self && node.name === null ? 'this node' : shortName(node);
}

/** Returns the color of each tip, that of the node itself first. */
function colorsOf({ nodes }: ClassState): Map<string, number> {
  const hashes = [...new Set(nodes.flatMap(({ tip }) => tip?.hash ?? []))];
  return new Map(
    hashes.map((hash, i) => [hash, i < 1 ? 0 : 1 + ((i - 1) % (COLORS - 1))]),
  );
}

/** Shows each node: the one itself first, then those with names in their order. */
export function cardsOf(state: ClassState): Card[] {
  const own = state.nodes.find(({ self }) => self)?.tip;
  const colors = colorsOf(state);
  return state.nodes
    .map((node) => ({ node, name: nameOf(node) }))
    .sort((a, b) => rank(a.node) - rank(b.node) || byName(a.name, b.name))
    .map(({ node: { id, url, self, code, tip, found }, name }) => ({
      id,
      name,
      place: `${name}: ${self ? 'this node' : (url ?? 'it does not listen')}`,
      tip: tip === null ? 'no chain yet' : `block ${number(tip.index)}`,
      lag: tip === null || tip.hash === own?.hash ? '' : lagInWords(tip, own),
      found,
      own: ownInWords((code ?? '').split(' ').slice(1)),
      color: colors.get(tip?.hash ?? '') ?? 0,
    }));
}

const byName = new Intl.Collator('en', { numeric: true }).compare;
const rank = ({ self, name }: Pupil) => (self ? 0 : name === null ? 2 : 1);

/** Says which steps are a reader's own: where they follow each other, the first and the last. */
function ownInWords(steps: readonly string[]): string {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return '';
  if (first === last) return `own step ${first}`;
  const areInRow = Number(last) - Number(first) === steps.length - 1;
  return `own steps ${areInRow ? `${first}–${last}` : steps.join(', ')}`;
}

/** Returns what the tree of blocks shows: whom each was heard from first, and who is where. */
export function treeOf(state: ClassState) {
  const colors = colorsOf(state);
  const at = new Map<string, Pupil[]>();
  for (const node of state.nodes) {
    if (node.tip !== null)
      at.set(node.tip.hash, [...(at.get(node.tip.hash) ?? []), node]);
  }
  const self = state.nodes.find((node) => node.self);
  return state.blocks.map((block) => {
    const { hash, previousHash, index, best, origin } = block;
    const from = origin?.from ?? (origin && self);
    const finder = index === 0 || !from ? '' : shortName(from);
    const there = at.get(hash) ?? [];
    const [only] = there;
    const who =
      there.length > 1 || only === undefined
        ? count(there.length, 'node')
        : beginningOf(nameOf(only), AT_TIP);
    const color = colors.get(hash) ?? 0;
    return {
      hash,
      previousHash,
      index,
      label: '',
      data: index === 0 ? 'the first' : finder,
      state: best ? ('best' as const) : ('lost' as const),
      color,
      tips: there.length === 0 ? undefined : [{ name: who, color }],
      words: wordsOf(index, hash, finder, best),
    };
  });
}

function wordsOf(index: number, hash: string, finder: string, best: boolean): string {
  const from = finder === '' ? '' : `, first heard from ${finder}`;
  return `Block ${number(index)} (${ending(hash)})${from}${best ? '' : ', off the best chain'}`;
}

/** Says what there is to do, and how far it is. */
export function todosOf({ tasks, nodes }: ClassState): Todo[] {
  return tasks.map(({ id, done, have, of }) => {
    const some = `${number(have)} of ${number(of)}`;
    switch (id) {
      case 'joined':
        return { id, done, title: `${number(of)} have joined`, words: some, hint: '' };
      case 'blocks':
        return {
          ...{ id, done, title: 'Everybody has a block', words: some },
          hint: './pychain mine "hello"',
        };
      case 'fork': {
        const words = ['no fork yet', 'two branches now', 'it is over'][have] ?? '';
        return {
          ...{ id, done, title: 'A fork came and went', words },
          hint: 'Two mine at the same moment',
        };
      }
      default: {
        const names = nodes
          .filter(({ code }) => code?.split(' ').includes('06'))
          .map(nameOf);
        return {
          ...{ id, done, title: 'Somebody runs their own step 6' },
          words: names.length === 0 ? 'nobody yet' : names.slice(0, 3).join(', '),
          hint: './learn run join',
        };
      }
    }
  });
}

/** What stands at the top: how many there are, and how far the chain is. */
export function summaryOf({ nodes }: ClassState): string {
  const tip = nodes.find(({ self }) => self)?.tip;
  const height = tip ? `block ${number(tip.index)}` : 'no chain yet';
  return `${count(nodes.length, 'node')} · ${height}`;
}

/** How the class is called; empty if nobody has named it. */
export function titleOf({ nodes }: ClassState): string {
  return visible(nodes.find(({ self }) => self)?.name ?? '');
}
