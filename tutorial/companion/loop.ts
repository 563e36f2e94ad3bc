/**
 * The companion on a terminal: after each save it shows what the tests say.
 *
 * @module
 */
import { emitKeypressEvents } from 'node:readline';
import { colors } from '../../final/terminal/colors.ts';
import { isPlain } from '../../final/terminal/plain.ts';
import { pathOf, toPath, type Step, type Task } from './kit.ts';
import { serveProgress } from './progress-server.ts';
import { listScreen } from './list.ts';
import { fit } from './fit.ts';
import {
  anotherScreen,
  anotherWayOf,
  diffScreen,
  hintScreen,
  pathsScreen,
  resultScreen,
  tasksScreen,
} from './screen.ts';
import { whereToWrite, type Check, type Session } from './session.ts';
import { findSite } from './site.ts';
import { TypesRunner } from './types-runner.ts';
import type { TypeProblem } from './types.ts';
import { watchFolder } from './watch-folder.ts';
import { makeFiles, reset } from './workspace.ts';

/** How long after a result the types are checked, in milliseconds. */
const TYPES_LATER = 200;

/** After how long the screen says which task's tests are running, in milliseconds. */
const LONG = 2_000;

interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
}

/** What the loop reads keys from and draws on, as a process has it. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream & { setRawMode(isRaw: boolean): unknown };
  readonly stdout: {
    readonly columns?: number | undefined;
    readonly rows?: number | undefined;
    write(text: string): unknown;
  };
  /** Whether it gets colors and can be cleared, is told by NO_COLOR and TERM. */
  readonly env: NodeJS.ProcessEnv;
}

/** The loop of editing and seeing, for one step after the other. */
export class Loop {
  readonly #session: Session;
  readonly #terminal: Terminal;
  readonly #isPlain: boolean;
  readonly #types = new TypesRunner();
  #step: Step;
  #check: Check | undefined;
  #typeProblem: TypeProblem | undefined;
  /** The task that has passed last. */
  #green: Task | undefined;
  #stopWatching: () => void = () => undefined;
  #site: string | undefined;
  #isAsking = false;
  #isResult = false;
  #runs = 0;
  /** What to say above each result until a key is pressed. */
  #notes: string;
  #quit: () => void = () => undefined;

  /**
   * Prepares the loop for a step; nothing is shown before {@link run}.
   *
   * @param notes - what to say of the machine, shown with the first result
   */
  constructor(session: Session, step: Step, notes = '', terminal: Terminal = process) {
    this.#session = session;
    this.#step = step;
    this.#notes = notes;
    this.#terminal = terminal;
    this.#isPlain = isPlain(terminal.env);
  }

