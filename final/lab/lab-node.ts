import { EventEmitter } from 'node:events';
import { ApiClient } from '../api/client.ts';
import { NodeProcess, type LogLine } from './node-process.ts';

/** How many lines of its log are kept: the newest. */
const MAX_LINES = 50;

/** A line of a node's log, as the page shows it. */
export type LabLine = Pick<LogLine, 'time' | 'level' | 'msg'>;

/** What a node of the laboratory reports. */
interface LabNodeEvents {
  /** It wrote something, started, or ended. */
  change: [];
}

/** A node that can be stopped, and started again on the ports that it had. */
export class LabNode extends EventEmitter<LabNodeEvents> {
  readonly name: string;
  readonly #options: readonly string[];
  #process: NodeProcess | undefined;
  /** Where it listens, after its first start. */
  #urls: { readonly http: string; readonly ws: string } | undefined;

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
    if (this.#process === undefined || this.#process.hasEnded) return 'stopped';
    return this.#process.isReady ? 'running' : 'starting';
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
    node.on('change', () => this.emit('change'));
    this.emit('change');
    await node.ready();
    this.#urls = { http: node.http, ws: node.ws };
    this.emit('change');
  }

  /** Stops it and waits for its end. */
  async stop(): Promise<void> {
    await this.#process?.stop();
  }
}

function portOf(url: string | undefined): number {
  return url === undefined ? 0 : Number(new URL(url).port);
}
