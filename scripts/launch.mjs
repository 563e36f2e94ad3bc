import { createRequire } from 'node:module';
import { join } from 'node:path';
import { checkNode, install, isInstalled, root, typed } from './install.mjs';
import { problemOfPackages } from './packages.mjs';
import './pipe.mjs';

/**
 * Runs a program of the project in this process as it stands, once what it needs is there.
 *
 * @param {string} program - its TypeScript file
 * @param {{ withTools: boolean }} options - whether it needs the tests' packages too
 */
export function launch(program, options) {
  checkNode();
  install(options);
  process.on('uncaughtException', (error) => {
    console.error(problemOfPackages(error) ?? error);
    process.exit(1);
  });
  if (isInstalled) process.env.PYCHAIN_TYPED = typed();
  // TypeScript has this project's settings, whichever folder one is in.
  process.env.TSX_TSCONFIG_PATH = join(root, 'tsconfig.json');
  // By `require`, it is there in a third of the time that the loader of ES modules takes.
  const require = createRequire(import.meta.url);
  require('tsx/cjs/api').register();
  require(join(root, program));
}
