import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { Problem } from '#http';
import type { Forks, NetworkState, PeerState, Status } from '../api/schemas.ts';
import { LabNode, type LabLine } from './lab-node.ts';
import { Link } from './link.ts';

/** How long changes are gathered before a node is asked how it is, in milliseconds. */
const GATHER = 150;

/** How many blocks back a node's tree is shown. */
const LEVELS = 12;

const NO_FORKS: Forks = { blocks: [], reorganizations: [], since: 0 };
const NO_NEWS = { status: null, ...NO_FORKS };

/** How a node is, as the page of the laboratory shows it. */
export interface LabNodeState {
  readonly name: string;
  readonly state: LabNode['state'];
  /** The url of its own page. */
  readonly http: string;
  readonly status: Status | null;
  /** The last blocks that it knows, and its reorganizations. */
  readonly blocks: Forks['blocks'];
  readonly reorganizations: Forks['reorganizations'];
  /** Its log, the newest line last. */
  readonly lines: readonly LabLine[];
}

/** A link between two nodes. */
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

/** What a node said when it was last asked. */
interface Seen extends Forks {
  readonly status: Status;
  readonly peers: readonly PeerState[];
}

/** What a laboratory reports. */
interface LabEvents {
  /** Anything changed. */
  change: [];
}

/** A local network of nodes, each a process of its own, with links between them. */
export class Lab extends EventEmitter<LabEvents> {
  readonly #nodes = new Map<string, LabNode>();
  readonly #links: Link[] = [];
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
      const { status, blocks, reorganizations } = this.#seen.get(name) ?? NO_NEWS;
      return { name, state, http, lines, status, blocks, reorganizations };
    });
    const links = this.#links.map((link) => {
      const { from, to, isWhole: whole } = link;
      return { from, to, whole, connected: whole && this.#isConnected(link) };
    });
    return { nodes, links };
  }

  /** Starts `count` nodes in a ring, one after the other. */
  async start(count: number): Promise<void> {
    const names = Array.from({ length: count }, (_, i) => String.fromCharCode(65 + i));
    for (const [i, name] of names.entries()) {
      const before = names[i - 1];
      const links = before === undefined ? [] : [await this.#listen(name, before)];
      const [first] = names;
      if (i > 1 && i === count - 1 && first !== undefined)
        links.push(await this.#listen(name, first));
      const folder = join(this.#folder, name);
      const options = ['--data-dir', folder, '--outbound', '0', '--shared-address'];
      if (i === 0) options.push('-d', String(this.#difficulty));
      const node = new LabNode(name, [
        ...options,
        ...links.flatMap(({ url }) => ['-n', url]),
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
    this.#link(one, other)?.cut();
    this.emit('change');
  }

  /** Connects two nodes, again or for the first time. */
  async connect(one: string, other: string): Promise<void> {
    const from = this.node(one);
    const to = this.node(other);
    if (from === to) throw new Problem(400, 'A node cannot be its own peer.');
    const link = this.#link(one, other) ?? (await this.#listen(one, other));
    link.heal();
    this.emit('change');
    const dialing = this.node(link.from);
    if (dialing.state !== 'running') return;
    // Where it fails, as the other is stopped, the node tries again by itself.
    await dialing.client.post('/peers', { url: link.url }).catch(() => undefined);
  }

  /** Stops all nodes. */
  async stop(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all([...this.#nodes.values()].map((node) => node.stop()));
    for (const link of this.#links) link.close();
  }

  async #listen(from: string, to: string): Promise<Link> {
    const link = new Link(from, to, () => this.node(to).wsPort);
    await link.listen();
    this.#links.push(link);
    return link;
  }

  #link(one: string, other: string): Link | undefined {
    return this.#links.find(
      ({ from, to }) => (from === one && to === other) || (from === other && to === one),
    );
  }

  #isConnected({ from, to }: Link): boolean {
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

  async #look({ name, state, client }: LabNode): Promise<void> {
    if (state !== 'running') return;
    try {
      const [status, { peers }, forks] = await Promise.all([
        client.get<Status>('/status'),
        client.get<NetworkState>('/network'),
        // Before a node has joined a network it has no blocks, and says so.
        client.get<Forks>(`/forks?last=${LEVELS}`).catch(() => NO_FORKS),
      ]);
      this.#seen.set(name, { status, peers, ...forks });
      this.emit('change');
    } catch {
      // It has ended just now, and says so by that.
    }
  }
}
