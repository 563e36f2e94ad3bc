/**
 * Measures what a test takes, and what the machine makes, to tell a slow machine from a program
 * that computes or waits in vain.
 *
 * @module
 */
import { hash } from 'node:crypto';
import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import type { Took } from './runner.ts';

/** How long to measure the machine, in milliseconds. */
const SAMPLE = 50;

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

/** Returns how many SHA-256 digests of short texts this machine makes in a second. */
export function digestsASecond(): number {
  const begin = performance.now();
  let count = 0;
  while (performance.now() - begin < SAMPLE) {
    for (let i = 0; i < 100; i += 1) hash('sha256', `[1,"a short text",${count + i}]`);
    count += 100;
  }
  return (count / (performance.now() - begin)) * 1_000;
}
