/**
 * Draws what the companion shows, as text.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { slug } from 'github-slugger';
import { diffLinesUnified } from 'jest-diff';
import { colors } from '../../final/terminal/colors.ts';
import type { Comparison } from './compare.ts';
import { clip, widthOf, wrapLine } from './fit.ts';
import {
  pathOf,
  placeInChapter,
  toPath,
  type Cause,
  type Step,
  type Task,
} from './kit.ts';
import { anotherWay, codeOfTask } from './pieces.ts';
import type { Progress } from './progress.ts';
import { promiseLines } from './promises.ts';
import type { TestResult } from './runner.ts';
import { fileOfStub, taskOfStub } from './stub-place.ts';
import type { TypeProblem } from './types.ts';
import { type Ended, type Place, type Verdict, type Wrong } from './verdict.ts';
import { labels, states, uncompilable } from './words.ts';

/** How many lines of what the program printed are shown, where there is room for them. */
const MAX_OUTPUT_LINES = 15;

/** How many of these lines are shown in any case. */
const MIN_OUTPUT_LINES = 3;

/** How many lines a terminal shows around a result, and how many if it has few: the step, the keys. */
const [AROUND, AROUND_ON_SMALL] = [9, 4];

/** A terminal with fewer lines is small: the names of the keys must do there. */
const SMALL = 32;

/** How wide the text is: what is narrower yet is broken again when it is shown. */
const width = () => Math.max(40, Math.min(process.stdout.columns || 90, 110));

/** What a screen is drawn from. */
export interface View {
  readonly step: Step;
  readonly steps: readonly Step[];
  readonly progress: Progress;
  readonly verdict: Verdict;
  /** What the program printed. */
  readonly output: string;
  /** The steps that the reader's own code served. */
  readonly own: readonly Step[];
  /** The address of the tutorial's site, if it runs. */
  readonly site?: string | undefined;
  /** The first place where the types do not fit. */
  readonly types?: TypeProblem | undefined;
  /** What became of the tests that ran. */
  readonly tests?: readonly TestResult[];
  /** The tasks that have passed for the first time. */
  readonly green?: readonly Task[];
  /** How another way to write these is shown. */
  readonly another?: string | undefined;
  /** How many lines the terminal has. */
  readonly rows?: number | undefined;
}

/** Draws what is wrong, without the progress. */
export function failureScreen(step: Step, verdict: Wrong | Ended, site?: string): string {
  const { task, test } = verdict;
  const lines =
    verdict.kind === 'wrong'
      ? wrong(step, verdict, site)
      : [
          ...heading(task, test),
          '',
          ...indent(wrapAll(verdict.words)),
          ...(verdict.cause ? ['', ...causeLines(verdict.cause)] : []),
          ...section(step, task, site),
        ];
  return lines.join('\n');
}

/** Draws the result of a run. */
export function resultScreen(view: View): string {
  const { verdict, output, types, tests = [] } = view;
  const before = [
    ...greenLines(view),
    ...verdictLines(view, verdict),
    ...(types ? typeLines(types) : []),
  ];
  const after = ['', ...bars(view), whose(view)];
  const rows = (view.rows ?? process.stdout.rows) || Infinity;
  const [isSmall, around] = rows < SMALL ? [true, AROUND_ON_SMALL] : [false, AROUND];
  // On a small terminal empty lines give way first.
  const isSeen = (line: string) => !isSmall || line !== '';
  const heightOf = (lines: readonly string[]) =>
    lines.join('\n').split('\n').filter(isSeen).length;
  const room = rows - heightOf([...before, ...after]) - around;
  const shown = Math.max(MIN_OUTPUT_LINES, Math.min(MAX_OUTPUT_LINES, room));
  const print = printed(output, shown);
  const promises =
    'task' in verdict && verdict.kind !== 'ended'
      ? promiseLines(tests, verdict.task.title, room - heightOf(print), (text) =>
          clip(text, width() - 10),
        )
      : [];
  const promised = promises.length > 0 ? ['', ...promises] : [];
  return [...before, ...promised, ...print, ...after].join('\n');
}

/** Says what has passed for the first time, and what to do before the next task. */
function greenLines({ step, green = [], another, site }: View): string[] {
  const last = green.at(-1);
  if (last === undefined) return [];
  const names = green.map(({ title }) => title).join(', ');
  const number = /\d+/.exec(last.title)?.[0];
  const url = site === undefined ? '' : `  ${chapterUrl(site, step)}#one-way-${number}`;
  const compare =
    another === undefined ? '' : `${colors.bold(another)} shows another way; `;
  const why = placeInChapter(step, last.title, 'reasons');
  return [
    colors.green(`${states.passed.mark} ${names}  ${states.passed.state}`),
    `  Compare, and read why: ${compare}${why} has one with its reasons.${url}`,
    '',
  ];
}