  /** Shows the step and listens to keys until `q` is pressed. Then it closes the session. */
  async run(): Promise<void> {
    const { stdin, stdout } = this.#terminal;
    const { progress, steps } = this.#session;
    const stopServing = serveProgress({ passed: () => progress.passedNumbers(steps) });
    emitKeypressEvents(stdin);
    stdin.setRawMode(true);
    stdin.on('keypress', (_text: string, key: Key) => this.#listen(key)).resume();
    try {
      this.#go(this.#step);
      await new Promise<void>((resolve) => (this.#quit = resolve));
    } finally {
      stopServing();
      this.#runs += 1; // what is under way is not shown any more
      this.#stopWatching();
      this.#session.close();
      this.#types.close();
      stdin.setRawMode(false);
      stdin.removeAllListeners('keypress').pause();
      stdout.write('\n');
    }
  }

  #go(step: Step): void {
    this.#stopWatching();
    this.#step = step;
    this.#green = undefined;
    this.#session.progress.current = step.folder;
    makeFiles(step);
    this.#stopWatching = watchFolder(pathOf.own(step), () => void this.#run());
    void this.#run();
  }

  async #run(all = false): Promise<void> {
    this.#isAsking = false;
    this.#runs += 1;
    const run = this.#runs;
    this.#typeProblem = undefined;
    const begin = Date.now();
    let shown = '';
    const first = this.#session.progress.taskInWork(this.#step)?.title;
    let isFirstGreen = false;
    const onStart = (task: string) => {
      if (run !== this.#runs || task === shown) return;
      // The tests of the task in work come first, and the run goes on only if they pass.
      const isNews = shown === first;
      if (isNews) isFirstGreen = true;
      if (isNews || Date.now() - begin >= LONG) {
        const green = isFirstGreen ? `${colors.green(`✓ ${first} passes.`)}  ` : '';
        this.#showProgress(`${green}Running the tests … ${task}`);
      }
      shown = task;
    };
    this.#showProgress(colors.dim('Running the tests …'));
    void findSite().then((site) => (this.#site = site));
    let isShown = false;
    const show = (check: Check) => {
      // The files were saved again in the meantime, or somebody looks at something else already.
      if (run !== this.#runs || (isShown && !this.#isResult)) return;
      this.#check = check;
      this.#green = check.green.at(-1) ?? this.#green;
      this.#showResult(check, all);
      if (isShown) return;
      isShown = true;
      setTimeout(() => this.#checkTypes(run, all), TYPES_LATER);
    };
    try {
      // What its task promises beside that is not known yet.
      const early = (check: Check) => {
        show({ ...check, outcome: { ...check.outcome, tests: [] } });
      };
      const options = { all, onStart, onFailure: early };
      show(await this.#session.check(this.#step, options));
      if (run === this.#runs) this.#session.prepare();
    } catch (error) {
      if (run === this.#runs) this.#show(`  ${sentence(error)} Press r to try again.`);
    }
  }

  #showResult({ verdict, outcome, own, green }: Check, all: boolean): void {
    const step = this.#step;
    const { steps, progress } = this.#session;
    const { output, tests } = outcome;
    const { rows } = this.#terminal.stdout;
    const last = green.at(-1);
    const view = {
      ...{ step, steps, progress, verdict, output, tests, own, green, rows },
      ...{ site: this.#site, types: this.#typeProblem },
      another: last && anotherWayOf(step, last) !== undefined ? 'w' : undefined,
    };
    const failed = new Map<string, string[]>();
    for (const { task, name, failure } of tests) {
      if (failure !== undefined) failed.set(task, [...(failed.get(task) ?? []), name]);
    }
    const tasks = all && outcome.end === 'done' ? `${tasksScreen(step, failed)}\n\n` : '';
    this.#show(tasks + resultScreen(view), true);
  }

  #checkTypes(run: number, all: boolean): void {
    const check = this.#check;
    if (run !== this.#runs || check === undefined) return;
    if (check.verdict.kind === 'uncompilable') return;
    this.#types.check(this.#step, check.own, (problem) => {
      if (run !== this.#runs || this.#check === undefined) return;
      this.#typeProblem = problem;
      if (problem !== undefined && this.#isResult) this.#showResult(this.#check, all);
    });
  }

  #listen(key: Key): void {
    try {
      this.#press(key);
    } catch (error) {
      this.#show(`  ${sentence(error)}`);
    }
  }

  #press({ name, ctrl }: Key): void {
    this.#notes = '';
    if (name === 'c' && ctrl === true) return this.#quit();
    if (this.#isAsking) return this.#answer(name === 'y');
    if (name === 'q') return this.#quit();
    if (name === 'r' || name === 'return') void this.#run();
    else if (name === 't') void this.#run(true);
    else if (name === 'n') this.#next();
    else if (name === 'h') this.#hint();
    else if (name === 'd') this.#diff();
    else if (name === 'w') this.#another();
    else if (name === 'l') this.#list();
    else if (name === 'o') this.#show(pathsScreen(this.#step));
    else if (name === 'x') this.#askReset();
  }

  #next(): void {
    const { progress, steps } = this.#session;
    if (!progress.isPassed(this.#step)) {
      return this.#show(
        `  Step ${this.#step.number} has not passed yet. ${colors.bold('r')} shows where it stands; ` +
          'to leave it for later, press q and start ./learn with another number.',
      );
    }
    const next = progress.next(steps, this.#step);
    if (next !== undefined) return this.#go(next);
    this.#show(
      `  ${colors.green('All steps are yours.')} Press q, and run a node that is made of them:  ./learn run`,
    );
  }

  #hint(): void {
    const { progress } = this.#session;
    const task = this.#task();
    if (task === undefined) return this.#show('  All tasks of this step have passed.');
    const opened = progress.openHint(this.#step, task.title);
    const ways = { next: 'h', diff: 'd' };
    const back = colors.dim('r shows the result again.');
    this.#show(`${hintScreen(this.#step, task, opened, ways)}\n  ${back}`);
  }

  /** The task that fails, or that is in work; undefined if all have passed. */
  #task(): Task | undefined {
    const { verdict } = this.#check ?? {};
    const failing = verdict !== undefined && 'task' in verdict ? verdict.task : undefined;
    return failing ?? this.#session.progress.taskInWork(this.#step);
  }

  #diff(): void {
    this.#session.progress.open(this.#step, 'diff');
    this.#show(diffScreen(this.#step, this.#task()));
  }

  #another(): void {
    const green = this.#green ?? this.#lastPassed();
    this.#show(
      green === undefined
        ? '  Another way to write a task is shown when it has passed.'
        : anotherScreen(this.#step, green),
    );
  }

  #lastPassed(): Task | undefined {
    const { progress } = this.#session;
    return this.#step.tasks[progress.passedTasks(this.#step) - 1];
  }

  #list(): void {
    const { steps, progress } = this.#session;
    this.#show(listScreen(steps, progress, this.#step));
  }

  #askReset(): void {
    this.#show(
      `  Begin step ${this.#step.number} anew? Your files are kept in my/old/.  ` +
        `${colors.bold('y')} yes, any other key no`,
    );
    this.#isAsking = true;
  }

