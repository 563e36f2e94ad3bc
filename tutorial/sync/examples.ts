import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';
import { compilerOptions } from '../companion/compiler-options.ts';
import { at, wordOf, type Fence, type Page } from './markdown.ts';

/** A program that stands only in a chapter (`example=…`), and where it begins. */
interface Example {
  readonly page: Page;
  readonly fence: Fence;
  text: string;
}

/** The files of packages, which several checks share: they are most of what is parsed. */
const parsed = new Map<string, ts.SourceFile>();

/**
 * Type-checks the examples of chapters and hints with the project's settings. Blocks of a page
 * with the same name are one program. It may import the steps by their `#name`, and the files
 * of its page's step as `./block.ts`.
 */
export function exampleProblems(pages: readonly Page[], root: string): string[] {
  const examples = new Map<string, Example>();
  for (const page of pages) {
    for (const fence of page.fences) {
      const name = wordOf(fence, 'example');
      if (name === undefined) continue;
      const file = join(folderOf(page, root), `example-${name}.ts`).replaceAll('\\', '/');
      const known = examples.get(file);
      if (known?.page === page) known.text += fence.text;
      else if (known === undefined) examples.set(file, { page, fence, text: fence.text });
      else return [`${at(page, fence)}: another page has an example "${name}".`];
    }
  }
  if (examples.size === 0) return [];
  const options = compilerOptions(root);
  // Examples show functions that nothing calls, and none shares its names with another.
  options.noUnusedLocals = false;
  options.noUnusedParameters = false;
  options.moduleDetection = ts.ModuleDetectionKind.Force;
  const host = ts.createCompilerHost(options);
  const disk = { ...host };
  host.fileExists = (file) => examples.has(file) || disk.fileExists(file);
  host.readFile = (file) => examples.get(file)?.text ?? disk.readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = examples.get(file)?.text;
    if (text !== undefined) return ts.createSourceFile(file, text, version);
    const source = parsed.get(file) ?? disk.getSourceFile(file, version, ...rest);
    if (source !== undefined && file.includes('/node_modules/')) parsed.set(file, source);
    return source;
  };
  const program = ts.createProgram([...examples.keys()], options, host);
  return [...examples].flatMap(([file, { page, fence }]) => {
    const source = program.getSourceFile(file);
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return found.map(({ start = 0, messageText }) => {
      const line = source?.getLineAndCharacterOfPosition(start).line ?? 0;
      const words = ts.flattenDiagnosticMessageText(messageText, ' ');
      return `${at(page, { first: fence.first + 1 + line })}: ${words}`;
    });
  });
}

/** The folder that an example is checked in: that of its page's step, if it has one. */
function folderOf(page: Page, root: string): string {
  if (page.path.startsWith('steps/')) return join(root, dirname(page.path));
  const step = join(root, 'steps', basename(page.path, '.md'));
  return existsSync(step) ? step : join(root, 'final');
}
