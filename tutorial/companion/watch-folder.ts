/**
 * Notices when the files of a folder change.
 *
 * @module
 */
import { readFileSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import { sourcesIn } from './kit.ts';

/** How often the files are looked at, in milliseconds, should no event come. */
const POLL = 1_000;

/** How long to wait for an editor to finish after the first event, in milliseconds. */
const SETTLE = 30;

/**
 * Calls `changed` whenever the text of the TypeScript files in a folder is another one. It
 * looks when the system reports an event and once a second: network drives and containers
 * report none, and editors that replace a file report odd ones.
 *
 * @param listen - how to hear of events, unless from the system
 * @returns ends the watching
 */
export function watchFolder(
  folder: string,
  changed: () => void,
  listen: (folder: string, heard: () => void) => FSWatcher = watch,
): () => void {
  let seen = read(folder);
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const now = read(folder);
    if (now === undefined || now === seen) return;
    seen = now;
    changed();
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, SETTLE);
  };
  const poll = setInterval(look, POLL);
  let close: () => void = () => undefined;
  try {
    const watcher = listen(folder, soon).on('error', () => watcher.close());
    close = () => watcher.close();
  } catch {
    // The system cannot watch this folder: the look once a second must do.
  }
  return () => {
    clearTimeout(timer);
    clearInterval(poll);
    close();
  };
}

/** Returns all text, or undefined while a file is being replaced. */
function read(folder: string): string | undefined {
  try {
    return sourcesIn(folder)
      .map((name) => `${name}\0${readFileSync(join(folder, name), 'utf8')}`)
      .join('\0');
  } catch {
    return undefined;
  }
}
