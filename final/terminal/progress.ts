import { SingleBar } from 'cli-progress';
import type { Logger } from 'pino';
import { duration, grouped } from './numbers.ts';
import { canRedraw } from './plain.ts';
import { clipped, columnsOf, widthOf } from './width.ts';

/** How often progress is logged where there is nothing to draw on, in milliseconds. */
const LOG_INTERVAL = 5_000;

/** How many characters wide the bar is. */
const BAR_WIDTH = 20;

/** Shows how far something long has come: a bar on a terminal, log lines elsewhere. */
export class Progress {
  readonly #log: Logger;
  readonly #what: string;
  #bar: SingleBar | undefined;
  #logged = Date.now();

  /**
   * @param log - where to write without a terminal
   * @param what - what is going on, such as "Loading blocks"
   */
  constructor(log: Logger, what: string) {
    this.#log = log;
    this.#what = what;
  }

  /** Shows that `done` of `total` are done. */
  update(done: number, total: number): void {
    if (canRedraw(process.stdout)) {
      this.#bar ??= this.#draw(total);
      this.#bar.setTotal(total);
      this.#bar.update(done);
    } else if (Date.now() - this.#logged > LOG_INTERVAL) {
      this.#logged = Date.now();
      const words = `${this.#what}: ${grouped(done)} of ${grouped(total)}`;
      this.#log.info({ done, total }, words);
    }
  }

  /** Takes the bar away. */
  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #draw(total: number): SingleBar {
    const bar = new SingleBar({
      format: (_options, { value, total: all, eta }) =>
        lineOf(this.#what, value, all, eta, columnsOf(process.stdout) - 1),
      stream: process.stdout,
      clearOnComplete: true,
    });
    bar.start(total, 0);
    return bar;
  }
}

/** Returns a line about something long that fits into so many columns. */
function lineOf(
  what: string,
  done: number,
  total: number,
  secondsToGo: number,
  width: number,
): string {
  const count = `${grouped(done)}/${grouped(total)}`;
  const full = Math.min(BAR_WIDTH, Math.floor((BAR_WIDTH * done) / Math.max(1, total)));
  const bar = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
  const togo = Number.isFinite(secondsToGo) ? ` (${duration(secondsToGo)} to go)` : '';
  const forms = [`${what} ${bar} ${count}${togo}`, `${what} ${count}${togo}`];
  return (
    forms.find((form) => widthOf(form) <= width) ?? clipped(`${what} ${count}`, width)
  );
}
