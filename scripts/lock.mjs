import { fits } from './install.mjs';

// package-lock.json says which packages are needed, and may say where each one lies. The project's
// own says the latter of none: npm asks the registry then. In a bundle it names files.

/** Where the packages of a bundle lie, in the kit. */
export const PACKAGES = 'packages';

const place = (name) => `file:${PACKAGES}/${name}`;

/** Machines of a class: what people have on their desks. */
const classroom = {
  os: ['linux', 'darwin', 'win32'],
  cpu: ['x64', 'arm64'],
  libc: ['glibc'],
};

/** Whether a package runs on some machine of a class: those with machine code say on which. */
const isForClass = (one) =>
  Object.entries(classroom).every(
    ([kind, ours]) => one[kind] === undefined || ours.some((own) => fits(one[kind], own)),
  );

const read = (text) => JSON.parse(text);
const write = (lock) => `${JSON.stringify(lock, null, 2)}\n`;

/**
 * The packages that machines of a class need: each as `name@version`, with its digest.
 *
 * @param {string} text - package-lock.json
 * @returns {Map<string, string>}
 */
export function wanted(text) {
  return new Map(
    entriesOf(read(text))
      .filter(([, one]) => isForClass(one))
      .map(([path, one]) => [specOf(path, one), one.integrity]),
  );
}

const entriesOf = ({ packages }) =>
  Object.entries(packages).filter(([path]) => path !== '');

const specOf = (path, { name = path.replace(/^.*node_modules\//, ''), version }) =>
  `${name}@${version}`;

/**
 * Lets package-lock.json name the files in which packages lie.
 *
 * @param {string} text - package-lock.json
 * @param {ReadonlyMap<string, string>} files - their names, by `name@version`
 */
export function withPlaces(text, files) {
  const lock = read(text);
  for (const [path, one] of entriesOf(lock)) {
    const file = files.get(specOf(path, one));
    if (file !== undefined) one.resolved = place(file);
  }
  return write(lock);
}

/** Takes the files of a bundle out of package-lock.json. Without any, it stays as it is. */
export function withoutPlaces(text) {
  const lock = read(text);
  const placed = entriesOf(lock).filter(([, { resolved }]) =>
    resolved?.startsWith(place('')),
  );
  for (const [, one] of placed) delete one.resolved;
  return placed.length === 0 ? text : write(lock);
}
