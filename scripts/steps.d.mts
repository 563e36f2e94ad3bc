/** One of the numbered steps. */
export interface StepFolder {
  /** 1 for the first. */
  readonly number: number;
  /** The name of its folder, such as `01-hashing`. */
  readonly folder: string;
  /** What others import it by, such as `#hashing`. */
  readonly name: string;
  /** The condition that puts a reader's own in its place, such as `my-01`. */
  readonly condition: string;
  /** 1 for the steps to a blockchain of texts, 2 for those to a currency. */
  readonly part: 1 | 2;
  /** Whether it opens sockets, which browsers cannot. */
  readonly opensSockets: boolean;
}

export declare const steps: readonly StepFolder[];
export declare function findStep(number: string | undefined, example: string): StepFolder;
