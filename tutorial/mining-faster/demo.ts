/**
 * npm run demo mining-faster         measures the five stages of the chapter
 * npm run demo mining-faster -- 3    mines a block with one of them
 */
import pc from 'picocolors';
import { genesisBlock, type Block } from '#blocks';
import { expectedAttempts } from '#proof-of-work';
import { mine as stage1 } from './stage-1.ts';
import { mine as stage2 } from './stage-2.ts';
import { mine as stage3 } from './stage-3.ts';
import { mine as stage4 } from './stage-4.ts';
import { mine as stage5 } from './stage-5.ts';

const ROUNDS = 9;
const ROUND = 100; // milliseconds
const DIFFICULTY = 20;

const stages = [
  { name: 'the loop of step 3', mine: stage1 },
  { name: 'the text kept ready', mine: stage2 },
  { name: 'the last block only', mine: stage3 },
  { name: 'WebAssembly with vectors', mine: stage4 },
  { name: 'a shared schedule', mine: stage5 },
];

const block = (difficulty: number): Block =>
  genesisBlock({ timestamp: Date.now(), difficulty });
const millions = (perSecond: number) => (perSecond / 1e6).toFixed(2).padStart(6);
const median = (values: number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const [choice] = process.argv.slice(2);
if (choice === undefined) measureAll();
else mineWith(Number(choice));

/**
 * Measures all stages in turn, by the time of the processor: so what else the machine does
 * matters little, and to all of them alike.
 */
function measureAll(): void {
  const runs = stages.map(({ mine }) => mine(block(256)));
  const rates = stages.map((): number[] => []);
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [i, run] of runs.entries()) {
      const before = process.cpuUsage();
      const start = performance.now();
      let hashes = 0;
      while (performance.now() - start < ROUND) hashes += Number(run.next().value);
      const { user, system } = process.cpuUsage(before);
      const rate = (1e6 * hashes) / (user + system);
      if (round >= 0) rates[i]?.push(rate); // the first round only warms up
    }
  }

  const medians = rates.map(median);
  const [first = NaN, best = NaN] = [medians[0], medians.at(-1)];
  console.log(pc.bold('Millions of hashes a second, in one thread\n'));
  for (const [i, { name }] of stages.entries()) {
    const rate = medians[i] ?? NaN;
    const bar = '█'.repeat(Math.max(1, Math.round((36 * rate) / best)));
    const gain = `× ${(rate / first).toFixed(1)}`;
    console.log(
      `${i + 1}  ${name.padEnd(25)} ${millions(rate)} ${gain.padStart(7)}  ${pc.yellow(bar)}`,
    );
  }
}

/** Mines a block with one stage. */
function mineWith(number: number): void {
  const stage = stages[number - 1];
  if (stage === undefined) {
    console.error(
      'Choose a stage, 1 to 5, for instance: npm run demo mining-faster -- 3',
    );
    process.exitCode = 2;
    return;
  }
  console.log(`Stage ${number}: ${stage.name}`);
  const run = stage.mine(block(DIFFICULTY));
  const start = performance.now();
  let attempts = 0;
  for (;;) {
    const { done, value } = run.next();
    if (!done) {
      attempts += value;
      continue;
    }
    const seconds = (performance.now() - start) / 1_000;
    console.log(
      `hash      ${pc.green(value.hash.slice(0, DIFFICULTY / 4))}${value.hash.slice(DIFFICULTY / 4)}`,
    );
    console.log(`nonce     ${value.nonce}`);
    console.log(
      `attempts  ${attempts.toLocaleString('en')}, ${expectedAttempts(DIFFICULTY).toLocaleString('en')} expected`,
    );
    console.log(
      `time      ${seconds.toFixed(2)} s: ${millions(attempts / seconds).trim()} million hashes a second`,
    );
    return;
  }
}
