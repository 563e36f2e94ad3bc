/**
 * Breaks the steps in many small ways, and tells which changes their tests do not notice, and for
 * which a reader would be told of another task than the one whose code is wrong.
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
import { join } from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { findStep } from '../../scripts/steps.mjs';
import { loadSteps, pathOf, type Step, type Task } from '../../tutorial/companion/kit.ts';
import { tasksByPlace } from '../../tutorial/companion/pieces.ts';
import { Runner, type Outcome } from '../../tutorial/companion/runner.ts';
import { failureScreen } from '../../tutorial/companion/screen.ts';
import { judge } from '../../tutorial/companion/verdict.ts';
import { mutantsOf, type Mutant } from './mutants.ts';
import { equivalent } from './equivalent.ts';

/** How many mutants are tried at once. */
const LANES = 2;

/** The share of a step's mutants that its own tests must notice. */
const WANTED = 0.92;

/** How long one test may take, in milliseconds. */
const TIMEOUT = 20_000;

interface Attempt extends Mutant {
  readonly file: string;
  /** The task whose code is changed; undefined if it is that of none. */
  readonly task: Task | undefined;
}

/** What came of a mutant. */
interface Result extends Attempt {
  readonly survived: boolean;
  /** The task that the screen names. */
  readonly named: string | undefined;
  readonly screen: string;
  /** Whether a test did not end in time: that may be the fault of a busy machine. */
  readonly isLate: boolean;
}

const steps = loadSteps();

const { values, positionals } = parseArgs({
  options: {
    list: { type: 'boolean' },
    screens: { type: 'string' },
    file: { type: 'string', multiple: true },
  },
  allowPositionals: true,
});

/** Tries mutants, one after the other, until there are none left. */
async function lane(step: Step, queue: Attempt[], total: number): Promise<Result[]> {
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
  const results: Result[] = [];
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const { file, text, task } = mutant;
    writeFileSync(join(own, file), text);
    // The tests of the task in work come first, as they do for readers.
    const rank = (path: string) => (path === task?.file ? 0 : 1);
    const tests = [...step.tests].sort((a, b) => rank(a) - rank(b));
    const options = { folders, bail: true, timeout: TIMEOUT, isSeries };
    const outcome = await runner.run({ ...step, tests }, steps, options);
    runner.prepare();
    results.push({ ...mutant, ...judged(step, outcome, own) });
    copyFileSync(join(pathOf.reference(step), file), join(own, file));
    process.stderr.write(`\r${step.folder}: ${total - queue.length} of ${total}   `);
  }
  runner.close();
  rmSync(folder, { recursive: true, force: true });
  return results;
}

/** Says whether a mutant survived, and which task the screen names if not. */
function judged(
  step: Step,
  outcome: Outcome,
  own: string,
): Pick<Result, 'survived' | 'named' | 'screen' | 'isLate'> {
  if (outcome.end === 'done')
    return { survived: true, named: undefined, screen: '', isLate: false };
  const verdict = judge(step, outcome, own);
  const named = 'task' in verdict ? verdict.task.title : undefined;
  const isShown = verdict.kind === 'wrong' || verdict.kind === 'ended';
  const screen = isShown
    ? failureScreen(step, verdict)
    : `The verdict is: ${verdict.kind}`;
  const isLate =
    outcome.end === 'stuck' || outcome.tests.some(({ failure }) => failure?.took);
  return { survived: false, named, screen: stripVTControlCharacters(screen), isLate };
}

/** The mutants of a step: of the files that were named, or of all. */
function attemptsFor(step: Step): Attempt[] {
  const taskAt = tasksByPlace(step);
  const { file: files = step.sources } = values;
  return step.sources.flatMap((file) => {
    if (!files.includes(file)) return [];
    const source = readFileSync(join(pathOf.reference(step), file), 'utf8');
    return mutantsOf(source).map((mutant) => {
      const title = taskAt(file, mutant.start);
      return { ...mutant, file, task: step.tasks.find((one) => one.title === title) };
    });
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
  const all = (await Promise.all(lanes)).flat();
  // What a test's time alone has killed is tried again, when nothing else of this runs.
  const late = all.filter(({ isLate }) => isLate);
  const again = await lane(step, [...late], late.length);
  const results = [...all.filter(({ isLate }) => !isLate), ...again];
  process.stderr.write('\r');
  results.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  tellSurvivors(step, results);
  tellMisnamed(step, results);
}

/** Shows what a reader would see of some mutants. */
async function showScreens(step: Step, count: number): Promise<void> {
  const queue = sampleOf(attemptsFor(step), count);
  for (const one of await lane(step, queue, queue.length)) {
    const screen = one.survived ? 'It survives.' : one.screen;
    console.log(`\n=== ${placeOf(one)}, in the code of ${one.task?.title}\n${screen}`);
  }
}

const placeOf = ({ file, line, change }: Attempt) => `${file}:${line}  ${change}`;

function tellSurvivors(step: Step, results: readonly Result[]): void {
  const survivors = results.filter(({ survived }) => survived);
  const died = results.length - survivors.length;
  const share = died / results.length;
  const percent = (100 * share).toFixed(1);
  console.log(`${step.folder}: ${died} of ${results.length} mutants die (${percent} %)`);
  for (const one of survivors) {
    const reason = equivalent[step.folder]?.[`${one.file}: ${one.change}`];
    console.log(`  ${placeOf(one)}`);
    console.log(`      ${reason ?? 'No reason is listed in equivalent.ts: look at it.'}`);
    if (reason === undefined) process.exitCode = 1;
  }
  if (share < WANTED) process.exitCode = 1;
}

/** Tells where the screen names another task than the one whose code was changed. */
function tellMisnamed(step: Step, results: readonly Result[]): void {
  const died = results.filter(({ survived }) => !survived);
  const misnamed = died.filter(({ task, named }) => named !== task?.title);
  const right = died.length - misnamed.length;
  console.log(
    `${step.folder}: the screen names the right task for ${right} of ${died.length}`,
  );
  for (const one of misnamed) {
    console.log(
      `  ${placeOf(one)}\n      is in ${one.task?.title}; named is ${one.named}`,
    );
  }
}

/** Takes so many of the mutants, at even distances. */
function sampleOf(all: readonly Attempt[], count: number): Attempt[] {
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => {
    return all[Math.floor(((i + 0.5) * all.length) / count)];
  }).filter((one) => one !== undefined);
}

const wanted = positionals.map(
  (text) => findStep(text, 'npm run test:mutation 3').number,
);
const chosen = steps.filter(
  ({ number }) => wanted.length === 0 || wanted.includes(number),
);
for (const file of values.file ?? []) {
  if (chosen.some(({ sources }) => sources.includes(file))) continue;
  const names = chosen.flatMap(({ sources }) => sources).join(', ');
  console.error(`There is no file ${file} to break. There are: ${names}.`);
  process.exit(1);
}
for (const step of chosen) {
  if (values.list === true) listMutants(step);
  else if (values.screens !== undefined) await showScreens(step, Number(values.screens));
  else await testStep(step);
}
