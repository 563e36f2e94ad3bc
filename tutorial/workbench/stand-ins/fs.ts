/**
 * For `node:fs`: reads from the disk in memory.
 *
 * @module
 */
import { disk } from '../disk.ts';

/** As in Node. */
export const existsSync = (path: string): boolean =>
  disk.versionOf(path) !== undefined || disk.hasFolder(path);

/** As in Node, for text. */
export function readFileSync(path: string): string {
  const text = disk.read(path);
  if (text !== undefined) return text;
  const error = new Error(`ENOENT: no such file or directory, open '${path}'`);
  throw Object.assign(error, { code: 'ENOENT' });
}

/** What is in a folder, with what is known of it. */
interface Entry extends Stats {
  readonly name: string;
}

/** As in Node: names, or with `withFileTypes` more of each. */
export function readdirSync(
  path: string,
  options: { readonly withFileTypes?: boolean } = {},
): string[] | Entry[] {
  const names = disk.namesIn(path);
  if (options.withFileTypes !== true) return names;
  return names.map((name) => ({ name, ...statsOf(`${path}/${name}`) }));
}

/** What is known of a file or a folder; its time is how often it was changed. */
interface Stats {
  readonly mtimeMs: number;
  readonly isDirectory: () => boolean;
  readonly isFile: () => boolean;
}

/** As in Node, but undefined for what is not there. */
export const statSync = (path: string): Stats | undefined =>
  existsSync(path) ? statsOf(path) : undefined;

function statsOf(path: string): Stats {
  const version = disk.versionOf(path);
  return {
    mtimeMs: version ?? 0,
    isDirectory: () => disk.hasFolder(path),
    isFile: () => version !== undefined,
  };
}
