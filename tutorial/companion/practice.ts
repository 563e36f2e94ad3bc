/**
 * The reader's attacks and exercises: makes their files, and has a process judge what they hold.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { colors } from '../../final/terminal/colors.ts';
import type { Answer, Practice } from '../practice/practice.ts';
import { pathOf, refuseFolder, root, toPath, type Step } from './kit.ts';
import { placesOf, startProcess, type Places } from './start-process.ts';
import { syntaxErrorOf } from './verdict.ts';

/** How long a program may take for each thing that it is asked, in milliseconds. */
const PATIENCE = 20_000;

/** What a practice process is to do. */
export interface PracticeJob {
  /** The url of the file that holds the step's attack and exercises. */
  readonly practice: string;
  /** The path of the reader's file. */
  readonly file: string;
  /** The number of an exercise; undefined for the attack. */
  readonly exercise?: number | undefined;
  readonly places: Places;
}

/** What a practice process tells: that it goes on, what was answered, or what is wrong. */
export type PracticeReport =
  | { readonly type: 'alive' }
  | { readonly type: 'attack'; readonly naive: Answer; readonly own: Answer }
  | { readonly type: 'solved' }
  | { readonly type: 'problem'; readonly words: string };

/** What came of an attack or of an exercise. */
export type PracticeResult = Exclude<PracticeReport, { type: 'alive' }>;

/** What to print, and whether it is good news. */
export interface Said {
  readonly text: string;
  readonly isGood: boolean;
}

/** How to judge a file. */
export interface JudgeOptions {
  /** All steps of the kit. */
  readonly steps: readonly Step[];
  /** Those that the reader's own code serves. */
  readonly own: readonly Step[];
  /** The number of an exercise; unless given, it is the attack. */
  readonly exercise?: number | undefined;
  /** Whether what the program prints is shown. */
  readonly isShown?: boolean;
  /** How long it may take for each thing that it is asked, in milliseconds. */
  readonly patience?: number;
}

const fileOf = ({ folder }: Step) => join(root, 'tutorial', 'practice', `${folder}.ts`);

/**
 * Loads the attack and the exercises of a step.
 *
 * @throws Error if it has none
 */
export async function loadPractice(step: Step): Promise<Practice> {
  const file = fileOf(step);
  if (!existsSync(file))
    throw new Error(
      `Step ${step.number} has nothing to attack, and no checked exercise.`,
    );
  return (await import(pathToFileURL(file).href)) as Practice;
}

/** Shows the reader's attack to the naive program of a step, and to the step itself. */
export async function attack(
  step: Step,
  steps: readonly Step[],
  own: readonly Step[],
): Promise<Said> {
  const { attack: task } = await loadPractice(step);
  const file = join(root, 'my', 'attacks', task.file);
  const command = `./learn attack ${step.number}`;
  if (make(file, task.start)) {
    const goal = `Write your attack in ${colors.cyan(toPath(file))}, which is new. ${task.goal}`;
    return { text: `${goal}\nThen see who believes it:  ${command}`, isGood: true };
  }
  const result = await judgeFile(step, file, { steps, own, isShown: true });
  if (result.type !== 'attack') return refused(result);
  const whose = own.includes(step) ? 'Your step' : "The reference's step";
  const { naive, own: stopped } = result;
  const isGood = naive.believes && !stopped.believes;
  const first = naive.believes
    ? line(true, `The naive program believes it. ${naive.words}`)
    : line(false, `The naive program does not believe it. ${naive.words}`);
  if (!naive.believes) return { text: first, isGood }; // what fools nobody, nothing has to stop
  const second = stopped.believes
    ? line(false, `${whose} ${step.number} believes it, too. ${stopped.words}`)
    : line(true, `${whose} ${step.number} stops it. ${stopped.words}`);
  return { text: `${first}\n${second}`, isGood };
}

/**
 * Checks the reader's solution of an exercise.
 *
 * @throws Error if the step has no such exercise, or none that is checked
 */
export async function exercise(
  step: Step,
  number: number,
  steps: readonly Step[],
  own: readonly Step[],
): Promise<Said> {
  const { exercises } = await loadPractice(step);
  const name = `${step.number}.${number}`;
  const task = exercises.find((one) => one.number === number);
  if (task === undefined) {
    const names = exercises.map((one) => `${step.number}.${one.number}`).join(', ');
    throw new Error(`Exercise ${name} is not checked by this. These are: ${names}.`);
  }
  const file = join(root, 'my', 'exercises', task.file);
  const command = `./learn exercise ${name}`;
  if (make(file, task.start)) {
    const where = `Write your solution in ${colors.cyan(toPath(file))}, which is new.`;
    const text = `${where} ${pathOf.chapter(step)} says what it is to do.\nThen check it:  ${command}`;
    return { text, isGood: true };
  }
  const options = { steps, own, exercise: number, isShown: true };
  const result = await judgeFile(step, file, options);
  if (result.type !== 'solved') return refused(result);
  return { text: line(true, `Exercise ${name} is solved.`), isGood: true };
}

/** Has a process of its own judge a file of the reader. */
export async function judgeFile(
  step: Step,
  file: string,
  options: JudgeOptions,
): Promise<PracticeResult> {
  const { steps, own, exercise: number, isShown = false, patience = PATIENCE } = options;
  const broken = syntaxErrorOf(file);
  if (broken !== undefined) {
    const { words, place } = broken;
    return problem(
      `This does not compile, at ${place.file}:${place.line}:${place.column}: ${words}`,
    );
  }
  const places = placesOf(steps, (one) =>
    own.includes(one) ? pathOf.own(one) : pathOf.reference(one),
  );
  const job: PracticeJob = {
    practice: pathToFileURL(fileOf(step)).href,
    file,
    exercise: number,
    places,
  };
  return work(job, isShown, patience);
}

/** Does a job in a process that is ended when it takes too long for one thing. */
async function work(
  job: PracticeJob,
  isShown: boolean,
  patience: number,
): Promise<PracticeResult> {
  const output = isShown ? 'inherit' : 'ignore';
  const child = startProcess('practice-process.ts', {
    stdio: ['ignore', output, output, 'ipc'],
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<PracticeResult>((resolve) => {
      const watch = () => {
        clearTimeout(timer);
        const words =
          `It did not come to an end within ${Math.round(patience / 1_000)} seconds: look for a loop ` +
          'that does not end, and for a promise that nobody keeps.';
        timer = setTimeout(() => resolve(problem(words)), patience);
      };
      watch();
      child.on('message', (report: PracticeReport) => {
        if (report.type === 'alive') watch();
        else resolve(report);
      });
      child.once('close', () => {
        const words =
          'The program ended before it was judged. Does it call process.exit?';
        resolve(problem(words));
      });
      child.send(job, () => undefined);
    });
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}

/**
 * Makes a file with this text if it is not there; says whether it did.
 *
 * @throws Error if a folder is there
 */
function make(file: string, text: string): boolean {
  refuseFolder(file);
  if (existsSync(file) && readFileSync(file, 'utf8').trim() !== '') return false;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return true;
}

const problem = (words: string): PracticeResult => ({ type: 'problem', words });

function refused(result: PracticeResult): Said {
  const words = result.type === 'problem' ? result.words : 'It is of another kind.';
  return { text: line(false, words), isGood: false };
}

const line = (isGood: boolean, words: string) =>
  `${isGood ? colors.green('✓') : colors.red('✗')} ${words}`;
