/**
 * The command line of the companion: `learn` alone begins the loop.
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { examine } from './doctor.ts';
import { pathOf, root, type Step } from './kit.ts';
import { Loop } from './loop.ts';
import {
  chapterUrl,
  diffScreen,
  hintScreen,
  listScreen,
  resultScreen,
} from './screen.ts';
import { Session, whereToWrite } from './session.ts';
import { findSite } from './site.ts';
import { TypeChecker } from './types.ts';
import { toPath } from './verdict.ts';
import { makeFiles, reset } from './workspace.ts';

function stepNumber(text: string): number {
  if (/^\d\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError(
    'A step is a number, such as 3. learn -h names the commands.',
  );
}

/** Opens the reader's work, and says so where the notes of it could not be read. */
function openSession(): Session {
  const session = new Session();
  for (const line of lost(session)) console.error(line);
  return session;
}

function lost({ progress: { putAside } }: Session): string[] {
  if (putAside === undefined) return [];
  return [
    `${pc.yellow('!')} my/progress.json could not be read. It is now ${toPath(putAside)}. ` +
      'Your code is as it was: learn check notes again what passes.',
  ];
}

/** Returns what needs attention; with `all`, also what is well. */
function findings(all: boolean): string[] {
  return examine().flatMap(({ text, advice }) => {
    if (advice !== undefined) return [`${pc.yellow('!')} ${text} ${advice}`];
    return all ? [`${pc.green('✓')} ${text}`] : [];
  });
}

async function begin(number: number | undefined): Promise<void> {
  const session = new Session();
  const step = session.step(number);
  const notes = [...lost(session), ...findings(false)];
  if (process.stdin.isTTY && process.stdout.isTTY) {
    session.prepare();
    await new Loop(session, step, notes.map((line) => `  ${line}\n\n`).join('')).run();
    return;
  }
  for (const line of notes) console.log(line);
  makeFiles(step);
  session.progress.current = step.folder;
  console.log(`Step ${step.number}. ${whereToWrite(step)}`);
  const site = await findSite();
  if (site !== undefined) console.log(`In the browser: ${chapterUrl(site, step)}`);
  console.log(
    'This is no terminal, so nothing is watched. Check your code with: learn check',
  );
  session.close();
}

async function check(
  number: number | undefined,
  options: { only?: boolean },
): Promise<void> {
  const session = openSession();
  const step = session.step(number);
  const { verdict, outcome, own } = await session.check(step, options);
  session.close();
  const { steps, progress } = session;
  const { output } = outcome;
  const site = await findSite();
  const types =
    verdict.kind === 'uncompilable' ? undefined : new TypeChecker().check(step, own);
  console.log(resultScreen({ step, steps, progress, verdict, output, own, site, types }));
  process.exitCode = verdict.kind === 'passed' ? 0 : 1;
}

function hint(number: number | undefined): void {
  const session = openSession();
  const step = session.step(number);
  const { progress } = session;
  const task = progress.taskInWork(step);
  if (task === undefined)
    return console.log(`All tasks of step ${step.number} have passed.`);
  const opened = progress.openHint(step, task.title);
  const ways = { next: 'learn hint', diff: `learn diff ${step.number}` };
  console.log(hintScreen(step, task, opened, ways));
}

function diff(number: number | undefined): void {
  const session = openSession();
  const step = session.step(number);
  session.progress.open(step, 'diff');
  console.log(diffScreen(step));
}

function list(): void {
  const { steps, progress } = openSession();
  console.log(listScreen(steps, progress));
}

function resetStep(number: number): void {
  const session = openSession();
  const step = session.step(number);
  const old = reset(step);
  session.progress.reset(step);
  if (old !== undefined) console.log(`Your files are now in ${toPath(old)}.`);
  console.log(whereToWrite(step));
}

function solution(number: number): void {
  const session = openSession();
  const step = session.step(number);
  session.progress.open(step, 'solution');
  for (const name of step.sources) {
    const file = join(pathOf.reference(step), name);
    console.log(`${pc.bold(toPath(file))}\n\n${readFileSync(file, 'utf8')}`);
  }
}

/** Starts the node with every step that has passed in it. */
function run(args: readonly string[]): void {
  const session = openSession();
  const own = session.passedSteps();
  const isInWork = (step: Step) => existsSync(pathOf.own(step)) && !own.includes(step);
  for (const step of session.steps.filter(isInWork)) {
    console.error(
      `Step ${step.number} is the reference's: your code has not passed as it stands (learn check ${step.number}).`,
    );
  }
  const conditions = own.flatMap(({ condition }) => ['-C', condition]);
  const command = [...conditions, join(root, 'pychain'), ...args];
  const node = spawn(process.execPath, command, { stdio: 'inherit' });
  process.on('SIGTERM', () => node.kill('SIGTERM'));
  // Ctrl-C reaches the node by itself, and a second signal would end it at once.
  process.on('SIGINT', () => undefined);
  node.on('exit', (code) => process.exit(code ?? 1));
}

const program = new Command('learn')
  .description('Write the steps yourself: edit, save, and see what the tests say.')
  .argument(
    '[step]',
    'the step to work on, such as 3; unless given, where you left off',
    stepNumber,
  )
  .helpOption('-h, --help', 'show this help')
  .enablePositionalOptions()
  .showSuggestionAfterError()
  .action(begin);

program
  .command('check')
  .description('run the tests of a step once')
  .argument('[step]', 'the step', stepNumber)
  .option('--only', 'take the reference for all other steps')
  .action(check);
program
  .command('hint')
  .description('open the next hint of the first task that has not passed')
  .argument('[step]', 'the step', stepNumber)
  .action(hint);
program
  .command('diff')
  .description('show how your files differ from the reference')
  .argument('[step]', 'the step', stepNumber)
  .action(diff);
program.command('list').description('list the steps and how far you are').action(list);
program
  .command('reset')
  .description('begin a step anew; your files are kept')
  .argument('<step>', 'the step', stepNumber)
  .action(resetStep);
program
  .command('solution')
  .description("print the reference's code of a step")
  .argument('<step>', 'the step', stepNumber)
  .action(solution);
program
  .command('run')
  .description('run a node made of all your passed steps')
  .argument('[options...]', 'what ./pychain takes, such as -n ws://localhost:8000')
  .allowUnknownOption()
  .passThroughOptions()
  .helpOption(false)
  .action(run);
program
  .command('doctor')
  .description('check the machine')
  .action(() => findings(true).forEach((line) => console.log(line)));

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
