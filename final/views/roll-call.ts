import type { Block } from '#blocks';
import { addressesOf } from '../node/addresses.ts';
import { BoundedMap } from '../node/bounded-map.ts';
import { WS_PORT } from '../node/defaults.ts';
import type { Node } from '../node/node.ts';
import type { History } from './history.ts';

/** How many nodes a class waits for unless told otherwise. */
export const USUAL_SIZE = 10;

/** How many blocks back the chain and its forks are shown. */
const LEVELS = 12;

/** Of how many nodes it is remembered how many blocks were heard first from them. */
const MAX_FINDERS = 1_000;

/** The step that decides which chain counts. */
const CONSENSUS = '06';

/** What there is to do for a class. */
type TaskId = 'joined' | 'blocks' | 'fork' | 'own';

/** How far a class is with something. */
interface Task {
  readonly id: TaskId;
  /** Whether it was done at some time: what was done stays done. */
  readonly done: boolean;
  readonly have: number;
  readonly of: number;
}

/** A node as the class sees it. */
interface Pupil {
  readonly id: string;
  readonly name: string | null;
  readonly url: string | null;
  /** Whether it is the node that tells this. */
  readonly self: boolean;
  /** Which steps are its owner's, as in `my 01 06`. */
  readonly code: string | null;
  readonly tip: { readonly hash: string; readonly index: number } | null;
  /** How many blocks were heard first from it. */
  readonly found: number;
}

/**
 * Calls the roll of a class: who is there, who has found blocks, what is done. It knows what this
 * node has seen: a block counts for the node that it was heard of first from, and who restarts
 * begins anew. It decides nothing.
 */
export class RollCall {
  readonly #node: Node;
  readonly #history: History;
  readonly #size: number;
  readonly #found = new BoundedMap<string, number>(MAX_FINDERS);
  readonly #done = new Set<TaskId>();
  #total = 0;
  /** The height of the newest fork. */
  #fork: number | undefined;

  /**
   * Begins to listen. It is to be made after the history, which it asks, and before the node starts.
   *
   * @param size - how many nodes are to join
   */
  constructor(node: Node, history: History, size = USUAL_SIZE) {
    this.#node = node;
    this.#history = history;
    this.#size = size;
    node.on('taken', (blocks) => this.#took(blocks));
    node.on('peers', () => this.#look());
    history.on('outcome', ({ removed }) => {
      if (removed[0] !== undefined) this.#fork = removed[0].index;
      this.#look();
    });
  }

  /** What can be told of the class now. */
  get state() {
    const { id, name, network, tip, code } = this.#node.status;
    const self = { id, name, url: null, self: true, code, tip, found: this.#foundBy(id) };
    const pupils = this.#peers();
    const byId = new Map([self, ...pupils].map(({ id, found }) => [id, found]));
    const present = [...byId.values()].reduce((sum, found) => sum + found, 0);
    const length = tip === null ? 0 : this.#node.chain.length;
    return {
      since: this.#history.since,
      network,
      lines: this.lines,
      nodes: [{ ...self, tip: tip && { hash: tip.hash, index: tip.index } }, ...pupils],
      gone: this.#total - present,
      blocks: length === 0 ? [] : this.#history.tree(Math.max(0, length - LEVELS)),
      tasks: this.#look(),
    };
  }

  /** What others type to join, a line for each address of this machine. */
  get lines(): string[] {
    const { hostname } = new URL(this.#node.wsUrl);
    const { port } = this.#node.network;
    const suffix = port === WS_PORT ? '' : `:${port}`;
    return addressesOf(hostname).map((address) => `./pychain join ${address}${suffix}`);
  }

  #peers(): Pupil[] {
    return this.#history.peers.map(({ id, name, url, code, tip }) => {
      return { id, name, url, self: false, code, tip, found: this.#foundBy(id) };
    });
  }

  #foundBy(id: string): number {
    return this.#found.get(id) ?? 0;
  }

  #took(blocks: readonly Block[]): void {
    for (const { hash, index } of blocks) {
      const origin = this.#history.originOf(hash);
      if (index === 0 || origin === undefined) continue; // everybody has the first from the class
      const id = origin.from?.id ?? this.#node.network.id;
      this.#found.set(id, this.#foundBy(id) + 1);
      this.#total += 1;
      if (this.#node.chain.find(hash) === undefined) this.#fork = index;
    }
    this.#look();
  }

  /** Ticks off what is done, and says how far all is. */
  #look(): Task[] {
    const { tip, code } = this.#node.status;
    const peers = this.#peers();
    const size = this.#size;
    const finders = peers.filter(({ found }) => found > 0).length;
    const isOwn = (code: string | null) => code?.split(' ').includes(CONSENSUS) ?? false;
    const own = [code, ...peers.map((peer) => peer.code)].filter(isOwn).length;
    const isOver = this.#fork !== undefined && (tip?.index ?? 0) > this.#fork;
    const state: Omit<Task, 'done'>[] = [
      { id: 'joined', have: peers.length, of: size },
      { id: 'blocks', have: finders, of: Math.max(size, peers.length) },
      { id: 'fork', have: (this.#fork === undefined ? 0 : 1) + (isOver ? 1 : 0), of: 2 },
      { id: 'own', have: own, of: 1 },
    ];
    for (const { id, have, of } of state) if (have >= of) this.#done.add(id);
    return state.map((task) => ({ ...task, done: this.#done.has(task.id) }));
  }
}
