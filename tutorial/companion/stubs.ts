/**
 * Makes the stub of a source file: its types, signatures and docstrings, without what the
 * reader is to write.
 *
 * @module
 */
import ts from 'typescript';

/** What a thing is replaced by: the text from `start` to before `end` becomes `text`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Returns the stub of a source file. Bodies of exported functions and of the public members
 * of exported classes throw an Error that begins with "TODO"; private functions and methods
 * are left out, as are the constants that only these use; all other text stays as it is.
 *
 * @param source - the text of the file
 * @param step - the number of its step, for the words of the error
 */
export function makeStub(source: string, step: number): string {
  const file = ts.createSourceFile('stub.ts', source, ts.ScriptTarget.Latest, true);
  const kept = keptConstants(file);
  const edits: Edit[] = [];

  const todo = (name: string) => `throw new Error('TODO step ${step}: ${name}');`;
  const replaceBody = (owner: ts.Node, body: ts.Node | undefined, name: string) => {
    if (body === undefined) return;
    const indent = indentOf(source, owner.getStart(file));
    const statements = ts.isBlock(body) ? body.statements.filter(isSuperCall) : [];
    const lines = [...statements.map((statement) => statement.getText(file)), todo(name)];
    const inside = lines.map((line) => `${indent}  ${line}\n`).join('');
    edits.push({
      start: body.getStart(file),
      end: body.end,
      text: `{\n${inside}${indent}}`,
    });
  };
  const leaveOut = (node: ts.Node) => {
    edits.push({ start: node.getFullStart(), end: node.end, text: '' });
  };

  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement)) {
      if (isExported(statement))
        replaceBody(statement, statement.body, nameOf(statement, file));
      else leaveOut(statement);
    } else if (ts.isClassDeclaration(statement)) {
      const className = nameOf(statement, file);
      for (const member of statement.members) {
        const name = nameOf(member, file);
        if (ts.isPropertyDeclaration(member)) continue;
        if (name.startsWith('#')) leaveOut(member);
        else if (isMethodLike(member))
          replaceBody(member, member.body, `${className}.${name}`);
      }
    } else if (ts.isVariableStatement(statement)) {
      if (!isExported(statement)) {
        const names = statement.declarationList.declarations.map((one) =>
          nameOf(one, file),
        );
        if (!names.some((name) => kept.has(name))) leaveOut(statement);
        continue;
      }
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (initializer === undefined) continue;
        if (ts.isArrowFunction(initializer)) {
          replaceBody(statement, initializer.body, name.getText(file));
        } else if (ts.isArrayLiteralExpression(initializer)) {
          const text = `[\n  () => {\n    ${todo(name.getText(file))}\n  },\n]`;
          edits.push({ start: initializer.getStart(file), end: initializer.end, text });
        }
      }
    }
  }
  return apply(source, edits);
}

/**
 * The private constants to keep: plain values, such as limits, and what these or the types of
 * the file are made of.
 */
function keptConstants(file: ts.SourceFile): Set<string> {
  const initializers = new Map<string, ts.Expression>();
  const kept = new Set<string>();
  const keep = (name: string) => {
    const initializer = initializers.get(name);
    if (initializer === undefined || kept.has(name)) return;
    kept.add(name);
    for (const used of namesIn(initializer)) keep(used);
  };
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer !== undefined) initializers.set(name.getText(file), initializer);
    }
  }
  for (const [name, initializer] of initializers) if (isPlain(initializer)) keep(name);
  for (const statement of file.statements) {
    if (ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement)) {
      for (const name of namesIn(statement)) keep(name);
    } else if (ts.isVariableStatement(statement) && isExported(statement)) {
      for (const { initializer } of statement.declarationList.declarations) {
        if (initializer === undefined || isToWrite(initializer)) continue;
        for (const name of namesIn(initializer)) keep(name);
      }
    }
  }
  return kept;
}

/** Whether the value of an exported constant is for the reader to write. */
function isToWrite(node: ts.Node): boolean {
  return ts.isArrowFunction(node) || ts.isArrayLiteralExpression(node);
}

/** Whether an expression is made of literals and other constants, and calls nothing. */
function isPlain(node: ts.Node): boolean {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return false;
  if (ts.isFunctionLike(node) || ts.isArrayLiteralExpression(node)) return false;
  return ts.forEachChild(node, (child) => !isPlain(child)) !== true;
}

function namesIn(node: ts.Node): string[] {
  const names: string[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isIdentifier(child)) names.push(child.text);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return names;
}

function isMethodLike(
  node: ts.ClassElement,
): node is ts.ClassElement & ts.FunctionLikeDeclaration {
  return (
    ts.isConstructorDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isAccessor(node)
  );
}

function isExported(node: ts.HasModifiers): boolean {
  return (
    node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false
  );
}

function isSuperCall(statement: ts.Statement): boolean {
  return (
    ts.isExpressionStatement(statement) &&
    ts.isCallExpression(statement.expression) &&
    statement.expression.expression.kind === ts.SyntaxKind.SuperKeyword
  );
}

function nameOf(node: ts.NamedDeclaration, file: ts.SourceFile): string {
  return ts.isConstructorDeclaration(node)
    ? 'constructor'
    : (node.name?.getText(file) ?? '');
}

function indentOf(source: string, position: number): string {
  const line = source.slice(source.lastIndexOf('\n', position - 1) + 1);
  return /^ */.exec(line)?.[0] ?? '';
}

function apply(source: string, edits: readonly Edit[]): string {
  let text = source;
  for (const { start, end, text: replacement } of [...edits].sort(
    (a, b) => b.start - a.start,
  )) {
    text = text.slice(0, start) + replacement + text.slice(end);
  }
  return text.replace(/\n{3,}/g, '\n\n');
}
