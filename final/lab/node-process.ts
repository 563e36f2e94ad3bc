import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../../pychain', import.meta.url));

/** How many lines of its log are kept: the newest. */
const MAX_LINES = 50;

/** A line of a node's log. */
export interface LabLine {
  /** When it was written, in milliseconds since the epoch. */
  readonly time: number;
  readonly level: number;
  readonly msg: string;
}

/** What a node of the laboratory reports. */
interface LabNodeEvents {
  /** It wrote a line, started, or ended. */
  change: [];
}

/** A node in a process of its own, which can be stopped and started again. */
export class LabNode extends EventEmitter<LabNodeEvents> {
  readonly name: string;
  readonly #options: readonly string[];
  readonly #lines: LabLine[] = [];
  #child: ChildProcess | undefined;
  #state: 'stopped' | 'starting' | 'running' = 'stopped';
  #http = '';
  #ws = '';

  /**
   * Prepares a node.
   *
   * @param options - of `pychain`, but for the ports
   */
  constructor(name: string, options: readonly string[]) {
    super();
    this.name = name;
    this.#options = options;
  }

  /** Whether its process runs and answers. */
  get state(): 'stopped' | 'starting' | 'running' {
    return this.#state;
  }

  /** The url of its HTTP API; empty before its first start. */
  get http(): string {
    return this.#http;
  }

  /** The port that it listens on for peers; 0 before its first start. */
  get wsPort(): number {
    return this.#ws === '' ? 0 : Number(new URL(this.#ws).port);
  }

  /** The last lines of its log, oldest first. */
  get lines(): readonly LabLine[] {
    return this.#lines;
  }

  /**
   * Starts it, on the ports that it had before, and waits until it answers.
   *
   * @throws Error with its last words if it ends instead
   */
  async start(): Promise<void> {
    if (this.#state !== 'stopped') return;
    this.#state = 'starting';
    const httpPort = this.#http === '' ? '0' : new URL(this.#http).port;
    const ports = ['-p', httpPort, '-w', String(this.wsPort)];
    const args = [...process.execArgv, launcher, ...ports, ...this.#options];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32', // a Ctrl-C in the terminal is not for it
    });
    this.#child = child;
    let lastWords = '';
    child.stderr.on('data', (data: Buffer) => (lastWords = String(data).trim()));
    child.once('close', () => {
      this.#state = 'stopped';
      this.emit('change');
    });
    createInterface(child.stdout).on('line', (line) => this.#read(line));
    this.emit('change');
    while (this.state !== 'running') {
      await once(this, 'change');
      if (this.state === 'stopped')
        throw new Error(`Node ${this.name} ended. ${lastWords}`);
    }
  }

  /** Stops it and waits for its end. */
  async stop(): Promise<void> {
    if (this.#child === undefined || this.#state === 'stopped') return;
    const end = once(this.#child, 'close');
    this.#child.kill();
    await end;
  }

  #read(line: string): void {
    if (!line.startsWith('{')) return;
    const { time, level, msg, http, ws } = JSON.parse(line) as LabLine & {
      http?: string;
      ws?: string;
    };
    if (http !== undefined && ws !== undefined) {
      [this.#http, this.#ws] = [http, ws];
      this.#state = 'running';
    } else {
      this.#lines.push({ time, level, msg });
      this.#lines.splice(0, this.#lines.length - MAX_LINES);
    }
    this.emit('change');
  }
}
