import type { Deed } from './deeds.ts';
import type { Timeline } from './timeline.ts';

/** A network in virtual time in which somebody does something now and then. */
export interface World<A> {
  readonly time: Timeline;
  act(action: A): void;
}

/**
 * Plays what was done in a world, each deed at its time. The same deeds always lead to the
 * same, so that one can go back, and see it again.
 */
export class Stage<A, W extends World<A>> {
  readonly #make: () => W;
  #world: W;
  #start: number;
  #deeds: readonly Deed<A>[] = [];
  #played = 0;
  /** A part of a millisecond that has still to pass. */
  #rest = 0;

  /** Begins with a new world in which nothing has been done. */
  constructor(make: () => W) {
    this.#make = make;
    this.#world = make();
    this.#start = this.#world.time.now;
  }

  /** The world as it is now. */
  get world(): W {
    return this.#world;
  }

  /** How many milliseconds of the world have passed. */
  get now(): number {
    return this.#world.time.now - this.#start;
  }

  /** What was done and what is still to be played, in its order. */
  get deeds(): readonly Deed<A>[] {
    return this.#deeds;
  }

  /** Whether deeds are still to be played. */
  get isReplay(): boolean {
    return this.#played < this.#deeds.length;
  }

  /** Plays deeds from the start until a time, by which all of them are done. */
  show(deeds: readonly Deed<A>[], until: number): void {
    this.#begin(deeds);
    this.#playTo(Math.max(until, deeds.at(-1)?.at ?? 0));
  }

  /** Goes back to the start, from where the deeds are played again. */
  rewind(): void {
    this.#begin(this.#deeds);
    this.#playTo(0);
  }

  /** Lets time pass, with what was done in it. */
  advance(duration: number): void {
    const whole = Math.floor(duration + this.#rest);
    this.#rest += duration - whole;
    this.#playTo(this.now + whole);
  }

  /** Does something now, in place of all that was to be played later; returns all deeds. */
  act(action: A): readonly Deed<A>[] {
    const deed = { at: this.now, action };
    this.#deeds = [...this.#deeds.slice(0, this.#played), deed];
    this.#played = this.#deeds.length;
    this.#world.act(action);
    return this.#deeds;
  }

  #begin(deeds: readonly Deed<A>[]): void {
    this.#world = this.#make();
    this.#start = this.#world.time.now;
    this.#deeds = deeds;
    this.#played = 0;
    this.#rest = 0;
  }

  #playTo(end: number): void {
    for (
      let deed = this.#deeds[this.#played];
      deed !== undefined && deed.at <= end;
      deed = this.#deeds[this.#played]
    ) {
      this.#world.time.advance(deed.at - this.now);
      this.#world.act(deed.action);
      this.#played += 1;
    }
    this.#world.time.advance(end - this.now);
  }
}
