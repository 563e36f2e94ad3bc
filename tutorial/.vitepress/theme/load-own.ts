// Links the reader's own steps into this page. It is loaded only where there are such steps.
import { Buffer } from 'buffer';
import * as counted from '../../../final/explorer/stand-ins/crypto.ts';
import { oursByName, useSteps } from '../../playgrounds/shared/live.ts';
import type { Files } from '../../workbench/disk.ts';
import { Linker } from '../../workbench/linker.ts';
import { ownAmong } from '../../workbench/own-code.ts';
import * as crypto from '../../workbench/stand-ins/crypto.ts';
import * as timersPromises from '../../workbench/stand-ins/timers-promises.ts';
import { later } from '../../workbench/stand-ins/timers.ts';
import { openStore } from '../../workbench/store.ts';

/** As in Node; the digests that playgrounds count are counted here, too. */
const hash: typeof crypto.hash = (algorithm, input, encoding = 'hex') => {
  const isPlain = typeof input === 'string' || input instanceof Uint8Array;
  return algorithm === 'sha256' && encoding === 'hex' && isPlain
    ? counted.hash(algorithm, input)
    : crypto.hash(algorithm, input, encoding);
};

/**
 * Puts those of the reader's steps in place that pass as they stand and that are on this page.
 *
 * @param site - the path of the site
 * @returns the names of these steps, such as `#hashing`
 */
export async function putOwnInPlace(site: string): Promise<string[]> {
  const store = await openStore(site);
  const ours = oursByName();
  const own = [...ownAmong(await store.all())].filter(
    ([folder]) => nameOf(folder) in ours,
  );
  if (own.length === 0) return [];
  Object.assign(globalThis, { Buffer, global: globalThis, setImmediate: later });
  const indexOf = (folder: string) => `/pychain/my/${folder}/index.ts`;
  const places = own.map(([folder]) => [nameOf(folder), indexOf(folder)] as const);
  const modules = Object.assign({}, ...own.map(([, files]) => files)) as Files;
  const linker = new Linker(modules, Object.fromEntries(places), {
    'node:buffer': { Buffer },
    'node:crypto': { ...crypto, hash },
    'node:timers/promises': timersPromises,
    ...ours,
  });
  const linked = new Map<string, Readonly<Record<string, unknown>>>();
  for (const [name, index] of places)
    linked.set(name, (await linker.load(index)) as Record<string, unknown>);
  useSteps(linked);
  return [...linked.keys()];
}

const nameOf = (folder: string) => folder.replace(/^\d\d-/, '#');
