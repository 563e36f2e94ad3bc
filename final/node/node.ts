import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { genesisBlock, type Block, type Chain } from '#blocks';
import { MAX_AHEAD, Sync, type BlockTree, type Change, type Effects } from '#consensus';
import { MiningQueue, Problem, type ChainNode } from '#http';
import { PeerNetwork, type Peer, type Tip, type Traffic, type Message } from '#peers';
import { createNodeApi } from '../api/app.ts';
import { currentClient } from './request-context.ts';
import { Doorkeeper } from './connection-gater.ts';
import { createApiServer } from '../api/server.ts';
import { Journal } from '../views/event-log.ts';
import { loadChain } from '../storage/load-chain.ts';
import { Miner, type MinerOptions, type MiningProgress } from '../mining/miner.ts';
import { ownCode } from './own-steps.ts';
import { Posts, type Post } from './posts.ts';
import type { Store } from '../storage/level-store.ts';
import { Progress } from '../terminal/log.ts';
import { urlOf } from './ports.ts';

/** The difficulty of a new network, in bits: four zero hex digits. */
export const DEFAULT_DIFFICULTY = 16;

/** From how many stored blocks on the loading is shown. */
const LONG_CHAIN = 5_000;

/** How long clients may take to read the last answers when the node stops, in milliseconds. */
const LAST_WORDS = 300;

/** How a node is to run. */
export interface NodeOptions {
  /** The address to listen on. */
  readonly host: string;
  /** The port of the HTTP API; 0 takes a free one. */
  readonly httpPort: number;
  /** The port for peers; 0 takes a free one. */
  readonly wsPort: number;
  /** The urls of nodes to join, as `ws://host:port`; none to start a network. */
  readonly peers: readonly string[];
  /** The leading zero bits that a new network asks for; undefined for the default. */
  readonly difficulty?: number | undefined;
  /** How many peers to look for beyond those named; undefined for the default. */
  readonly outbound?: number | undefined;
  /** Whether all peers come through one address, so that it cannot tell them apart. */
  readonly sharedAddress?: boolean | undefined;
  /** Whether to mine empty blocks without end. */
  readonly mine?: boolean | undefined;
  /** With how many threads to mine, and what tries the nonces. */
  readonly mining?: MinerOptions | undefined;
  /** Opens the place that keeps the chain. It is called once the ports are taken. */
  readonly openStore: () => Promise<Store>;
  /** Where to tell what goes on. */
  readonly log: Logger;
}

/** What a node says of itself. */
export interface Status {
  /** The node's id, new at each start: 32 hex digits. */
  readonly id: string;
  /** The hash of the genesis block, which names the network; null before it has one. */
  readonly network: string | null;
  /** The leading zero bits that the network asks for; null before it has joined one. */
  readonly difficulty: number | null;
  /** The best block: hash, index, and the work of its chain; null before there is one. */
  readonly tip: Tip | null;
  /** How many peers are connected. */
  readonly peers: number;
  /** Hashes a second, while it last searched for a block; 0 before. */
  readonly hashRate: number;
  /** How far the search for a block is that is under way; null while there is none. */
  readonly mining: MiningProgress | null;
  /** How many acknowledged posts are off the best chain and wait to be mined again. */
  readonly waiting: number;
  /** Which steps are a reader's own, as in `my 01 03`; null if none is. */
  readonly code: string | null;
}

/** What a node reports. */
export interface NodeEvents {
  /** The best chain changed. */
  changes: [changes: readonly Change[]];
  /** A post that had left the best chain is on it again, in another block. */
  again: [hash: string, block: Block];
  /** The number of peers changed. */
  peers: [count: number];
  /** A message about blocks went to a peer, which its `key` names. */
  sent: [key: string, message: Message];
  /** It cannot go on, and is to be stopped. */
  fatal: [error: Error];
}

