// Turns the files of a submission into JavaScript. Runs in a thread of its own, which the grader ends if
// a file takes too long: these are texts of strangers. Plain JavaScript, so that a thread can load it.
import { parentPort } from 'node:worker_threads';
import blank from 'ts-blank-space';
import ts from 'typescript';

const options = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2022,
  verbatimModuleSyntax: true,
};

parentPort.on('message', ({ name, text }) => parentPort.postMessage(compile(name, text)));

/** Returns the JavaScript of a file, with all in its place, or what is wrong and where. */
function compile(fileName, text) {
  try {
    const compilerOptions = { ...options };
    const { diagnostics, outputText } = ts.transpileModule(text, {
      fileName,
      compilerOptions,
      reportDiagnostics: true,
    });
    const [error] = diagnostics ?? [];
    if (error?.file !== undefined && error.start !== undefined) {
      const place = error.file.getLineAndCharacterOfPosition(error.start);
      const words = ts.flattenDiagnosticMessageText(error.messageText, ' ');
      return { words, line: place.line + 1, column: place.character + 1 };
    }
    let isErasable = true;
    const erased = blank(text, () => (isErasable = false));
    // Enums and the like are more than types, and take other lines.
    return { code: isErasable ? erased : outputText };
  } catch (error) {
    return { words: `${error}`, line: 1, column: 1 };
  }
}
