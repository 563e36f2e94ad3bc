import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { Block } from '#blocks';
import { Problem } from '#http';
import type { ChainEvent, NetworkState, PeerState, Status } from '../api/schemas.ts';
import { BoundedMap } from '../node/bounded-map.ts';
import { coinLine, shortAddress } from './coin-line.ts';
import { LabNode, type LabLine } from './lab-node.ts';
import { Link } from './link.ts';
import { eventsOf, type NodeEvent } from './node-events.ts';
import { Payments, type Paid, type Wish } from './payments.ts';
import { Recorder } from './recorder.ts';
import { sidesOf, type Pair, type Scene, type SceneNode, type Story } from './story.ts';

/** How long changes are gathered before a node is asked for its peers, in milliseconds. */
const GATHER = 150;

/** How long to wait before listening again to a node that broke off, in milliseconds. */
const AGAIN = 500;

/** How many blocks back a node is asked for what it has. */
const LEVELS = 20;

/** How many ways of blocks through links are remembered for the pages: the newest. */
const MAX_FLIGHTS = 200;

/** How a node is, as the page of the laboratory shows it. */
export interface LabNodeState {
  readonly name: string;
  readonly state: LabNode['state'];
  /** The id of its process. */
  readonly pid: number;
  /** The url of its own page. */
  readonly http: string;
  readonly status: Status | null;
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

/** A message with blocks that went through a link. */
export interface Flight {
  /** Counts them, from 1. */
  readonly id: number;
  readonly from: string;
  readonly to: string;
  /** The last of the blocks. */
  readonly hash: string;
}

/** The whole laboratory. */
export interface LabState {
  readonly nodes: readonly LabNodeState[];
  readonly links: readonly LabLink[];
  readonly flights: readonly Flight[];
  readonly story: Story;
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
  readonly #peers = new Map<string, readonly PeerState[]>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #flights = new BoundedMap<number, Flight>(MAX_FLIGHTS);
  readonly #folder: string;
  readonly #difficulty: number;
  readonly #hasCoins: boolean;
  readonly #payments: Payments;
  #recorder = new Recorder({ nodes: [], links: [], blocks: [] });
  #flown = 0;
  #isOver = false;

  /**
   * Prepares a laboratory.
   *
   * @param folder - where the nodes keep their chains
   * @param difficulty - zero hex digits that the network asks for
   * @param hasCoins - whether its blocks carry payments in place of texts
   */
  constructor(folder: string, difficulty: number, hasCoins = false) {
    super();
    this.#hasCoins = hasCoins;
    this.#payments = new Payments(folder);
    this.#folder = folder;
    this.#difficulty = difficulty;
  }

