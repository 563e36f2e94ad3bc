import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** Returns the names of the tests in some files by their tasks, as the sources have them. */
export function testNames(files: readonly string[]): Map<string, string[]> {
  const tasks = new Map<string, string[]>();
  for (const file of files) {
    const source = ts.createSourceFile(
      file,
      readFileSync(file, 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    visit(source, [], ([task = '', ...names]) => {
      tasks.set(task, [...(tasks.get(task) ?? []), names.join(' › ')]);
    });
  }
  return tasks;
}

/** Tells of each test below a node, with the titles of the groups that it is in. */
function visit(
  node: ts.Node,
  groups: readonly string[],
  found: (names: readonly string[]) => void,
): void {
  ts.forEachChild(node, (child) => {
    const [kind, title] = ts.isCallExpression(child) ? titled(child) : [];
    if (kind === undefined || title === undefined) return visit(child, groups, found);
    if (kind === 'it') return found([...groups, title]);
    return visit(child, [...groups, title], found);
  });
}

/** Whether a call makes a test or a group, and under which title. */
function titled({ expression, arguments: [first] }: ts.CallExpression): string[] {
  const kind = /^(it|describe)\b/.exec(expression.getText())?.[1];
  if (kind === undefined || first === undefined || isTable(expression)) return [];
  const title = textOf(first);
  return title === undefined ? [] : [kind, title];
}

/** Whether a call only gives `it.each` its table: the title comes with the call of that. */
function isTable(expression: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(expression) && expression.name.text === 'each';
}

/** The text of a literal, be it cut in pieces that are added. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isBinaryExpression(node)) return undefined;
  const [left, right] = [textOf(node.left), textOf(node.right)];
  return left === undefined || right === undefined ? undefined : left + right;
}
