/**
 * npm run bench:mining             measures by the clock
 * npm run bench:mining -- --cpu    measures by the processor's time, on a machine that is busy
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { median, number } from '../table.ts';
import type { Candidate, Round } from './candidate.ts';
import { eventLoopDelays } from './event-loop.ts';
import { javaScriptCandidates } from './javascript.ts';
import { native, python } from './programs.ts';
import { kernelInThreads } from './threads.ts';

const { values: options } = parseArgs({
  options: {
    cpu: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '25' },
    milliseconds: { type: 'string', default: '100' },
  },
});

const cores = availableParallelism();
const inC = await native();
const [wide, sha, narrow] = inC;
const pychain = python('pychain', "Python, Pychain's loop");
const ready = python('ready', 'Python, text kept ready');
const missing = [...inC, pychain, ready].filter((each) => typeof each === 'string');
const one = kernelInThreads(1);
const all = kernelInThreads(cores);
const candidates = [...inC, all, one, ...javaScriptCandidates(), ready, pychain].filter(
  (each) => typeof each !== 'string',
);

const rates = new Map<Candidate, number[]>(candidates.map((each) => [each, []]));
const rounds = Number(options.rounds);
for (const each of candidates) await each.run(1_000); // so that all of it is compiled
for (let i = 0; i < rounds; i += 1) {
  for (const each of candidates) {
    const round = await each.run(Number(options.milliseconds));
    rates.get(each)?.push(rateOf(round, each));
  }
}
for (const each of candidates) each.close?.();

console.log(
  `Millions of hashes a second: ${rounds} rounds of ${options.milliseconds} ms in turn, ` +
    `by ${options.cpu ? "the processor's time" : 'the clock'}\n`,
);
const rateIn = (each: Candidate | string | undefined) =>
  each === undefined || typeof each === 'string'
    ? undefined
    : median(rates.get(each) ?? []);
console.log(row('', 'median', 'min', 'max', '× Python', 'of SHA-NI'));
for (const each of candidates) {
  const all = rates.get(each) ?? [];
  console.log(
    row(
      each.name,
      number(median(all), 3),
      number(Math.min(...all), 3),
      number(Math.max(...all), 3),
      ratio(median(all), rateIn(pychain), ''),
      ratio(100 * median(all), rateIn(sha), ' %'),
    ),
  );
}
for (const reason of missing) console.log(reason);

console.log('\nThe kernel in one thread, against what was to be reached:');
const kernel = median(rates.get(one) ?? []);
console.log(`  ${ratio(kernel, rateIn(pychain), ' ×')} Python's loop       (25 ×)`);
console.log(`  ${ratio(100 * kernel, rateIn(sha), ' %')} of SHA instructions  (35 %)`);
console.log(
  `  ${ratio(kernel, rateIn(narrow), ' ×')} C with as many lanes, which shares no schedule`,
);
console.log(
  `  ${ratio(100 * kernel, rateIn(wide), ' %')} of sixteen lanes, which WebAssembly has not`,
);
console.log(
  `  ${ratio(rateIn(all) ?? NaN, kernel, ' ×')} with ${cores} threads      (1.85 × with 2)`,
);

const { idle, mining } = await eventLoopDelays(9, 1_000);
console.log(
  `  ${ratio(mining, idle, ' ×')} as late are timers    (2 ×)   ` +
    `99th percentile: ${number(idle, 1)} ms idle, ${number(mining, 1)} ms under mining`,
);

function rateOf({ hashes, seconds, cpu }: Round, { threads = 1 }: Candidate): number {
  return hashes / (options.cpu ? cpu / threads : seconds) / 1e6;
}

function ratio(value: number, base: number | undefined, unit: string): string {
  if (base === undefined) return '?';
  return `${Number((value / base).toPrecision(3))}${unit}`;
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(32) + cells.map((cell) => cell.padStart(10)).join('');
}
