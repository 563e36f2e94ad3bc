/**
 * Says why an error that came out of the reader's own code ended a test that expected none.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { toPath } from './kit.ts';
import type { Failure, Frame } from './runner.ts';

/**
 * Returns the cause that the place shows where an error was thrown: a `throw` of the reader's own,
 * or a field of what is nothing; undefined where it shows neither.
 *
 * @param folder - the code under test
 */
export function causeOfThrown(failure: Failure, folder: string): string | undefined {
  const { frames, isAssertion, isUncaught, isLate } = failure;
  const [place] = frames;
  // What nobody caught in a listener may be a right refusal: it only has to be caught.
  if (isAssertion === true || isUncaught === true || isLate === true) return undefined;
  if (place?.file.startsWith(folder) !== true) return undefined;
  return ownThrow(frames, folder) ?? fieldOfNothing(failure, place);
}

/** The `throw` that ended the test, if it is one of the reader's own, and the error was made for it. */
function ownThrow(frames: readonly Frame[], folder: string): string | undefined {
  const end = frames.findIndex(({ file }) => !file.startsWith(folder));
  const own = end === -1 ? frames : frames.slice(0, end);
  const isMade = own.slice(0, 1).some((place) => findAt(place, ts.isNewExpression));
  const place = own.find((one) => findAt(one, ts.isThrowStatement, expressionOf));
  if (!isMade || place === undefined) return undefined;
  const where = `${toPath(place.file)}:${place.line}`;
  if (isToReject(frames)) {
    return `The \`throw\` in ${where} comes at once, and the test expects a promise that is rejected: make the function \`async\`.`;
  }
  return `The \`throw\` in ${where} is your own, and the test expects none there: the check before it refuses what is right, or what it refuses is to be told in another way, such as a value that is returned.`;
}

const expressionOf = ({ expression }: ts.ThrowStatement) => expression;

/** Whether the test, where the error came to it, expects a promise to be rejected. */
function isToReject(frames: readonly Frame[]): boolean {
  const place = frames.find(({ file }) => file.endsWith('.test.ts'));
  if (place === undefined) return false;
  let isThere = false;
  visit(place.file, (node) => {
    if (!ts.isExpressionStatement(node) || !linesOf(node).includes(place.line)) return;
    isThere = /\.rejects\b/.test(node.getText()); // the innermost counts
  });
  return isThere;
}

/** Such as `tip.hash` where there is no tip. */
function fieldOfNothing({ message }: Failure, place: Frame): string | undefined {
  const [, nothing, field = ''] =
    /^TypeError: Cannot read properties of (null|undefined) \(reading '(.+)'\)$/m.exec(
      message,
    ) ?? [];
  if (nothing === undefined) return undefined;
  const named = findAt(place, ts.isPropertyAccessExpression, ({ name }) => name);
  const found = named?.name.text === field ? named : indexAt(place);
  if (found === undefined) return undefined;
  const owner = bare(found.expression).getText().replaceAll(/\s+/g, ' ');
  return `In this test \`${owner}\` is ${nothing}, and has no \`${field}\`: ask for that case before.`;
}

/** The innermost `owner[key]` around a place: what runs knows of no place in it but the owner's. */
function indexAt({ file, line, column }: Frame): ts.ElementAccessExpression | undefined {
  let found: ts.ElementAccessExpression | undefined;
  visit(file, (node) => {
    if (!ts.isElementAccessExpression(node)) return;
    const source = node.getSourceFile();
    const place = source.getPositionOfLineAndCharacter(line - 1, column - 1);
    if (node.getStart() <= place && place < node.end) found = node;
  });
  return found;
}

/** An expression without what only the compiler needs. */
function bare(node: ts.Expression): ts.Expression {
  return ts.isAsExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isParenthesizedExpression(node)
    ? bare(node.expression)
    : node;
}

/** Finds the node of a kind that begins at a place, or of which a part does. */
function findAt<T extends ts.Node>(
  { file, line, column }: Frame,
  isKind: (node: ts.Node) => node is T,
  partOf: (node: T) => ts.Node = (node) => node,
): T | undefined {
  let found: T | undefined;
  visit(file, (node) => {
    if (found !== undefined || !isKind(node)) return;
    const part = partOf(node);
    const start = node.getSourceFile().getLineAndCharacterOfPosition(part.getStart());
    if (start.line + 1 === line && start.character + 1 === column) found = node;
  });
  return found;
}

/** Looks at all nodes of a file, the outer ones first. */
function visit(path: string, look: (node: ts.Node) => void): void {
  if (!existsSync(path)) return;
  const text = readFileSync(path, 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const visitNode = (node: ts.Node): void => {
    look(node);
    ts.forEachChild(node, visitNode);
  };
  visitNode(file);
}

/** The numbers of a node's lines. */
function linesOf(node: ts.Node): number[] {
  const file = node.getSourceFile();
  const first = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const last = file.getLineAndCharacterOfPosition(node.end).line + 1;
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
