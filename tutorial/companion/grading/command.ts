/**
 * The command `./learn grade`: reads submissions, grades them, and writes what came out.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { quote } from '../../../final/terminal/quote.ts';
import { loadSteps, type Step } from '../kit.ts';
import { findContainment } from './containment.ts';
import {
  toAutolab,
  toClassroom,
  toCsv,
  toGradescope,
  toJson,
  toJunit,
} from './formats.ts';
import { grade, pointsOf, type Grade } from './grade.ts';
import { overviewPage, reportPage } from './pages.ts';
import { findSubmissions } from './submissions.ts';

/** What one may say to the command. */
export interface GradeCommand {
  readonly steps?: readonly number[];
  readonly timeout: number;
  readonly memory: number;
  readonly jobs?: number;
  readonly out: string;
}

/** Grades the submissions in a folder. */
export async function gradeFolder(folder: string, options: GradeCommand): Promise<void> {
  const steps = loadSteps();
  const wanted = wantedSteps(steps, options.steps);
  const out = resolve(options.out);
  refuseInside(out, resolve(folder));
  const submissions = findSubmissions(
    folder,
    steps.map((step) => step.folder),
  );
  const containment = findContainment();
  for (const gap of containment.gaps) console.error(`Not contained. ${gap}`);
  const width = String(submissions.length).length;
  let count = 0;
  const grades = await grade(submissions, {
    steps,
    wanted,
    timeout: options.timeout,
    memory: options.memory,
    jobs: options.jobs ?? Math.max(1, Math.floor(availableParallelism() / 2)),
    containment,
    onGrade: ({ name, tasks, notes }) => {
      count += 1;
      const place = `${String(count).padStart(width)}/${submissions.length}`;
      const said = notes.length > 0 ? `  ${notes.join(' ')}` : '';
      console.log(
        `${place}  ${quote(name)}: ${pointsOf(tasks)} of ${tasks.length}${said}`,
      );
    },
  });
  writeAll(out, grades);
  console.log(
    `\nThe table: ${join(options.out, 'grades.csv')}\nThe reports: ${join(options.out, 'index.html')}`,
  );
}

function wantedSteps(
  steps: readonly Step[],
  numbers: readonly number[] | undefined,
): readonly Step[] {
  if (numbers === undefined) return steps;
  const unknown = numbers.find((number) => !steps.some((step) => step.number === number));
  if (unknown !== undefined)
    throw new Error(
      `There is no step ${unknown}: say numbers from 1 to ${steps.length}, such as 1-3,6.`,
    );
  return steps.filter(({ number }) => numbers.includes(number));
}

/** Refuses to write where the next run would find submissions. */
function refuseInside(out: string, folder: string): void {
  const path = relative(folder, out);
  if (
    path !== '' &&
    (path === '..' || path.startsWith(`..${sep}`) || resolve(path) === path)
  )
    return;
  throw new Error(
    `The grades would lie among the submissions, in ${out}. Name another folder with --out.`,
  );
}

/** Writes all forms of the grades. */
export function writeAll(out: string, grades: readonly Grade[]): void {
  mkdirSync(out, { recursive: true });
  const folders = foldersFor(grades);
  const folderOf = (one: Grade) => folders.get(one) ?? '';
  writeFileSync(join(out, 'grades.csv'), toCsv(grades));
  writeFileSync(join(out, 'junit.xml'), toJunit(grades));
  writeFileSync(join(out, 'index.html'), overviewPage(grades, folderOf));
  for (const one of grades) {
    const folder = join(out, folderOf(one));
    mkdirSync(folder, { recursive: true });
    const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
    writeFileSync(join(folder, 'report.html'), reportPage(one));
    writeFileSync(join(folder, 'grade.json'), json(toJson(one)));
    writeFileSync(join(folder, 'results.json'), json(toGradescope(one)));
    writeFileSync(join(folder, 'result.json'), json(toClassroom(one, process.env)));
    writeFileSync(join(folder, 'autolab.txt'), `${JSON.stringify(toAutolab(one))}\n`);
  }
}

/** A folder for each, named like the submission as far as every system has such names. */
function foldersFor(grades: readonly Grade[]): Map<Grade, string> {
  const taken = new Set<string>();
  const folders = new Map<Grade, string>();
  for (const one of grades) {
    const plain = one.name
      .replaceAll(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')
      .replaceAll(/^[.-]+|[.-]+$/g, '')
      .slice(0, 80);
    const isReserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain);
    const base = plain === '' || isReserved ? `submission-${plain}` : plain;
    let name = base;
    for (let i = 2; taken.has(name.toLowerCase()); i += 1) name = `${base}-${i}`;
    taken.add(name.toLowerCase());
    folders.set(one, name);
  }
  return folders;
}
