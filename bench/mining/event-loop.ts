import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as timer } from 'node:timers/promises';
import { Miner } from '../../final/mining/miner.ts';
import { median } from '../table.ts';
import { block } from './candidate.ts';

/** How late timers come, at the 99th percentile, in milliseconds. */
export interface Delays {
  readonly idle: number;
  readonly mining: number;
}

/** Measures the event loop in turn: with nothing to do, and while all cores mine. */
export async function eventLoopDelays(rounds: number, time: number): Promise<Delays> {
  const miner = new Miner();
  const idle: number[] = [];
  const mining: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    idle.push(await delay(time));
    const controller = new AbortController();
    const search = miner.search(block, undefined, controller.signal);
    mining.push(await delay(time));
    controller.abort();
    await search.catch(() => undefined); // it was never to find anything
  }
  await miner.close();
  return { idle: median(idle), mining: median(mining) };
}

async function delay(time: number): Promise<number> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await timer(time);
  histogram.disable();
  return histogram.percentile(99) / 1e6;
}
