/**
 * Reads what was handed in: folders and zip files of strangers. Nothing of it is unpacked where it says,
 * and of all that is in it only programs for the steps are taken.
 *
 * @module
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unzipSync } from 'fflate';

/** How many files and folders of a submission are looked at. */
const MAX_ENTRIES = 5_000;

/** How deep its folders may be. */
const MAX_DEPTH = 12;

/** How many files are taken, how long one may be, and all of them, in bytes. */
const [MAX_FILES, MAX_FILE, MAX_ALL] = [200, 300_000, 3_000_000];

/** How large a zip file may be, in bytes. */
const MAX_ZIP = 50_000_000;

/** What somebody handed in. */
export interface Submission {
  /** As its folder or zip file is named. */
  readonly name: string;
  /** The texts of its programs, by their paths below `my/`. */
  readonly files: ReadonlyMap<string, string>;
  /** What of it was left out, as sentences. */
  readonly notes: readonly string[];
  /** Why it cannot be graded, as a sentence. */
  readonly problem?: string;
}

/** A file of a submission that was not read yet. */
interface Entry {
  /** Its path in the submission, with slashes. */
  readonly path: string;
  readonly size: number;
  readonly read: () => Uint8Array;
}

/** All that is in a submission. */
interface Contents {
  readonly entries: readonly Entry[];
  /** How many things are links to something else. */
  readonly links: number;
  /** How many have names that lead out of the submission. */
  readonly strays: number;
}

/**
 * Returns the submissions in a folder, in the order of their names.
 *
 * @param steps - the folders of the steps, such as `01-hashing`
 * @throws Error with a sentence, if there are none
 */
export function findSubmissions(folder: string, steps: readonly string[]): Submission[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new Error(
      `There is no folder ${folder}. Name one with a submission in each folder or zip file.`,
    );
  const found = readdirSync(folder, { withFileTypes: true }).filter(
    ({ name }) => !name.startsWith('.') && name !== '__MACOSX',
  );
  const own = found.find(({ name }) => name === 'my' || steps.includes(name));
  if (own !== undefined) {
    throw new Error(
      `${folder} holds ${own.name}, so it looks like one submission. Name the folder that this one is in.`,
    );
  }
  const submissions = found
    .filter((one) => one.isDirectory() || one.isSymbolicLink() || isZip(one.name))
    .map((one) => {
      const path = join(folder, one.name);
      if (one.isSymbolicLink())
        return refused(one.name, 'It is a symbolic link, and may lead anywhere.');
      return readSubmission(path, steps);
    });
  if (submissions.length === 0)
    throw new Error(`There is no submission in ${folder}: no folder, and no zip file.`);
  const byName = (one: Submission, other: Submission) => (one.name < other.name ? -1 : 1);
  return submissions.sort(byName);
}

/** Reads the folder or the zip file of a submission. */
export function readSubmission(path: string, steps: readonly string[]): Submission {
  const name = basename(path).normalize('NFC');
  try {
    const contents = statSync(path).isDirectory() ? inFolder(path) : inZip(path);
    return take(name, contents, steps);
  } catch (error) {
    return refused(name, error instanceof Error ? error.message : 'It cannot be read.');
  }
}

const isZip = (name: string) => /\.zip$/i.test(name);

const refused = (name: string, problem: string): Submission => ({
  name: name.normalize('NFC'),
  files: new Map(),
  notes: [],
  problem,
});

/** Folders that hold nothing of the reader's. */
const isForeign = (name: string) =>
  ['node_modules', '.git', '__MACOSX', 'old'].includes(name);

function inFolder(root: string): Contents {
  const entries: Entry[] = [];
  let [links, seen] = [0, 0];
  const visit = (folder: string, depth: number): void => {
    if (depth > MAX_DEPTH) throw new Error('Its folders are too deep.');
    for (const one of readdirSync(join(root, folder), { withFileTypes: true })) {
      seen += 1;
      if (seen > MAX_ENTRIES) throw new Error('It holds too many files.');
      const path = folder === '' ? one.name : `${folder}/${one.name}`;
      const full = join(root, path);
      if (one.isSymbolicLink()) links += 1;
      else if (one.isDirectory() && !isForeign(one.name)) visit(path, depth + 1);
      else if (one.isFile()) {
        const size = statSync(full).size;
        entries.push({ path, size, read: () => readFileSync(full) });
      }
    }
  };
  visit('', 1);
  return { entries, links, strays: 0 };
}

function inZip(path: string): Contents {
  if (statSync(path).size > MAX_ZIP) throw new Error('The zip file is too large.');
  return contentsOf(readFileSync(path));
}

