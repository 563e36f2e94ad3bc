interface Happening {
  readonly at: number;
  readonly run: () => void;
}

/** Time that passes only when it is told to: what is planned happens in its order. */
export class Timeline {
  #now: number;
  #planned: Happening[] = [];

  /** Begins at `start`, in milliseconds. */
  constructor(start = 0) {
    this.#now = start;
  }

  /** The time, in milliseconds. */
  get now(): number {
    return this.#now;
  }

  /** Plans something in `delay` milliseconds. Returns a function that calls it off. */
  later(delay: number, run: () => void): () => void {
    const happening = { at: this.#now + delay, run };
    const i = this.#planned.findIndex(({ at }) => at > happening.at);
    this.#planned.splice(i === -1 ? this.#planned.length : i, 0, happening);
    return () => (this.#planned = this.#planned.filter((other) => other !== happening));
  }

  /** Lets `duration` milliseconds pass, and all happen that is due meanwhile. */
  advance(duration: number): void {
    const end = this.#now + duration;
    for (let next = this.#planned[0]; next && next.at <= end; next = this.#planned[0]) {
      this.#planned.shift();
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }
}
