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
 * Returns the stub of a source file. Bodies of exported functions and of the public members of
 * exported classes throw an Error that begins with "TODO", and schemas refuse with such an error
 * whatever they are shown. Left out is what the reader is to think of: private functions,
 * methods, fields, types and constants, and what only these import.
 *
 * @param source - the text of the file
 * @param step - the number of its step, for the words of the error
 */
export function makeStub(source: string, step: number): string {
  const file = parse(source);
  const edits: Edit[] = [];
  for (const statement of file.statements) {
    if (ts.isClassDeclaration(statement)) {
      const isMade = statement.members.some(ts.isConstructorDeclaration);
      for (const member of statement.members) {
        if (isPrivate(member, file)) edits.push(without(member));
        else if (ts.isPropertyDeclaration(member))
          edits.push(...(isMade ? withoutValue(member) : []));
        else edits.push(...withoutBody(member, file, step));
      }
    } else if (isExported(statement)) {
      edits.push(...withoutBody(statement, file, step));
    }
  }
  return withoutUnused(apply(source, edits));
}

/**
 * Returns a source file in which only some of its code is written; all other functions, methods
 * and lists, private ones too, throw an Error that begins with "TODO".
 *
 * @param isWritten - whether what begins at a place of the text, its docstring included, is written
 */
export function makePartial(
  source: string,
  step: number,
  isWritten: (position: number) => boolean,
): string {
  const file = parse(source);
  const edits = file.statements
    .flatMap((one): ts.Node[] => (ts.isClassDeclaration(one) ? [...one.members] : [one]))
    .filter((node) => !isWritten(node.getStart(file, true)))
    .flatMap((node) => withoutBody(node, file, step));
  return apply(source, edits);
}

const parse = (source: string) =>
  ts.createSourceFile('stub.ts', source, ts.ScriptTarget.Latest, true);

const todo = (name: string, step: number) =>
  `throw new Error('TODO step ${step}: ${name}');`;

/** Replaces what a declaration does by an error. */
function withoutBody(node: ts.Node, file: ts.SourceFile, step: number): Edit[] {
  const name = fullName(node, file);
  if (ts.isFunctionDeclaration(node) || isMethodLike(node)) {
    return node.body === undefined
      ? []
      : [block(node.body, node, file, todo(name, step))];
  }
  if (!ts.isVariableStatement(node)) return [];
  return node.declarationList.declarations.flatMap(({ name: own, initializer, type }) => {
    if (initializer === undefined) return [];
    const text = todo(own.getText(file), step);
    if (ts.isArrowFunction(initializer))
      return [block(initializer.body, node, file, text)];
    const value = ts.isArrayLiteralExpression(initializer)
      ? `[\n  () => {\n    ${text}\n  },\n]`
      : schemaOf(type, file) !== undefined
        ? `z.custom<${schemaOf(type, file)}>(() => {\n  ${text}\n})`
        : undefined;
    if (value === undefined) return [];
    return [{ start: initializer.getStart(file), end: initializer.end, text: value }];
  });
}

/** What values of a schema's type are: `T` of `z.ZodType<T>`; undefined for other types. */
function schemaOf(
  type: ts.TypeNode | undefined,
  file: ts.SourceFile,
): string | undefined {
  if (type === undefined || !ts.isTypeReferenceNode(type)) return undefined;
  if (type.typeName.getText(file) !== 'z.ZodType') return undefined;
  return type.typeArguments?.[0]?.getText(file) ?? 'unknown';
}

/** Replaces a body by a statement, after the call of `super` if there is one. */
function block(
  body: ts.Node,
  owner: ts.Node,
  file: ts.SourceFile,
  statement: string,
): Edit {
  const indent = indentOf(file.text, owner.getStart(file));
  const kept = ts.isBlock(body) ? body.statements.filter(isSuperCall) : [];
  const lines = [...kept.map((one) => one.getText(file)), statement];
  const inside = lines.map((line) => `${indent}  ${line}\n`).join('');
  return { start: body.getStart(file), end: body.end, text: `{\n${inside}${indent}}` };
}

/** Takes away the value of a field whose type is written down: a constructor may give it. */
function withoutValue({ type, initializer }: ts.PropertyDeclaration): Edit[] {
  if (type === undefined || initializer === undefined) return [];
  return [{ start: type.end, end: initializer.end, text: '' }];
}

