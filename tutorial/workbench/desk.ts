/**
 * What all editors of a page share: one workbench, and the reader's files.
 *
 * @module
 */
import type { Kit } from './messages.ts';
import { MyFiles } from './my-files.ts';
import { openStore } from './store.ts';
import { Workbench } from './workbench.ts';

/** What editors work with. */
export interface Desk {
  readonly bench: Workbench;
  readonly files: MyFiles;
  readonly kit: Kit;
}

let desk: Promise<Desk> | undefined;

/**
 * Returns the desk of this site. The first call loads the kit; a call after one that failed tries
 * again.
 *
 * @param site - the path of the site, with a slash at its end
 * @param version - what tells the built files from those that a browser has kept
 */
export async function openDesk(site: string, version: string): Promise<Desk> {
  desk ??= newDesk(site, version);
  try {
    return await desk;
  } catch (error) {
    desk = undefined;
    throw error;
  }
}

async function newDesk(site: string, version: string): Promise<Desk> {
  const bench = new Workbench(`${site}workbench/`, version);
  const [kit, store] = await Promise.all([bench.kit(), openStore(site)]);
  const files = await MyFiles.open(kit, store);
  if ('BroadcastChannel' in globalThis)
    files.share(new BroadcastChannel(`pychain-my-files ${site}`));
  addEventListener('pagehide', () => void files.keep());
  document.addEventListener('visibilitychange', () => void files.keep());
  return { bench, files, kit };
}
