// What the kit consists of, and how it travels: as a package, which npm makes; as a folder, which
// is laid out from a package or from a clone. Without dependencies, for a package has few.
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { isInstalled, root } from './install.mjs';
import { withoutPlaces } from './lock.mjs';
import { npm } from './npm.mjs';

const ASIDE = 'scripts/left-out';

/**
 * npm leaves these out of every package, or gives them another name where one is installed. So in
 * a package they lie aside, under names that say nothing to npm.
 */
export const leftOut = [
  ['.gitignore', `${ASIDE}/gitignore`],
  ['.npmrc', `${ASIDE}/npmrc`],
  ['package-lock.json', `${ASIDE}/package-lock.json`],
];

/** What npm writes into a package of its own accord, or what the system does. */
const isNone = (path) =>
  /^(node_modules\/|\.npmignore$)|(^|\/)(\._|\.DS_Store$)/.test(path);

/**
 * The files of the kit here: pairs of the path that one has in the kit, and of where it lies.
 *
 * @throws Error with a sentence where they are not all here
 */
export async function kitFiles() {
  if (!existsSync(join(root, 'learn')))
    throw new Error('This copy of the project holds a node only, and not the kit.');
  const paths = isInstalled ? pathsIn(root) : await packedPaths();
  const aside = isInstalled ? leftOut : leftOut.map(([name]) => [name, name]);
  const missing = aside.find(([, path]) => !existsSync(join(root, path)));
  if (missing !== undefined)
    throw new Error(
      `This package lacks ${missing[0]}, which npm leaves out. Whoever made it by "npm pack" ` +
        'makes one that has it by: npm run pack',
    );
  const own = paths.filter((path) => !isNone(path) && !path.startsWith(`${ASIDE}/`));
  const names = new Set(aside.map(([name]) => name));
  return [
    ...aside,
    ...own.filter((path) => !names.has(path)).map((path) => [path, path]),
  ];
}

/** The paths of all files in a folder, with slashes, without packages that are installed there. */
function pathsIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory()
        ? pathsIn(path)
        : [relative(root, path).replaceAll(sep, '/')];
    });
}

/** The paths that npm takes into a package, by `files` in package.json. */
export async function packedPaths() {
  const [{ files }] = packed(await npm(['pack', '--dry-run', '--json']));
  return files.map(({ path }) => path);
}

/** Reads what `npm pack --json` says: of each package its `id`, its `filename`, and more. */
export const packed = (json) => Object.values(JSON.parse(json));

/**
 * Lays the kit out in a folder.
 *
 * @param {string} folder - a new one, or one that is empty
 * @param {{ asPackage?: boolean }} form - whether npm is to make a package of it
 * @throws Error with a sentence where that cannot be
 */
export async function layOut(folder, { asPackage = false } = {}) {
  const place = resolve(folder);
  const isNew = checkPlace(folder, place);
  const asides = new Map(leftOut);
  try {
    for (const [path, from] of await kitFiles()) {
      const to = join(place, (asPackage ? asides.get(path) : undefined) ?? path);
      mkdirSync(dirname(to), { recursive: true });
      copyFileSync(join(root, from), to);
      chmodSync(to, statSync(to).mode | constants.S_IWUSR); // some keep packages read-only
      if (path === 'package-lock.json')
        writeFileSync(to, withoutPlaces(readFileSync(to, 'utf8')));
    }
  } catch (error) {
    if (isNew) rmSync(place, { recursive: true, force: true });
    throw problemOfPlace(folder, error);
  }
}

/** Refuses a place that is taken; says whether it is new. */
export function checkPlace(folder, place) {
  if (`${place}${sep}`.startsWith(`${root}${sep}`) || basename(place) === 'node_modules')
    throw new Error(`${folder} is in the project itself. Name a folder elsewhere.`);
  try {
    const isNew = !existsSync(place);
    makeFolder(place);
    if (readdirSync(place).length > 0)
      throw new Error(
        `${folder} is there already, and holds something. Name a folder that is new or empty.`,
      );
    accessSync(place, constants.W_OK);
    return isNew;
  } catch (error) {
    throw problemOfPlace(folder, error);
  }
}

/** Makes a folder, and those above it. Node's own way never ends where none can be made. */
function makeFolder(place) {
  const above = dirname(place);
  if (existsSync(place)) return;
  if (!existsSync(above) && above !== place) makeFolder(above);
  mkdirSync(place);
}

const reasons = {
  EACCES: 'you have no right to write there',
  EPERM: 'you have no right to write there',
  EROFS: 'nothing can be written there',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'there is no such place',
  ENOTDIR: 'a file has that name, or that of a folder above it',
};

/** Says why files cannot be written to a place. */
function problemOfPlace(folder, error) {
  const reason = reasons[error.code];
  if (reason === undefined) return error;
  return new Error(
    `The kit cannot be laid out in ${folder}: ${reason}. Name another folder.`,
  );
}
