import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { accountOf, coinGenesis, coinOf, subsidy, type Coin } from '#accounts';
import { genesisBlock, type Block, type Chain } from '#blocks';
import {
  Sync,
  textLedger,
  type BlockTree,
  type Change,
  type Effects,
  type Ledger,
  type Outgoing,
  type Refusal,
} from '#consensus';
import { MiningQueue, Problem, type ChainNode } from '#http';
import { PeerNetwork, type Message, type Peer, type Tip } from '#peers';
import { newKeys, paymentId, type Payment } from '#signatures';
import { Mempool, type PaymentStatus } from '../mempool/mempool.ts';
import { ledgerOf, type NetworkState } from '../mempool/network-rules.ts';
import { nextHalving, supplyAfter, wholeSupply } from '../mempool/supply.ts';
import { Miner, type MinerOptions, type SearchState } from '../mining/miner.ts';
import { loadChain, type Loaded } from '../storage/load-chain.ts';
import { SideBlocks } from '../storage/side-blocks.ts';
import { StoreError, type Store, type Update } from '../storage/store.ts';
import { hold } from '../storage/stored-block.ts';
import { difficultyInWords } from '../terminal/numbers.ts';
import { Progress } from '../terminal/progress.ts';
import { ClockWatch, untilValid } from './clock.ts';
import { ConnectionGater, isTooMuch } from './connection-gater.ts';
import { DEFAULT_DIFFICULTY } from './defaults.ts';
import { ownCode } from './own-steps.ts';
import { explainPort, urlOf } from './ports.ts';
import { Posts } from './posts.ts';
import { currentClient } from './request-context.ts';
import { signaturesWork } from './signature-check.ts';

/** From how many stored blocks on the loading is shown. */
const LONG_CHAIN = 5_000;

/** How a node is to run. */
export interface NodeOptions {
  /** The address to listen on. */
  readonly host: string;
  /** The port for peers; 0 takes a free one. */
  readonly wsPort: number;
  /** The urls of nodes to join, as `ws://host:port`; none to start a network. */
  readonly peers: readonly string[];
  /** The leading zero bits that a new network asks for; undefined for the default. */
  readonly difficulty?: number | undefined;
  /** The coin of a new network; undefined for one of texts. */
  readonly coin?: Coin | undefined;
  /**
   * Gives the address for the rewards, once the network is known to have coins; nobody has them
   * unless given.
   */
  readonly wallet?: (() => string) | undefined;
  /** How many peers to look for beyond those named; undefined for the default. */
  readonly outbound?: number | undefined;
  /** What people call the node: 1 to 24 characters. */
  readonly name?: string | undefined;
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

/** What a node reports. */
export interface NodeEvents {
  /** The best chain changed. */
  changes: [changes: readonly Change[]];
  /** This node made a block, which the tree may take next. */
  mined: [block: Block];
  /** The tree took blocks, of whatever branch. */
  taken: [blocks: readonly Block[]];
  /** A post that had left the best chain is on it again, in another block. */
  again: [hash: string, block: Block];
  /** Other payments wait now, so many in all. It is told once a second at most. */
  payments: [count: number];
  /** The number of peers changed. */
  peers: [count: number];
  /** A message about blocks went to a peer, which its `key` names. */
  sent: [key: string, message: Message];
  /** It cannot go on, and is to be stopped. */
  fatal: [error: Error];
}

/** A complete node: the steps wired together, with a store and mining threads. */
export class Node extends EventEmitter<NodeEvents> implements ChainNode {
  /** Its connections. They are only to be watched, and to be told whom to dial. */
  readonly network: PeerNetwork;
  readonly #options: NodeOptions;
  readonly #log: Logger;
  readonly #gater: ConnectionGater;
  readonly #peers = new Map<string, Peer>();
  readonly #miner: Miner;
  readonly #queue: MiningQueue;
  readonly #posts = new Posts();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #clock: ClockWatch;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #sync: Sync<NetworkState> | undefined;
  #ledger: Ledger<NetworkState> = textLedger;
  #mempool: Mempool | undefined;
  /** Ends a search for a block, as another choice of payments brings more. */
  #better = new AbortController();
  #toldOfPayments = 0;
  /** Peers that lack blocks, and so could not make use of payments when they came. */
  readonly #behind = new Set<string>();
  #store: Store | undefined;
  #side = new SideBlocks();
  #savedAddresses = '[]';
  readonly #code = ownCode();
  #isMiningAgain = false;

