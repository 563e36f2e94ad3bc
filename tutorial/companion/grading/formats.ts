/**
 * Writes grades in the forms that other programs read.
 *
 * @module
 */
import type { z } from 'zod';
import type { Step } from '../kit.ts';
import { pointsOf, type Grade, type TaskGrade } from './grade.ts';
import { junit, type Suite } from './junit.ts';
import type {
  autolabSchema,
  classroomSchema,
  gradescopeSchema,
  gradeSchema,
} from './schemas.ts';

/** The number of a task in its step. */
export const numberOf = ({ task }: TaskGrade): number =>
  Number(/\d+/.exec(task.title)?.[0]);

/** What a task is called in tables: `1.2 canonicalJson`. */
export const labelOf = (one: TaskGrade): string =>
  `${one.step.number}.${numberOf(one)} ${one.task.title.replace(/^Task \d+: /, '')}`;

/** A table with a line for each submission, and a column for each task. */
export function toCsv(grades: readonly Grade[]): string {
  const tasks = grades[0]?.tasks ?? [];
  const head = ['submission', 'points', 'of', ...tasks.map(labelOf), 'notes'];
  const lines = grades.map(({ name, tasks: own, notes }) => [
    name,
    pointsOf(own),
    own.length,
    ...own.map((one) => pointsOf([one])),
    [...notes, ...remarksOf(own)].join(' '),
  ]);
  return [head, ...lines].map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

/** What has not passed for another reason than a test, once for each step. */
function remarksOf(tasks: readonly TaskGrade[]): string[] {
  const remarks = tasks
    .filter(({ status, words }) => status !== 'passed' && !words.startsWith('Fails: '))
    .map(({ step, words }) => `Step ${step.number}: ${words}`);
  return [...new Set(remarks)];
}

/** A cell as RFC 4180 has it; one that a spreadsheet would compute is made a text. */
function cell(value: string | number): string {
  const text = typeof value === 'number' ? String(value) : value.replaceAll(/\s+/g, ' ');
  const safe = typeof value === 'string' && /^[=+\-@|]/.test(text) ? `'${text}` : text;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** All grades as JUnit XML: a suite for each submission, and a case for each task. */
export function toJunit(grades: readonly Grade[]): string {
  const suites = grades.map(({ name, tasks }): Suite => ({
    name,
    cases: tasks.map((one) => ({
      name: labelOf(one),
      classname: name,
      ...(one.status !== 'passed' && {
        failure: { message: one.words, text: one.details },
      }),
    })),
  }));
  return junit('grades', suites);
}

/** The project's own form. */
export function toJson({ name, tasks, notes }: Grade): z.infer<typeof gradeSchema> {
  return {
    schema: 'pychain/grade/1',
    submission: name,
    points: pointsOf(tasks),
    of: tasks.length,
    notes: [...notes],
    tasks: tasks.map((one) => ({
      step: one.step.number,
      number: numberOf(one),
      title: one.task.title,
      status: one.status,
      points: pointsOf([one]),
      of: 1,
      words: one.words,
      details: one.details,
    })),
  };
}

/** Autolab's scores: a problem for each step, named `step1`. */
export function toAutolab({ tasks }: Grade): z.infer<typeof autolabSchema> {
  const steps = stepsOf(tasks);
  return {
    scores: Object.fromEntries(
      steps.map((step) => [
        `step${step.number}`,
        pointsOf(tasks.filter((one) => one.step === step)),
      ]),
    ),
  };
}

const stepsOf = (tasks: readonly TaskGrade[]): Step[] => [
  ...new Set(tasks.map(({ step }) => step)),
];

/** What Gradescope reads. */
export function toGradescope(grade: Grade): z.infer<typeof gradescopeSchema> {
  const { tasks, notes } = grade;
  return {
    score: pointsOf(tasks),
    output: notes.join('\n'),
    output_format: 'text',
    visibility: 'visible',
    stdout_visibility: 'hidden',
    tests: tasks.map((one) => ({
      score: pointsOf([one]),
      max_score: 1,
      status: one.status === 'passed' ? 'passed' : 'failed',
      name: labelOf(one).replace(/^\S+ /, ''),
      number: `${one.step.number}.${numberOf(one)}`,
      output: one.details,
      output_format: 'text',
      visibility: 'visible',
    })),
  };
}

/** What Classroom 50 reads. Whose it is, its runner says in the environment. */
export function toClassroom(
  { tasks }: Grade,
  environment: NodeJS.ProcessEnv,
): z.infer<typeof classroomSchema> {
  const { CLASSROOM, ASSIGNMENT, SUBMISSION_TAG, COMMIT_URL, RELEASE_URL, REVIEW_URL } =
    environment;
  const known = {
    classroom: CLASSROOM,
    assignment: ASSIGNMENT,
    submission: SUBMISSION_TAG,
    commit: COMMIT_URL,
    release: RELEASE_URL,
    review: REVIEW_URL === undefined || REVIEW_URL === '' ? COMMIT_URL : REVIEW_URL,
    datetime: timeOf(SUBMISSION_TAG),
  };
  return {
    schema: 'classroom50/result/v1',
    ...Object.fromEntries(
      Object.entries(known).filter(([, value]) => value !== undefined),
    ),
    score: pointsOf(tasks),
    'max-score': tasks.length,
    tests: tasks.map((one) => ({
      'test-name': labelOf(one),
      passed: one.status === 'passed',
      score: pointsOf([one]),
      'max-score': 1,
    })),
  };
}

/** The time in the name of a submission, such as `submit/2026-06-01T14-32-05Z-a1b2c3d`. */
function timeOf(tag: string | undefined): string | undefined {
  const [, day, hour, minute, second] =
    /^submit\/(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z-/.exec(tag ?? '') ?? [];
  return day === undefined ? undefined : `${day}T${hour}:${minute}:${second}Z`;
}