function typeLines({ place, words }: TypeProblem): string[] {
  const where = colors.cyan(`${toPath(place.file)}:${place.line}:${place.column}`);
  return [
    '',
    `  ${colors.yellow('The types do not fit')} at ${where}`,
    ...indent(wrapAll(words)),
  ];
}

function verdictLines(view: View, verdict: Verdict): string[] {
  switch (verdict.kind) {
    case 'passed':
      return passed(view);
    case 'unwritten':
      return [
        colors.bold(colors.yellow(`${states.unwritten.mark} ${verdict.task.title}`)) +
          colors.yellow(`  ${states.unwritten.state}`),
        '',
        `  Write ${colors.bold(verdict.names.join(', '))} in ${colors.cyan(fileOfStub(view.step, verdict))}`,
        ...section(view.step, taskOfStub(view.step, verdict), view.site),
        ...(view.progress.passedTasks(view.step) === 0
          ? ['', ...wayLines(view.step)]
          : []),
      ];
    case 'uncompilable':
      return [
        colors.bold(colors.red(`${uncompilable.mark} ${uncompilable.title}`)) +
          `  ${uncompilable.state}`,
        '',
        ...indent(wrapAll(verdict.words)),
        ...(verdict.place ? [codeLine(verdict.place)] : []),
      ];
    case 'ended':
    case 'wrong':
      return [failureScreen(view.step, verdict, view.site)];
  }
}

/** Says how one gets through a task, where a step begins. */
function wayLines({ folder }: Step): string[] {
  const way =
    `The way: see the demo (npm run demo ${folder.slice(0, 2)}) → the idea (the chapter's beginning) → ` +
    'the contract of a task → write → green → compare, and read why.';
  return wrap(way)
    .split('\n')
    .map((line) => `  ${colors.dim(line)}`);
}

function passed({ step, steps, progress }: View): string[] {
  const next = progress.next(steps, step);
  const part = steps.filter((one) => one.part === step.part);
  return [
    colors.bold(colors.green(`✓ Step ${step.number} passes all its tests.`)),
    '',
    `  See the demo on your own code:  ./learn try steps/${step.folder}/demo.ts`,
    ...(part.every((one) => progress.isPassed(one))
      ? ends[step.part]
      : ['  Your code is part of the node now:  ./learn run']),
    ...(next === undefined
      ? ['', '  All steps are yours now.']
      : [
          `  Next: step ${next.number}, ${next.folder.slice(3)}  (${pathOf.chapter(next)})`,
        ]),
  ];
}

/** What can be done with all steps of a part. */
const ends = {
  1: [
    '  All steps of part one are yours now. Cut and heal a network of five nodes of your',
    '  own code, in the browser:  ./learn run network 5',
    '  Or start them yourself, in two terminals:',
    '    ./learn run',
    '    ./learn run -n ws://localhost:8000 -p 6002 -w 8001',
    '',
    '  Read on in tutorial/final.md',
  ],
  2: [
    '  All steps of part two are yours now. Start a network with coins, on your own code:',
    '    ./learn run --coin',
    '',
    '  Read on in tutorial/where-to-go-next.md',
  ],
};

