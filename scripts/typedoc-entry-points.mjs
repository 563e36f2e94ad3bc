import { join } from 'node:path';
import ts from 'typescript';
import { root } from './install.mjs';
import { steps } from './steps.mjs';

/**
 * A plugin of TypeDoc that names the entry points: the index.ts of each step. TypeDoc itself looks
 * for them by patterns, and fails where the project's path holds brackets, as in "pychain (1)".
 */
export function load(app) {
  app.getEntryPoints = () => {
    const { options, logger } = app;
    const program = ts.createProgram({
      rootNames: options.getFileNames(),
      options: options.getCompilerOptions(logger),
    });
    return steps.map(({ folder: displayName }) => {
      const file = join(root, 'steps', displayName, 'index.ts');
      return { displayName, program, sourceFile: program.getSourceFile(file) };
    });
  };
}
