/**
 * Compiles the files of submissions, one after the other, in a thread that can be ended.
 *
 * @module
 */
import { Worker } from 'node:worker_threads';

/** How long a file may take to compile, in milliseconds. */
const PATIENCE = 20_000;

/** What came of a file: JavaScript, or what is wrong with it. */
export type Compiled =
  | { readonly code: string }
  | { readonly words: string; readonly line: number; readonly column: number };

/** Compiles files. */
export class Compiler {
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** Compiles a file when those before it are done. */
  async compile(name: string, text: string): Promise<Compiled> {
    const result = this.#last.then(() => this.#work(name, text));
    this.#last = result;
    return result;
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  async #work(name: string, text: string): Promise<Compiled> {
    const worker = (this.#worker ??= new Worker(
      new URL('compile-worker.mjs', import.meta.url),
      { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 1_024 } },
    ));
    const result = await new Promise<Compiled | undefined>((resolve) => {
      const end = (found?: Compiled) => {
        clearTimeout(timer);
        worker.off('message', end).off('error', fail);
        resolve(found);
      };
      const fail = () => end();
      const timer = setTimeout(fail, PATIENCE);
      worker.on('message', end).on('error', fail);
      worker.postMessage({ name, text });
    });
    if (result !== undefined) return result;
    await this.close();
    return { words: 'The compiler cannot cope with this file.', line: 1, column: 1 };
  }
}
