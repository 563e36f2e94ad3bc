/**
 * Contracts in chapters: what a task is to write, as its declarations and their docstrings say it.
 *
 * @module
 */
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { compilerOptions } from '../companion/compiler-options.ts';
import { at, wordOf, type Fence, type Page } from './markdown.ts';

/** A declaration; a member of a class stands below the head of its class. */
interface Part {
  readonly owner: string;
  readonly head?: string;
  readonly text: string;
}

/** The declarations of source files, as the compiler writes them. */
export class Contracts {
  readonly #root: string;
  readonly #program: ts.Program;
  readonly #emitted = new Map<string, ts.SourceFile>();

  /**
   * @param root - the project's folder
   * @param files - the files whose declarations are asked for, relative to it
   */
  constructor(root: string, files: Iterable<string>) {
    this.#root = root;
    const emit = { noEmit: false, declaration: true, emitDeclarationOnly: true };
    const paths = [...new Set(files)].map((file) => join(root, file));
    this.#program = ts.createProgram(paths, { ...compilerOptions(root), ...emit });
  }

  /**
   * Returns what a file declares under some names, with docstrings and without bodies.
   *
   * @param names - such as `sha256`, or `Chain.append` for one member of a class
   * @throws Error with a sentence if the file declares no such thing
   */
  async of(file: string, names: readonly string[]): Promise<string> {
    const path = join(this.#root, file);
    const source = this.#program.getSourceFile(path);
    if (source === undefined) throw new Error(`there is no file ${file}.`);
    const parts = names
      .map((name) => name.split('.'))
      .map(([owner = '', member]): Part => {
        const own = statementOf(source, owner);
        if (own === undefined) throw new Error(`${file} declares no ${owner}.`);
        const isGiven = ts.isInterfaceDeclaration(own) || ts.isTypeAliasDeclaration(own);
        if (isGiven || isValue(own, source)) return { owner, text: textOf(own, source) };
        const declared = this.#declarations(path, source);
        const statement = statementOf(declared, owner) ?? own;
        if (!ts.isClassDeclaration(statement))
          return { owner, text: textOf(statement, declared) };
        return { owner, ...classText(statement, declared, member, file) };
      });
    const texts: string[] = [];
    for (const [i, { owner, text, head }] of parts.entries()) {
      // Members of one class that are named in a row stand in one class.
      const isFirst = head === undefined || parts[i - 1]?.owner !== owner;
      const isLast = head === undefined || parts[i + 1]?.owner !== owner;
      texts.push(
        [isFirst ? (head ?? '') : '', text, head && isLast ? '}' : ''].join('\n'),
      );
    }
    const options = await resolveConfig(path);
    return format(texts.join('\n\n'), { ...options, filepath: path });
  }

  /** What the compiler declares for a file. */
  #declarations(path: string, source: ts.SourceFile): ts.SourceFile {
    const known = this.#emitted.get(path);
    if (known !== undefined) return known;
    let text = '';
    this.#program.emit(source, (_path, output) => (text += output));
    const parsed = ts.createSourceFile(
      'contract.d.ts',
      text,
      ts.ScriptTarget.Latest,
      true,
    );
    this.#emitted.set(path, parsed);
    return parsed;
  }
}

/** The statement that declares a name. */
function statementOf(file: ts.SourceFile, name: string): ts.Statement | undefined {
  return file.statements.find((statement) => {
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.some(
        (one) => one.name.getText(file) === name,
      );
    }
    const declared = statement as ts.Statement & { name?: ts.Node };
    return declared.name?.getText(file) === name;
  });
}

/** Whether a statement gives a plain value, which says more than its type. */
function isValue(statement: ts.Statement, file: ts.SourceFile): boolean {
  if (!ts.isVariableStatement(statement)) return false;
  return statement.declarationList.declarations.every(
    ({ initializer }) =>
      initializer !== undefined &&
      !ts.isArrayLiteralExpression(initializer) &&
      !ts.isFunctionLike(initializer) &&
      initializer.getText(file).length < 40,
  );
}

/** A node with its docstring. */
function textOf(node: ts.Node, file: ts.SourceFile): string {
  return file.text.slice(node.getStart(file, true), node.end);
}

/** One member of a class, or all that are not private, between the lines of the class. */
function classText(
  statement: ts.ClassDeclaration,
  file: ts.SourceFile,
  name: string | undefined,
  path: string,
): { readonly head: string; readonly text: string } {
  const shown = statement.members.filter((member) => {
    const own = ts.isConstructorDeclaration(member)
      ? 'constructor'
      : (member.name?.getText(file) ?? '');
    return name === undefined ? !own.startsWith('#') : own === name;
  });
  if (shown.length === 0)
    throw new Error(`${path} declares no ${statement.name?.text}.${name}.`);
  const head = textOf(statement, file).slice(
    0,
    statement.members.pos - statement.end || undefined,
  );
  return {
    head: name === undefined ? head : head.slice(head.indexOf('export')),
    text: shown.map((member) => textOf(member, file)).join('\n\n'),
  };
}

/** The contracts of a page (`contract=FILE names=A,B`). */
function contractsOf(page: Page): Fence[] {
  return page.fences.filter((fence) => wordOf(fence, 'contract') !== undefined);
}

/** A contract that a page shows, and what it is to show. */
export interface Contract {
  readonly page: Page;
  readonly fence: Fence;
  /** Undefined where the file declares no such thing. */
  readonly text: string | undefined;
  /** Why not, as a sentence. */
  readonly problem?: string;
}

/** Reads what each contract of some pages is to show. */
export async function readContracts(
  pages: readonly Page[],
  root: string,
): Promise<Contract[]> {
  const all = pages.flatMap((page) =>
    contractsOf(page).map((fence) => ({ page, fence })),
  );
  if (all.length === 0) return [];
  const fileOf = (fence: Fence) => wordOf(fence, 'contract') ?? '';
  const contracts = new Contracts(
    root,
    all.map(({ fence }) => fileOf(fence)),
  );
  const read: Contract[] = [];
  for (const { page, fence } of all) {
    const names = wordOf(fence, 'names')?.split(',') ?? [];
    try {
      const text = await contracts.of(fileOf(fence), names);
      const isBare = fence.words.includes('bare');
      read.push({ page, fence, text: isBare ? await bare(text) : text });
    } catch (error) {
      read.push({ page, fence, text: undefined, problem: (error as Error).message });
    }
  }
  return read;
}

/** How wide a slide is, in characters of its code. */
const SLIDE_WIDTH = 80;

/** What a slide has room for (`contract=… bare`): only what is to be called, and how. */
async function bare(contract: string): Promise<string> {
  const code = contract
    .replaceAll(/^ *\/\*\*.*?\*\/\n/gms, '')
    .replaceAll(/^export (declare )?/gm, '');
  const options = await resolveConfig(join(import.meta.dirname, 'contract.ts'));
  const narrow = { ...options, parser: 'typescript', printWidth: SLIDE_WIDTH };
  const text = await format(code, narrow);
  return text.replaceAll(/\n{2,}/g, '\n');
}

/** Says in sentences where contracts and source files are not the same. */
export async function contractProblems(
  pages: readonly Page[],
  root: string,
): Promise<string[]> {
  const contracts = await readContracts(pages, root);
  return contracts.flatMap(({ page, fence, text, problem }) => {
    if (problem !== undefined) return [`${at(page, fence)}: ${problem}`];
    if (text === fence.text) return [];
    return [
      `${at(page, fence)}: the contract is not what the source declares. Run npm run tutorial:sync.`,
    ];
  });
}