  /** How everything is, and what has happened. */
  get state(): LabState {
    const nodes = [...this.#nodes.values()].map(
      ({ name, state, pid, http, lines, status }) => {
        return { name, state, pid, http, lines, status };
      },
    );
    const links = this.#links.map((link) => {
      const { from, to, isWhole: whole } = link;
      return { from, to, whole, connected: whole && this.#isConnected(link) };
    });
    const { story } = this.#recorder;
    return { nodes, links, story, flights: [...this.#flights.values()] };
  }

  /** Starts `count` nodes in a ring, one after the other. */
  async start(count: number): Promise<void> {
    const names = Array.from({ length: count }, (_, i) => String.fromCharCode(65 + i));
    for (const [i, name] of names.entries()) {
      const neighbors = i === 0 ? [] : [names[i - 1]];
      if (i > 1 && i === count - 1) neighbors.push(names[0]);
      const links: Link[] = [];
      for (const neighbor of neighbors) {
        if (neighbor !== undefined) links.push(await this.#listen(name, neighbor));
      }
      const folder = join(this.#folder, name);
      const options = ['--name', name, '--data-dir', folder];
      options.push('--outbound', '0', '--shared-address');
      if (i === 0) options.push('-d', String(this.#difficulty));
      if (i === 0 && this.#hasCoins) options.push('--coin');
      const urls = links.flatMap(({ url }) => ['-n', url]);
      this.#nodes.set(name, new LabNode(name, [...options, ...urls]));
    }
    this.#recorder = new Recorder(
      this.#firstScene(),
      (name) => !this.#hasStrangers(name),
      Date.now,
      this.#hasCoins ? (data) => this.#coinLine(data) : undefined,
    );
    this.#recorder.on('event', (event) => {
      this.emit('change');
      if (event.kind === 'agreed') void this.#tellPayments(event.nodes);
    });
    for (const node of this.#nodes.values()) {
      node.on('change', () => this.#changed(node));
      await this.startNode(node.name);
    }
  }

  /** Returns a node. Throws a {@link Problem} if there is none of that name. */
  node(name: string): LabNode {
    const node = this.#nodes.get(name);
    if (node !== undefined) return node;
    throw new Problem(404, `There is no node ${name}.`);
  }

  /** Starts a node, with what it has on disk. */
  async startNode(name: string): Promise<void> {
    const node = this.node(name);
    if (node.state !== 'stopped' || this.#isOver) return;
    await node.start();
    await this.#begun(node);
  }

  /** Lets nodes mine a block each, all at once: by their names, what it is to carry. */
  async mine(data: Readonly<Record<string, string>>): Promise<void> {
    const names = Object.keys(data);
    for (const name of names) this.#running(name);
    const searches = names.map(async (name) => {
      const { client } = this.#running(name);
      const text = this.#hasCoins ? '' : data[name];
      this.#recorder.learn([await client.post<Block>('/blocks', { data: text })]);
    });
    await Promise.all(searches);
  }

  /** What a block carries, in which the nodes are called by their names. */
  #coinLine(data: string): string {
    const ownerOf = (address: string) => {
      const owns = ({ status }: LabNode) => status?.coin?.rewardsTo === address;
      return [...this.#nodes.values()].find(owns)?.name ?? shortAddress(address);
    };
    return coinLine(data, ownerOf) ?? data;
  }

  /** Lets a node pay another one. */
  async pay(payer: string, payee: string, wish: Wish): Promise<void> {
    const [from, to] = [this.#running(payer), this.#running(payee)];
    await this.#pay(from, to, from, wish);
  }

  /**
   * Lets a node spend the same coins twice: to two nodes that cannot hear each other.
   *
   * @throws Problem with a sentence if the network is not cut
   */
  async spendTwice(payer: string, wish: Wish): Promise<void> {
    const from = this.#running(payer);
    const sides = sidesOf(this.#recorder.scene);
    const own = sides.find((side) => side.includes(payer)) ?? [];
    const other = sides.find((side) => !side.includes(payer));
    const [there] = other ?? [];
    if (there === undefined)
      throw new Problem(
        409,
        'Cut the network in two first: now every node hears of both.',
      );
    const near = this.#running(own.find((name) => name !== payer) ?? payer);
    const far = this.#running(there);
    const { count } = await this.#pay(from, near, from, wish);
    await this.#pay(from, far, far, wish, count);
  }

  /** Pays, and tells it in the story. */
  async #pay(...order: Parameters<Payments['pay']>): Promise<Paid> {
    const paid = await this.#payments.pay(...order);
    const { payer, payee, amount, at } = paid;
    this.#recorder.paid({ kind: 'paid', at, payer, payee, amount });
    return paid;
  }

  /** Tells what has become of payments, when all who run agree. */
  async #tellPayments([name = '']: readonly string[]): Promise<void> {
    if (!this.#hasCoins || this.#isOver) return;
    const node = this.node(name);
    const news = await this.#payments.settled(node).catch(() => []);
    for (const { paid, isVoid, index } of news) {
      const { payer, payee, amount } = paid;
      const kind = isVoid ? 'void' : 'settled';
      this.#recorder.paid({ kind, payer, payee, amount, index });
    }
  }

  /** Returns a node that answers. Throws a {@link Problem} if it does not. */
  #running(name: string): LabNode {
    const node = this.node(name);
    if (node.state === 'running') return node;
    const why = node.state === 'silent' ? 'does not answer' : 'does not run';
    throw new Problem(409, `Node ${name} ${why}.`);
  }

  /** Cuts links, or heals them; those that there have not been are made. */
  async link(pairs: readonly Pair[], whole: boolean): Promise<void> {
    for (const [one, other] of pairs) {
      if (this.node(one) === this.node(other))
        throw new Problem(400, 'A node cannot be its own peer.');
    }
    if (!whole) {
      for (const [one, other] of pairs) this.#link(one, other)?.cut();
      const cut = pairs.filter(([one, other]) => this.#link(one, other));
      this.#recorder.linked(cut, false);
    } else {
      const links = [];
      for (const [one, other] of pairs) {
        const link = this.#link(one, other) ?? (await this.#listen(one, other));
        link.heal();
        links.push(link);
      }
      this.#recorder.linked(pairs, true);
      for (const link of links) void this.#dial(link);
    }
    this.emit('change');
  }

  /** Stops all nodes. */
  async stop(): Promise<void> {
    this.#isOver = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all([...this.#nodes.values()].map((node) => node.stop()));
    for (const link of this.#links) link.close();
  }

  #firstScene(): Scene {
    const nodes = [...this.#nodes.keys()].map((name): SceneNode => {
      return { name, state: 'stopped', tip: null };
    });
    const links = this.#links.map(({ from, to }) => ({ from, to, whole: true }));
    return { nodes, links, blocks: [] };
  }

  async #listen(from: string, to: string): Promise<Link> {
    const target = () => this.node(to).wsPort;
    const link = new Link(from, to, target, (...passed) => this.#passed(...passed));
    await link.listen();
    this.#links.push(link);
    return link;
  }

  #passed(from: string, to: string, blocks: readonly Block[]): void {
    this.#recorder.passed(from, to, blocks);
    const hash = blocks.at(-1)?.hash ?? '';
    const id = (this.#flown += 1);
    this.#flights.set(id, { id, from, to, hash });
    this.emit('change');
  }

  async #dial(link: Link): Promise<void> {
    const dialing = this.node(link.from);
    if (dialing.state !== 'running') return;
    // Where it fails, as the other is stopped, the node tries again by itself.
    await dialing.client.post('/peers', { url: link.url }).catch(() => undefined);
  }

  #link(one: string, other: string): Link | undefined {
    return this.#links.find(
      ({ from, to }) => (from === one && to === other) || (from === other && to === one),
    );
  }

  #isConnected({ from, to }: Link): boolean {
    const id = this.#nodes.get(to)?.status?.id;
    const peers = this.#peers.get(from) ?? [];
    const running = [from, to].every(
      (name) => this.#nodes.get(name)?.state === 'running',
    );
    return running && peers.some((peer) => peer.id === id);
  }

  /** Whether a node has peers that are not of the laboratory: somebody has joined it. */
  #hasStrangers(name: string): boolean {
    const ids = new Set([...this.#nodes.values()].map(({ status }) => status?.id));
    return (this.#peers.get(name) ?? []).some(({ id }) => !ids.has(id));
  }

  #changed(node: LabNode): void {
    const { name, state } = node;
    const before = this.#recorder.scene.nodes.find((other) => other.name === name)?.state;
    if (state === 'stopped' && before !== 'stopped')
      this.#recorder.turned(name, 'stopped');
    if (state === 'silent' && before === 'running') this.#recorder.turned(name, 'silent');
    if (state === 'running' && before === 'silent') this.#recorder.turned(name, 'back');
    this.emit('change');
    if (this.#timers.has(name)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      void this.#look(node);
    }, GATHER);
    this.#timers.set(name, timer);
  }

  async #look({ name, state, client }: LabNode): Promise<void> {
    if (state !== 'running') return;
    try {
      const { peers } = await client.get<NetworkState>('/network');
      this.#peers.set(name, peers);
      this.emit('change');
    } catch {
      // It has ended just now, and says so by that.
    }
  }

