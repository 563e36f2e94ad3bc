import { join } from 'node:path';
import { isInstalled, root } from './install.mjs';

/** What is said of packages that are not whole, or were made for another system. */
const broken = new RegExp(
  [
    'No native build was found', // LevelDB
    'for another platform|could not be found, and is needed|The service was stopped', // esbuild
    "Cannot find (package|module '([^./]|.*node_modules))",
  ].join('|'),
);

/**
 * Says that the packages do not work here, where that is why a program ends.
 *
 * @param {unknown} error - what it ends with
 * @returns undefined where it is not
 */
export function problemOfPackages(error) {
  if (!(error instanceof Error)) return undefined;
  const { code, message } = error;
  if (code !== 'ERR_DLOPEN_FAILED' && !broken.test(message)) return undefined;
  const [reason] = message.trim().split('\n');
  return (
    `The packages do not work on this system (${process.platform}, ${process.arch}): ${reason}\n` +
    `Remove the folder ${isInstalled ? join(root, '..') : join(root, 'node_modules')}, then start this again.`
  );
}
