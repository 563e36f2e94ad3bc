// npm run bundle              makes the folder pychain-bundle beside the project: the kit with its
//                             packages, for a USB stick
// npm run bundle -- FOLDER    makes it elsewhere
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { checkNode, root } from './install.mjs';
import { checkPlace, layOut, packed } from './kit.mjs';
import { PACKAGES, wanted, withPlaces } from './lock.mjs';
import { npm } from './npm.mjs';

/** How many packages npm is asked for at once, and how many such questions there are at a time. */
const CHUNK = 40;
const AT_ONCE = 3;

/** In which folder one is, where npm runs scripts in another one. */
const here = process.env.INIT_CWD ?? process.cwd();

/**
 * Fetches packages into a folder, and checks each against its digest.
 *
 * @param {ReadonlyMap<string, string>} packages - digests, by `name@version`
 * @returns {Promise<Map<string, string>>} the names of the files, by `name@version`
 */
async function fetchPackages(packages, folder) {
  mkdirSync(folder);
  const specs = [...packages.keys()].sort();
  const found = new Map();
  const work = async () => {
    for (
      let part = specs.splice(0, CHUNK);
      part.length > 0;
      part = specs.splice(0, CHUNK)
    ) {
      const args = ['pack', ...part, '--json', '--pack-destination', folder];
      for (const { id, filename } of packed(await npm(args))) found.set(id, filename);
      showProgress(found.size, packages.size);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  for (const [spec, digest] of packages)
    checkPackage(spec, digest, folder, found.get(spec));
  return found;
}

/** Refuses what is not the package that package-lock.json means. */
function checkPackage(spec, digest, folder, file) {
  const [algorithm] = digest.split('-', 1);
  const content = file === undefined ? '' : readFileSync(join(folder, file));
  const own = createHash(algorithm).update(content).digest('base64');
  if (`${algorithm}-${own}` === digest) return;
  throw new Error(
    `The registry gave something else for ${spec} than package-lock.json names.`,
  );
}

function showProgress(there, all) {
  if (process.stderr.isTTY)
    process.stderr.write(there < all ? `\r${there} of ${all} packages` : '\r\x1b[K');
}

/** What all files of a folder take, in millions of bytes. */
function megabytesOf(folder) {
  const files = readdirSync(folder, { recursive: true }).map((name) =>
    join(folder, name),
  );
  return Math.ceil(files.reduce((sum, file) => sum + statSync(file).size, 0) / 1e6);
}

/** What somebody reads who finds the folder on a stick. Windows ends its lines by \r\n. */
function readme(version, node, size) {
  return [
    `Pychain ${version}: a blockchain you build yourself, in a room without internet`,
    '',
    `1. Every computer needs Node.js ${node} or newer. It is not in here: put the`,
    '   installers for Linux, macOS and Windows beside this folder.',
    `2. Copy the folder "pychain" to the computer: ${size} MB, and once it is installed`,
    '   450 MB more.',
    '3. Open a terminal in that copy, and type one of these. The first of them installs',
    '   the packages from the copy, in a minute. None needs a network.',
    '',
    '       node learn      to write the steps yourself',
    '       node pychain    to run a node',
    '       npm test        to run the tests',
    '       npm run site    to read the chapters in a browser',
    '',
    '4. For teachers: tutorial/teaching.md in that folder has plans and questions.',
    '',
  ].join('\r\n');
}

checkNode();
const named = process.argv[2] ?? join(root, '..', 'pychain-bundle');
const folder = resolve(here, named);
const kit = join(folder, 'pychain');
const { version, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
try {
  checkPlace(named, folder);
  // Half a bundle is none.
  const remove = () => rmSync(kit, { recursive: true, force: true, maxRetries: 3 });
  process.once('SIGINT', () => {
    remove();
    process.exit(130);
  });
  await layOut(kit);
  try {
    const lockFile = join(kit, 'package-lock.json');
    const lock = readFileSync(lockFile, 'utf8');
    const packages = wanted(lock);
    console.log(`Fetching ${packages.size} packages, for Linux, macOS and Windows …`);
    const files = await fetchPackages(packages, join(kit, PACKAGES));
    writeFileSync(lockFile, withPlaces(lock, files));
  } catch (error) {
    remove();
    throw error;
  }
  const size = megabytesOf(kit);
  const [node] = /\d[\d.]*/.exec(engines.node);
  writeFileSync(join(folder, 'README.txt'), readme(version, node, size));
  console.log(`${folder}: ${size} MB. README.txt in it says how to install from it.`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