function wrong(step: Step, verdict: Wrong, site: string | undefined): string[] {
  const { task, test, steps, given, example, comparison, words, thrownAt, cause } =
    verdict;
  const { isLastStep, place, seed } = verdict;
  const blocks = [
    heading(task, test),
    given.length > 0
      ? [label(labels.given), ...given.flatMap((line) => indent(clip(line, width() - 8)))]
      : [],
    example === undefined
      ? []
      : [
          label(`${labels.example} (SEED=${seed} repeats it)`),
          ...indent(clip(example, 300)),
        ],
    steps.length > 0
      ? [label(labels.steps(isLastStep)), ...numbered(steps, isLastStep)]
      : [],
    comparison ? compared(comparison) : indent(colors.red(wrapAll(words))),
    thrownAt ? [codeLine(thrownAt)] : [],
    cause === undefined ? [] : causeLines(cause),
    section(step, task, site).filter((line) => line !== ''),
    place === undefined ? [] : [colors.dim(`  The test: ${place}`)],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .flatMap((lines) => [...lines, ''])
    .slice(0, -1);
}

function causeLines({ test, text }: Cause): string[] {
  return [
    label(labels.cause(test)),
    ...indent(wrap(text.charAt(0).toUpperCase() + text.slice(1))),
  ];
}

function heading(task: Task, test: string): string[] {
  return [
    colors.bold(colors.red(`${states.wrong.mark} ${task.title}`)) +
      colors.red(`  ${states.wrong.state}`),
    ...indent(wrap(test)),
  ];
}

function numbered(steps: readonly string[], isLastStep: boolean): string[] {
  return steps.flatMap((text, i) => {
    const isLast = isLastStep && i === steps.length - 1;
    const lines = wrap(text, width() - 8).split('\n');
    return lines.map((line, j) => {
      const mark =
        j > 0 ? '     ' : `${isLast ? '▸' : ' '}${String(i + 1).padStart(2)}. `;
      return isLast ? `  ${colors.bold(mark + line)}` : `  ${mark}${line}`;
    });
  });
}

/** Shows both values in one column, with a mark under the first place where they differ. */
function compared({ expected, found, same, path, beside }: Comparison): string[] {
  const room = width() - 14;
  const start = same === undefined || same < room - 20 ? 0 : same - 20;
  const cut = (text: string) =>
    clip((start > 0 ? '…' : '') + text.slice(start).replaceAll('\n', '⏎'), room);
  const lines = [
    `  Expected  ${colors.green(cut(expected))}`,
    `  Found     ${colors.red(cut(found))}`,
  ];
  if (same !== undefined && (same > 1 || start > 0)) {
    lines.push(
      `            ${' '.repeat(widthOf(cut(found.slice(0, same))))}^ they differ from here on`,
    );
  }
  return path === ''
    ? lines
    : [
        `  They differ at ${colors.bold(path.replace(/^\./, ''))}` +
          (beside === undefined ? ':' : clip(`, where ${beside}`, width() - 30) + ':'),
        ...lines,
      ];
}

function codeLine({ file, line, column, text }: Place): string {
  const start = text.length - text.trimStart().length;
  const mark = ' '.repeat(widthOf(text.slice(start, Math.max(start, column - 1))));
  return `  ${colors.cyan(`${file}:${line}:${column}`)}\n\n    ${text.trim()}\n    ${mark}^`;
}

/** Returns where the site has the chapter of a step. */
export function chapterUrl(site: string, step: Step): string {
  return `${site}/${step.folder}.html`;
}

function section(step: Step, task: Task, site: string | undefined): string[] {
  const chapter = placeInChapter(step, task.title, 'contract');
  const url =
    site === undefined ? [] : [`        ${chapterUrl(site, step)}#${slug(task.title)}`];
  return ['', `  ${colors.bold('Read')}  ${chapter}, "${task.title}"`, ...url];
}

function printed(output: string, room: number): string[] {
  if (output.trim() === '') return [];
  // Whatever moves the cursor or clears the screen would spoil what is drawn.
  const lines = stripVTControlCharacters(output)
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.replaceAll(/\p{Cc}/gu, ' '));
  return [
    '',
    label(labels.printed),
    ...(lines.length > room ? [colors.dim('    … and more before this')] : []),
    ...lines.slice(-room).map((line) => `    ${clip(line, width() - 4)}`),
  ];
}

function bars({ step, steps, progress }: View): string[] {
  const all = steps.flatMap(({ tasks }) => tasks).length;
  const done = steps.reduce((sum, one) => sum + progress.passedTasks(one), 0);
  const here = progress.passedTasks(step);
  return [
    `  ${bar(here, step.tasks.length)}  step ${step.number}: ${here} of ${step.tasks.length} tasks`,
    `  ${bar(done, all)}  the kit: ${done} of ${all} tasks`,
  ];
}

function bar(done: number, all: number): string {
  const length = Math.floor((done / all) * 24);
  return colors.green('█'.repeat(length)) + colors.dim('░'.repeat(24 - length));
}

function whose({ step, steps, own, progress }: View): string {
  const yours = steps.filter((one) => own.includes(one)).map(({ number }) => number);
  const others = steps
    .filter((one) => one.number < step.number && !own.includes(one))
    .map(({ number }) => number);
  const changed = steps.filter((one) => one !== step && progress.isOutdated(one));
  const reference = others.length > 0 ? `, the reference's: ${others.join(' ')}` : '';
  const note =
    changed.length > 0
      ? `\n  Changed since it passed: your step ${changed.map((one) => one.number).join(' ')}`
      : '';
  return colors.dim(
    `  The tests ran on your steps: ${yours.join(' ') || 'none'}${reference}${note}`,
  );
}

/** Draws the tasks of a step, and which tests failed. */
export function tasksScreen(
  step: Step,
  failed: ReadonlyMap<string, readonly string[]>,
): string {
  return step.tasks
    .flatMap(({ title }) => {
      const names = failed.get(title) ?? [];
      const mark = names.length === 0 ? colors.green('✓') : colors.red('✗');
      const shown = names
        .slice(0, 3)
        .map((name) => `      ${colors.red(clip(name, width() - 8))}`);
      const more = names.length > 3 ? [`      … and ${names.length - 3} more`] : [];
      return [`  ${mark} ${title}`, ...shown, ...more];
    })
    .join('\n');
}

