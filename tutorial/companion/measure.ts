/**
 * Measures what a test takes, and what the machine makes, to tell a slow machine from a program
 * that computes or waits in vain.
 *
 * @module
 */
import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { digestsASecond } from './digests.ts';
import type { Took } from './runner.ts';

/** Measures from its start, or from the last {@link Watch.restart}. */
export class Watch {
  #begin = performance.now();
  #cpu = process.cpuUsage();
  #loop: EventLoopUtilization = performance.eventLoopUtilization();

  /** Begins anew. */
  restart(): void {
    this.#begin = performance.now();
    this.#cpu = process.cpuUsage();
    this.#loop = performance.eventLoopUtilization();
  }

  /** Returns what it took since then. */
  read(): Took {
    const { user, system } = process.cpuUsage(this.#cpu);
    return {
      time: performance.now() - this.#begin,
      active: performance.eventLoopUtilization(this.#loop).active,
      computed: (user + system) / 1_000,
      digests: digestsASecond(),
    };
  }
}
