/**
 * What the page and its workers tell each other.
 *
 * @module
 */
import type { Promised } from '../companion/promised.ts';
import type { Step } from '../companion/kit.ts';
import type { Job, Outcome, Report } from '../companion/runner.ts';
import type { Verdict } from '../companion/verdict.ts';
import type { Files } from './disk.ts';

/** What is built for the page: the kit as far as steps run in a browser. */
export interface Kit {
  /** The steps, with paths on the disk in memory. */
  readonly steps: readonly Step[];
  /** Tests, references, hints, and the headings and listings of the chapters. */
  readonly files: readonly KitFile[];
}

/** A file of the kit, by its forms: so together they compress to little more than one. */
export interface KitFile {
  readonly path: string;
  readonly text: string;
  /** As JavaScript, each line and column in its place. */
  readonly module?: string | undefined;
  /** What the reader begins with. */
  readonly stub?: string | undefined;
}

/** A package that only some steps use. */
export interface Extra {
  /** The name by which programs import it. */
  readonly name: string;
  /** It as one module. */
  readonly module: string;
  /** Its declarations, by their paths on the disk in memory. */
  readonly types: Files;
}

/** What a test worker is to do. */
export interface TestOrder {
  readonly job: Job;
  /** The text of each module, by its path. */
  readonly modules: Files;
}

/** The first thing that a test worker tells: it can take an order. */
export interface Greeting {
  /** How many times as long as an ordinary machine this one takes; at least 1. */
  readonly slowness: number;
}

/** What a test worker tells, beyond what a test process does. */
export type TestReport =
  | Report
  /** What the program has printed, the last of it if it is much. */
  | { readonly type: 'output'; readonly text: string }
  /** The program has ended itself. */
  | { readonly type: 'exit' };

/** Something that the compiler does not accept. */
export interface Problem {
  readonly from: number;
  readonly to: number;
  /** The line and the column, from 1. */
  readonly line: number;
  readonly column: number;
  readonly words: string;
}

/** What the compiler knows of a name. */
export interface Hover {
  readonly from: number;
  readonly to: number;
  /** Its declaration, and what its docstring says. */
  readonly declaration: string;
  readonly text: string;
}

/** What may be written at a place. */
export interface Completion {
  readonly label: string;
  readonly kind: string;
}

/** A part of a text, and what is to stand there. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** What is shown after a run. */
export interface Judgment {
  readonly verdict: Verdict;
  /** What the task promises, as far as its tests have run. */
  readonly promises: readonly Promised[];
  /** If something is not written yet: its file, and the task that asks for it. */
  readonly stub?: { readonly file: string; readonly task: string } | undefined;
}

/** Which steps the reader's own code serves, and which of them it is about. */
export interface Place {
  /** The number of the step. */
  readonly step: number;
  /** The numbers of the steps that the reader's own code serves. */
  readonly own: readonly number[];
}

/** A file of the reader, as the compiler sees it. */
export interface FilePlace extends Place {
  readonly file: string;
}

/** A place in a file of the reader. */
export interface Position extends FilePlace {
  readonly position: number;
}

/** A run that is to be judged. */
export interface Run {
  /** The number of the step. */
  readonly step: number;
  /** The title of the task. */
  readonly task: string;
  readonly outcome: Outcome;
}

/** What the code worker does when it is asked: each takes one value and gives one. */
export interface CodeCalls {
  /** Takes the steps of the kit over. */
  readonly begin: (steps: readonly Step[]) => void;
  /** Takes files over: of the kit, or of the reader. */
  readonly write: (files: Files) => void;
  /** Makes JavaScript of the reader's files of some steps, or says why it cannot. */
  readonly compile: (
    place: Place,
  ) => { readonly modules: Files } | { readonly verdict: Verdict };
  /** Says what a run tells. */
  readonly judge: (run: Run) => Judgment;
  /** Finds all that the compiler does not accept in a file. */
  readonly problems: (at: FilePlace) => readonly Problem[];
  /** Tells what stands at a place. */
  readonly hover: (at: Position) => Hover | undefined;
  /** Tells what may be written at a place. */
  readonly complete: (at: Position) => readonly Completion[];
  /** Tells how a file gets the project's form. */
  readonly format: (at: FilePlace) => readonly TextChange[];
}

/** A call of the code worker. */
export interface Call {
  readonly id: number;
  readonly name: keyof CodeCalls;
  readonly value: unknown;
}

/** Its answer: a value, or why there is none. */
export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}
