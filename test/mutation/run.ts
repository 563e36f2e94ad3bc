/**
 * Breaks the steps in many small ways, and tells which changes their tests do not notice.
 *
 * @module
 */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { findStep } from '../../scripts/steps.mjs';
import { loadSteps, pathOf, type Step } from '../../tutorial/companion/kit.ts';
import { Runner } from '../../tutorial/companion/runner.ts';
import { mutantsOf, type Mutant } from './mutants.ts';
import { equivalent } from './equivalent.ts';

/** How many mutants are tried at once. */
const LANES = 2;

/** The share of a step's mutants that its own tests must notice. */
const WANTED = 0.9;

/** How long one test may take, in milliseconds. */
const TIMEOUT = 20_000;

interface Attempt extends Mutant {
  readonly file: string;
}

const steps = loadSteps();

/** Tries mutants, one after the other, until there are none left; returns the survivors. */
async function lane(step: Step, queue: Attempt[], total: number): Promise<Attempt[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  const own = join(folder, step.folder);
  mkdirSync(own);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const name of step.sources) {
    copyFileSync(join(pathOf.reference(step), name), join(own, name));
  }
  const folders = new Map([[step.name, own]]);
  const isSeries = !step.opensSockets; // a mutant may leave some open: each gets a fresh process
  const runner = new Runner();
  const survivors: Attempt[] = [];
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const { file, text } = mutant;
    writeFileSync(join(own, file), text);
    // The tests of the changed file are the likeliest to notice.
    const first = (path: string) =>
      basename(path) === file.replace('.ts', '.test.ts') ? 0 : 1;
    const tests = [...step.tests].sort((a, b) => first(a) - first(b));
    const options = { folders, bail: true, timeout: TIMEOUT, isSeries };
    const { end } = await runner.run({ ...step, tests }, steps, options);
    runner.prepare();
    if (end === 'done') survivors.push(mutant);
    copyFileSync(join(pathOf.reference(step), file), join(own, file));
    process.stderr.write(`\r${step.folder}: ${total - queue.length} of ${total}   `);
  }
  runner.close();
  rmSync(folder, { recursive: true, force: true });
  return survivors;
}

function attemptsFor(step: Step): Attempt[] {
  return step.sources.flatMap((file) => {
    const source = readFileSync(join(pathOf.reference(step), file), 'utf8');
    return mutantsOf(source).map((mutant) => ({ ...mutant, file }));
  });
}

function listMutants(step: Step): void {
  const attempts = attemptsFor(step);
  console.log(`${step.folder}: ${attempts.length} mutants`);
  for (const { file, line, change } of attempts) {
    console.log(`  ${file}:${line}  ${change}`);
  }
}

async function testStep(step: Step): Promise<void> {
  const queue = attemptsFor(step);
  const total = queue.length;
  const lanes = Array.from({ length: LANES }, () => lane(step, queue, total));
  const survivors = (await Promise.all(lanes)).flat();
  process.stderr.write('\r');
  const share = (total - survivors.length) / total;
  console.log(
    `${step.folder}: ${total - survivors.length} of ${total} mutants die (${(100 * share).toFixed(1)} %)`,
  );
  survivors.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  for (const { file, line, change } of survivors) {
    const reason = equivalent[step.folder]?.[`${file}: ${change}`];
    console.log(`  ${file}:${line}  ${change}`);
    console.log(`      ${reason ?? 'No reason is listed in equivalent.ts: look at it.'}`);
    if (reason === undefined) process.exitCode = 1;
  }
  if (share < WANTED) process.exitCode = 1;
}

const { values, positionals } = parseArgs({
  options: { list: { type: 'boolean' } },
  allowPositionals: true,
});
const wanted = positionals.map(
  (text) => findStep(text, 'npm run test:mutation 3').number,
);
for (const step of steps) {
  if (wanted.length > 0 && !wanted.includes(step.number)) continue;
  if (values.list === true) listMutants(step);
  else await testStep(step);
}
