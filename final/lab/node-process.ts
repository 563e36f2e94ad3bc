import { fileURLToPath } from 'node:url';
import { Program, type ProgramOptions } from './program.ts';

const launcher = fileURLToPath(new URL('../../pychain', import.meta.url));

/** A line of a node's log. */
export interface LogLine {
  /** When it was written, in milliseconds since the epoch. */
  readonly time: number;
  readonly level: number;
  readonly msg: string;
  /** The block that it tells of. */
  readonly hash?: string;
  /** Where the node listens, in the line "Ready". */
  readonly http?: string;
  readonly ws?: string;
}

/** How to run a node as a process. */
export interface NodeProcessOptions extends ProgramOptions {
  /** Options of Node itself, such as `-C my-01`. */
  readonly nodeOptions?: readonly string[];
  /** A program that starts the node in its turn, with its arguments. */
  readonly starter?: readonly string[];
  /** How many lines of the log are kept: the newest; all unless given. */
  readonly maxLines?: number;
}

/** A node in a process of its own, with what it has logged so far. */
export class NodeProcess extends Program {
  /** The lines of its log, oldest first. */
  readonly lines: LogLine[] = [];
  #ready: LogLine | undefined;

  /** Starts a node with the options of `pychain`. */
  constructor(args: readonly string[], options: NodeProcessOptions = {}) {
    const { nodeOptions = [], starter = [], maxLines = Infinity, ...others } = options;
    const node = [process.execPath, ...nodeOptions, launcher, ...args];
    const [program = '', ...rest] = [...starter, ...node];
    super(program, rest, others);
    this.on('line', (text) => {
      if (!text.startsWith('{')) return;
      const line = JSON.parse(text) as LogLine;
      if (line.msg === 'Ready') this.#ready = line;
      this.lines.push(line);
      if (this.lines.length > maxLines) this.lines.shift();
    });
  }

  /** The url of its HTTP API. Throws an Error before it is ready. */
  get http(): string {
    return this.#readyLine.http ?? '';
  }

  /** The url for peers. Throws an Error before it is ready. */
  get ws(): string {
    return this.#readyLine.ws ?? '';
  }

  /** Whether it answers. */
  get isReady(): boolean {
    return this.#ready !== undefined && !this.hasEnded;
  }

  /** Waits until it answers. Throws an Error with its last words if it ends instead. */
  async ready(): Promise<void> {
    await this.untilIt('The node ended', () => this.#ready);
  }

  /** Waits until its log has a line of this kind, now or before. */
  async until(isIt: (line: LogLine) => boolean): Promise<LogLine> {
    return this.untilIt('The node ended', () => this.lines.find(isIt));
  }

  /** Tells it to end, and gives its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.signal(signal);
    return (await this.end).code;
  }

  get #readyLine(): LogLine {
    if (this.#ready === undefined) throw new Error('The node is not ready.');
    return this.#ready;
  }
}
