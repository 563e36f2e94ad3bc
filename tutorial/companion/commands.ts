/**
 * What the commands of the companion do that take more than to read the notes.
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { colors } from '../../final/terminal/colors.ts';
import { examine } from './doctor.ts';
import { checkJunit, checkReport } from './grading/check-report.ts';
import { pathOf, refuseFolder, root, toPath, type Step } from './kit.ts';
import { Loop } from './loop.ts';
import * as practice from './practice.ts';
import { chapterUrl, diffScreen, hintScreen, resultScreen } from './screen.ts';
import { Session, whereToWrite } from './session.ts';
import { findSite } from './site.ts';
import { TypeChecker } from './types.ts';
import { makeFiles, reset } from './workspace.ts';

/** Opens the reader's work, and says so where the notes of it could not be read. */
function openSession(): Session {
  const session = new Session();
  for (const line of session.progress.lost) console.error(line);
  return session;
}

/** Lets this process import files that stand in TypeScript by their urls. */
async function loadTypeScript(): Promise<void> {
  const { register } = await import('tsx/esm/api');
  register();
}

/** Checks the machine, and says all that is found. */
export function doctor(): void {
  for (const line of findings(true)) console.log(line);
}

/** Returns what needs attention; with `all`, also what is well. */
function findings(all: boolean): string[] {
  return examine().flatMap(({ text, advice }) => {
    if (advice !== undefined) return [`${colors.yellow('!')} ${text} ${advice}`];
    return all ? [`${colors.green('✓')} ${text}`] : [];
  });
}

/** Begins the loop; without a terminal, says what there is to do. */
export async function begin(number: number | undefined): Promise<void> {
  const session = new Session();
  const step = session.step(number);
  const notes = [...session.progress.lost, ...findings(false)];
  if (process.stdin.isTTY && process.stdout.isTTY) {
    session.prepare();
    await new Loop(session, step, notes.map((line) => `  ${line}`).join('\n\n')).run();
    return;
  }
  for (const line of notes) console.log(line);
  makeFiles(step);
  session.progress.current = step.folder;
  console.log(`Step ${step.number}. ${whereToWrite(step)}`);
  const site = await findSite();
  if (site !== undefined) console.log(`In the browser: ${chapterUrl(site, step)}`);
  console.log(
    'This is no terminal, so nothing is watched. Check your code with: ./learn check',
  );
  session.close();
}

/** How to check a step, and how to tell what is found. */
export interface CheckCommand {
  readonly only?: boolean;
  readonly json?: boolean;
  readonly junit?: boolean;
}

/** Runs the tests of a step once. */
export async function check(
  number: number | undefined,
  { only = false, json = false, junit = false }: CheckCommand,
): Promise<void> {
  const session = openSession();
  const step = session.step(number);
  const found = await session.check(step, { only, all: json || junit });
  const { verdict, outcome, own, green } = found;
  session.close();
  process.exitCode = verdict.kind === 'passed' ? 0 : 1;
  if (json || junit) {
    const report = checkReport(step, found);
    process.stdout.write(
      json ? `${JSON.stringify(report, null, 2)}\n` : checkJunit(report),
    );
    return;
  }
  const { steps, progress } = session;
  const { output, tests } = outcome;
  const site = await findSite();
  const types =
    verdict.kind === 'uncompilable' ? undefined : new TypeChecker().check(step, own);
  const view = { step, steps, progress, verdict, output, tests, green, own, site, types };
  console.log(resultScreen(view));
}

/** Opens the next hint of the first task that has not passed. */
export function hint(number: number | undefined): void {
  const session = openSession();
  const step = session.step(number);
  const { progress } = session;
  const task = progress.taskInWork(step);
  if (task === undefined)
    return console.log(`All tasks of step ${step.number} have passed.`);
  const opened = progress.openHint(step, task.title);
  const ways = { next: './learn hint', diff: `./learn diff ${step.number}` };
  console.log(hintScreen(step, task, opened, ways));
}

