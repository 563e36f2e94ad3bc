/**
 * What the grader tells the process of a submission, and what that process tells the grader.
 *
 * @module
 */
import { z } from 'zod';

/** The files of a submission as modules, by their paths below `my/`, such as `01-hashing/index.ts`. */
export type Modules = Readonly<Record<string, string>>;

/** The lines of the judge's own file that come from a file of the project. */
export interface Lines {
  readonly file: string;
  readonly first: number;
  readonly last: number;
}

/** What the process of a submission is to do. It reads that from its input, before anything else. */
export interface Order {
  /** What every report begins with. Nobody else knows it. */
  readonly secret: string;
  /** The folder of the step under test. */
  readonly folder: string;
  /** The submission; undefined to list the names of all tests, and run none. */
  readonly modules: Modules | undefined;
  /** The titles of the tasks to test. */
  readonly only: readonly string[];
  /** How long a single test may take, in milliseconds. */
  readonly timeout: number;
  /** What random inputs begin with. */
  readonly seed: number;
  /** Which lines of the judge are tests and steps. */
  readonly lines: readonly Lines[];
}

/** Where in a file something happened; a line of the judge's own file has an empty name. */
const frame = z.strictObject({
  file: z.string(),
  line: z.number(),
  column: z.number(),
});

const comparison = z.strictObject({
  expected: z.string(),
  found: z.string(),
  same: z.number().optional(),
  path: z.string(),
  beside: z.string().optional(),
});

const failure = z.strictObject({
  message: z.string(),
  isAssertion: z.boolean().optional(),
  isUncaught: z.boolean().optional(),
  isLate: z.boolean().optional(),
  hook: z.string().optional(),
  stubs: z.array(z.string()).optional(),
  took: z
    .strictObject({
      time: z.number(),
      active: z.number(),
      computed: z.number(),
      digests: z.number(),
    })
    .optional(),
  comparison: comparison.optional(),
  example: z.string().optional(),
  seed: z.string().optional(),
  frames: z.array(frame),
});

const given = z.strictObject({
  text: z.string(),
  fields: z.record(z.string(), z.string()).optional(),
});

/** The reports of a judge. What does not look like one of these is none. */
export const report = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['ready', 'done']) }),
  z.strictObject({ type: z.literal('names'), names: z.array(z.array(z.string())) }),
  z.strictObject({ type: z.literal('start'), name: z.array(z.string()) }),
  z.strictObject({ type: z.literal('broken'), file: z.string(), failure }),
  z.strictObject({
    type: z.literal('test'),
    name: z.array(z.string()),
    place: frame.optional(),
    failure: failure.optional(),
    row: z.array(given),
  }),
]);

/** A report of a judge. */
export type JudgeReport = z.infer<typeof report>;
