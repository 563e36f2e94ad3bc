/**
 * Checks the types of the reader's code.
 *
 * @module
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { compilerOptions } from './compiler-options.ts';
import { pathOf, root, sourcesIn, type Step } from './kit.ts';
import type { Frame } from './runner.ts';

/** What TypeScript does not accept. */
export interface TypeProblem {
  readonly words: string;
  readonly place: Frame;
}

/** What was parsed, for all checkers: most of it are the types of packages. */
const documents = ts.createDocumentRegistry();

/** Checks types, again and again: what has not changed is not checked anew. */
export class TypeChecker {
  #step: Step | undefined;
  #conditions = '';
  #service: ts.LanguageService | undefined;

  /**
   * Returns the first type error in the reader's files of a step.
   *
   * @param own - the steps that the reader's own code serves
   */
  check(step: Step, own: readonly Step[]): TypeProblem | undefined {
    const conditions = own.map(({ condition }) => condition).join(' ');
    if (this.#step !== step || this.#conditions !== conditions) {
      const before = this.#service;
      const host = hostFor(step, conditions.split(' '));
      this.#service = ts.createLanguageService(host, documents);
      this.#service.getProgram(); // takes over what was parsed
      before?.dispose();
      [this.#step, this.#conditions] = [step, conditions];
    }
    for (const file of filesOf(step)) {
      const errors = this.#service?.getSemanticDiagnostics(file) ?? [];
      const [error] = errors;
      if (error?.start === undefined || error.file === undefined) continue;
      const { line, character } = error.file.getLineAndCharacterOfPosition(error.start);
      const words = wordsOf(error);
      return { words, place: { file, line: line + 1, column: character + 1 } };
    }
    return undefined;
  }
}

/** What the compiler says of syntax that is more than types, as of an enum. */
const NOT_ERASABLE = 1294;

/** The first words of an error; other ones where only a setting is named. */
function wordsOf({ code, messageText }: ts.Diagnostic): string {
  if (code === NOT_ERASABLE) {
    return (
      'Node leaves out the types and nothing else, so TypeScript may not make code here: write ' +
      'out a field with its assignment, and an object in place of an enum.'
    );
  }
  return ts.flattenDiagnosticMessageText(messageText, '\n').split('\n', 2).join('\n');
}

function filesOf(step: Step): string[] {
  const folder = pathOf.own(step);
  return sourcesIn(folder).map((name) => join(folder, name));
}

function hostFor(step: Step, customConditions: string[]): ts.LanguageServiceHost {
  const settings = {
    ...compilerOptions(root),
    customConditions,
    preserveSymlinks: true, // as in the runs
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  return {
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => settings,
    getScriptFileNames: () => filesOf(step),
    getScriptVersion: (file) =>
      file.includes('node_modules')
        ? ''
        : String(statSync(file, { throwIfNoEntry: false })?.mtimeMs),
    getScriptSnapshot: (file) => {
      const text = ts.sys.readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (one) => ts.getDefaultLibFilePath(one),
  };
}
