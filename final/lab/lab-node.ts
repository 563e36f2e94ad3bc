import { EventEmitter } from 'node:events';
import { ApiClient } from '../api/client.ts';
import type { Status } from '../api/schemas.ts';
import { NodeProcess, type LogLine } from './node-process.ts';

/** How many lines of its log are kept: the newest. */
const MAX_LINES = 50;

/** How often it is asked how it is, in milliseconds. */
const BEAT = 1_000;

/** For how many beats it may owe an answer until it counts as silent. */
const PATIENCE = 3;

/** How long it may take to end before it is killed, in milliseconds. */
const MOMENT = 10_000;

/** A line of a node's log, as the page shows it. */
export type LabLine = Pick<LogLine, 'time' | 'level' | 'msg'>;

/** What a node of the laboratory reports. */
interface LabNodeEvents {
  /** It wrote something, started, ended, or answered otherwise than before. */
  change: [];
}

/** A node that can be stopped, and started again on the ports that it had. */
export class LabNode extends EventEmitter<LabNodeEvents> {
  readonly name: string;
  readonly #options: readonly string[];
  #process: NodeProcess | undefined;
  /** Where it listens, after its first start. */
  #urls: { readonly http: string; readonly ws: string } | undefined;
  #status: Status | null = null;
  #timer: NodeJS.Timeout | undefined;
  /** For how many beats it has owed an answer; 0 if it owes none. */
  #owed = 0;

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

  /** Whether its process runs, and answers: one that is frozen runs and is silent. */
  get state(): 'stopped' | 'starting' | 'running' | 'silent' {
    if (this.#process === undefined || this.#process.hasEnded) return 'stopped';
    if (!this.#process.isReady) return 'starting';
    return this.#owed > PATIENCE ? 'silent' : 'running';
  }

  /** What it said of itself when it last answered; null before that. */
  get status(): Status | null {
    return this.#status;
  }

  /** The id of its process; 0 before its first start. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** The url of its HTTP API; empty before its first start. */
  get http(): string {
    return this.#urls?.http ?? '';
  }

  /** The port that it listens on for peers; 0 before its first start. */
  get wsPort(): number {
    return portOf(this.#urls?.ws);
  }

  /** What asks its API. */
  get client(): ApiClient {
    return new ApiClient(this.http);
  }

  /** The last lines of its log, oldest first. */
  get lines(): readonly LabLine[] {
    const lines = this.#process?.lines ?? [];
    return lines.map(({ time, level, msg }) => ({ time, level, msg }));
  }

  /**
   * Starts it, and waits until it answers.
   *
   * @throws Error with its last words if it ends instead
   */
  async start(): Promise<void> {
    if (this.state !== 'stopped') return;
    const ports = ['-p', String(portOf(this.#urls?.http)), '-w', String(this.wsPort)];
    const node = new NodeProcess([...ports, ...this.#options], {
      nodeOptions: process.execArgv, // so that its steps are those of this process
      maxLines: MAX_LINES,
      asGroup: true, // a Ctrl-C in the terminal is not for it
    });
    this.#process = node;
    this.#status = null;
    node.on('change', () => this.emit('change'));
    this.emit('change');
    await node.ready();
    this.#urls = { http: node.http, ws: node.ws };
    this.#owed = 0;
    this.#timer = setInterval(() => this.#beat(), BEAT);
    void node.end.then(() => clearInterval(this.#timer));
    this.#beat();
    this.emit('change');
  }

  /** Stops it and waits for its end. One that does not end in time is killed. */
  async stop(): Promise<void> {
    const node = this.#process;
    if (node === undefined || node.hasEnded) return;
    const timer = setTimeout(() => node.signal('SIGKILL'), MOMENT);
    const end = node.stop();
    // What is frozen can only end when it is thawed. Windows freezes nothing.
    if (process.platform !== 'win32') node.signal('SIGCONT');
    await end;
    clearTimeout(timer);
  }

  /** Asks how it is. While it owes an answer it is not asked again. */
  #beat(): void {
    this.#owed += 1;
    if (this.#owed === PATIENCE + 1) this.emit('change');
    if (this.#owed > 1) return;
    this.client.get<Status>('/status').then(
      (status) => this.#answered(status),
      () => (this.#owed = 0), // it has ended just now, and says so by that
    );
  }

  #answered(status: Status): void {
    const isNews =
      this.#owed > PATIENCE || JSON.stringify(status) !== JSON.stringify(this.#status);
    this.#owed = 0;
    this.#status = status;
    if (isNews) this.emit('change');
  }
}

function portOf(url: string | undefined): number {
  return url === undefined ? 0 : Number(new URL(url).port);
}
