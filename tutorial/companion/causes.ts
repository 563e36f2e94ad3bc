/**
 * Finds the usual cause of a failure: one that the failure itself bears out.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Cause, Task } from './kit.ts';
import { sourcesIn } from './kit.ts';
import type { Failure } from './runner.ts';
import { causeOfThrown } from './thrown.ts';

/**
 * Returns the cause of a failure, as far as it can be told: one of the task's that names a part
 * of the failure; one that may befall every task; or one of the task's by the test's name, if the
 * failure is the test's own and not an accident on the way.
 *
 * @param folder - the code under test
 */
export function causeOf(
  task: Task,
  test: string,
  failure: Failure,
  folder: string,
): Cause | undefined {
  const { path = '', found = '' } = failure.comparison ?? {};
  const place = `They differ at ${path.replace(/^\./, '')}`; // as the screen says it
  const words = [failure.message, place, found].join('\n');
  const fitting = task.causes.filter((cause) => test.includes(cause.test));
  const exact = fitting.find(({ failure: part }) => part && words.includes(part));
  if (exact !== undefined) return exact;
  const text = generalCause(failure, folder);
  if (text !== undefined) return { test, text };
  if (!isOfTest(failure)) return undefined;
  return fitting.find(({ failure: part }) => part === undefined);
}

/** Whether a test itself says that something is wrong, and in the words that it has for that. */
function isOfTest(failure: Failure): boolean {
  const { message, isAssertion, isUncaught, isLate, hook, frames } = failure;
  if (isUncaught === true || isLate === true || hook !== undefined) return false;
  if (message.startsWith('Exceeded timeout')) return false;
  if (isAssertion === true || message.startsWith('expect(')) return true;
  // `toMatch` throws a TypeError where nothing was found.
  if (/Matcher error:[^]*^Received has value: (undefined|null)$/m.test(message))
    return true;
  return isTestFile(frames[0]?.file) && !/^\w*(Error|Exception): /.test(message);
}

/** A test file, or one that tests share. */
const isTestFile = (file = '') => /[.-]test\.ts$/.test(file);

/** What may befall every task. */
function generalCause(failure: Failure, folder: string): string | undefined {
  return (
    promiseFound(failure) ??
    nothingReturned(failure, folder) ??
    cutTo32Bits(failure) ??
    xorForPower(failure) ??
    causeOfThrown(failure, folder)
  );
}

function promiseFound({ comparison }: Failure): string | undefined {
  if (comparison?.found !== 'Promise {}' || comparison.expected.startsWith('Promise'))
    return undefined;
  return 'What was found is a promise, and not what it will bring: an `await` is missing, or the function must not be `async`.';
}

/** A function that has no `return` of its own, where something was found to be undefined. */
function nothingReturned(failure: Failure, folder: string): string | undefined {
  const { comparison, message, frames } = failure;
  const isUndefined =
    (comparison?.found === 'undefined' && comparison.path === '') ||
    /Received( has value)?: undefined/.test(message) ||
    (isTestFile(frames[0]?.file) && /of undefined|undefined is not/.test(message));
  if (!isUndefined || comparison?.expected === 'undefined') return undefined;
  const [found] = sourcesIn(folder).flatMap((name) => silentIn(join(folder, name)));
  if (found === undefined) return undefined;
  const { name, hasInner } = found;
  return hasInner
    ? `\`${name}\` gives nothing back: the \`return\` in it belongs to a function inside it, such as that of \`forEach\` or \`map\`.`
    : `\`${name}\` gives nothing back: there is no \`return\` in it.`;
}

interface Silent {
  readonly name: string;
  /** Whether a function inside it returns something. */
  readonly hasInner: boolean;
}

/** The functions of a file that say what they give back, and never give anything back. */
function silentIn(path: string): Silent[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Silent[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node) look(node, node.body);
    ts.forEachChild(node, visit);
  };
  const look = (owner: ts.SignatureDeclaration, body: ts.Node | undefined): void => {
    const type = owner.type?.getText(file) ?? 'void';
    if (!body || !ts.isBlock(body) || /\b(void|never|undefined|Generator)\b/.test(type))
      return;
    const { own, inner, throws } = returnsIn(body);
    const name =
      owner.name ??
      (ts.isVariableDeclaration(owner.parent) ? owner.parent.name : undefined);
    if (own || throws || name === undefined) return;
    found.push({ name: name.getText(file), hasInner: inner });
  };
  visit(file);
  return found;
}

/** What the statements of a function's body say of its result. */
function returnsIn(body: ts.Block): { own: boolean; inner: boolean; throws: boolean } {
  let [own, inner] = [false, false];
  const visit = (node: ts.Node, isInner: boolean): void => {
    if (ts.isReturnStatement(node) && node.expression !== undefined) {
      if (isInner) inner = true;
      else own = true;
    }
    ts.forEachChild(node, (child) => visit(child, isInner || ts.isFunctionLike(node)));
  };
  visit(body, false);
  const last = body.statements.at(-1);
  return { own, inner, throws: last !== undefined && ts.isThrowStatement(last) };
}

/** A number that lost all above its lowest 32 bits, as `<<`, `|` and `>>` do it. */
function cutTo32Bits({ comparison }: Failure): string | undefined {
  const [expected, found] = wholeNumbers(comparison);
  if (expected === undefined || found === undefined || expected === found)
    return undefined;
  const isCut = expected >= 2n ** 31n && BigInt.asIntN(32, expected) === found;
  const isShifted =
    found > 0n && expected > found && isPowerOf(2n ** 32n, expected, found);
  if (!isCut && !isShifted && BigInt.asUintN(32, expected) !== found) return undefined;
  return 'The number went through 32 bits: `<<`, `>>`, `|`, `&` and `^` keep no more of a number. Use `2 ** n` and division, or bigints such as `1n`.';
}

function isPowerOf(base: bigint, whole: bigint, part: bigint): boolean {
  if (whole % part !== 0n) return false;
  let ratio = whole / part;
  while (ratio % base === 0n) ratio /= base;
  return ratio === 1n;
}

/** `16 ^ 3` where `16 ** 3` was meant. */
function xorForPower({ comparison }: Failure): string | undefined {
  const [expected, found] = wholeNumbers(comparison);
  if (expected === undefined || found === undefined || expected < 4n) return undefined;
  for (const base of [2n, 10n, 16n, 256n]) {
    for (let power = 1n; base ** power <= expected; power += 1n) {
      if (base ** power !== expected || (base ^ power) !== found) continue;
      return `In JavaScript \`^\` is no power: ${base} ^ ${power} is ${found}. Write \`${base} ** ${power}\`, or \`${base}n ** ${power}n\` for bigints.`;
    }
  }
  return undefined;
}

function wholeNumbers(comparison: Failure['comparison']): (bigint | undefined)[] {
  return [comparison?.expected, comparison?.found].map((text = '') => {
    const [, digits] = /^"?(-?\d{1,400})n?"?$/.exec(text) ?? [];
    return digits === undefined ? undefined : BigInt(digits);
  });
}
