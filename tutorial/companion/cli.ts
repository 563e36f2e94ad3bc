/**
 * The command line of the companion: `learn` alone begins the loop.
 *
 * @module
 */
import { createRequire } from 'node:module';
import { Command, InvalidArgumentError, Option } from 'commander';
import { problemOfPackages } from '../../scripts/packages.mjs';
import type { CheckCommand } from './commands.ts';
import type { GradeCommand } from './grading/command.ts';
import { loadSteps } from './kit.ts';
import { listScreen } from './list.ts';
import { Progress } from './progress.ts';

function stepNumber(text: string): number {
  if (/^\d\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError(
    'A step is a number, such as 3. learn -h names the commands.',
  );
}

function exerciseName(text: string): { step: number; number: number } {
  const [, step, number] = /^(\d\d?)\.(\d\d?)$/.exec(text) ?? [];
  if (step !== undefined) return { step: Number(step), number: Number(number) };
  throw new InvalidArgumentError(
    'An exercise is named by its step and its number, such as 2.1.',
  );
}

/** Reads which steps, such as `1-3,6`. */
function stepNumbers(text: string): number[] {
  const parts = text.split(',').map((part) => /^(\d\d?)(?:-(\d\d?))?$/.exec(part.trim()));
  const numbers = parts.flatMap((part) => {
    const [, first, last = first] = part ?? [];
    const length = Number(last) - Number(first) + 1;
    return Array.from({ length: length > 0 ? length : 0 }, (_, i) => Number(first) + i);
  });
  if (parts.every((part) => part !== null) && numbers.length > 0) return numbers;
  throw new InvalidArgumentError('Steps are numbers, such as 2, or 1-3,6.');
}

/** Reads a whole number from 1 on. */
function count(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number, such as 60.');
}

type Commands = typeof import('./commands.ts');
type Grading = typeof import('./grading/command.ts');

/**
 * Runs a command that takes more than to read the notes. Its modules are loaded only now, and like
 * this one by `require`: TypeScript takes three times as long by `import`.
 */
async function load(
  command: (commands: Commands) => void | Promise<void>,
): Promise<void> {
  await command(createRequire(import.meta.url)('./commands.ts') as Commands);
}

function list(): void {
  const progress = new Progress();
  for (const line of progress.lost) console.error(line);
  console.log(listScreen(loadSteps(), progress));
}

const program = new Command('learn')
  .description('Write the steps yourself: edit, save, and see what the tests say.')
  .argument(
    '[step]',
    'the step to work on, such as 3; unless given, where you left off',
    stepNumber,
  )
  .helpOption('-h, --help', 'show this help')
  .addHelpText(
    'after',
    '\nWhat you wrote in pages of the site comes along: "Save my files" there, unpack my.zip in this ' +
      'folder,\nand go on with learn. A zip file of my/ goes the other way.',
  )
  .enablePositionalOptions()
  .showSuggestionAfterError()
  .action((step?: number) => load(({ begin }) => begin(step)));

program
  .command('check')
  .description('run the tests of a step once')
  .argument('[step]', 'the step', stepNumber)
  .option('--only', 'take the reference for all other steps')
  .option('--json', 'print what is found as JSON')
  .addOption(new Option('--junit', 'print what is found as JUnit XML').conflicts('json'))
  .action((step: number | undefined, options: CheckCommand) =>
    load(({ check }) => check(step, options)),
  );
program
  .command('grade')
  .description('for teachers: grade submissions, a folder or a zip file each')
  .argument('<folder>', 'the folder that holds them')
  .option('--steps <numbers>', 'the steps to grade, such as 1-3,6', stepNumbers)
  .option(
    '--timeout <seconds>',
    'how long the tests of a step may take for a submission',
    count,
    120,
  )
  .option('--memory <megabytes>', 'how much memory a submission may take', count, 512)
  .option('--jobs <number>', 'how many submissions to grade at once', count)
  .option('--out <folder>', 'where to write what comes out', 'grades')
  .action(async (folder: string, options: GradeCommand) => {
    const require = createRequire(import.meta.url);
    await (require('./grading/command.ts') as Grading).gradeFolder(folder, options);
  });
program
  .command('hint')
  .description('open the next hint of the first task that has not passed')
  .argument('[step]', 'the step', stepNumber)
  .action((step?: number) => load(({ hint }) => hint(step)));
program
  .command('diff')
  .description('show how your code for the task in work differs from the reference')
  .argument('[step]', 'the step', stepNumber)
  .option('--all', 'compare all tasks of the step')
  .action((step: number | undefined, options: { all?: boolean }) =>
    load(({ diff }) => diff(step, options)),
  );
program.command('list').description('list the steps and how far you are').action(list);
program
  .command('reset')
  .description('begin a step anew; your files are kept')
  .argument('<step>', 'the step', stepNumber)
  .action((step: number) => load(({ resetStep }) => resetStep(step)));
program
  .command('solution')
  .description("print the reference's code of a step")
  .argument('<step>', 'the step', stepNumber)
  .action((step: number) => load(({ solution }) => solution(step)));
program
  .command('attack')
  .description(
    "see whether a step's naive program believes your attack, and the step too",
  )
  .argument('[step]', 'the step', stepNumber)
  .action((step?: number) => load(({ attack }) => attack(step)));
program
  .command('exercise')
  .description('check your solution of an exercise')
  .argument('<exercise>', 'step and exercise, such as 2.1', exerciseName)
  .action((name: ReturnType<typeof exerciseName>) =>
    load(({ exercise }) => exercise(name)),
  );
program
  .command('try')
  .description('run a program of yours on all your passed steps')
  .argument('<file>', 'the program, such as my/crash.ts')
  .argument('[args...]', 'what it is given')
  .allowUnknownOption()
  .passThroughOptions()
  .helpOption(false)
  .action((file: string, args: string[]) =>
    load(({ tryProgram }) => tryProgram(file, args)),
  );
program
  .command('run')
  .description('run a node made of all your passed steps')
  .argument('[options...]', 'what ./pychain takes, such as -n ws://localhost:8000')
  .allowUnknownOption()
  .passThroughOptions()
  .helpOption(false)
  .action((args: string[]) => load(({ run }) => run(args)));
program
  .command('doctor')
  .description('check the machine')
  .action(() => load(({ doctor }) => doctor()));

program.parseAsync().catch((error: unknown) => {
  const sentence = error instanceof Error ? error.message : error;
  console.error(problemOfPackages(error) ?? sentence);
  process.exitCode = 1;
});
