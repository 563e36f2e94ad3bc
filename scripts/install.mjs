// Plain JavaScript without dependencies: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The project's folder. */
export const root = join(import.meta.dirname, '..');

const packagesIn = (file) => {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
};

/** Whether what package-lock.json asks for is what node_modules holds. */
function isInstalled(withTools) {
  const wanted = packagesIn('package-lock.json');
  const found = packagesIn('node_modules/.package-lock.json'); // npm writes it last
  return (
    found !== undefined &&
    Object.entries(wanted).every(([path, { version, dev, optional, devOptional }]) => {
      const needed = path !== '' && !optional && !devOptional && (withTools || !dev);
      return !needed || found[path]?.version === version;
    })
  );
}

/**
 * Installs the packages if they are missing or out of date.
 *
 * @param {{ withTools: boolean }} options - whether the tests and checks are needed too
 */
export function install({ withTools }) {
  if (isInstalled(withTools)) return;
  console.error(
    withTools
      ? 'Installing the packages, with those for tests and checks. This happens once.'
      : 'Installing the packages. This happens once and takes some seconds.',
  );
  const { status } = spawnSync('npm', ['ci', ...(withTools ? [] : ['--omit=dev'])], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32', // npm is a .cmd file there
  });
  if (status === 0) return;
  console.error('npm could not install the packages. Is the network up? Then try again.');
  process.exit(1);
}

/**
 * Ends the program with a sentence if Node is too old. Reads package.json, so that the
 * version stands in one place.
 */
export function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [major, minor] = engines.node.match(/\d+/g).map(Number);
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  console.error(
    `This needs Node ${major}.${minor} or newer; this is ${process.version}.`,
  );
  process.exit(1);
}
