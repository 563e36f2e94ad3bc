import type { Sync } from '#consensus';
import { openStore } from '../storage/level-store.ts';
import { loadChain } from '../storage/load-chain.ts';
import type { Post, Store } from '../storage/store.ts';
import { createLog } from '../terminal/log.ts';
import { grouped } from '../terminal/numbers.ts';
import { Progress } from '../terminal/progress.ts';
import { dataFolder } from './data-folder.ts';

/** Which data folder to check. */
export interface VerifyOptions {
  readonly wsPort: number;
  readonly dataDir?: string;
}

/** Checks a data folder whose node is not running, and says what is in it. */
export async function verify({ wsPort, dataDir }: VerifyOptions): Promise<void> {
  const progress = new Progress(createLog('info'), 'Checking blocks');
  try {
    const store = await openStore(dataDir ?? dataFolder(wsPort), { create: false });
    try {
      const { sync } = await loadChain(store, (done, total) =>
        progress.update(done, total),
      );
      progress.stop();
      console.log(describe(store, sync, await store.posts()));
    } finally {
      await store.close();
    }
  } catch (error) {
    progress.stop();
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

function describe(store: Store, sync: Sync | undefined, posts: readonly Post[]): string {
  if (sync?.tip === null || sync === undefined)
    return `There is no block in ${store.place}.`;
  const { index, hash, work } = sync.tip;
  const all = index === 0 ? 'The only block' : `All ${grouped(index + 1)} blocks`;
  const waiting = posts.filter(({ data }) => data !== undefined).length;
  return [
    `${all} in ${store.place} keep${index === 0 ? 's' : ''} the rules.`,
    `The last is ${hash}, with ${grouped(BigInt(work))} expected attempts behind it.`,
    ...(waiting > 0 ? [`Posts that wait to be mined again: ${grouped(waiting)}.`] : []),
  ].join('\n');
}
