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

/** As in Node. */
export const readdirSync = (path: string): string[] => disk.namesIn(path);

/** As in Node; its time is how often the file was changed. */
export function statSync(path: string): { mtimeMs: number } | undefined {
  const version = disk.versionOf(path);
  return version === undefined ? undefined : { mtimeMs: version };
}