  /** A node answers: follows it from here on. */
  async #begun(node: LabNode): Promise<void> {
    this.#recorder.started(node.name, await this.#chainOf(node));
    void this.#follow(node);
  }

  /** Listens to a node until its process ends. */
  async #follow(node: LabNode): Promise<void> {
    const { pid } = node;
    while (!this.#isOver && node.pid === pid && node.state !== 'stopped') {
      try {
        for await (const event of eventsOf(node.client, () => void this.#catchUp(node)))
          await this.#take(node, event);
      } catch {
        // The connection broke off, as it does when a node ends.
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }

  async #catchUp(node: LabNode): Promise<void> {
    this.#recorder.has(node.name, await this.#chainOf(node));
  }

  async #take(node: LabNode, event: NodeEvent): Promise<void> {
    const { name } = node;
    if (event.name === 'again')
      return this.#recorder.again(name, event.data.was, event.data.block);
    const { tip, removed, added, counts }: ChainEvent = event.data;
    if (tip === null) return;
    const hashes = added.map(({ hash }) => hash);
    for (const hash of this.#recorder.unknown(hashes.slice(-LEVELS))) {
      const found = await node.client
        .get<Block>(`/blocks/${hash}`)
        .catch(() => undefined);
      if (found !== undefined) this.#recorder.learn([found]);
    }
    this.#recorder.moved(name, {
      tip: tip.hash,
      removed: removed.map(({ hash }) => hash),
      added: hashes,
      counts,
    });
  }

  /** The last blocks of a node, oldest first; none while it has no chain. */
  async #chainOf({ client }: LabNode): Promise<readonly Block[]> {
    try {
      const { tip } = await client.get<Status>('/status');
      const from = Math.max(0, (tip?.index ?? 0) + 1 - LEVELS);
      return await client.get<Block[]>(`/blocks?from=${from}&limit=${2 * LEVELS}`);
    } catch {
      return [];
    }
  }
}
