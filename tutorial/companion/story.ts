/**
 * Tells from the text of a test what it did before it failed.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import type { Failure, Frame, Given } from './runner.ts';

/** How long a step is shown at most, in characters. */
const MAX_LENGTH = 150;

/** How many steps are shown at most: the last ones. */
const MAX_STEPS = 12;

/** What a test did. */
export interface Story {
  /** Its statements, in their order. */
  readonly steps: readonly string[];
  /** Whether the last of them is known to be the one that failed. */
  readonly isLastStep: boolean;
}

/**
 * Returns the statements that a test ran, those of its hooks first, up to the one that failed;
 * all of them where the failure does not tell, as after a timeout.
 *
 * @param place - where the test stands
 */
export function stepsThatLed(place: Frame, failure: Failure): Story {
  const { file, path, covers } = read(place);
  const test = path.at(-1);
  if (test === undefined) return { steps: [], isLastStep: false };
  const groups = path.flatMap((call) => hooksOf(call));
  const isIn = (body: ts.Node) => failure.frames.some(({ line }) => covers(body, line));
  // Those of the whole file are of interest only where they failed themselves.
  const top = failure.hook === undefined ? [] : hooksAmong(file.statements).filter(isIn);
  const own = bodyOf(test);
  const bodies = [...top, ...groups, ...(own ? [own] : [])];
  const failing = failure.frames
    .filter((frame) => frame.file === place.file)
    .map(({ line }) => ({ line, body: bodies.find((body) => covers(body, line)) }))
    .find(({ body }) => body !== undefined);

  const steps: string[] = [];
  for (const body of bodies) {
    const line = failing?.body === body ? failing.line : undefined;
    const done = line === undefined ? undefined : (node: ts.Node) => covers(node, line);
    collect(body, done, steps, file);
    if (failing?.body === body) break;
  }
  return { steps: steps.slice(-MAX_STEPS), isLastStep: failing !== undefined };
}

/**
 * Returns what a test was given, each value with its name, in the order in which the test names
 * them: first what goes into the program.
 *
 * @param place - where the test stands
 * @param row - the values
 */
export function givenValues(place: Frame, row: readonly Given[]): string[] {
  if (row.length === 0) return [];
  const { path } = read(place);
  const test = path.at(-1)?.arguments.find(ts.isArrowFunction);
  return row.flatMap(({ text, fields }, i) => {
    const name = test?.parameters[i]?.name;
    if (name === undefined) return [];
    if (!ts.isObjectBindingPattern(name)) return line(name.getText(), text);
    return name.elements.flatMap(({ propertyName, name: own, dotDotDotToken }) => {
      const field = fields?.[(propertyName ?? own).getText()];
      return dotDotDotToken || field === undefined ? [] : line(own.getText(), field);
    });
  });
}

function line(name: string, value: string): string[] {
  return name.startsWith('_') || value.startsWith('[Function')
    ? []
    : [`${name} = ${value}`];
}

interface Reading {
  readonly file: ts.SourceFile;
  /** The calls of `describe` around the test, the outermost first, and its own of `it`. */
  readonly path: ts.CallExpression[];
  readonly covers: (node: ts.Node, line: number) => boolean;
}

function read(place: Frame): Reading {
  const text = readFileSync(place.file, 'utf8');
  const file = ts.createSourceFile(place.file, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number) =>
    file.getLineAndCharacterOfPosition(position).line + 1;
  const covers = (node: ts.Node, line: number) =>
    lineOf(node.getStart(file)) <= line && line <= lineOf(node.end);
  return { file, path: testPath(file, (node) => covers(node, place.line)), covers };
}

/** The calls of `describe` around a test, the outermost first, and its own call of `it`. */
function testPath(
  file: ts.SourceFile,
  covers: (node: ts.Node) => boolean,
): ts.CallExpression[] {
  const path: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (!covers(node)) return;
    const isOne =
      ts.isCallExpression(node) && /^(describe|it)\b/.test(node.expression.getText());
    if (isOne && bodyOf(node) !== undefined) path.push(node);
    if (isOne && node.expression.getText().startsWith('it')) return;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return path;
}

function bodyOf(call: ts.CallExpression): ts.ConciseBody | undefined {
  return call.arguments.find(ts.isArrowFunction)?.body;
}

function hooksOf(call: ts.CallExpression): ts.ConciseBody[] {
  const body = bodyOf(call);
  if (!call.expression.getText().startsWith('describe') || !body || !ts.isBlock(body))
    return [];
  return hooksAmong(body.statements);
}

function hooksAmong(statements: readonly ts.Statement[]): ts.ConciseBody[] {
  return statements.flatMap((statement) => {
    if (!ts.isExpressionStatement(statement)) return [];
    const { expression } = statement;
    if (!ts.isCallExpression(expression)) return [];
    return /^before(All|Each)$/.test(expression.expression.getText())
      ? (bodyOf(expression) ?? [])
      : [];
  });
}

/**
 * Collects the statements of a body up to the failing one. Where that holds statements of its
 * own, its first line is a step, and these follow.
 */
function collect(
  body: ts.Node,
  isFailing: ((node: ts.Node) => boolean) | undefined,
  steps: string[],
  file: ts.SourceFile,
): void {
  for (const statement of ts.isBlock(body) ? body.statements : [body]) {
    const inner = isFailing?.(statement) ? blockIn(statement, isFailing) : undefined;
    if (inner === undefined) {
      steps.push(shorten(statement.getText(file)));
    } else {
      const head = file.text.slice(statement.getStart(file), inner.getStart(file));
      steps.push(`${shorten(head.replace(/\{\s*$/, ''))} …`);
      collect(inner, isFailing, steps, file);
    }
    if (isFailing?.(statement)) return;
  }
}

/** The outermost block inside a statement that holds the failing line. */
function blockIn(
  node: ts.Node,
  isFailing: (node: ts.Node) => boolean,
): ts.Block | undefined {
  return ts.forEachChild(node, (child) => {
    if (!isFailing(child)) return undefined;
    const isInner = ts.isBlock(child) && child.statements.some(isFailing);
    return isInner ? child : blockIn(child, isFailing);
  });
}

function shorten(text: string): string {
  const line = text
    .replace(/(^|\s)\/\/.*$/gm, '')
    .replace(/\s+/g, ' ')
    .replace(/([([]) | (?=[)\]])/g, '$1')
    .replace(/,([)\]])/g, '$1')
    .replace(/;$/, '')
    .trim();
  return line.length <= MAX_LENGTH ? line : `${line.slice(0, MAX_LENGTH)}…`;
}
