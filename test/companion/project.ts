/** A copy of the project to learn in, so that no test touches the reader's own `my/`. */
import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Program, Result } from '../../final/lab/program.ts';
import { WITH_HASH, copyProject } from '../odd-place.mjs';
import { startProgram } from '../program.ts';

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
  'test/kit/second',
  'test/setup.ts',
  'tsconfig.json',
  'tutorial/companion',
  ...readdirSync(join(original, 'tutorial'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `tutorial/${name}`),
];

/** A copy of the project, with a `my/` of its own. */
export class Project {
  readonly root: string;
  readonly #running = new Set<Program>();

  /** @param more - what is copied too, beyond what the companion and a node consist of */
  constructor(more: readonly string[] = []) {
    this.root = copyProject(WITH_HASH, [...parts, ...more]);
  }

  /** Removes the copy, and ends what a failed test has left running in it. */
  remove(): void {
    for (const program of this.#running) program.signal('SIGINT');
    rmSync(dirname(this.root), { recursive: true, force: true, maxRetries: 3 });
  }

  /** Makes `my/` a link to a folder elsewhere, as those have it who keep their code apart. */
  linkMy(): void {
    const elsewhere = join(this.root, '..', 'elsewhere');
    mkdirSync(elsewhere, { recursive: true });
    symlinkSync(elsewhere, this.path('my'), 'junction');
  }

  /** Removes all that the reader has written. */
  clear(): void {
    rmSync(this.path('../elsewhere'), { recursive: true, force: true, maxRetries: 3 });
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
  start(...args: string[]): Program {
    return this.#watched(startProgram(this.path('learn'), args, { asGroup: true }));
  }

  /** Runs a script to its end, in the folder of the copy. */
  async run(script: string, ...args: string[]): Promise<Result> {
    const options = { asGroup: true, cwd: this.root };
    return this.#watched(startProgram(this.path(script), args, options)).end;
  }

  #watched(program: Program): Program {
    this.#running.add(program);
    void program.end.then(() => this.#running.delete(program));
    return program;
  }
}
