import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';

/** How many characters of what a program writes are kept: the newest. */
const MAX_OUTPUT = 10_000_000;

/** How a program ended: with which exit code, if with one, and what it had written. */
export interface Result {
  readonly code: number | null;
  readonly output: string;
}

/** How to start a program. */
export interface ProgramOptions {
  /** The folder to run in. */
  readonly cwd?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /**
   * Whether it leads a group of processes, to be told together with all that it starts. A
   * Ctrl-C in the terminal then does not reach it. Windows has no such groups.
   */
  readonly asGroup?: boolean;
}

/** What a {@link Program} reports. */
interface ProgramEvents {
  /** It wrote something, or ended. */
  change: [];
  /** It wrote a line to its standard output. */
  line: [line: string];
}

/** A process, with what it has written so far. */
export class Program extends EventEmitter<ProgramEvents> {
  /** Its end, when all that it wrote has come. */
  readonly end: Promise<Result>;
  readonly #child: ChildProcess;
  readonly #isGroup: boolean;
  #output = '';
  #hasEnded = false;

  /** Starts it. */
  constructor(command: string, args: readonly string[], options: ProgramOptions = {}) {
    super();
    this.setMaxListeners(0); // as many as wait for it
    const { cwd, env = process.env, asGroup = false } = options;
    this.#isGroup = asGroup && process.platform !== 'win32';
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd, env, stdio, detached: this.#isGroup });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        if (this.#output.length > MAX_OUTPUT)
          this.#output = this.#output.slice(text.length);
        this.emit('change');
      });
    }
    createInterface(child.stdout).on('line', (line) => {
      this.emit('line', line);
      this.emit('change');
    });
    this.end = once(child, 'close').then(([code]) => {
      this.#hasEnded = true;
      this.emit('change');
      return { code: code as number | null, output: this.#output };
    });
  }

  /** What it has written so far. */
  get output(): string {
    return this.#output;
  }

  /** Whether it has ended. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The id of its process. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Waits until it has written this, and gives the match. Throws an Error if it ends instead. */
  async untilOutput(words: RegExp): Promise<RegExpExecArray> {
    const find = () => words.exec(this.#output) ?? undefined;
    return this.untilIt(`It ended without ${words}`, find);
  }

  /**
   * Waits until `find` gives something, after each change.
   *
   * @throws Error with `complaint` and all that was written, if it ends before
   */
  async untilIt<T>(complaint: string, find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.#hasEnded) throw new Error(`${complaint}:\n${this.#output}`);
      await once(this, 'change');
    }
  }

  /** Closes its standard output, as `head` does when it has seen enough. */
  stopReading(): void {
    this.#child.stdout?.destroy();
  }

  /** Sends it a signal, and to all that it started if it leads a group. */
  signal(name: NodeJS.Signals): void {
    if (this.#hasEnded) return;
    if (!this.#isGroup) return void this.#child.kill(name);
    try {
      process.kill(-this.pid, name);
    } catch {
      // All of the group have just ended.
    }
  }
}
