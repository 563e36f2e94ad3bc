import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Block } from '#blocks';
import { MAX_AHEAD, earliestTime } from '#consensus';
import { Problem } from '#http';
import type { Peer } from '#peers';
import { nameOf } from './peer-name.ts';

/** How long a block may have to wait for this machine's clock, in milliseconds. */
const LONGEST_WAIT = 10_000;

/** How often it is said that the clock differs from the chain, or from others, and how much at least. */
const MINUTE = 60_000;

/**
 * Waits until a block that follows one of the future would be valid. Where blocks come faster
 * than milliseconds pass, and where others date theirs ahead, that is a matter of seconds.
 *
 * @throws Problem 503 if it would take long: then a clock is wrong, this one or another
 */
export async function untilValid(block: Block, signal: AbortSignal): Promise<void> {
  const wait = earliestTime(block) - Date.now();
  if (wait > LONGEST_WAIT) {
    const ahead = `The last block is dated ${inWords(wait + MAX_AHEAD)} ahead of this clock`;
    throw new Problem(
      503,
      `${ahead}; the rules allow ${inWords(MAX_AHEAD)}. Check the clock of this machine.`,
    );
  }
  if (wait > 0) await sleep(wait, undefined, { signal });
}

/** Says in the log that the chain, or a peer, has another time than this machine's clock. */
export class ClockWatch {
  readonly #log: Logger;
  /** The peers, and when they said hello: what their clocks show now follows from that. */
  readonly #met = new Map<Peer, number>();
  #silentUntil = 0;
  #silentOnPeersUntil = 0;

  /** @param log - where to say it */
  constructor(log: Logger) {
    this.#log = log;
  }

  /** How many peers have another time. */
  get differing(): number {
    return this.#differences().length;
  }

  /** A peer has just said hello. If its clock differs, that is said at once. */
  met(peer: Peer): void {
    const now = performance.now();
    this.#met.set(peer, now);
    const warning = this.#warningOf(peer);
    if (warning === undefined) return;
    this.#tell(peer, warning);
    if (now >= this.#silentOnPeersUntil) this.#silentOnPeersUntil = now + MINUTE;
  }

  /** A peer is gone. */
  lost(peer: Peer): void {
    this.#met.delete(peer);
  }

  /**
   * Compares, and says once a minute at most if the best block is `ahead` by so many ms, and
   * once a minute at most if clocks of peers differ.
   */
  compare(ahead: number): void {
    this.#comparePeers();
    this.#compareChain(ahead);
  }

  #comparePeers(): void {
    const now = performance.now();
    if (now < this.#silentOnPeersUntil) return;
    const [first, ...more] = this.#differences();
    if (first === undefined) return;
    this.#silentOnPeersUntil = now + MINUTE;
    this.#tell(first.peer, first.warning, more.length);
  }

  #tell(peer: Peer, warning: string, more = 0): void {
    const others = more === 0 ? '' : ` The clocks of ${more} more differ as well.`;
    this.#log.warn({ peer: peer.id }, `Peer ${nameOf(peer)}: ${warning}${others}`);
  }

  #differences(): { peer: Peer; warning: string }[] {
    return [...this.#met.keys()].flatMap((peer) => {
      const warning = this.#warningOf(peer);
      return warning === undefined ? [] : { peer, warning };
    });
  }

  /** Once this clock is set right, it differs no more. */
  #warningOf(peer: Peer): string | undefined {
    const passed = performance.now() - (this.#met.get(peer) ?? 0);
    return clockWarning(peer.hello.time + passed, Date.now());
  }

  #compareChain(ahead: number): void {
    const now = performance.now();
    if (ahead < MAX_AHEAD / 2 || now < this.#silentUntil) return;
    this.#silentUntil = now + MINUTE;
    this.#log.warn(
      `The last block is dated ${inWords(ahead)} ahead of this clock, so new blocks may have ` +
        'to wait. Is the clock of this machine right?',
    );
  }
}

/** Says how far another clock is ahead or behind; undefined if it is no more than a minute. */
function clockWarning(theirs: number, own: number): string | undefined {
  const ahead = theirs - own;
  if (Math.abs(ahead) <= MINUTE) return undefined;
  const side = ahead > 0 ? 'ahead of' : 'behind';
  return `Its clock is ${inWords(Math.abs(ahead))} ${side} this one: set the wrong one.`;
}

/** Writes a time in milliseconds as people say it. */
function inWords(time: number): string {
  const units = [
    [86_400_000, 'days'],
    [3_600_000, 'hours'],
    [60_000, 'minutes'],
  ] as const;
  const [size, unit] = units.find(([least]) => time >= 2 * least) ?? [1_000, 'seconds'];
  return `${Math.round(time / size)} ${unit}`;
}