/** A complete node: the six steps wired together, with a store and mining threads. */
export class Node extends EventEmitter<NodeEvents> implements ChainNode {
  readonly #options: NodeOptions;
  readonly #log: Logger;
  readonly #network: PeerNetwork;
  readonly #doorkeeper: Doorkeeper;
  readonly #peers = new Map<string, Peer>();
  readonly #server: Server;
  readonly #miner: Miner;
  readonly #queue: MiningQueue;
  readonly #journal: Journal;
  readonly #posts = new Posts();
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #sync: Sync | undefined;
  #store: Store | undefined;
  #savedAddresses = '[]';
  readonly #code = ownCode();
  #isMiningAgain = false;

  /** Prepares a node. Nothing happens before {@link start}. */
  constructor(options: NodeOptions) {
    super();
    this.#options = options;
    this.#log = options.log;
    this.#miner = new Miner(options.mining);
    this.#journal = new Journal(options.log);
    this.#doorkeeper = new Doorkeeper(options.sharedAddress);
    const { outbound } = options;
    this.#network = new PeerNetwork({
      chain: () => ({ ...this.#identity(), ...(this.#code && { code: this.#code }) }),
      refuse: (host) => this.#doorkeeper.refuse(host, performance.now()),
      makeRoom: (peers) => this.#doorkeeper.makeRoom(peers),
      heed: (url, from) => this.#doorkeeper.heed(url, from, performance.now()),
      ...(outbound !== undefined && { outbound }),
    });
    this.#server = createApiServer(createNodeApi(this, this.#network));
    this.#queue = new MiningQueue({
      tip: () => this.chain.tip,
      search: (block, signal) => this.#search(block, signal),
      add: (block) => this.#addMined(block),
    });
  }

  /** The best chain. Before there is one, a {@link Problem} 503 says why. */
  get chain(): Chain {
    return this.#tree.chain;
  }

  /** Returns a block of any branch by its hash. */
  find(hash: string): Block | undefined {
    return this.#tree.get(hash);
  }

  get #tree(): BlockTree {
    if (this.#sync?.tree !== undefined) return this.#sync.tree;
    throw new Problem(
      503,
      `The node has no chain yet: ${this.#waitingFor()}. Try again soon.`,
    );
  }

  /** What the node says of itself. */
  get status(): Status {
    const { genesis, tip } = this.#identity();
    const difficulty = this.#sync?.tree?.chain.tip.difficulty ?? null;
    const peers = this.#peers.size;
    const { waiting } = this.#posts;
    const { id } = this.#network;
    const { hashRate, progress: mining } = this.#miner;
    const chain = { network: genesis, difficulty, tip };
    return { id, ...chain, peers, hashRate, mining, waiting, code: this.#code ?? null };
  }

  /** How much went to and came from peers since the start, in bytes. */
  get traffic(): Traffic {
    return this.#network.traffic;
  }

  /** The url of the HTTP API. */
  get httpUrl(): string {
    const { port } = this.#server.address() as AddressInfo;
    return urlOf('http', this.#options.host, port);
  }

  /** The url for peers. */
  get wsUrl(): string {
    return urlOf('ws', this.#options.host, this.#network.port);
  }

  /** Where the chain is kept, for people to read. */
  get place(): string {
    return this.#store?.place ?? '';
  }

  /**
   * Listens, loads the chain, or starts one if there is none and no node to join, and dials
   * its peers.
   *
   * @throws Error with a sentence if that cannot be
   */
  async start(): Promise<void> {
    await this.#listen();
    this.#store = await this.#options.openStore();
    const addresses = await this.#store.peers();
    const urls = [...this.#options.peers, ...keptOf(addresses)];
    this.#posts.load(await this.#store.posts());
    const sync = await this.#load(this.#store);
    if (sync === undefined && urls.length === 0) await this.#mineGenesis();
    else this.#sync = sync ?? new Sync();

    this.#listenToPeers();
    this.#checkDifficulty();
    for (const url of urls) this.#network.keep(url);
    for (const { url } of addresses) this.#network.suggest(url);
    this.#timer = setInterval(() => this.#tick(), 1_000);
    if (this.#options.mine) void this.#mineOn();
  }

  /**
   * Mines a block that carries `data` and returns it when it is on the chain and on disk. If
   * a reorganization takes it off again, its data is mined again. If the client that asked
   * for it goes away before it is found, the search ends.
   */
  async mine(data: string): Promise<Block> {
    const block = await this.#queue.mine(data);
    await this.#write([], [this.#posts.mined(block.hash)]);
    return block;
  }

  /** Answers what is under way, then closes everything. */
  async stop(): Promise<void> {
    this.#stop.abort();
    clearInterval(this.#timer);
    this.#journal.close();
    this.#queue.restart();
    const impatience = setTimeout(() => this.#server.closeAllConnections(), LAST_WORDS);
    await Promise.all([
      new Promise((resolve) => this.#server.close(resolve)),
      this.#network.close(),
      this.#miner.close(),
    ]);
    clearTimeout(impatience);
    await this.#saveAddresses();
    await this.#store?.close();
  }

  #identity(): { genesis: string | null; tip: Tip | null } {
    return {
      genesis: this.#sync?.tree?.chain.at(0)?.hash ?? null,
      tip: this.#sync?.tip ?? null,
    };
  }

  #waitingFor(): string {
    if (this.#store === undefined || this.#sync === undefined) return 'it is starting';
    return `it waits for ${keptOf(this.#network.addresses).join(' or ')} to let it in`;
  }

  async #listen(): Promise<void> {
    const { host, httpPort, wsPort } = this.#options;
    this.#server.listen(httpPort, host);
    await once(this.#server, 'listening').catch(explainPort(httpPort, '-p'));
    await this.#network.listen(wsPort, host).catch(explainPort(wsPort, '-w'));
  }

  async #load(store: Store): Promise<Sync | undefined> {
    const progress = new Progress(this.#log, 'Loading blocks');
    try {
      return await loadChain(store, (done, total) => {
        this.#stop.signal.throwIfAborted();
        if (total >= LONG_CHAIN) progress.update(done, total);
      });
    } finally {
      progress.stop();
    }
  }

  async #mineGenesis(): Promise<void> {
    const { difficulty = DEFAULT_DIFFICULTY } = this.#options;
    this.#log.info(
      `Mining the genesis block of a new network, with ${difficulty} zero bits`,
    );
    const unmined = genesisBlock({ timestamp: Date.now(), difficulty });
    const block = await this.#search(unmined, this.#stop.signal);
    await this.#write([{ removed: [], added: [block] }]);
    this.#sync = new Sync(block);
  }

  async #search(block: Block, signal: AbortSignal): Promise<Block> {
    if (this.#stop.signal.aborted) throw new Problem(503, 'The node is stopping.');
    // Where blocks come faster than milliseconds pass, their timestamps run ahead.
    const early = block.timestamp - Date.now() - MAX_AHEAD / 2;
    if (early > 0) await sleep(early, undefined, { signal });
    const parent = this.#sync?.tree?.get(block.previousHash);
    const client = currentClient();
    const signals = client === undefined ? [signal] : [signal, client];
    return this.#miner.search(block, parent, AbortSignal.any(signals));
  }

  async #addMined(block: Block): Promise<boolean> {
    if (this.#sync === undefined) return false;
    await this.#apply(this.#sync.mined(block, Date.now()));
    return this.chain.find(block.hash) !== undefined;
  }

  async #mineOn(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      // Nobody was promised these blocks: they may be lost. Without a chain it waits for one.
      await this.#queue.mine('').catch(() => sleep(1_000, undefined, { ref: false }));
    }
  }

  #listenToPeers(): void {
    this.#network.on('peer', (peer) => {
      this.#peers.set(peer.key, peer);
      this.emit('peers', this.#peers.size);
      this.#journal.connected(peer);
      this.#tell((sync, now) => sync.connected(peer.key, peer.hello, now));
    });
    this.#network.on('message', (peer, message) => {
      if (message.type === 'tip') this.#journal.claimed(peer, message.tip.index);
      this.#tell((sync, now) => {
        const effects = sync.received(peer.key, message, now);
        if (effects.changes.length > 0) this.#doorkeeper.delivered(peer);
        return effects;
      });
      const slow = this.#doorkeeper.tooSlow(this.#network.peers);
      for (const each of slow) each.blame('It reads too slowly.');
    });
    this.#network.on('gone', (peer, reason) => {
      this.#peers.delete(peer.key);
      this.emit('peers', this.#peers.size);
      this.#journal.lost(peer, reason);
      this.#tell((sync, now) => sync.disconnected(peer.key, now));
    });
    this.#network.on('blamed', (who, reason) => {
      this.#doorkeeper.blame(who, performance.now());
      this.#journal.blamed(who, reason);
    });
    this.#network.on('failed', (url, reason) => this.#journal.failed(url, reason));
  }

  #tick(): void {
    this.#tell((sync, now) => sync.tick(now));
    if (this.#posts.waiting > 0) void this.#mineAgain();
    this.#saveAddresses().catch((error: unknown) => this.#log.warn(error));
  }

  #tell(event: (sync: Sync, now: number) => Effects): void {
    if (this.#sync === undefined) return;
    // Where the changes cannot be written, the node has reported it already.
    this.#apply(event(this.#sync, Date.now())).catch(() => undefined);
  }

  /** Does what consensus asks for. It is done when all changes are on disk. */
  async #apply({ send, changes, refuse }: Effects): Promise<void> {
    for (const { to, message } of send) {
      this.#peers.get(to)?.send(message);
      this.emit('sent', to, message);
    }
    for (const { peer, reason } of refuse) this.#peers.get(peer)?.blame(reason);
    if (changes.length === 0) return;
    this.#queue.restart();
    this.#journal.changed(changes, this.chain);
    if (changes[0]?.added[0]?.index === 0) this.#checkDifficulty();
    this.emit('changes', changes);
    await this.#write(changes, this.#posts.changed(changes));
    void this.#mineAgain();
  }

  async #write(changes: readonly Change[], posts: readonly Post[] = []): Promise<void> {
    try {
      await this.#store?.write(changes, posts);
    } catch (error) {
      const words =
        `The chain cannot be written to ${this.place}: ${(error as Error).message}. Nothing ` +
        'that was acknowledged is lost. Make room or mend the disk, then start the node again.';
      this.emit('fatal', new Error(words, { cause: error }));
      throw new Problem(507, words);
    }
  }

  /** Mines the data of posts that a reorganization took off the chain, one after the other. */
  async #mineAgain(): Promise<void> {
    if (this.#isMiningAgain) return;
    this.#isMiningAgain = true;
    try {
      for (let lost = this.#posts.next; lost !== undefined; lost = this.#posts.next) {
        const block = await this.#queue.mine(lost.data);
        const posts = [this.#posts.mined(block.hash), this.#posts.minedAgain(lost.hash)];
        await this.#write([], posts);
        this.#journal.minedAgain(lost.hash, block);
        this.emit('again', lost.hash, block);
      }
    } catch {
      // The node is stopping or has too much to do: the next tick or the next start goes on.
    } finally {
      this.#isMiningAgain = false;
    }
  }

  #checkDifficulty(): void {
    const { difficulty: wanted } = this.#options;
    const actual = this.#sync?.tree?.chain.tip.difficulty;
    if (wanted === undefined || actual === undefined || wanted === actual) return;
    this.#log.warn(
      `This network asks for ${actual} zero bits (-d ${actual / 4}); -d ${wanted / 4} is ignored`,
    );
  }

  async #saveAddresses(): Promise<void> {
    const addresses = this.#network.addresses;
    const text = JSON.stringify(addresses);
    if (text === this.#savedAddresses) return;
    this.#savedAddresses = text;
    await this.#store?.writePeers(addresses);
  }
}

function keptOf(addresses: readonly { url: string; keep: boolean }[]): string[] {
  return addresses.filter(({ keep }) => keep).map(({ url }) => url);
}

/** Returns what turns the error of a port that cannot be listened on into a sentence. */
export function explainPort(port: number, option: string): (error: unknown) => never {
  return (error) => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE')
      throw new Error(`Cannot listen on port ${port}: ${message}`);
    throw new Error(
      `Port ${port} is in use. Stop the program that uses it, or choose another port with ` +
        `${option} (${option} 0 takes a free one).`,
    );
  };
}
