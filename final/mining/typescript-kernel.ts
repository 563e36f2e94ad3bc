import { NONCES, type Batch, type Kernel } from './kernel.ts';
import { runRounds, scheduleOf } from './sha256.ts';

/**
 * A kernel in plain TypeScript: to be read, and for machines whose WebAssembly has no SIMD.
 * It hashes the last block only, and computes its schedule once for all timestamps.
 */
export class TypeScriptKernel implements Kernel {
  readonly lanes = 1;
  readonly portion = 8_192;
  readonly #schedule = new Int32Array(64);
  readonly #state = new Int32Array(8);
  #batch: Batch | undefined;

  /** Takes a batch up. */
  prepare(batch: Batch): void {
    this.#batch = batch;
  }

  /** Tries nonces, as {@link Kernel} says. */
  scan(from: number, to: number): number {
    if (this.#batch === undefined) throw new Error('There is no batch to scan.');
    const { midstates, at, mask } = this.#batch;
    const words = this.#batch.words.slice();
    for (let nonce = from; nonce < to; nonce += 1) {
      words[at] = wordOfDigits(nonce);
      scheduleOf(words, this.#schedule);
      let i = 0;
      for (const midstate of midstates) {
        runRounds(midstate, this.#schedule, 64, this.#state);
        const first = (this.#state[0] ?? 0) + (midstate[0] ?? 0);
        if ((first & mask) === 0) return NONCES * i + nonce;
        i += 1;
      }
    }
    return -1;
  }
}

/** Returns the four digits of a number to 9999 as the word that they make in the text. */
function wordOfDigits(n: number): number {
  let word = 0;
  for (let rest = n, shift = 0; shift < 32; shift += 8) {
    word |= (48 + (rest % 10)) << shift; // 48 is the code of the character 0
    rest = Math.trunc(rest / 10);
  }
  return word;
}
