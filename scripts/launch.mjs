import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkNode, install, root } from './install.mjs';
import './pipe.mjs';

/** What is said of packages that are not whole, or were made for another system. */
const broken = new RegExp(
  [
    'No native build was found', // LevelDB
    'for another platform|could not be found, and is needed|The service was stopped', // esbuild
    "Cannot find (package|module '.*node_modules)",
  ].join('|'),
);

/**
 * Runs a program of the project in this process as it stands, once what it needs is there.
 *
 * @param {string} program - its TypeScript file
 * @param {{ withTools: boolean }} options - whether it needs the tests' packages too
 */
export async function launch(program, options) {
  checkNode();
  install(options);
  // TypeScript has this project's settings, whichever folder one is in.
  process.env.TSX_TSCONFIG_PATH = join(root, 'tsconfig.json');
  try {
    const { register } = await import('tsx/esm/api');
    register();
    await import(pathToFileURL(join(root, program)).href);
  } catch (error) {
    const { code, message } = error;
    if (code !== 'ERR_DLOPEN_FAILED' && !broken.test(message)) throw error;
    const [reason] = message.trim().split('\n');
    console.error(
      `The packages do not work on this system (${process.platform}, ${process.arch}): ${reason}\n` +
        `Remove the folder ${join(root, 'node_modules')}, then start this again.`,
    );
    process.exit(1);
  }
}
