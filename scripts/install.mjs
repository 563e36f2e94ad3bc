// Plain JavaScript without dependencies: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explainNpm } from './npm-errors.mjs';

/** The project's folder. Also where Node is too old, which is to be said. */
export const root = join(fileURLToPath(import.meta.url), '..', '..');

/** Whether this is a package that npm has installed, with what it needs, and no place to work in. */
export const isInstalled = basename(join(root, '..')) === 'node_modules';

const packagesIn = (file) => {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
};

/** Returns why the packages have to be installed; undefined if they are there. */
function whatIsMissing(withTools) {
  const wanted = packagesIn('package-lock.json');
  const found = packagesIn('node_modules/.package-lock.json'); // npm writes it last
  if (found === undefined) return 'Installing the packages.';
  const foreign = Object.entries(found).find(([, one]) => !isForThisSystem(one));
  if (foreign !== undefined) {
    const name = foreign[0].replace(/^.*node_modules\//, '');
    return `Installing the packages anew: node_modules is of another system (${name}).`;
  }
  const isThere = ([path, { version, dev, optional, devOptional }]) => {
    const needed = path !== '' && !optional && !devOptional && (withTools || !dev);
    return !needed || (found[path]?.version === version && existsSync(join(root, path)));
  };
  return Object.entries(wanted).every(isThere)
    ? undefined
    : 'Installing the packages that are missing or of another version.';
}

/** Whether a package runs here: those with machine code say for which systems it is. */
function isForThisSystem({ os = [process.platform], cpu = [process.arch] }) {
  return fits(os, process.platform) && fits(cpu, process.arch);
}

/** Whether a list of systems names one, or names only others that it leaves out. */
export const fits = (list, own) =>
  list.includes(own) ||
  (list.every((one) => one.startsWith('!')) && !list.includes(`!${own}`));

/**
 * Installs the packages if they are missing, out of date, or for another system.
 *
 * @param {{ withTools: boolean }} options - whether the tests and checks are needed too
 */
export function install({ withTools }) {
  if (isInstalled) return checkTools(withTools);
  const reason = whatIsMissing(withTools);
  if (reason === undefined) return;
  console.error(`${reason} This happens once and takes a minute or two.`);
  const endProgress = showProgress(withTools);
  const result = runNpm([
    'ci',
    // Whatever NODE_ENV or npm's settings say:
    withTools ? '--include=dev' : '--omit=dev',
    '--include=optional', // machine code for this system
    '--install-strategy=hoisted',
    '--package-lock',
    '--no-workspaces', // a folder above may take this one for a part of its own
  ]);
  endProgress();
  if (result.status === 0) return;
  console.error(explainNpm(result));
  process.exit(1);
}

/** Ends the program with a sentence where it needs what no installed package has. */
function checkTools(withTools) {
  if (!withTools) return;
  console.error(
    'This is the package, which runs nodes. To write the steps and to run the tests, lay the ' +
      `whole kit out in a folder of your own first: ${typed()} new my-chain`,
  );
  process.exit(1);
}

/** What one types to run the installed package, where no file ./pychain is. */
export function typed() {
  try {
    // npx notes what it was asked for.
    const { _npx } = JSON.parse(
      readFileSync(join(root, '..', '..', 'package.json'), 'utf8'),
    );
    const [name] = _npx.packages;
    if (/^[\x21-\x7e]+$/.test(name)) return `npx ${name}`;
    if (/^[^\p{C}"$`]+$/u.test(name)) return `npx "${name}"`;
  } catch {
    // Then it was installed in another way, and has its own name.
  }
  return 'npx pychain';
}

/** Draws on a terminal how far the installation is; returns what ends that. */
function showProgress(withTools) {
  if (!process.stderr.isTTY) return () => undefined;
  const script = join(root, 'scripts', 'install-progress.mjs');
  const args = [script, root, ...(withTools ? ['tools'] : [])];
  const drawing = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return () => {
    drawing.kill();
    process.stderr.write(`\r${' '.repeat(60)}\r`);
  };
}

/** Runs npm in the project's folder, and keeps what it complains of. */
function runNpm(args) {
  const options = { cwd: root, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' };
  if (process.platform !== 'win32') return spawnSync('npm', args, options);
  // There npm is a .cmd file: only a shell runs it, and says in its own words if there is none.
  const folders = (process.env.PATH ?? '').split(delimiter);
  if (!folders.some((folder) => existsSync(join(folder, 'npm.cmd'))))
    return { error: { code: 'ENOENT' } };
  return spawnSync(['npm', ...args].join(' '), { ...options, shell: true });
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
