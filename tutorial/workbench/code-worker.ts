/**
 * A worker with the compiler: it makes JavaScript of the reader's code, knows its types, and says
 * what a run tells. All of that the companion's own modules do, on the disk in memory.
 *
 * @module
 */
import './stand-ins/globals.ts';
import blank from 'ts-blank-space';
import ts from 'typescript';
import { pathOf, root, sourcesIn, toPath, type Step } from '../companion/kit.ts';
import { promisesOf } from '../companion/promised.ts';
import { fileOfStub, taskOfStub } from '../companion/stub-place.ts';
import { NOT_ERASABLE_WORDS, TypeChecker, wordsOf } from '../companion/types.ts';
import { judge, syntaxErrorOf, type Verdict } from '../companion/verdict.ts';
import { disk } from './disk.ts';
import type { Answer, Call, CodeCalls, Completion, Place } from './messages.ts';

/** How many completions are offered at most. */
const MAX_COMPLETIONS = 200;

const system = {
  args: [],
  newLine: '\n',
  useCaseSensitiveFileNames: true,
  createDirectory: () => undefined,
  directoryExists: (path: string) => disk.hasFolder(path),
  exit: () => undefined,
  fileExists: (path: string) => disk.versionOf(path) !== undefined,
  getCurrentDirectory: () => root,
  getDirectories: (path: string) =>
    disk.namesIn(path).filter((name) => disk.hasFolder(`${path}/${name}`)),
  getExecutingFilePath: () => `${root}/node_modules/typescript/lib/typescript.js`,
  readDirectory: () => [],
  readFile: (path: string) => disk.read(path),
  realpath: (path: string) => path,
  resolvePath: (path: string) => path,
  write: () => undefined,
  writeFile: () => undefined,
};
// The compiler asks this for all that it reads; where it has no disk of its own, it has none.
(ts as unknown as { setSys: (system: unknown) => void }).setSys(system);

const checker = new TypeChecker();
let steps: readonly Step[] = [];

function stepOf(number: number): Step {
  const step = steps.find((one) => one.number === number);
  if (step === undefined) throw new Error(`There is no step ${number}.`);
  return step;
}

function serviceFor({ step, own }: Place): ts.LanguageService {
  return checker.serviceFor(stepOf(step), own.map(stepOf));
}

/** Makes JavaScript of a file, or says what of it is none without its types. */
function compileFile(file: string): { text: string } | { verdict: Verdict } {
  const error = syntaxErrorOf(file);
  if (error !== undefined) return { verdict: { kind: 'uncompilable', ...error } };
  const text = disk.read(file) ?? '';
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  let first: ts.Node | undefined;
  const blanked = blank(text, (node) => {
    first ??= node;
  });
  if (first === undefined) return { text: blanked };
  const { line, character } = source.getLineAndCharacterOfPosition(
    first.getStart(source),
  );
  const lines = text.split('\n');
  const place = { file: toPath(file), line: line + 1, column: character + 1 };
  return {
    verdict: {
      kind: 'uncompilable',
      words: NOT_ERASABLE_WORDS,
      place: { ...place, text: lines[line] ?? '' },
    },
  };
}

const calls: CodeCalls = {
  begin(all) {
    steps = all;
  },

  write(files) {
    disk.write(files);
  },

  compile({ own }) {
    const modules: Record<string, string> = {};
    for (const step of own.map(stepOf)) {
      const folder = pathOf.own(step);
      for (const name of sourcesIn(folder)) {
        const made = compileFile(`${folder}/${name}`);
        if ('verdict' in made) return made;
        modules[`${folder}/${name}`] = made.text;
      }
    }
    return { modules };
  },

  judge({ step: number, task, outcome }) {
    const step = stepOf(number);
    const verdict = judge(step, outcome, pathOf.own(step));
    const own = outcome.tests.filter((test) => test.task === task);
    const stub =
      verdict.kind === 'unwritten'
        ? { file: fileOfStub(step, verdict), task: taskOfStub(step, verdict).title }
        : undefined;
    return { verdict, promises: promisesOf(own), stub };
  },

  problems({ file, ...place }) {
    const service = serviceFor(place);
    const found = [
      ...service.getSyntacticDiagnostics(file),
      ...service.getSemanticDiagnostics(file),
    ];
    return found.flatMap((one) => {
      if (one.start === undefined || one.file === undefined) return [];
      const at = one.file.getLineAndCharacterOfPosition(one.start);
      return {
        from: one.start,
        to: one.start + (one.length ?? 0),
        line: at.line + 1,
        column: at.character + 1,
        words: wordsOf(one),
      };
    });
  },

  hover({ file, position, ...place }) {
    const info = serviceFor(place).getQuickInfoAtPosition(file, position);
    if (info === undefined) return undefined;
    const { start, length } = info.textSpan;
    return {
      from: start,
      to: start + length,
      declaration: ts.displayPartsToString(info.displayParts),
      text: ts.displayPartsToString(info.documentation),
    };
  },

  complete({ file, position, ...place }) {
    const found = serviceFor(place).getCompletionsAtPosition(file, position, {
      includeCompletionsForModuleExports: false,
    });
    return (found?.entries ?? [])
      .filter(({ kind }) => kind !== ts.ScriptElementKind.warning)
      .slice(0, MAX_COMPLETIONS)
      .map(({ name, kind }): Completion => ({ label: name, kind }));
  },

  format({ file, ...place }) {
    const settings = {
      ...ts.getDefaultFormatCodeSettings('\n'),
      indentSize: 2,
      tabSize: 2,
      convertTabsToSpaces: true,
      semicolons: ts.SemicolonPreference.Insert,
    };
    const edits = serviceFor(place).getFormattingEditsForDocument(file, settings);
    return edits.map(({ span, newText }) => ({
      from: span.start,
      to: span.start + span.length,
      insert: newText,
    }));
  },
};

function answer({ id, name, value }: Call): Answer {
  try {
    const call = calls[name] as (value: unknown) => unknown;
    return { id, value: call(value) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

addEventListener('message', ({ data }: MessageEvent<Call>) => postMessage(answer(data)));
postMessage({ id: 0 } satisfies Answer);