  /** Prepares a node. Nothing happens before {@link start}. */
  constructor(options: NodeOptions) {
    super();
    this.#options = options;
    this.#log = options.log;
    this.#clock = new ClockWatch(options.log);
    this.#miner = new Miner(options.mining);
    this.#gater = new ConnectionGater(options.sharedAddress);
    const { outbound } = options;
    this.network = new PeerNetwork({
      chain: () => ({ ...this.#identity(), ...this.#ownWords }),
      refuse: (host) => this.#gater.refuse(host, performance.now()),
      makeRoom: (peers) => this.#gater.makeRoom(peers),
      heed: (url, from) => this.#gater.heed(url, from, performance.now()),
      topics: new Map([['payments', () => undefined]]), // they are judged in the mempool
      ...(outbound !== undefined && { outbound }),
    });
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

  get #tree(): BlockTree<NetworkState> {
    if (this.#sync?.tree !== undefined) return this.#sync.tree;
    throw new Problem(
      503,
      `The node has no chain yet: ${this.#waitingFor()}. Try again soon.`,
    );
  }

  /** What the node says of itself. */
  get status() {
    const { genesis, tip } = this.#identity();
    const { hashRate, progress, found } = this.#miner;
    return {
      id: this.network.id,
      name: this.#options.name ?? null,
      network: genesis,
      difficulty: this.#sync?.tree?.chain.tip.difficulty ?? null,
      tip,
      peers: this.#peers.size,
      hashRate,
      mining: progress,
      found,
      waiting: this.#posts.waiting,
      ahead: this.#ahead,
      otherClocks: this.#clock.differing,
      code: this.#code ?? null,
      coin: this.#coinStatus,
    };
  }

  /** What the node says of the coins of its network; null if that has none. */
  get #coinStatus() {
    if (this.#mempool === undefined) return null;
    const { coin, rewardsTo, size, parked, accounts } = this.#mempool;
    const { index } = this.chain.tip;
    return {
      ...coin,
      subsidy: subsidy(coin, index + 1),
      nextHalving: nextHalving(coin, index),
      supply: supplyAfter(coin, index),
      maxSupply: wholeSupply(coin),
      rewardsTo,
      balance: accountOf(accounts, rewardsTo).balance,
      waiting: size,
      parked,
    };
  }

  /**
   * The payments of a network with coins. Before the network is known, a {@link Problem} 503 says
   * why; in one of texts, 409.
   */
  get payments(): Mempool {
    if (this.#tree.chain.length > 0 && this.#mempool !== undefined) return this.#mempool;
    throw new Problem(
      409,
      'This network carries texts, and knows no coins. ./pychain --coin starts one that does.',
    );
  }

  /** The tree of blocks, with what is known after each. It is only to be read. */
  get tree(): BlockTree<NetworkState> {
    return this.#tree;
  }

  /** What the network agrees on, and what is known after its blocks, as far as it is at hand. */
  get knowledge(): {
    readonly ledger: Ledger<NetworkState>;
    readonly stateAt: (hash: string) => NetworkState | undefined;
  } {
    const tree = this.#tree;
    const stateAt = (hash: string) =>
      tree.hasState(hash) ? tree.stateAt(hash) : undefined;
    return { ledger: this.#ledger, stateAt };
  }

  /** The search for a block under way, for those who want to watch; null while there is none. */
  get search(): SearchState | null {
    return this.#miner.state;
  }

  /** The url for peers. */
  get wsUrl(): string {
    return urlOf('ws', this.#options.host, this.network.port);
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
    const { wsPort, host } = this.#options;
    await this.network.listen(wsPort, host).catch(explainPort(wsPort, host, '-w'));
    this.#store = await this.#options.openStore();
    const addresses = await this.#store.peers();
    const urls = [...this.#options.peers, ...keptOf(addresses)];
    this.#posts.load(await this.#store.posts());
    const { sync, side } = await this.#load(this.#store);
    this.#side = side;
    if (sync === undefined && urls.length === 0) await this.#mineGenesis();
    else this.#sync = sync ?? new Sync(undefined, ledgerOf);
    this.#openMempool();
    await this.#mempool?.load();

    this.#listenToPeers();
    this.#checkOptions();
    for (const url of urls) this.network.keep(url);
    for (const { url } of addresses) this.network.suggest(url);
    this.#timer = setInterval(() => this.#tick(), 1_000);
    if (this.#options.mine) void this.#mineOn();
  }

  /**
   * Mines a block that carries `data` and returns it when it is on the chain and on disk. If
   * a reorganization takes it off again, its data is mined again. If the client that asked
   * for it goes away before it is found, the search ends.
   */
  async mine(data: string): Promise<Block> {
    if (data !== '' && this.#mempool !== undefined)
      throw new Problem(
        409,
        'Blocks of this network carry payments, and no texts. Mine one with ./pychain mine, or ' +
          'by POST /blocks {"data":""}; pay with ./pychain pay, or by POST /payments.',
      );
    return this.#track(this.#mine(data));
  }

  /**
   * Takes a payment of a client, and says where it is when it is on disk. If it has to leave, or a
   * reorganization takes it off the chain, it waits again, as long as its count is free.
   */
  async pay(payment: Payment): Promise<PaymentStatus> {
    return this.#track(this.#pay(payment));
  }

  /** Ends the searches, waits for what is being written, then closes everything. */
  async stop(): Promise<void> {
    this.#stop.abort();
    clearInterval(this.#timer);
    this.#queue.restart();
    await Promise.all([this.network.close(), this.#miner.close()]);
    // A post whose block is on the chain has yet to be acknowledged.
    await Promise.allSettled(this.#underWay);
    await this.#forget();
    await this.#saveAddresses();
    await this.#store?.close();
  }

  /** Notes work that has to be done before the store closes. */
  async #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    return work.finally(() => this.#underWay.delete(work));
  }

  async #mine(data: string): Promise<Block> {
    const block = await this.#queue.mine(data);
    if (this.#mempool === undefined)
      await this.#write({ posts: [this.#posts.mined(block.hash)] });
    return block;
  }

  async #pay(payment: Payment): Promise<PaymentStatus> {
    const { payments } = this;
    const id = paymentId(payment);
    const before = payments.statusOf(id);
    if (before?.state === 'included') return before;
    await this.#write({ payments: [payments.accept(payment)] });
    this.#do(payments.offer(payment));
    const status = payments.statusOf(id);
    if (status === undefined) throw new Error('A payment that was kept is unknown.');
    return status;
  }

  #identity(): { genesis: string | null; tip: Tip | null } {
    return {
      genesis: this.#sync?.tree?.chain.at(0)?.hash ?? null,
      tip: this.#sync?.tip ?? null,
    };
  }

  /** What it says of itself beyond its chain. */
  get #ownWords(): { code?: string; name?: string } {
    const { name } = this.#options;
    return { ...(this.#code && { code: this.#code }), ...(name && { name }) };
  }

  /** By how much the best block is dated ahead of this machine's clock, in milliseconds. */
  get #ahead(): number {
    const timestamp = this.#sync?.tree?.chain.tip.timestamp ?? 0;
    return Math.max(0, timestamp - Date.now());
  }

  #waitingFor(): string {
    if (this.#store === undefined || this.#sync === undefined) return 'it is starting';
    return `it waits for ${keptOf(this.network.addresses).join(' or ')} to let it in`;
  }

  /** Sets up what a network with coins needs, when its genesis block is known. */
  #openMempool(): void {
    const [tree, store] = [this.#sync?.tree, this.#store];
    const genesis = tree?.chain.at(0);
    if (tree === undefined || store === undefined || genesis === undefined) return;
    const ledger = ledgerOf(genesis);
    if (typeof ledger === 'object') this.#ledger = ledger;
    const coin = coinOf(genesis);
    if (typeof coin !== 'object') return;
    if (!signaturesWork())
      throw new Error(
        'This version of Node.js judges signatures in another way than other nodes do, so it ' +
          'could take a chain that they refuse. Take another version of Node.js.',
      );
    const rewardsTo = this.#options.wallet?.() ?? newKeys().address;
    this.#mempool = new Mempool({ genesis, coin, tree, store, rewardsTo });
    for (const key of this.#peers.keys()) this.#do(this.#mempool.connected(key));
  }

  async #load(store: Store): Promise<Loaded<NetworkState>> {
    const progress = new Progress(this.#log, 'Loading blocks');
    try {
      const onProgress = (done: number, total: number) => {
        this.#stop.signal.throwIfAborted();
        if (total >= LONG_CHAIN) progress.update(done, total);
      };
      return await loadChain(store, onProgress, { ledgerOf });
    } finally {
      progress.stop();
    }
  }

  async #mineGenesis(): Promise<void> {
    const { difficulty = DEFAULT_DIFFICULTY, coin } = this.#options;
    const words = difficultyInWords(difficulty);
    this.#log.info(`Mining the genesis block of a new network, with ${words}`);
    const header = { timestamp: Date.now(), difficulty };
    const unmined = coin === undefined ? genesisBlock(header) : coinGenesis(coin, header);
    const block = await this.#search(unmined, this.#stop.signal);
    await this.#write({ blocks: [block], tip: block.hash });
    this.#report('mined', block);
    this.#sync = new Sync(block, ledgerOf);
  }

  async #search(block: Block, signal: AbortSignal): Promise<Block> {
    if (this.#stop.signal.aborted) throw new Problem(503, 'The node is stopping.');
    await untilValid(block, signal);
    const parent = this.#sync?.tree?.get(block.previousHash);
    const client = currentClient();
    const signals = client === undefined ? [signal] : [signal, client];
    const isOver = AbortSignal.any(signals);
    if (parent === undefined || this.#mempool === undefined)
      return this.#miner.search(block, parent, isOver);
    return this.#searchWithPayments(parent, this.#mempool, isOver);
  }

  /** Searches for a block of what waits, and begins anew when something better does. */
  async #searchWithPayments(
    parent: Block,
    mempool: Mempool,
    signal: AbortSignal,
  ): Promise<Block> {
    for (;;) {
      const { signal: better } = (this.#better = new AbortController());
      const block = mempool.template(parent, Date.now());
      try {
        return await this.#miner.search(block, parent, AbortSignal.any([signal, better]));
      } catch (error) {
        if (signal.aborted || !better.aborted) throw error;
      }
    }
  }

  async #addMined(block: Block): Promise<boolean> {
    if (this.#sync === undefined || this.#store === undefined) return false;
    const [held = block] = hold(this.#store, this.#tree, [block]);
    this.#report('mined', held);
    await this.#apply(this.#sync.mined(held, Date.now()));
    return this.chain.find(block.hash) !== undefined;
  }

  async #mineOn(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      // Nobody was promised these blocks: they may be lost. Without a chain it waits for one.
      await this.#queue.mine('').catch(() => sleep(1_000, undefined, { ref: false }));
    }
  }

  #listenToPeers(): void {
    this.network.on('peer', (peer) => {
      this.#peers.set(peer.key, peer);
      this.#clock.met(peer);
      this.#report('peers', this.#peers.size);
      this.#tell((sync) => sync.connected(peer.key, peer.hello));
      this.#meetForPayments(peer);
    });
    this.network.on('topic', (peer, topic, body) => {
      if (topic === 'payments' && this.#mempool !== undefined)
        this.#do(this.#mempool.received(peer.key, body));
    });
    this.network.on('message', (peer, message) => {
      if (isTooMuch(message)) return peer.blame('It sent more than an answer may hold.');
      const held = this.#held(message);
      this.#tell((sync, now) => {
        const effects = sync.received(peer.key, held, now);
        if (effects.changes.length > 0) this.#gater.delivered(peer);
        return effects;
      });
      const slow = this.#gater.tooSlow(this.network.peers);
      for (const each of slow) each.blame('It reads too slowly.');
    });
    this.network.on('gone', (peer) => {
      this.#peers.delete(peer.key);
      this.#mempool?.disconnected(peer.key);
      this.#behind.delete(peer.key);
      this.#clock.lost(peer);
      this.#report('peers', this.#peers.size);
      this.#tell((sync) => sync.disconnected(peer.key));
    });
    this.network.on('blamed', (who) => this.#gater.blame(who, performance.now()));
  }

  #tick(): void {
    this.#tell((sync) => sync.tick());
    this.#tickPayments();
    if (this.#posts.waiting > 0) void this.#track(this.#mineAgain());
    this.#clock.compare(this.#ahead);
    void this.#track(this.#forget());
    this.#store?.check().catch((error: unknown) => this.#giveUp(error as Error));
    this.#saveAddresses().catch((error: unknown) => this.#log.warn(error));
  }

  #meetForPayments({ key, hello: { tip } }: Peer): void {
    if (this.#mempool === undefined) return;
    const isBehind = tip === null || this.chain.find(tip.hash) !== undefined;
    if (isBehind && tip?.hash !== this.chain.tip.hash) this.#behind.add(key);
    this.#do(this.#mempool.connected(key));
  }

  /** A peer that lacked blocks has been sent the last of them: now it can check what waits. */
  #tellAgain(key: string, blocks: readonly Block[]): void {
    const isAll = blocks.at(-1)?.hash === this.chain.tip.hash;
    if (!isAll || this.#mempool === undefined || !this.#behind.delete(key)) return;
    this.#mempool.disconnected(key);
    this.#do(this.#mempool.connected(key));
  }

  #tickPayments(): void {
    if (this.#mempool === undefined) return;
    this.#do(this.#mempool.tick());
    if (this.#mempool.hasBetter) this.#better.abort();
    if (this.#mempool.version === this.#toldOfPayments) return;
    this.#toldOfPayments = this.#mempool.version;
    this.#report('payments', this.#mempool.size);
  }

  #tell(event: (sync: Sync<NetworkState>, now: number) => Effects): void {
    if (this.#sync === undefined) return;
    try {
      // Where the changes cannot be written, the node has reported it already.
      this.#apply(event(this.#sync, Date.now())).catch(() => undefined);
    } catch (error) {
      this.#cannotRead(error);
    }
  }

  /** Does what consensus asks for. It is done when all changes are on disk. */
  async #apply({ send, changes, taken, refuse }: Effects): Promise<void> {
    this.#do({ send, refuse });
    if (taken.length === 0) return;
    if (changes[0]?.added[0]?.index === 0) this.#join();
    const moved = this.#side.changed(taken, changes);
    const tip = changes.length > 0 ? this.chain.tip.hash : undefined;
    const posts = this.#posts.changed(changes);
    const payments = this.#mempool?.changed(changes);
    const written = this.#write({ blocks: taken, ...moved, tip, posts, ...payments });
    this.#report('taken', taken);
    if (changes.length === 0) return written;
    this.#queue.restart();
    this.#report('changes', changes);
    await written;
    void this.#track(this.#mineAgain());
  }

  /** Sends messages, and parts with peers. */
  #do({ send, refuse }: { send: readonly Outgoing[]; refuse: readonly Refusal[] }): void {
    for (const { to, message } of send) void this.#send(to, message);
    for (const { peer, reason } of refuse) this.#peers.get(peer)?.blame(reason);
  }

  /** The network is known now: its genesis block has come. */
  #join(): void {
    this.#checkOptions();
    try {
      this.#openMempool();
    } catch (error) {
      this.#report('fatal', error as Error); // the wallet cannot be read
    }
  }

  /** Sends a message. Blocks are asked for only when little of what came is left to be written. */
  async #send(peer: string, message: Message): Promise<void> {
    if (message.type === 'getBlocks') await this.#store?.ready().catch(() => undefined);
    try {
      this.#peers.get(peer)?.send(message);
      this.#report('sent', peer, message);
      if (message.type === 'blocks') this.#tellAgain(peer, message.blocks);
    } catch (error) {
      this.#cannotRead(error);
    }
  }

  /** Makes the blocks of a message what they are to be in memory. */
  #held(message: Message): Message {
    if (this.#store === undefined) return message;
    const holdAll = hold.bind(undefined, this.#store, this.#sync?.tree);
    if (message.type === 'blocks') return { ...message, blocks: holdAll(message.blocks) };
    if (message.type !== 'tip' || message.block === undefined) return message;
    const [block = message.block] = holdAll([message.block]);
    return { ...message, block };
  }

  /** Tells who listens. One that fails keeps nothing from being done, and is told in the log. */
  #report<K extends keyof NodeEvents>(event: K, ...details: NodeEvents[K]): void {
    try {
      (this as EventEmitter).emit(event, ...details);
    } catch (error) {
      this.#log.error(error, `A listener to "${event}" failed`);
    }
  }

  /** What the tree has forgotten need not be on the disk either. */
  async #forget(): Promise<void> {
    const tree = this.#sync?.tree;
    const isWanted = (hash: string) => this.#posts.isWaiting(hash);
    const forgotten = tree === undefined ? [] : this.#side.forgotten(tree, isWanted);
    if (forgotten.length > 0) await this.#write({ forgotten }).catch(() => undefined);
  }

  async #write(update: Update): Promise<void> {
    try {
      await this.#store?.write(update);
    } catch (error) {
      throw this.#giveUp(error as Error);
    }
  }

  /** The data of blocks is on the disk, which may fail whenever it is asked for. */
  #cannotRead(error: unknown): void {
    if (!(error instanceof StoreError)) throw error;
    this.#giveUp(error);
  }

  /** Reports that the chain cannot be kept; returns what to tell a client that waits. */
  #giveUp(error: Error): Problem {
    const words =
      error instanceof StoreError
        ? error.message
        : `The chain cannot be written to ${this.place}: ${error.message}. Nothing that was ` +
          'acknowledged is lost. Make room or mend the disk, then start the node again.';
    this.#report('fatal', new Error(words, { cause: error }));
    return new Problem(507, words);
  }

  /** Mines the data of posts that a reorganization took off the chain, one after the other. */
  async #mineAgain(): Promise<void> {
    if (this.#isMiningAgain) return;
    this.#isMiningAgain = true;
    try {
      for (let lost = this.#posts.next; lost !== undefined; lost = this.#posts.next) {
        const block = await this.#queue.mine(lost.data);
        const posts = [this.#posts.mined(block.hash), this.#posts.minedAgain(lost.hash)];
        await this.#write({ posts });
        this.#report('again', lost.hash, block);
      }
    } catch {
      // The node is stopping or has too much to do: the next tick or the next start goes on.
    } finally {
      this.#isMiningAgain = false;
    }
  }

  /** Says which options have no effect, as the network has other rules already. */
  #checkOptions(): void {
    const { difficulty: wanted } = this.#options;
    const actual = this.#sync?.tree?.chain.tip.difficulty;
    this.#checkCoin();
    if (wanted === undefined || actual === undefined || wanted === actual) return;
    const words = difficultyInWords(actual);
    this.#log.warn(`This network asks for ${words}; -d ${wanted / 4} is ignored`);
  }

  #checkCoin(): void {
    const genesis = this.#sync?.tree?.chain.at(0);
    const { coin: wanted } = this.#options;
    if (genesis === undefined || wanted === undefined) return;
    const actual = coinOf(genesis);
    if (typeof actual !== 'object')
      this.#log.warn('This network carries texts, and knows no coins: --coin is ignored');
    else if (JSON.stringify(actual) !== JSON.stringify(wanted))
      this.#log.warn('This network has another coin: --coin is ignored');
  }

  async #saveAddresses(): Promise<void> {
    const addresses = this.network.addresses;
    const text = JSON.stringify(addresses);
    if (text === this.#savedAddresses) return;
    this.#savedAddresses = text;
    await this.#store?.writePeers(addresses);
  }
}

function keptOf(addresses: readonly { url: string; keep: boolean }[]): string[] {
  return addresses.filter(({ keep }) => keep).map(({ url }) => url);
}
