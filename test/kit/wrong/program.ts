/** A program that is wrong in a way in which readers often go wrong: a step with one change. */
export interface WrongProgram {
  /** What is wrong with it. */
  readonly name: string;
  /** The file of the step that is changed. */
  readonly file: string;
  /** What is taken out of it, and what is put there instead. */
  readonly replace: readonly [string, string];
  /** Whether a test waits for it until its time is up: then this time is as short as for readers. */
  readonly isEndless?: boolean;
}