/** Shows how what the reader has written for the task in work, or for all, differs from the reference. */
export function diff(number: number | undefined, options: { all?: boolean }): void {
  const session = openSession();
  const step = session.step(number);
  const task = options.all === true ? undefined : session.progress.taskInWork(step);
  session.progress.open(step, 'diff');
  console.log(diffScreen(step, task));
  if (task !== undefined)
    console.log(`\nlearn diff ${step.number} --all compares all tasks of the step.`);
}

/** Begins a step anew. */
export function resetStep(number: number): void {
  const session = openSession();
  const step = session.step(number);
  const old = reset(step);
  session.progress.reset(step);
  if (old !== undefined) console.log(`Your files are now in ${toPath(old)}.`);
  console.log(whereToWrite(step));
}

/** Prints the reference's code of a step. */
export function solution(number: number): void {
  const session = openSession();
  const step = session.step(number);
  session.progress.open(step, 'solution');
  for (const name of step.sources) {
    const file = join(pathOf.reference(step), name);
    console.log(`${colors.bold(toPath(file))}\n\n${readFileSync(file, 'utf8')}`);
  }
}

/** Shows the reader's attack on a step to its naive program, and to the step. */
export async function attack(number: number | undefined): Promise<void> {
  const session = openSession();
  const step = session.step(number);
  const own = passedSteps(session, step);
  await loadTypeScript();
  const { text, isGood } = await practice.attack(step, session.steps, own);
  console.log(text);
  process.exitCode = isGood ? 0 : 1;
}

/** Checks the reader's solution of an exercise, such as the second of step 1. */
export async function exercise(name: {
  readonly step: number;
  readonly number: number;
}): Promise<void> {
  const session = openSession();
  const step = session.step(name.step);
  const own = passedSteps(session, step);
  await loadTypeScript();
  const said = await practice.exercise(step, name.number, session.steps, own);
  console.log(said.text);
  process.exitCode = said.isGood ? 0 : 1;
}

/** Runs a program of the reader on the steps that have passed. */
export function tryProgram(file: string, args: readonly string[]): void {
  const path = resolve(file);
  if (!existsSync(path)) {
    throw new Error(`There is no file ${file}. Save your program there, then try again.`);
  }
  refuseFolder(path);
  const own = passedSteps(openSession());
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const pipe = pathToFileURL(join(root, 'scripts', 'pipe.mjs')).href;
  start([...conditionsOf(own), '--import', pipe, '--import', tsx, path, ...args]);
}

/** Starts the node with every step that has passed in it. */
export function run(args: readonly string[]): void {
  const own = passedSteps(openSession());
  start([...conditionsOf(own), join(root, 'pychain'), ...args]);
}

/**
 * Returns the steps that have passed as they stand, and says which of the others were begun:
 * for these the reference serves.
 *
 * @param asked - a step that is spoken of, even if it was not begun
 */
function passedSteps(session: Session, asked?: Step): readonly Step[] {
  const own = session.passedSteps();
  const isInWork = (step: Step) => step === asked || existsSync(pathOf.own(step));
  for (const step of session.steps.filter((one) => isInWork(one) && !own.includes(one))) {
    console.error(
      `Step ${step.number} is the reference's: your code has not passed as it stands (./learn check ${step.number}).`,
    );
  }
  return own;
}

function conditionsOf(own: readonly Step[]): string[] {
  const conditions = own.flatMap(({ condition }) => ['-C', condition]);
  // What my/ or a file in it is a link to belongs to the project nevertheless.
  return ['--preserve-symlinks', ...conditions];
}

/** Runs Node in place of this program: with its terminal, its signals and its exit code. */
function start(command: readonly string[]): void {
  const node = spawn(process.execPath, command, { stdio: 'inherit' });
  process.on('SIGTERM', () => node.kill('SIGTERM'));
  // Ctrl-C reaches the node by itself, and a second signal would end it at once.
  process.on('SIGINT', () => undefined);
  node.on('exit', (code) => process.exit(code ?? 1));
}
