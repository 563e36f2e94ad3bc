import { SingleBar } from 'cli-progress';
import type { Logger } from 'pino';
import { canRedraw } from './plain.ts';

/** How often progress is logged where there is nothing to draw on, in milliseconds. */
const LOG_INTERVAL = 5_000;

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
      this.#log.info({ done, total }, `${this.#what}: ${done} of ${total}`);
    }
  }

  /** Takes the bar away. */
  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #draw(total: number): SingleBar {
    const format = `${this.#what} {bar} {value}/{total} ({eta_formatted} to go)`;
    const bar = new SingleBar({ format, stream: process.stdout, clearOnComplete: true });
    bar.start(total, 0);
    return bar;
  }
}
