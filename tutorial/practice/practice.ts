/**
 * What a chapter gives its reader to do beyond the tasks: a program to attack, and exercises that
 * are checked. The files beside this one hold those of each step.
 *
 * @module
 */

/** What the reader's file exports. */
export type Exports = Readonly<Record<string, unknown>>;

/** What a program says to an attack. */
export interface Answer {
  /** Whether it takes what the attack shows it for true. */
  readonly believes: boolean;
  /** Why, or what it believes: a sentence. */
  readonly words: string;
}

/** A program to fool. */
export interface Attack {
  /** The reader's file in `my/attacks`, such as `01-one-hash.ts`. */
  readonly file: string;
  /** What the attack is to do: a sentence. */
  readonly goal: string;
  /** What the file begins with: types, and something that does not work yet. */
  readonly start: string;
  /**
   * Shows the attack to the naive program.
   *
   * @throws Error with a sentence, if the file does not hold what is asked for
   */
  naive(exports: Exports): Answer | Promise<Answer>;
  /** Shows the attack to the reader's own step. */
  own(exports: Exports): Answer | Promise<Answer>;
}

/** An exercise whose solution is checked. */
export interface Exercise {
  /** Its number in the chapter. */
  readonly number: number;
  /** The reader's file in `my/exercises`, such as `1.1-checksum.ts`. */
  readonly file: string;
  /** What the file begins with. */
  readonly start: string;
  /**
   * Looks at a solution.
   *
   * @throws Error with a sentence that says what is wrong with it
   */
  check(exports: Exports): void | Promise<void>;
}

/** What the file of a step exports. */
export interface Practice {
  readonly attack: Attack;
  /** At least two. */
  readonly exercises: readonly Exercise[];
}
