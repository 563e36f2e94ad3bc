import type { Logger } from 'pino';
import type { Block, Chain } from '#blocks';
import type { Change } from '#consensus';
import type { Peer } from '#peers';
import { Progress, quote } from '../terminal/log.ts';

/** From how many missing blocks on progress is shown instead of each block. */
const LONG_WAY = 1_000;

/** Tells in words what happens to a node: in its log, and as a progress bar. */
export class Journal {
  readonly #log: Logger;
  readonly #progress: Progress;
  readonly #claims = new Map<string, number>();
  readonly #unreachable = new Set<string>();

  /** @param log - where to tell it */
  constructor(log: Logger) {
    this.#log = log;
    this.#progress = new Progress(log, 'Taking blocks from peers');
  }

  /** A handshake succeeded. */
  connected(peer: Peer): void {
    const { id, url, outbound, hello } = peer;
    this.claimed(peer, hello.tip?.index ?? 0);
    this.#unreachable.delete(url ?? '');
    const name = nameOf(peer);
    const words = outbound ? `Connected to ${name}` : `${name} connected to this node`;
    const code = hello.code === undefined ? '' : `, which runs on ${hello.code}`;
    this.#log.info({ peer: id }, words + code);
  }

  /** A peer says how far its chain goes. It decides nothing but what progress is shown. */
  claimed({ key }: Peer, index: number): void {
    this.#claims.set(key, index);
  }

  /** A peer is gone. */
  lost(peer: Peer, reason: string): void {
    this.#claims.delete(peer.key);
    this.#log.info({ peer: peer.id }, `Lost ${nameOf(peer)}: ${quote(reason, 200)}`);
  }

  /** A node that called broke the protocol. */
  blamed({ host, id }: Peer, reason: string): void {
    const name = id === '' ? `a caller at ${host}` : `${id.slice(0, 8)}… at ${host}`;
    this.#log.warn({ peer: id }, `Parting with ${name}: ${quote(reason, 200)}`);
  }

  /** A url could not be dialed. It is told once until it works again. */
  failed(url: string, reason: string): void {
    const level = this.#unreachable.has(url) ? 'debug' : 'warn';
    this.#unreachable.add(url);
    const advice = reason.startsWith('Different networks')
      ? 'To join that network, start with an empty --data-dir.'
      : 'Trying again from time to time.';
    this.#log[level]({ url }, `No connection to ${url}: ${quote(reason, 200)} ${advice}`);
  }

  /** The best chain changed. */
  changed(changes: readonly Change[], chain: Chain): void {
    const genesis = changes[0]?.added[0];
    if (genesis?.index === 0) {
      this.#log.info({ network: genesis.hash }, `Joined the network ${genesis.hash}`);
    }
    const { lost, gained } = balance(changes, chain);
    if (lost > 0) {
      this.#log.warn(`Reorganization: ${blocks(lost)} gave way to ${blocks(gained)}`);
    }
    const { index, hash, data } = chain.tip;
    const goal = Math.max(...this.#claims.values());
    if (goal - index >= LONG_WAY) return this.#progress.update(index, goal);
    this.#progress.stop();
    const words = `Block ${index}: ${hash.slice(0, 12)}… ${quote(data, 40)}`;
    this.#log.info({ index, hash }, words);
  }

  /** A post that a reorganization took off the chain is on it again. */
  minedAgain(was: string, { index, hash, data }: Block): void {
    const words = `Mined ${quote(data, 40)} again, as block ${index}: a reorganization had taken`;
    this.#log.info({ was, hash }, `${words} ${was.slice(0, 12)}… off the chain`);
  }

  /** Takes the progress bar away. */
  close(): void {
    this.#progress.stop();
  }
}

/** What changes came to in the end: how many blocks left the best chain, how many joined it. */
function balance(
  changes: readonly Change[],
  chain: Chain,
): { lost: number; gained: number } {
  const added = new Set(changes.flatMap((change) => change.added));
  const removed = new Set(changes.flatMap((change) => change.removed));
  const isOnChain = ({ hash }: Block) => chain.find(hash) !== undefined;
  return {
    lost: [...removed].filter((block) => !added.has(block) && !isOnChain(block)).length,
    gained: [...added].filter((block) => !removed.has(block) && isOnChain(block)).length,
  };
}

const blocks = (count: number) => (count === 1 ? '1 block' : `${count} blocks`);

function nameOf({ url, id }: Peer): string {
  return url ?? `a peer that does not listen (${id.slice(0, 8)}…)`;
}
