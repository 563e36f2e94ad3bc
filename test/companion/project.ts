/** A copy of the project to learn in, so that no test touches the reader's own `my/`. */
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const original = join(import.meta.dirname, '..', '..');

/** What the companion, and a node, consist of. */
const parts = [
  'final',
  'learn',
  'package-lock.json',
  'package.json',
  'pychain',
  'scripts',
  'steps',
  'test/setup.ts',
  'tsconfig.json',
  'tutorial/companion',
  ...readdirSync(join(original, 'tutorial'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `tutorial/${name}`),
];

/** What `learn` wrote, and how it ended. */
interface Result {
  readonly code: number | null;
  readonly output: string;
}

/** A copy of the project, with a `my/` of its own. */
export class Project {
  /** Downloaded twice and unpacked: the path of many a reader has such a name in it. */
  readonly root = join(
    realpathSync(mkdtempSync(join(tmpdir(), 'learn-'))),
    'pychain (1)',
  );

  readonly #running = new Set<() => void>();

  constructor() {
    for (const part of parts) {
      cpSync(join(original, part), join(this.root, part), { recursive: true });
    }
    symlinkSync(join(original, 'node_modules'), this.path('node_modules'), 'junction');
  }

  /** Removes the copy, and ends what a failed test has left running in it. */
  remove(): void {
    for (const interrupt of this.#running) interrupt();
    rmSync(dirname(this.root), { recursive: true, force: true, maxRetries: 3 });
  }

  /** Removes all that the reader has written. */
  clear(): void {
    rmSync(this.path('my'), { recursive: true, force: true, maxRetries: 3 });
  }

  path(file: string): string {
    return join(this.root, file);
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  /** Saves a file as an editor does that writes into it. */
  write(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  /** Writes a step as the reference has it. */
  solve(folder: string): void {
    const isSource = (path: string) => !/(test|demo)\.ts$|\.md$/.test(path);
    cpSync(this.path(`steps/${folder}`), this.path(`my/${folder}`), {
      recursive: true,
      filter: isSource,
    });
  }

  /** What the companion has noted. */
  progress(): unknown {
    return JSON.parse(this.read('my/progress.json'));
  }

  /** Runs `learn` to its end, without a terminal. */
  async learn(...args: string[]): Promise<Result> {
    return this.start(...args).end;
  }

  /** Starts `learn` without a terminal. */
  start(...args: string[]): {
    readonly end: Promise<Result>;
    /** Waits until it has written this, and gives the match. */
    until(words: RegExp): Promise<RegExpExecArray>;
    /** Ends it as Ctrl-C does: a terminal tells all processes of the command. */
    interrupt(): void;
  } {
    const child = spawn(process.execPath, [this.path('learn'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32', // so that it leads a group of processes
      env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: '1' },
    });
    let output = '';
    const events = new EventEmitter();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        events.emit('output');
      });
    }
    const interrupt = () => {
      if (process.platform === 'win32') child.kill('SIGINT');
      else process.kill(-(child.pid ?? 0), 'SIGINT');
    };
    this.#running.add(interrupt);
    const end = once(child, 'close').then(([code]) => {
      this.#running.delete(interrupt);
      return { code: code as number | null, output };
    });
    const until = async (words: RegExp): Promise<RegExpExecArray> => {
      for (;;) {
        const found = words.exec(output);
        if (found !== null) return found;
        const next = await Promise.race([once(events, 'output'), end]);
        if ('code' in next) throw new Error(`It ended without ${words}:\n${output}`);
      }
    };
    return { end, until, interrupt };
  }
}
