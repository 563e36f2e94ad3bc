import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Block } from '#blocks';
import { MAX_AHEAD, earliestTime } from '#consensus';
import { Problem } from '#http';

/** How long a block may have to wait for this machine's clock, in milliseconds. */
const LONGEST_WAIT = 10_000;

/** How often it is said that the chain is ahead of the clock, in milliseconds. */
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

/** Says in the log that the chain is ahead of this machine's clock. */
export class ClockWatch {
  readonly #log: Logger;
  #silentUntil = 0;

  /** @param log - where to say it */
  constructor(log: Logger) {
    this.#log = log;
  }

  /** Compares, and says once a minute at most if the best block is `ahead` by so many ms. */
  compare(ahead: number): void {
    const now = performance.now();
    if (ahead < MAX_AHEAD / 2 || now < this.#silentUntil) return;
    this.#silentUntil = now + MINUTE;
    this.#log.warn(
      `The last block is dated ${inWords(ahead)} ahead of this clock, so new blocks may have ` +
        'to wait. Is the clock of this machine right?',
    );
  }
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
