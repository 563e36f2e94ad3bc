/** How much of the past counts, in milliseconds of searching. */
const MEMORY = 4_000;

/** Measures hashes a second over the last seconds of searching, however short the searches. */
export class HashRate {
  #hashes = 0;
  #milliseconds = 0;

  /** Hashes a second; 0 before anything was measured. */
  get perSecond(): number {
    if (this.#milliseconds === 0) return 0;
    return Math.round((1_000 * this.#hashes) / this.#milliseconds);
  }

  /** Takes in that so many hashes were made, in so much more time. */
  add(hashes: number, milliseconds: number): void {
    this.#hashes += hashes;
    this.#milliseconds += milliseconds;
    if (this.#milliseconds < MEMORY) return;
    this.#hashes /= 2;
    this.#milliseconds /= 2;
  }
}
