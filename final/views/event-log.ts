import type { Logger } from 'pino';
import { parseReward } from '#accounts';
import type { Block } from '#blocks';
import type { Peer } from '#peers';
import { work } from '#proof-of-work';
import { BoundedMap } from '../node/bounded-map.ts';
import type { Node } from '../node/node.ts';
import { nameOf } from '../node/peer-name.ts';
import { counted, duration, grouped } from '../terminal/numbers.ts';
import { Progress } from '../terminal/progress.ts';
import { quote } from '../terminal/quote.ts';
import type { History, Outcome } from './history.ts';

/** From how many blocks that came together on their number is told instead of the last of them. */
const MANY = 10;

/** How many urls that could not be dialed are remembered: the newest. */
const MAX_UNREACHABLE = 1_000;

/** How often it is summed up what peers named in vain, in milliseconds. */
const SUMMARY = 60_000;

/** A way to a chain that others have. */
interface CatchUp {
  /** When the node asked for the first blocks, in milliseconds. */
  readonly since: number;
  /** How many blocks it has taken. */
  readonly taken: number;
}

/** Tells in words what happens to a node: in its log, and as a progress bar. */
export class EventLog {
  readonly #node: Node;
  readonly #log: Logger;
  readonly #progress: Progress;
  readonly #claims = new Map<string, number>();
  readonly #unreachable = new BoundedMap<string, true>(MAX_UNREACHABLE);
  /** How many urls that peers named could not be dialed since that was last told. */
  #failures = 0;
  #tellFailuresAt = 0;
  /** The peer that last sent blocks: how far its chain goes is how far there is to go. */
  #deliverer: string | undefined;
  /** When blocks were last asked for. */
  #askedAt = 0;
  #catchUp: CatchUp | undefined;

