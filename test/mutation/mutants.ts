/**
 * Makes mutants: copies of a program with one small change, which good tests notice.
 *
 * @module
 */
import ts from 'typescript';

/** One change of a source text. */
export interface Mutant {
  /** The line that is changed, counted from 1. */
  readonly line: number;
  /** Where in the text it begins. */
  readonly start: number;
  /** What is changed, as in `a < b → a <= b`. */
  readonly change: string;
  /** The whole text with the change. */
  readonly text: string;
}

const swaps = new Map<ts.SyntaxKind, readonly string[]>([
  [ts.SyntaxKind.PlusToken, ['-']],
  [ts.SyntaxKind.MinusToken, ['+']],
  [ts.SyntaxKind.AsteriskToken, ['/']],
  [ts.SyntaxKind.SlashToken, ['*']],
  [ts.SyntaxKind.PercentToken, ['*']],
  [ts.SyntaxKind.AsteriskAsteriskToken, ['*']],
  [ts.SyntaxKind.LessThanToken, ['<=', '>=']],
  [ts.SyntaxKind.LessThanEqualsToken, ['<', '>']],
  [ts.SyntaxKind.GreaterThanToken, ['>=', '<=']],
  [ts.SyntaxKind.GreaterThanEqualsToken, ['>', '<']],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, ['!==']],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, ['===']],
  [ts.SyntaxKind.AmpersandAmpersandToken, ['||']],
  [ts.SyntaxKind.BarBarToken, ['&&']],
  [ts.SyntaxKind.QuestionQuestionToken, ['&&']],
  [ts.SyntaxKind.PlusEqualsToken, ['-=']],
  [ts.SyntaxKind.MinusEqualsToken, ['+=']],
  [ts.SyntaxKind.AsteriskEqualsToken, ['/=']],
  [ts.SyntaxKind.BarBarEqualsToken, ['&&=']],
  [ts.SyntaxKind.QuestionQuestionEqualsToken, ['=']],
]);

const methods = new Map([
  ['min', 'max'],
  ['max', 'min'],
  ['some', 'every'],
  ['every', 'some'],
  ['once', 'on'],
  ['add', 'delete'],
  ['set', 'delete'],
  ['filter', 'slice'],
  ['find', 'at'],
  ['reverse', 'slice'],
]);

/** Returns all mutants of a source text. Types, imports and comments are left alone. */
export function mutantsOf(source: string): Mutant[] {
  const file = ts.createSourceFile('a.ts', source, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const replace = (node: ts.Node, by: string) => {
    const [start, end] = [node.getStart(file), node.end];
    if (source.slice(start, end) === by) return;
    const { line } = file.getLineAndCharacterOfPosition(start);
    const shorten = (text: string) => text.replace(/\s+/g, ' ').slice(0, 60);
    mutants.push({
      line: line + 1,
      start,
      change: `${shorten(source.slice(start, end))} → ${shorten(by)}`,
      text: source.slice(0, start) + by + source.slice(end),
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isTypeNode(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isInterfaceDeclaration(node)) return;
    mutate(node, replace);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants;
}

function mutate(node: ts.Node, replace: (node: ts.Node, by: string) => void): void {
  if (ts.isBinaryExpression(node)) {
    const { left, operatorToken, right } = node;
    for (const by of swaps.get(operatorToken.kind) ?? []) {
      replace(node, `${left.getText()} ${by} ${right.getText()}`);
    }
  } else if (ts.isIfStatement(node)) {
    replace(node.expression, 'true');
    replace(node.expression, 'false');
  } else if (ts.isConditionalExpression(node)) {
    replace(node.condition, 'true');
    replace(node.condition, 'false');
  } else if (ts.isForStatement(node) && node.condition) {
    replace(node.condition, 'false');
  } else if (ts.isPrefixUnaryExpression(node)) {
    if (node.operator === ts.SyntaxKind.ExclamationToken)
      replace(node, node.operand.getText());
    if (node.operator === ts.SyntaxKind.MinusToken) replace(node, node.operand.getText());
  } else if (node.kind === ts.SyntaxKind.TrueKeyword) {
    replaceNamed(node, 'false', replace);
  } else if (node.kind === ts.SyntaxKind.FalseKeyword) {
    replaceNamed(node, 'true', replace);
  } else if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
    replace(node, node.text === '' ? `'mutant'` : `''`);
  } else if (ts.isTemplateExpression(node)) {
    replace(node, `''`);
  } else if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) {
    if (!isPattern(node)) replace(node, '[]');
  } else if (
    ts.isBlock(node) &&
    node.statements.length > 0 &&
    ts.isFunctionLike(node.parent)
  ) {
    if (!ts.isConstructorDeclaration(node.parent)) replace(node, '{}');
  } else if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
    replace(node.body, 'undefined');
  } else if (ts.isCallExpression(node)) {
    mutateCall(node, replace);
  }
}

/** Replaces a value together with its name, where it has one: that says which one it is. */
function replaceNamed(
  node: ts.Node,
  by: string,
  replace: (node: ts.Node, by: string) => void,
): void {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent)) replace(parent, `${parent.name.getText()}: ${by}`);
  else replace(node, by);
}

function mutateCall(
  node: ts.CallExpression,
  replace: (node: ts.Node, by: string) => void,
): void {
  if (ts.isPropertyAccessExpression(node.expression)) {
    const { name } = node.expression;
    const other = methods.get(name.text);
    if (other !== undefined) replace(name, other);
  }
  if (ts.isExpressionStatement(node.parent)) {
    const isSuper = node.expression.kind === ts.SyntaxKind.SuperKeyword;
    if (!isSuper) replace(node.parent, ';');
  }
}

/** Whether what looks like a list is the left side of an assignment. */
function isPattern(node: ts.Node): boolean {
  return ts.isBinaryExpression(node.parent) && node.parent.left === node;
}
