/**
 * The reader's steps that have passed as they stand, as JavaScript: so a playground can run on them
 * without the compiler.
 *
 * @module
 */
import type { Files } from './disk.ts';
import type { Store } from './store.ts';

/** What the names of such steps begin with in the store. */
const OWN = 'own:';

/** Keeps the modules of a step. */
export async function keepOwn(
  store: Store,
  folder: string,
  modules: Files,
): Promise<void> {
  await store.put(OWN + folder, JSON.stringify(modules));
}

/** Forgets a step: its code is another one now. */
export async function forgetOwn(store: Store, folder: string): Promise<void> {
  await store.remove(OWN + folder);
}

/** Returns the folders of the steps among what is kept, with their modules. */
export function ownAmong(texts: ReadonlyMap<string, string>): Map<string, Files> {
  const own = [...texts]
    .filter(([name]) => name.startsWith(OWN))
    .map(([name, text]) => [name.slice(OWN.length), JSON.parse(text) as Files] as const);
  return new Map(own);
}
