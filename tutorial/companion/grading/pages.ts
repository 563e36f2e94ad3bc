/**
 * Draws the report of a submission, and the table of all, as pages that need nothing else.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../kit.ts';
import { labelOf } from './formats.ts';
import { pointsOf, type Grade, type Status, type TaskGrade } from './grade.ts';

const STYLE = `
body { background: var(--paper); color: var(--ink); font: 1rem/1.5 var(--sans); margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 0.5rem; }
.points { font-size: 1.2rem; margin: 0.25rem 0 1.5rem; }
.note { background: var(--warn-soft); color: var(--warn); border-radius: var(--round-small); padding: 0.5rem 0.75rem; }
ul { list-style: none; margin: 0; padding: 0; }
li { border-top: 1px solid var(--line); padding: 0.5rem 0; }
.mark { display: inline-block; width: 1.5rem; font-weight: 600; }
.passed .mark { color: var(--good); }
.failed .mark { color: var(--bad); }
.words { color: var(--ink-2); }
details { margin: 0.25rem 0 0 1.5rem; }
summary { color: var(--accent); cursor: pointer; }
pre { background: var(--paper-2); border: 1px solid var(--line); border-radius: var(--round-small); font: 0.85rem/1.45 var(--mono); overflow-x: auto; padding: 0.75rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: 0.3rem 0.6rem; text-align: left; white-space: nowrap; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
a { color: var(--accent); }
`;

/** What a task's status is called. */
const called: Readonly<Record<Status, string>> = {
  passed: 'passes',
  failed: 'does not pass',
  unwritten: 'is not written yet',
  missing: 'was not handed in',
  void: 'does not count',
};

/** The report of a submission, for its author. */
export function reportPage({ name, tasks, notes }: Grade): string {
  const steps = [...new Set(tasks.map(({ step }) => step))];
  const parts = steps.map((step) => {
    const own = tasks.filter((one) => one.step === step);
    const head = `<h2>Step ${step.number}: ${pointsOf(own)} of ${own.length}</h2>`;
    const [first] = own;
    if (first !== undefined && own.every(({ status }) => status === 'missing'))
      return `${head}\n<p class="words">${escaped(first.words)}</p>`;
    return `${head}\n<ul>\n${own.map(taskItem).join('\n')}\n</ul>`;
  });
  const said = notes.map((note) => `<p class="note">${escaped(note)}</p>`);
  return page(
    name,
    `<h1>${escaped(name)}</h1>\n<p class="points">${pointsOf(tasks)} of ${tasks.length} points: one for each task whose tests all pass.</p>\n${[...said, ...parts].join('\n')}`,
  );
}

function taskItem(one: TaskGrade): string {
  const isPassed = one.status === 'passed';
  const mark = `<span class="mark" aria-hidden="true">${isPassed ? '✓' : '✗'}</span>`;
  const head = `${mark}${escaped(labelOf(one))} <span class="words">${called[one.status]}</span>`;
  const why =
    isPassed || one.words === ''
      ? ''
      : one.details === one.words
        ? `<div class="words">${escaped(one.words)}</div>`
        : `<details><summary>${escaped(one.words)}</summary><pre tabindex="0">${escaped(one.details)}</pre></details>`;
  return `<li class="${isPassed ? 'passed' : 'failed'}">${head}${why}</li>`;
}

/**
 * The table of all submissions, for the teacher.
 *
 * @param folderOf - the folder with the report of a submission
 */
export function overviewPage(
  grades: readonly Grade[],
  folderOf: (grade: Grade) => string,
): string {
  const lines = grades.map((grade) => {
    const { name, tasks, notes } = grade;
    const link = `<a href="${encodeURIComponent(folderOf(grade))}/report.html">${escaped(name)}</a>`;
    return `<tr><th scope="row">${link}</th><td class="number">${pointsOf(tasks)}</td><td class="number">${tasks.length}</td><td>${escaped(notes.join(' '))}</td></tr>`;
  });
  const head =
    '<tr><th scope="col">Submission</th><th scope="col">Points</th><th scope="col">Of</th><th scope="col">Notes</th></tr>';
  return page(
    'Grades',
    `<h1>Grades</h1>\n<div class="wide" tabindex="0"><table>\n<thead>${head}</thead>\n<tbody>\n${lines.join('\n')}\n</tbody>\n</table></div>`,
  );
}

/** A page that runs no program and asks nobody for anything, whatever a submission is called. */
function page(title: string, body: string): string {
  const palette = readFileSync(
    join(root, 'final', 'explorer', 'design', 'palette.css'),
    'utf8',
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>
${palette.replaceAll('\r\n', '\n')}
:root { color-scheme: light dark; }
${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