  #answer(yes: boolean): void {
    this.#isAsking = false;
    if (!yes) return void this.#run();
    this.#stopWatching();
    try {
      const old = reset(this.#step);
      this.#session.progress.reset(this.#step);
      if (old !== undefined) this.#notes = `  Your files are now in ${toPath(old)}.`;
    } catch (error) {
      this.#notes = `  ${sentence(error)}`;
    }
    this.#go(this.#step);
  }

  #show(body: string, isResult = false): void {
    this.#isResult = isResult;
    const step = this.#step;
    const { stdout } = this.#terminal;
    const screen = {
      title: colors.bold(colors.cyan(`Step ${step.number}  ${step.folder.slice(3)}`)),
      place: colors.dim(whereToWrite(step)),
      notes: isResult ? this.#notes : '',
      body,
      ...this.#help(),
      isResult,
    };
    const [columns, rows] = [sizeOf(stdout.columns), sizeOf(stdout.rows)];
    this.#draw(fit(screen, columns, rows - 1));
  }

  /** Says that something is under way. Where nothing can be cleared, one line is enough. */
  #showProgress(text: string): void {
    if (!this.#isPlain) return this.#show(`  ${text}`);
    this.#isResult = false;
    this.#draw(`  ${text}`);
  }

  #draw(text: string): void {
    const clear = this.#isPlain ? '\n' : '\u001b[2J\u001b[3J\u001b[H';
    this.#terminal.stdout.write(`${clear}${text}\n`);
  }

  #help(): { help: string; keys: string } {
    const keys = [
      ...(this.#session.progress.isPassed(this.#step) ? [['n', 'next step']] : []),
      ['h', 'hint'],
      ['d', 'diff'],
      ...(this.#lastPassed() === undefined ? [] : [['w', 'another way']]),
      ['t', 'all tests'],
      ['r', 'run again'],
      ['o', 'paths'],
      ['l', 'list'],
      ['x', 'reset'],
      ['q', 'quit'],
    ] as const;
    const words = keys.map(([name, what]) => `${colors.bold(name)} ${what}`).join('  ');
    const watching = `Watching my/${this.#step.folder} by events and by a look each second; r runs the tests again.`;
    return {
      help: `  ${words}\n  ${colors.dim(watching)}`,
      keys: colors.dim(keys.map(([name]) => name).join(' ')),
    };
  }
}

/** Some terminals do not know their size, or say 0. */
function sizeOf(size: number | undefined): number {
  return size === undefined || size === 0 ? Infinity : size;
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
