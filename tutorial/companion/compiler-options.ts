import ts from 'typescript';
import { join } from 'node:path';

/** Returns the project's own settings, as the compiler takes them. */
export function compilerOptions(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) =>
    ts.sys.readFile(file),
  ) as { config: unknown };
  // Which files belong to the project is asked by nobody here, and takes long to find out.
  const disk = { ...ts.sys, readDirectory: () => [] };
  return ts.parseJsonConfigFileContent(config, disk, root).options;
}