function without(node: ts.Node): Edit {
  return { start: node.getFullStart(), end: node.end, text: '' };
}

/** Takes away, as long as there are any, private declarations and imports that nothing names. */
function withoutUnused(source: string): string {
  const file = parse(source);
  const used = new Set<string>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement)) {
      const own = declaredBy(statement, file);
      for (const name of namesIn(statement)) if (!own.includes(name)) used.add(name);
    }
  }
  const edits = file.statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement)) return withoutNames(statement, file, used);
    const names = declaredBy(statement, file);
    const isNeeded = isExported(statement) || names.some((name) => used.has(name));
    return isNeeded || names.length === 0 ? [] : [without(statement)];
  });
  const text = apply(source, edits);
  return text === source ? text : withoutUnused(text);
}

/** Takes the names that are not used out of an import, or all of it. */
function withoutNames(
  statement: ts.ImportDeclaration,
  file: ts.SourceFile,
  used: ReadonlySet<string>,
): Edit[] {
  const { name, namedBindings } = statement.importClause ?? {};
  const isUsed = (node: ts.Node | undefined) =>
    node !== undefined && used.has(node.getText(file));
  if (namedBindings === undefined || ts.isNamespaceImport(namedBindings)) {
    return isUsed(namedBindings?.name ?? name) ? [] : [without(statement)];
  }
  const kept = namedBindings.elements.filter((one) => isUsed(one.name));
  if (kept.length === 0 && !isUsed(name)) return [without(statement)];
  if (kept.length === namedBindings.elements.length) return [];
  const names = kept.map((one) => one.getText(file));
  const areTypes =
    statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ||
    (names.every((text) => text.startsWith('type ')) && name === undefined);
  const list = `{ ${names.map((text) => (areTypes ? text.replace(/^type /, '') : text)).join(', ')} }`;
  const clause = [
    ...(isUsed(name) ? [name?.text] : []),
    ...(kept.length > 0 ? [list] : []),
  ];
  const from = statement.moduleSpecifier.getText(file);
  const text = `import ${areTypes ? 'type ' : ''}${clause.join(', ')} from ${from};`;
  return [{ start: statement.getStart(file), end: statement.end, text }];
}

/** The names that a statement declares. */
function declaredBy(statement: ts.Statement, file: ts.SourceFile): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText(file));
  }
  const { name } = statement as ts.Statement & { readonly name?: ts.Node };
  return name === undefined ? [] : [name.getText(file)];
}

function namesIn(node: ts.Node): string[] {
  const names: string[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isIdentifier(child) && !isNameOfMember(child)) names.push(child.text);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return names;
}

/** Whether a word only names a part of something, such as a method or a field. */
function isNameOfMember(node: ts.Identifier): boolean {
  const { parent } = node;
  const isMember = ts.isClassElement(parent) || ts.isTypeElement(parent);
  return (
    (isMember && parent.name === node) ||
    (ts.isPropertyAccessExpression(parent) && parent.name === node)
  );
}

function isMethodLike(
  node: ts.Node,
): node is ts.ClassElement & ts.FunctionLikeDeclaration {
  return (
    ts.isConstructorDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isAccessor(node)
  );
}

function isPrivate(member: ts.ClassElement, file: ts.SourceFile): boolean {
  return member.name?.getText(file).startsWith('#') === true;
}

function isExported(node: ts.Node): boolean {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return (
    modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? isList(node)
  );
}

/** Whether a statement only lists what a file offers, as `export { a } from './a.ts'` does. */
function isList(node: ts.Node): boolean {
  return ts.isExportDeclaration(node);
}

function isSuperCall(statement: ts.Statement): boolean {
  return (
    ts.isExpressionStatement(statement) &&
    ts.isCallExpression(statement.expression) &&
    statement.expression.expression.kind === ts.SyntaxKind.SuperKeyword
  );
}

/** The name of a declaration, that of its class before it. */
function fullName(node: ts.Node, file: ts.SourceFile): string {
  const { name } = node as ts.Node & { readonly name?: ts.Node };
  const own = ts.isConstructorDeclaration(node)
    ? 'constructor'
    : (name?.getText(file) ?? '');
  const { parent } = node;
  return ts.isClassDeclaration(parent) ? `${parent.name?.text}.${own}` : own;
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
  return text
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+/, '')
    .replaceAll(/\{\n\n+(?= )/g, '{\n');
}
