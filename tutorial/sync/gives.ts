/**
 * Examples in contracts (```` ```ts gives ````): expressions, each with its value behind it.
 *
 * @module
 */
import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import ts from 'typescript';
import { steps } from '../../scripts/steps.mjs';
import { Program } from '../../final/lab/program.ts';
import { at, type Fence, type Page } from './markdown.ts';

/** How an example's comment begins, and how its value is cut. */
const COMMENT = ' // ';
const MORE = '…';

/** Whether a block holds expressions with their values. */
export function isGives(fence: Fence): boolean {
  return fence.lang === 'ts' && fence.words.includes('gives');
}

/** An expression of an example: the line that it ends in, and the value that the page shows for it. */
interface Shown {
  readonly line: number;
  readonly value: string;
}

/** The expression statements of an example, the declarations left out. */
function shownIn(fence: Fence): Shown[] {
  const file = parse(fence.text);
  return file.statements.filter(ts.isExpressionStatement).map((statement) => {
    const line = file.getLineAndCharacterOfPosition(statement.end).line;
    const rest = fence.text.slice(statement.end).split('\n', 1)[0] ?? '';
    return { line, value: rest.replace(/^;? *\/\/ /, '') };
  });
}

const parse = (text: string) =>
  ts.createSourceFile('gives.ts', text, ts.ScriptTarget.Latest, true);

/** The names that a page's step and those before it offer, each with where it comes from. */
function offered(page: Page, root: string): Map<string, string> {
  const own = steps.find(({ folder }) => basename(page.path, '.md') === folder);
  const names = new Map<string, string>();
  for (const { folder } of steps.filter(({ number }) => number <= (own?.number ?? 99))) {
    const path = join(root, 'steps', folder);
    for (const name of readdirSync(path)) {
      if (!/^[^.].*\.ts$/.test(name) || /(test|demo|index)\.ts$/.test(name)) continue;
      for (const [, exported = ''] of readFileSync(join(path, name), 'utf8').matchAll(
        /^export (?:async )?(?:function|class|const) (\w+)/gm,
      ))
        names.set(exported, posix.join('steps', folder, name));
    }
  }
  return names;
}

/** The program that prints what each expression of some blocks gives, a line of JSON each. */
function programOf(page: Page, fences: readonly Fence[], root: string): string {
  const names = offered(page, root);
  const used = new Set(
    fences.flatMap(({ text }) => text.match(/\b[A-Za-z_]\w*\b/g) ?? []),
  );
  const imports = [...used].flatMap((name) => {
    const from = names.get(name);
    if (from === undefined) return [];
    return [`import { ${name} } from ${JSON.stringify(join(root, from))};`];
  });
  const blocks = fences.map((fence, i) => {
    const file = parse(fence.text);
    const body = file.statements.map((statement) =>
      ts.isExpressionStatement(statement)
        ? `await show(${i}, async () => (${statement.expression.getText(file)}));`
        : statement.getText(file),
    );
    return ['await (async () => {', ...body, '})();'].join('\n');
  });
  return [...imports, SHOW, ...blocks].join('\n');
}

/** Prints the number of a block, and the value of an expression, or its error, as text. */
const SHOW = `import { inspect } from 'node:util';
async function show(block: number, code: () => Promise<unknown>): Promise<void> {
  const options = { breakLength: Infinity, compact: true, maxStringLength: null };
  const text = await code().then((value) => inspect(value, options), String);
  console.log(JSON.stringify([block, text.replaceAll(/\\s*\\n\\s*/g, ' ')]));
}`;

/** What each expression of some blocks gives. */
async function run(
  page: Page,
  fences: readonly Fence[],
  root: string,
): Promise<string[][]> {
  const folder = join(root, '.pychain', `gives-${randomInt(2 ** 47)}`);
  const path = join(folder, 'example.ts');
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(path, programOf(page, fences, root));
    const options = { cwd: root, env: { ...process.env, NO_COLOR: '1' } };
    const program = new Program(process.execPath, ['--import', 'tsx', path], options);
    const { code, output } = await program.end;
    const values = fences.map((): string[] => []);
    for (const line of output.split('\n').filter((one) => one.startsWith('['))) {
      const [block, text] = JSON.parse(line) as [number, string];
      values[block]?.push(text);
    }
    if (code === 0) return values;
    throw new Error(`${page.path}: its examples do not run:\n${output}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether a value is what a page shows: `…` there stands for any text. */
function fits(shown: string, value: string): boolean {
  const parts = shown
    .split(MORE)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(value);
}

/**
 * Runs the examples of a page.
 *
 * @returns the blocks with the values of today: a value that the page shows stays where it fits
 * @throws Error with what was printed, if they do not run
 */
export async function refreshed(page: Page, root: string): Promise<Map<Fence, string>> {
  const fences = page.fences.filter(isGives);
  if (fences.length === 0) return new Map();
  const values = await run(page, fences, root);
  return new Map(fences.map((fence, i) => [fence, withValues(fence, values[i] ?? [])]));
}

function withValues(fence: Fence, values: readonly string[]): string {
  const lines = fence.text.split('\n');
  for (const [i, { line, value }] of shownIn(fence).entries()) {
    const now = values[i] ?? '';
    if (fits(value, now)) continue;
    const [code = ''] = (lines[line] ?? '').split(COMMENT);
    lines[line] = `${code}${COMMENT}${now}`;
  }
  return lines.join('\n');
}

/** Says in sentences where examples do not give what a page shows. */
export async function givesProblems(page: Page, root: string): Promise<string[]> {
  return [...(await refreshed(page, root))]
    .filter(([fence, now]) => now !== fence.text)
    .map(
      ([fence, now]) =>
        `${at(page, fence)}: the values are others. Run npm run tutorial:sync.\n${now}`,
    );
}
