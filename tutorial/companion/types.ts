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
    const service = this.serviceFor(step, own);
    for (const file of filesOf(step)) {
      const [error] = service.getSemanticDiagnostics(file);
      if (error?.start === undefined || error.file === undefined) continue;
      const { line, character } = error.file.getLineAndCharacterOfPosition(error.start);
      const words = wordsOf(error);
      return { words, place: { file, line: line + 1, column: character + 1 } };
    }
    return undefined;
  }

  /** Returns what knows all of the types in the reader's files of a step. */
  serviceFor(step: Step, own: readonly Step[]): ts.LanguageService {
    const conditions = own.map(({ condition }) => condition).join(' ');
    const before = this.#service;
    if (before !== undefined && this.#step === step && this.#conditions === conditions)
      return before;
    const service = ts.createLanguageService(
      hostFor(step, conditions.split(' ')),
      documents,
    );
    service.getProgram(); // takes over what was parsed
    before?.dispose();
    [this.#service, this.#step, this.#conditions] = [service, step, conditions];
    return service;
  }
}

/** What the compiler says of syntax that is more than types, as of an enum. */
const NOT_ERASABLE = 1294;

/** What to say of it. */
export const NOT_ERASABLE_WORDS =
  'Node leaves out the types and nothing else, so TypeScript may not make code here: write ' +
  'out a field with its assignment, and an object in place of an enum.';

/** Returns the first words of an error; other ones where only a setting is named. */
export function wordsOf({ code, messageText }: ts.Diagnostic): string {
  if (code === NOT_ERASABLE) return NOT_ERASABLE_WORDS;
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