  /**
   * Begins to tell. It is to be made before the node starts.
   *
   * @param log - where to tell it
   */
  constructor(node: Node, history: History, log: Logger) {
    this.#node = node;
    this.#log = log;
    this.#progress = new Progress(log, 'Taking blocks from peers');
    node.network.on('peer', (peer) => this.#connected(peer));
    node.network.on('message', (peer, message) => {
      if (message.type === 'tip') this.#claims.set(peer.key, message.tip.index);
      if (message.type === 'blocks') this.#deliverer = peer.key;
    });
    node.network.on('gone', (peer, reason) => this.#lost(peer, reason));
    node.network.on('blamed', (who, reason) => this.#blamed(who, reason));
    node.network.on('failed', (url, reason) => this.#failed(url, reason));
    node.on('sent', (_key, message) => {
      if (message.type === 'getBlocks') this.#askedAt = performance.now();
    });
    node.on('again', (was, block) => this.#minedAgain(was, block));
    history.on('outcome', (outcome) => this.#changed(outcome));
  }

  /** Takes the progress bar away. */
  close(): void {
    this.#progress.stop();
  }

  #connected(peer: Peer): void {
    const { id, key, url, outbound, hello } = peer;
    this.#claims.set(key, hello.tip?.index ?? 0);
    this.#unreachable.delete(url ?? '');
    const name = nameOf(peer);
    const words = outbound ? `Connected to ${name}` : `${name} connected to this node`;
    const code = hello.code === undefined ? '' : `, which runs on ${hello.code}`;
    this.#log.info({ peer: id }, words + code);
  }

  #lost(peer: Peer, reason: string): void {
    if (peer.key === this.#deliverer) this.#endCatchUp();
    this.#claims.delete(peer.key);
    this.#log.info({ peer: peer.id }, `Lost ${nameOf(peer)}: ${quote(reason, 200)}`);
  }

  #blamed({ host, id }: Peer, reason: string): void {
    const name = id === '' ? `a caller at ${host}` : `${id.slice(0, 8)}… at ${host}`;
    this.#log.warn({ peer: id }, `Parting with ${name}: ${quote(reason, 200)}`);
  }

  /** A url could not be dialed. It is told once until it works again, if somebody named it. */
  #failed(url: string, reason: string): void {
    const isNamed = this.#node.network.addresses.some(
      (address) => address.keep && address.url === url,
    );
    if (!isNamed) return this.#sumUp();
    const level = this.#unreachable.has(url) ? 'debug' : 'warn';
    this.#unreachable.set(url, true);
    const advice = reason.startsWith('Different networks')
      ? 'To join that network, start with an empty --data-dir.'
      : 'Trying again from time to time.';
    this.#log[level]({ url }, `No connection to ${url}: ${quote(reason, 200)} ${advice}`);
  }

  /** What peers name may be anything: one line a minute is enough for it. */
  #sumUp(): void {
    this.#failures += 1;
    const now = performance.now();
    if (now < this.#tellFailuresAt) return;
    const nodes = this.#failures === 1 ? 'A node' : `${grouped(this.#failures)} nodes`;
    this.#log.info(`${nodes} that peers named could not be reached`);
    this.#failures = 0;
    this.#tellFailuresAt = now + SUMMARY;
  }

  #changed({ removed, added }: Outcome): void {
    const [genesis] = added;
    if (genesis?.index === 0) {
      this.#log.info({ network: genesis.hash }, `Joined the network ${genesis.hash}`);
    }
    if (removed.length > 0) this.#log.warn(`Reorganization: ${inWords(removed, added)}`);
    const { index, hash, data } = this.#node.chain.tip;
    if (added.length > 1 || this.#catchUp !== undefined) this.#took(added.length);
    if (added.length > 1 && index < this.#goal) {
      return this.#progress.update(index, this.#goal);
    }
    if (this.#endCatchUp()) return;
    const hasCoins = index > 0 && this.#node.status.coin !== null;
    const content = hasCoins ? coinsIn(data) : quote(data, 40);
    const words = `Block ${grouped(index)}: ${hash.slice(0, 12)}… ${content}`;
    this.#log.info({ index, hash }, words);
  }

  /** The index of the last block of the chain that is on its way here. */
  get #goal(): number {
    return this.#claims.get(this.#deliverer ?? '') ?? 0;
  }

  #took(count: number): void {
    const { since, taken } = this.#catchUp ?? { since: this.#askedAt, taken: 0 };
    this.#catchUp = { since, taken: taken + count };
  }

  /** Sums up in a line that many blocks were taken; returns whether there were many. */
  #endCatchUp(): boolean {
    this.#progress.stop();
    const { since, taken } = this.#catchUp ?? { since: 0, taken: 0 };
    this.#catchUp = undefined;
    if (taken < MANY) return false;
    const { index, hash } = this.#node.chain.tip;
    const seconds = (performance.now() - since) / 1_000;
    const verb = index < this.#goal ? 'Took' : 'Caught up:';
    const words = `${verb} ${counted(taken, 'block')} in ${duration(seconds)}`;
    this.#log.info({ index, hash, blocks: taken, seconds }, words);
    return true;
  }

  #minedAgain(was: string, { index, hash, data }: Block): void {
    const words = `Mined ${quote(data, 40)} again, as block ${grouped(index)}: a reorganization had taken`;
    this.#log.info({ was, hash }, `${words} ${was.slice(0, 12)}… off the chain`);
  }
}

/** Says what a block of a network with coins carries, which its rules have checked. */
function coinsIn(data: string): string {
  const [first = '', ...payments] = data.split('\n');
  const { to = '', amount = 0 } = parseReward(first) ?? {};
  const coins = `${counted(amount, 'coin')} to ${to.slice(0, 12)}…`;
  return `${counted(payments.length, 'payment')}, ${coins}`;
}

/** Says which blocks gave way to which, and why where that cannot be seen from their number. */
function inWords(removed: readonly Block[], added: readonly Block[]): string {
  const blocks = `${counted(removed.length, 'block')} gave way to ${counted(added.length, 'block')}`;
  const isTie = workOf(removed) === workOf(added);
  return isTie ? `${blocks}: the same work, and the smaller hash wins` : blocks;
}

const workOf = (blocks: readonly Block[]): bigint =>
  blocks.reduce((sum, { difficulty }) => sum + work(difficulty), 0n);
