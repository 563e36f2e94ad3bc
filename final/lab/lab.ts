import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { Problem } from '#http';
import { Cable } from './link.ts';
import { send } from '../api/client.ts';
import { LabNode, type LabLine } from './node-process.ts';
import type { Status } from '../node/node.ts';
import type { PeerState, Reorganization, TreeEntry } from '../views/history.ts';

/** How long changes are gathered before a node is asked how it is, in milliseconds. */
const GATHER = 150;

/** How many blocks back a node's tree is shown. */
const LEVELS = 12;

/** How a node is, as the page of the laboratory shows it. */
export interface LabNodeState {
  readonly name: string;
  readonly state: LabNode['state'];
  /** The url of its own page. */
  readonly http: string;
  readonly status: Status | null;
  /** The last blocks that it knows, and its reorganizations. */
  readonly blocks: readonly TreeEntry[];
  readonly reorganizations: readonly Reorganization[];
  /** Its log, the newest line last. */
  readonly lines: readonly LabLine[];
}

/** A cable between two nodes. */
export interface LabLink {
  readonly from: string;
  readonly to: string;
  /** False while it is cut. */
  readonly whole: boolean;
  /** Whether the two are connected through it. */
  readonly connected: boolean;
}

/** The whole laboratory. */
export interface LabState {
  readonly nodes: readonly LabNodeState[];
  readonly links: readonly LabLink[];
}

interface Seen {
  readonly status: Status;
  readonly peers: readonly PeerState[];
  readonly blocks: readonly TreeEntry[];
  readonly reorganizations: readonly Reorganization[];
}

/** What a laboratory reports. */
interface LabEvents {
  /** Anything changed. */
  change: [];
}

/** A local network of nodes, each a process of its own, with cables between them. */
export class Lab extends EventEmitter<LabEvents> {
  readonly #nodes = new Map<string, LabNode>();
  readonly #cables: Cable[] = [];
  readonly #seen = new Map<string, Seen>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #folder: string;
  readonly #difficulty: number;

  /**
   * Prepares a laboratory.
   *
   * @param folder - where the nodes keep their chains
   * @param difficulty - zero hex digits that the network asks for
   */
  constructor(folder: string, difficulty: number) {
    super();
    this.#folder = folder;
    this.#difficulty = difficulty;
  }

  /** How everything is. */
  get state(): LabState {
    const nodes = [...this.#nodes.values()].map(({ name, state, http, lines }) => {
      const { status, blocks = [], reorganizations = [] } = this.#seen.get(name) ?? {};
      const seen = { status: status ?? null, blocks, reorganizations };
      return { name, state, http, lines, ...seen };
    });
    const links = this.#cables.map((cable) => {
      const { from, to, isWhole: whole } = cable;
      return { from, to, whole, connected: whole && this.#isConnected(cable) };
    });
    return { nodes, links };
  }

  /** Starts `count` nodes in a ring, one after the other. */
  async start(count: number): Promise<void> {
    const names = Array.from({ length: count }, (_, i) => String.fromCharCode(65 + i));
    for (const [i, name] of names.entries()) {
      const before = names[i - 1];
      const cables = before === undefined ? [] : [await this.#lay(name, before)];
      const [first] = names;
      if (i > 1 && i === count - 1 && first !== undefined)
        cables.push(await this.#lay(name, first));
      const folder = join(this.#folder, name);
      const options = ['--data-dir', folder, '--outbound', '0', '--shared-address'];
      if (i === 0) options.push('-d', String(this.#difficulty));
      const node = new LabNode(name, [
        ...options,
        ...cables.flatMap(({ url }) => ['-n', url]),
      ]);
      this.#nodes.set(name, node);
      node.on('change', () => this.#lookSoon(node));
      await node.start();
    }
  }

  /** Returns a node. Throws a {@link Problem} if there is none of that name. */
  node(name: string): LabNode {
    const node = this.#nodes.get(name);
    if (node !== undefined) return node;
    throw new Problem(404, `There is no node ${name}.`);
  }

  /** Lets nothing pass between two nodes any more. */
  cut(one: string, other: string): void {
    this.#cable(one, other)?.cut();
    this.emit('change');
  }

  /** Connects two nodes, again or for the first time. */
  async connect(one: string, other: string): Promise<void> {
    const from = this.node(one);
    const to = this.node(other);
    if (from === to) throw new Problem(400, 'A node cannot be its own peer.');
    const cable = this.#cable(one, other) ?? (await this.#lay(one, other));
    cable.heal();
    this.emit('change');
    const dialing = this.node(cable.from);
    if (dialing.state !== 'running') return;
    // Where it fails, as the other is stopped, the node tries again by itself.
    const body = JSON.stringify({ url: cable.url });
    const answer = await send(`${dialing.http}/peers`, body).catch(() => undefined);
    answer?.resume();
  }

  /** Stops all nodes. */
  async stop(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all([...this.#nodes.values()].map((node) => node.stop()));
    for (const cable of this.#cables) cable.close();
  }

  async #lay(from: string, to: string): Promise<Cable> {
    const cable = new Cable(from, to, () => this.node(to).wsPort);
    await cable.lay();
    this.#cables.push(cable);
    return cable;
  }

  #cable(one: string, other: string): Cable | undefined {
    return this.#cables.find(
      ({ from, to }) => (from === one && to === other) || (from === other && to === one),
    );
  }

  #isConnected({ from, to }: Cable): boolean {
    const id = this.#seen.get(to)?.status.id;
    const peers = this.#seen.get(from)?.peers ?? [];
    const running = [from, to].every(
      (name) => this.#nodes.get(name)?.state === 'running',
    );
    return running && peers.some((peer) => peer.id === id);
  }

  #lookSoon(node: LabNode): void {
    this.emit('change');
    if (this.#timers.has(node.name)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(node.name);
      void this.#look(node);
    }, GATHER);
    this.#timers.set(node.name, timer);
  }

  async #look({ name, state, http }: LabNode): Promise<void> {
    if (state !== 'running') return;
    const ask = async (path: string): Promise<unknown> =>
      (await fetch(http + path)).json();
    try {
      const [status, network, forks] = await Promise.all([
        ask('/status'),
        ask('/network'),
        ask(`/forks?last=${LEVELS}`),
      ]);
      const { peers } = network as Pick<Seen, 'peers'>;
      const { blocks = [], reorganizations = [] } = forks as Partial<Seen>;
      this.#seen.set(name, { status: status as Status, peers, blocks, reorganizations });
      this.emit('change');
    } catch {
      // It has ended just now, and says so by that.
    }
  }
}
