import { kernelBytes } from './kernel-bytes.ts';
import type { Batch, Kernel } from './kernel.ts';
import { runRounds, scheduleOf } from './sha256.ts';

/** What `assembly/kernel.ts` exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly words: { readonly value: number };
  readonly states: { readonly value: number };
  readonly scan: (...args: number[]) => number;
}

/** What is used here of the WebAssembly that Node and browsers have. */
interface WebAssemblyApi {
  readonly validate: (bytes: Uint8Array) => boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Exports };
}

const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: WebAssemblyApi;
};

const bytes = Uint8Array.from(atob(kernelBytes), (character) => character.charCodeAt(0));

/** How many words of `states` there are for each timestamp. */
const STATE_WORDS = 9;

/** The kernel in WebAssembly, whose source is `assembly/kernel.ts`. */
export class WasmKernel implements Kernel {
  /** Whether this machine can run it: it needs 128-bit vectors (SIMD). */
  static readonly isSupported = WebAssembly.validate(bytes);

  readonly lanes = 8;
  readonly portion = 65_536;
  readonly #exports = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  readonly #words = new Int32Array(
    this.#exports.memory.buffer,
    this.#exports.words.value,
    16,
  );
  #batch: Batch | undefined;

  /** Takes a batch up: runs the first rounds, which all its nonces have in common. */
  prepare(batch: Batch): void {
    const { memory, states } = this.#exports;
    const { words, midstates, at } = batch;
    this.#batch = batch;
    this.#words.set(words);
    const schedule = scheduleOf(words);
    schedule[at] = 0;
    for (const [i, midstate] of midstates.entries()) {
      const state = new Int32Array(
        memory.buffer,
        states.value + 4 * STATE_WORDS * i,
        STATE_WORDS,
      );
      state.set(runRounds(midstate, schedule, at + 1));
      state.set(midstate.subarray(0, 1), 8);
    }
  }

  /** Tries nonces, as {@link Kernel} says. */
  scan(from: number, to: number): number {
    if (this.#batch === undefined) throw new Error('There is no batch to scan.');
    const { midstates, at, mask } = this.#batch;
    return this.#exports.scan(from, to, midstates.length, at, mask);
  }
}
