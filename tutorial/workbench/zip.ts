/**
 * The reader's files as a zip file, with the paths that they have in the terminal: who unpacks it
 * in the project goes on there, and the other way round.
 *
 * @module
 */
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { ROOT, type Files } from './disk.ts';
import { shortPath } from './my-files.ts';

/** How large a file in a zip may be, in bytes. */
const MAX_FILE = 1_000_000;

/** What was found in a zip file. */
export interface Unpacked {
  readonly files: Files;
  /** The names of what is no file of the kit. */
  readonly others: readonly string[];
}

/** Packs files. */
export function pack(files: Files): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(files).map(
    ([path, text]) => [shortPath(path), strToU8(text)] as const,
  );
  return new Uint8Array(zipSync(Object.fromEntries(entries)));
}

/**
 * Unpacks files.
 *
 * @param isKnown - whether the kit has a file of that path
 * @throws Error that says why, if there is nothing to unpack
 */
export function unpack(zip: Uint8Array, isKnown: (path: string) => boolean): Unpacked {
  const others: string[] = [];
  const files: Record<string, string> = {};
  for (const [name, bytes] of Object.entries(entriesOf(zip, others))) {
    const path = pathOf(name);
    if (path !== undefined && isKnown(path)) files[path] = textOf(bytes);
    else if (!name.endsWith('/')) others.push(name);
  }
  if (Object.keys(files).length === 0)
    throw new Error(
      'This zip file holds nothing of yours: it should have files such as my/01-hashing/sha256.ts.',
    );
  return { files, others };
}

function entriesOf(zip: Uint8Array, tooLarge: string[]): Record<string, Uint8Array> {
  try {
    return unzipSync(zip, {
      filter: ({ name, originalSize }) => {
        if (originalSize > MAX_FILE) tooLarge.push(name);
        return originalSize <= MAX_FILE;
      },
    });
  } catch {
    throw new Error('This is no zip file, or it is damaged. Pack the folder my/ again.');
  }
}

/** The path on the disk in memory; a zip may hold `my` in a folder of its own. */
function pathOf(name: string): string | undefined {
  const [, path] =
    /(?:^|\/)(my\/(?:[^/]+\/[^/]+\.ts|progress\.json))$/.exec(
      name.replaceAll('\\', '/'),
    ) ?? [];
  return path === undefined ? undefined : `${ROOT}/${path}`;
}

const textOf = (bytes: Uint8Array) =>
  strFromU8(bytes)
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n');
