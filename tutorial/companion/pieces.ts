/**
 * Which code of a step belongs to which task: its chapter shows it, piece by piece.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { chapterLines, pathOf, sourcesIn, type Step, type Task } from './kit.ts';

/** A declaration of a file, or what else stands between two of them. */
interface Part {
  /** Such as `headerText`, `Chain` for the beginning of a class, or `Chain.append`. */
  readonly name: string;
  readonly start: number;
  readonly text: string;
}

/** Code of a task, by the files that it is in. */
export type TaskCode = ReadonlyMap<string, string>;

/** Returns the code that the chapter shows for a task, and what the reader has written for it. */
export function codeOfTask(
  step: Step,
  task: Task,
): { readonly own: TaskCode; readonly reference: TaskCode } {
  const owner = ownersOf(step);
  const reference = new Map<string, string>();
  const own = new Map<string, string>();
  for (const name of step.sources) {
    const parts = partsOf(join(pathOf.reference(step), name));
    add(reference, name, parts, (part) => owner.get(part.name) === task.title);
  }
  for (const { name, parts } of ownParts(step, owner)) {
    const isWanted = ({ task: title }: OwnPart) => title === task.title;
    add(own, name, parts, isWanted);
  }
  return { own, reference };
}

/** Returns all that the reader has written for each task, as one text, by the titles of the tasks. */
export function ownCodeByTask(step: Step): ReadonlyMap<string, string> {
  const code = new Map<string, string>();
  for (const { parts } of ownParts(step, ownersOf(step))) {
    for (const { task, text } of parts) code.set(task, (code.get(task) ?? '') + text);
  }
  return code;
}

interface OwnPart extends Part {
  /** The title of the task that it belongs to; empty if it is that of none. */
  readonly task: string;
}

/** What the reader's files of a step consist of. */
function ownParts(
  step: Step,
  owner: ReadonlyMap<string, string>,
): { readonly name: string; readonly parts: readonly OwnPart[] }[] {
  const folder = pathOf.own(step);
  const names = existsSync(folder) ? sourcesIn(folder) : [];
  return names.map((name) => {
    let task = '';
    const parts = partsOf(join(folder, name)).map((part) => {
      // What the reference does not have belongs to what stands before it.
      task = owner.get(part.name) ?? task;
      return { ...part, task };
    });
    return { name, parts };
  });
}

/**
 * Returns how a file of another solution writes what a task asks for, with the helpers that it
 * has for that; empty if it has other names for it.
 */
export function anotherWay(step: Step, task: Task, file: string): string {
  const owner = ownersOf(step);
  const parts = partsOf(file);
  const isOwned = ({ name }: Part) => owner.has(name) || name === '';
  let last = '';
  const shown = new Set(
    parts.filter((part) => {
      last = owner.get(part.name) ?? (part.name === '' ? last : '');
      return last === task.title;
    }),
  );
  if (shown.size === 0) return '';
  const helpers = parts.filter((part) => !isOwned(part));
  for (const one of shown) {
    for (const helper of helpers) {
      const name = helper.name.replace(/^.*\./, '');
      const isUsed = new RegExp(`(?<![\\w.])${escape(name)}\\b|\\.${escape(name)}\\b`);
      if (isUsed.test(one.text)) shown.add(helper); // whose own helpers are looked for then
    }
  }
  const text = parts.filter((part) => shown.has(part)).map((part) => part.text);
  return text.join('').replace(/^\n+|\s+$/g, '');
}

const escape = (text: string) => text.replaceAll(/[$#]/g, '\\$&');

/** Returns the title of the task in whose part of the chapter something is declared. */
export function taskWith(step: Step, name: string): string | undefined {
  return ownersOf(step).get(name.replace(/\.constructor$/, ''));
}

/** The titles of tasks by the names of what the chapter shows in their sections. */
function ownersOf(step: Step): Map<string, string> {
  const taskAt = tasksByPlace(step);
  const owners = new Map<string, string>();
  for (const name of step.sources) {
    for (const { name: declared, start } of partsOf(join(pathOf.reference(step), name))) {
      const task = taskAt(name, start);
      if (task !== undefined && declared !== '') owners.set(declared, task);
    }
  }
  return owners;
}

/**
 * Returns what tells under which title the chapter shows a place of a step's file: that of a task,
 * or of another section; undefined if it does not show that.
 */
export function tasksByPlace(
  step: Step,
): (file: string, position: number) => string | undefined {
  const pieces = piecesOf(step);
  return (file, position) => {
    let end = 0;
    const isIn = ({ text }: { text: string }) => (end += text.length) > position;
    return pieces.get(file)?.find(isIn)?.task;
  };
}

/** The pieces of each file that a chapter shows, with the titles of the sections they are in. */
function piecesOf(step: Step): Map<string, { task: string; text: string }[]> {
  const pieces = new Map<string, { task: string; text: string }[]>();
  let [task, file] = ['', ''];
  let text: string[] | undefined;
  for (const line of chapterLines(step)) {
    if (text !== undefined) {
      if (!line.startsWith('```')) text.push(`${line}\n`);
      else {
        pieces.set(file, [...(pieces.get(file) ?? []), { task, text: text.join('') }]);
        text = undefined;
      }
    } else if (/^#{2,3} /.test(line)) {
      task = line.replace(/^#+ /, '');
    } else {
      const [, path] = /^```\S+ file=(\S+)$/.exec(line) ?? [];
      if (path?.startsWith(`steps/${step.folder}/`) === true)
        [file, text] = [basename(path), []];
    }
  }
  return pieces;
}

/** The declarations of a file in their order, members of classes one by one. */
function partsOf(path: string): Part[] {
  const source = readFileSync(path, 'utf8').replaceAll('\r', '');
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const parts: Part[] = [];
  let at = 0;
  const cut = (name: string, end: number, node: ts.Node) => {
    if (end > at)
      parts.push({ name, start: node.getStart(file), text: source.slice(at, end) });
    at = end;
  };
  for (const statement of file.statements) {
    if (ts.isClassDeclaration(statement) && statement.name !== undefined) {
      const owner = statement.name.text;
      const [first] = statement.members;
      cut(owner, first?.getFullStart() ?? statement.end, statement);
      for (const member of statement.members) {
        const name = ts.isConstructorDeclaration(member)
          ? owner
          : `${owner}.${member.name?.getText(file) ?? ''}`;
        cut(name, member.end, member);
      }
      cut('', statement.end, statement);
    } else {
      cut(nameOf(statement, file), statement.end, statement);
    }
  }
  return parts;
}

function nameOf(statement: ts.Statement, file: ts.SourceFile): string {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations[0]?.name.getText(file) ?? '';
  const { name } = statement as ts.Statement & { name?: ts.Node };
  return name?.getText(file) ?? '';
}

function add<T extends Part>(
  code: Map<string, string>,
  name: string,
  parts: readonly T[],
  isWanted: (part: T) => boolean,
): void {
  const text = parts
    .filter(isWanted)
    .map((part) => part.text)
    .join('')
    .replace(/^\n+|\s+$/g, '');
  if (text !== '') code.set(name, `${text}\n`);
}
