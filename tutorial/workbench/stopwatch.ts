/**
 * Measures what a test takes, as far as a page can know it.
 *
 * @module
 */
import { digestsASecond } from '../companion/digests.ts';
import type { Took } from '../companion/runner.ts';

/** How often to look whether the program lets others have a turn, in milliseconds. */
const LOOK = 25;

/** How late such a look is where nothing keeps it, in milliseconds. */
const SLACK = 3;

/** Measures from its start, or from the last {@link Stopwatch.restart}. */
export class Stopwatch {
  #begin = performance.now();
  #last = performance.now();
  #active = 0;

  constructor() {
    setInterval(() => this.#look(), LOOK);
  }

  /** Begins anew. */
  restart(): void {
    this.#begin = performance.now();
    this.#last = this.#begin;
    this.#active = 0;
  }

  /** Returns what it took since then. A page is not told whether it had a processor. */
  read(): Took {
    this.#look();
    const time = performance.now() - this.#begin;
    return {
      time,
      active: this.#active,
      computed: this.#active,
      digests: digestsASecond(),
    };
  }

  /** A look that comes late had to wait for the program: that was active since the last one. */
  #look(): void {
    const now = performance.now();
    if (now - this.#last > LOOK + SLACK) this.#active += now - this.#last;
    this.#last = now;
  }
}