function contentsOf(zip: Uint8Array): Contents {
  const listed: { path: string; name: string; size: number }[] = [];
  let strays = 0;
  const list = ({ name, originalSize }: { name: string; originalSize: number }) => {
    if (listed.length + strays >= MAX_ENTRIES) throw new TooMany();
    const path = name.replaceAll('\\', '/');
    const parts = path.split('/');
    if (/^(\/|[a-z]:)/i.test(path) || parts.includes('..')) strays += 1;
    else if (!path.endsWith('/') && !parts.some(isForeign))
      listed.push({ path, name, size: originalSize });
    return false;
  };
  try {
    unzipSync(zip, { filter: list });
  } catch (error) {
    const cause = { cause: error };
    if (error instanceof TooMany) throw new Error('It holds too many files.', cause);
    throw new Error('This is no zip file, or it is damaged.', cause);
  }
  const entries = listed.map(({ path, name, size }) => ({
    path,
    size,
    // Memory is taken for the size that was looked at; a file that is larger in truth is refused.
    read: () => {
      const found = unzipSync(zip, {
        filter: (one) => one.name === name && one.originalSize === size,
      });
      const bytes = found[name];
      if (bytes === undefined || bytes.length > size)
        throw new Error('The zip file is damaged.');
      return bytes;
    },
  }));
  return { entries, links: 0, strays };
}

class TooMany extends Error {}

/** Takes the programs of the steps. */
function take(name: string, contents: Contents, steps: readonly string[]): Submission {
  const { entries, links, strays } = contents;
  const root = rootOf(entries, steps);
  if (root === undefined) {
    const zips = entries.filter(({ path }) => isZip(path));
    const [zip] = zips;
    if (zip === undefined || zips.length > 1 || zip.size > MAX_ZIP)
      return refused(name, 'It holds no folder my/, and no folder such as 01-hashing/.');
    return take(name, { ...contentsOf(zip.read()), links }, steps);
  }
  if (root.length > 1) {
    const all = root.map((one) => (one === '' ? 'its own folder' : one)).join(' and ');
    return refused(
      name,
      `It holds more than one folder with steps: ${all}. Leave the one that counts.`,
    );
  }
  const [prefix = ''] = root;
  const own = entries
    .filter(({ path }) => path.startsWith(prefix))
    .map((entry) => ({ ...entry, path: entry.path.slice(prefix.length) }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  const files = new Map<string, string>();
  let all = 0;
  const left = { tests: 0, settings: 0, large: 0 };
  for (const { path, size, read } of own) {
    const last = basename(path);
    if (/^(package(-lock)?\.json|jest\.config\..*|\.npmrc|babel\.config\..*)$/.test(last))
      left.settings += 1;
    if (!isProgram(path, steps)) continue;
    if (/[.-](test|spec)\.[cm]?[jt]s$/.test(last)) left.tests += 1;
    else if (size > MAX_FILE || all + size > MAX_ALL || files.size >= MAX_FILES)
      left.large += 1;
    else {
      all += size;
      files.set(path, textOf(read()));
    }
  }
  const notes = [
    ...(left.tests > 0 ? [`Tests that it brings were left out (${left.tests}).`] : []),
    ...(left.settings > 0
      ? [`Settings that it brings were left out (${left.settings}).`]
      : []),
    ...(left.large > 0
      ? [`Files that are too large were left out (${left.large}).`]
      : []),
    ...(links > 0 ? [`Symbolic links were left out (${links}).`] : []),
    ...(strays > 0 ? [`Paths that lead out of it were left out (${strays}).`] : []),
  ];
  return { name, files, notes };
}

/** Whether something is a program in the folder of a step. */
const isProgram = (path: string, steps: readonly string[]) =>
  steps.includes(path.split('/')[0] ?? '') &&
  /\.[cm]?[jt]s$/.test(path) &&
  !path.endsWith('.d.ts') &&
  !path.split('/').some((part) => part.startsWith('.'));

/** Where folders of steps are: in a `my/` if there is one, else anywhere but in `steps/`. */
function rootOf(
  entries: readonly Entry[],
  steps: readonly string[],
): string[] | undefined {
  const roots = new Set<string>();
  for (const { path } of entries) {
    const parts = path.split('/');
    const at = parts.findIndex((part, i) => i < parts.length - 1 && steps.includes(part));
    if (at !== -1)
      roots.add(
        parts
          .slice(0, at)
          .map((part) => `${part}/`)
          .join(''),
      );
  }
  const all = [...roots].sort();
  const named = all.filter((root) => /(^|\/)my\/$/i.test(root));
  const some =
    named.length > 0 ? named : all.filter((root) => !/(^|\/)steps\/$/.test(root));
  const depthOf = (root: string) => root.split('/').length;
  const least = Math.min(...some.map(depthOf));
  const found = some.filter((root) => depthOf(root) === least);
  return found.length > 0 ? found : undefined;
}

/** Reads a text as editors write it: with a mark of its encoding or without, with any line ends. */
function textOf(bytes: Uint8Array): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes);
  return text.replaceAll('\r\n', '\n');
}