/** Draws the hints of a task that were opened, and says what leads on. */
export function hintScreen(
  step: Step,
  task: Task,
  opened: number,
  ways: { readonly next: string; readonly diff: string },
): string {
  const hints = task.hints
    .slice(0, opened)
    .flatMap((hint, i) => [
      label(`Hint ${i + 1} of ${task.hints.length}`),
      ...indent(reflow(hint)),
      '',
    ]);
  const more =
    opened < task.hints.length
      ? `${ways.next} shows the next hint.`
      : `These were all hints. The chapter explains the whole of it: ${placeInChapter(step, task.title)}; ${ways.diff} shows how your files differ from the reference.`;
  const lines = wrap(more)
    .split('\n')
    .map((line) => `  ${colors.dim(line)}`);
  return [colors.bold(task.title), '', ...hints, ...lines].join('\n');
}

/** Fits the prose of a hint to the width, and takes the fences from its code. */
function reflow(hint: string): string {
  const [prose = '', code = '', rest = ''] = hint.split(/^```.*\n?/m);
  const fitted = prose
    .trim()
    .split(/\n\n+/)
    .map((text) => wrap(text.replaceAll('\n', ' ')));
  return [...fitted, code.trimEnd(), rest.trim()]
    .filter((part) => part !== '')
    .join('\n\n');
}

/**
 * Draws how what the reader has written differs from the reference.
 *
 * @param task - the task to look at; unless given, it is the whole step
 */
export function diffScreen(step: Step, task?: Task): string {
  const { own, reference } = task ? codeOfTask(step, task) : wholeCode(step);
  const names = [...new Set([...reference.keys(), ...own.keys()])];
  const files = names.flatMap((name) => {
    const lines = [own, reference].map((code) => (code.get(name) ?? '').split(/\r?\n/));
    const [ownLines = [], others = []] = lines;
    if (ownLines.join('\n') === others.join('\n')) return [];
    const diff = diffLinesUnified(ownLines, others, {
      aAnnotation: `yours, my/${step.folder}/${name}`,
      bAnnotation: 'the reference',
      aColor: colors.red,
      bColor: colors.green,
      commonColor: colors.dim,
      patchColor: colors.yellow,
      expand: false,
      contextLines: 2,
    });
    return [diff, ''];
  });
  const title = task ? [colors.bold(task.title), ''] : [];
  const same = task
    ? '  Your code for this task is that of the reference.'
    : '  Your files are those of the reference.';
  return [...title, ...(files.length === 0 ? [same] : files)].join('\n').trimEnd();
}

function wholeCode(step: Step): ReturnType<typeof codeOfTask> {
  const read = (folder: string) =>
    new Map(
      step.sources
        .map((name) => [name, join(folder, name)] as const)
        .filter(([, path]) => existsSync(path))
        .map(([name, path]) => [name, readFileSync(path, 'utf8')]),
    );
  return { own: read(pathOf.own(step)), reference: read(pathOf.reference(step)) };
}

/** Draws another way to write a task, which differs on purpose. */
export function anotherScreen(step: Step, task: Task): string {
  const text = anotherWayOf(step, task);
  if (text === undefined) return `  There is no other way to show for ${task.title}.`;
  return [
    `${colors.bold(task.title)}  another way, different on purpose; it passes the same tests`,
    '',
    ...indent(text),
    '',
    `  The whole of it: ${toPath(pathOf.another(step))}. Why the chapter's is as it is: ${placeInChapter(step, task.title, 'reasons')}`,
  ].join('\n');
}

/** Returns another way to write a task, if there is one. */
export function anotherWayOf(step: Step, task: Task): string | undefined {
  const file = pathOf.another(step);
  const text = existsSync(file) ? anotherWay(step, task, file) : '';
  return text === '' ? undefined : text;
}

/** Draws where everything is that belongs to a step. */
export function pathsScreen(step: Step): string {
  const own = pathOf.own(step);
  return [
    label('Write'),
    ...step.sources
      .filter((name) => name !== 'index.ts')
      .map((name) => `    ${join(own, name)}`),
    label('Read'),
    `    ${pathOf.chapter(step)}`,
    ...step.tests.map((file) => `    steps/${step.folder}/${basename(file)}`),
    label('The reference'),
    `    steps/${step.folder}`,
  ].join('\n');
}

/** Returns the label of a paragraph. */
export function label(text: string): string {
  return `  ${colors.dim(text)}`;
}

function indent(text: string): string[] {
  return text.split('\n').map((line) => (line === '' ? '' : `    ${line}`));
}

/** Breaks each line of a text between words. */
function wrapAll(text: string): string {
  return text
    .split('\n')
    .map((line) => (widthOf(line) > width() - 6 ? wrap(line) : line))
    .join('\n');
}

const wrap = (text: string, length = width() - 6) => wrapLine(text, length);
