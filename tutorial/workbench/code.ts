/**
 * The page's end of the worker with the compiler.
 *
 * @module
 */
import type { Step } from '../companion/kit.ts';
import type { Files } from './disk.ts';
import type { Answer, Call, CodeCalls } from './messages.ts';

interface Asked {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A worker that is asked for one thing after the other. */
export class CodeWorker {
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked>();
  #count = 0;
  #begin: (steps: readonly Step[], files: Files) => void = () => undefined;
  readonly #begun: Promise<void>;

  constructor(url: string) {
    this.#begun = new Promise((resolve) => {
      this.#begin = (steps, files) => {
        this.#post('begin', steps);
        this.#post('write', files);
        resolve();
      };
    });
    this.#worker = new Worker(url);
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#take(data);
    this.#worker.onerror = ({ message }) => {
      for (const id of this.#asked.keys()) this.#take({ id, error: message });
    };
  }

  /** Gives it the kit: what it is asked before that waits for it. */
  begin(steps: readonly Step[], files: Files): void {
    this.#begin(steps, files);
  }

  /** Ends it. */
  close(): void {
    this.#worker.terminate();
  }

  /** Asks it for something. */
  async call<Name extends keyof CodeCalls>(
    name: Name,
    value: Parameters<CodeCalls[Name]>[0],
  ): Promise<ReturnType<CodeCalls[Name]>> {
    await this.#begun;
    return new Promise((resolve, reject) => {
      const id = this.#post(name, value);
      this.#asked.set(id, { resolve: resolve as Asked['resolve'], reject });
    });
  }

  #post(name: Call['name'], value: unknown): number {
    this.#count += 1;
    const call: Call = { id: this.#count, name, value };
    this.#worker.postMessage(call);
    return call.id;
  }

  #take({ id, value, error }: Answer): void {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(new Error(error));
  }
}
