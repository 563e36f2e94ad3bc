/**
 * Runs a judge on a submission in a process of its own, and ends that with all that it has started.
 *
 * @module
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Containment } from './containment.ts';
import { report, type JudgeReport, type Order } from './orders.ts';

/** How often to look at the memory of a process, in milliseconds. */
const LOOK = 100;

/** How much of what a program prints is kept, in characters. */
const MAX_OUTPUT = 20_000;

/** How long a report may be, in characters. */
const MAX_REPORT = 1_000_000;

/** How long what judges may take to begin, in milliseconds: it is not the submission that is slow then. */
const BEGIN = 120_000;

/** What a submission may take. */
export interface Limits {
  /** How long it may take in all, in milliseconds. */
  readonly time: number;
  /** For how long it may tell nothing, in milliseconds. */
  readonly silence: number;
  /** How much memory it may take, in megabytes. */
  readonly memory: number;
}

/** How a process ended: by itself, or because it reached a limit. */
export type End = 'done' | 'died' | 'silent' | 'time' | 'memory';

/** What came of a process. */
export interface Told {
  readonly reports: readonly JudgeReport[];
  readonly end: End;
  /** How long the submission took, in milliseconds. */
  readonly took: number;
  /** What the program printed last. */
  readonly output: string;
  /** Whether something wrote to the pipe for reports that does not know the secret. */
  readonly isForged: boolean;
}

/** Runs a judge in a folder. */
export async function runJudge(
  file: string,
  order: Omit<Order, 'secret'>,
  folder: string,
  limits: Limits,
  { before, flags }: Containment,
): Promise<Told> {
  const secret = randomBytes(32).toString('hex');
  const [program, ...args] = [
    ...before,
    process.execPath,
    ...flags,
    `--allow-fs-read=${file}`,
    `--max-old-space-size=${limits.memory}`,
    file,
  ];
  const child = spawn(program, args, {
    cwd: folder,
    // Nothing of what this process knows: there may be keys in it.
    env: environment(),
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const reader = new Reader(secret);
  const state: { end?: End; output: string } = { output: '' };
  const stop = (why: End) => {
    state.end ??= why;
    killAll(child);
  };
  let began: number | undefined;
  let whole = setTimeout(() => stop('time'), BEGIN);
  let silence: NodeJS.Timeout | undefined;
  const memory = setInterval(() => {
    if (memoryOf(child.pid) > limits.memory) stop('memory');
  }, LOOK);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      state.output = (state.output + text).slice(-MAX_OUTPUT);
    });
  }
  const pipe = child.stdio[3] as Readable;
  pipe.setEncoding('utf8').on('data', (text: string) => {
    if (!reader.read(text)) return;
    if (began === undefined) {
      began = performance.now();
      clearTimeout(whole);
      whole = setTimeout(() => stop('time'), limits.time);
    }
    clearTimeout(silence);
    silence = setTimeout(() => stop('silent'), limits.silence);
  });
  pipe.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify({ ...order, secret }));
  await new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => {
      killAll(child); // what it has left behind
      child.once('close', () => resolve());
    });
  });
  clearTimeout(whole);
  clearTimeout(silence);
  clearInterval(memory);
  const { reports, isForged } = reader;
  const { output, end = isOutOfMemory(output) ? 'memory' : 'died' } = state;
  const isDone = reports.some(({ type }) => type === 'done' || type === 'names');
  const took = began === undefined ? 0 : performance.now() - began;
  return { reports, end: isDone ? 'done' : end, took, output, isForged };
}

/** Takes reports from what comes through the pipe. */
class Reader {
  readonly reports: JudgeReport[] = [];
  isForged = false;
  readonly #secret: string;
  #rest = '';

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** Takes what has come; returns whether there was a report in it. */
  read(text: string): boolean {
    const lines = (this.#rest + text).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, MAX_REPORT);
    const before = this.reports.length;
    for (const line of lines) this.#take(line);
    return this.reports.length > before;
  }

  #take(line: string): void {
    const head = `${this.#secret} ${this.reports.length + 1} `;
    const found = line.startsWith(head) ? parsed(line.slice(head.length)) : undefined;
    if (found === undefined) this.isForged = true;
    else if (!this.isForged) this.reports.push(found);
  }
}

function parsed(text: string): JudgeReport | undefined {
  try {
    return report.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** V8 says so when it ends a process. */
const isOutOfMemory = (output: string) =>
  /FATAL ERROR: .*(heap|memory)/.test(output) ||
  output.includes('ERR_WORKER_OUT_OF_MEMORY');

/** What a process must know of the system it runs on. */
function environment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'SystemRoot', 'windir', 'TEMP', 'TMP'];
  const known = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...(Object.fromEntries(known) as NodeJS.ProcessEnv), NO_COLOR: '1' };
}

/** Ends a process with all that it has started. */
function killAll(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // There is nobody left.
  }
}

/** Returns how much memory a process and its children take, in megabytes; 0 where that is not known. */
function memoryOf(pid: number | undefined): number {
  if (pid === undefined || process.platform !== 'linux') return 0;
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const own = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_024;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const pids = children.split(' ').filter((one) => one !== '');
    return pids.reduce((sum, one) => sum + memoryOf(Number(one)), own);
  } catch {
    return 0;
  }
}
