/**
 * The forms in which results are written for other programs. A change that a reader of them would
 * notice gives a new number in `schema`.
 *
 * @module
 */
import { z } from 'zod';

const test = z
  .strictObject({
    name: z.string().describe('What the test says.'),
    status: z.enum(['passed', 'failed']),
    message: z.string().optional().describe('Why it failed.'),
    file: z
      .string()
      .optional()
      .describe('The file of the test, from the project’s folder.'),
    line: z.int().optional(),
  })
  .describe('A test that was run.');

const status = z
  .enum(['passed', 'failed', 'unwritten', 'missing', 'void', 'untested'])
  .describe(
    'passed: all its tests pass. failed: one does not, or it does not compile or end. unwritten: it is ' +
      'still a stub. missing: no file was handed in. void: something other than the tests spoke for them. ' +
      'untested: no test of it was run.',
  );

const checkedTask = z.strictObject({
  number: z.int().min(1),
  title: z.string(),
  status,
  tests: z.array(test),
});

/** What `./learn check --json` prints. */
export const checkSchema = z
  .strictObject({
    schema: z.literal('pychain/check/1'),
    step: z.int().min(1),
    folder: z.string(),
    passed: z.boolean().describe('Whether all tests of the step pass.'),
    own: z
      .array(z.int())
      .describe('The numbers of the steps that the reader’s own code served.'),
    problem: z
      .strictObject({
        words: z.string(),
        file: z.string().optional(),
        line: z.int().optional(),
        column: z.int().optional(),
      })
      .optional()
      .describe('Why no test was run, or why the run ended before its end.'),
    tasks: z.array(checkedTask),
  })
  .meta({ title: 'What ./learn check --json prints' });

/** What `./learn grade` writes for each submission, as `grade.json`. */
export const gradeSchema = z
  .strictObject({
    schema: z.literal('pychain/grade/1'),
    submission: z.string(),
    points: z.int().min(0),
    of: z.int().min(0),
    notes: z
      .array(z.string())
      .describe('What was left out, and why it could not be graded.'),
    tasks: z.array(
      z.strictObject({
        step: z.int().min(1),
        number: z.int().min(1),
        title: z.string(),
        status,
        points: z.int().min(0),
        of: z.int().min(0),
        words: z.string().describe('Why it has not passed, in a line.'),
        details: z.string().describe('What its author sees of that.'),
      }),
    ),
  })
  .meta({ title: 'What ./learn grade writes of a submission' });

/** A test in Gradescope’s `results.json`. */
const gradescopeTest = z.strictObject({
  score: z.number(),
  max_score: z.number(),
  status: z.enum(['passed', 'failed']),
  name: z.string(),
  number: z.string(),
  output: z.string(),
  output_format: z.literal('text'),
  visibility: z.literal('visible'),
});

/** Gradescope’s `results.json`, as far as it is written here. */
export const gradescopeSchema = z.strictObject({
  score: z.number(),
  output: z.string(),
  output_format: z.literal('text'),
  visibility: z.literal('visible'),
  stdout_visibility: z.literal('hidden'),
  tests: z.array(gradescopeTest),
});

/** Classroom 50’s `result.json`. What only its runner knows is there if that has said it. */
export const classroomSchema = z.strictObject({
  schema: z.literal('classroom50/result/v1'),
  classroom: z.string().min(1).optional(),
  assignment: z.string().min(1).optional(),
  submission: z.string().min(1).optional(),
  commit: z.string().min(1).optional(),
  release: z.string().min(1).optional(),
  review: z.string().min(1).optional(),
  datetime: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    .optional(),
  score: z.int(),
  'max-score': z.int(),
  tests: z.array(
    z.strictObject({
      'test-name': z.string().min(1),
      passed: z.boolean(),
      score: z.int(),
      'max-score': z.int(),
    }),
  ),
});

/** Autolab’s line of scores. */
export const autolabSchema = z.strictObject({
  scores: z.record(z.string(), z.number()),
});

/** The JSON Schemas of the project's own two, by the names of their files. */
export const schemaFiles: ReadonlyMap<string, string> = new Map(
  [['check-1.json', checkSchema] as const, ['grade-1.json', gradeSchema] as const].map(
    ([name, schema]) => [name, `${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`],
  ),
);
