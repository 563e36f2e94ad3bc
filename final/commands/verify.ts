import { coinOf } from '#accounts';
import type { Sync } from '#consensus';
import { ledgerOf } from '../mempool/network-rules.ts';
import { supplyAfter } from '../mempool/supply.ts';
import { openStore } from '../storage/level-store.ts';
import { loadChain } from '../storage/load-chain.ts';
import { idsIn } from '../storage/paid.ts';
import { damaged, type Post, type Store } from '../storage/store.ts';
import { createLog } from '../terminal/log.ts';
import { counted, grouped } from '../terminal/numbers.ts';
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
      const onProgress = (done: number, total: number) => progress.update(done, total);
      const { sync } = await loadChain(store, onProgress, { ledgerOf, thorough: true });
      progress.stop();
      const words = describe(store, sync, await store.posts());
      console.log([words, ...(await coinsOf(store, sync))].join('\n'));
    } finally {
      await store.close();
    }
  } catch (error) {
    progress.stop();
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

/** Says what coins there are, in a network that has some, and checks where payments are noted. */
async function coinsOf(store: Store, sync: Sync | undefined): Promise<string[]> {
  const chain = sync?.tree?.chain;
  const genesis = chain?.at(0);
  const coin = genesis && coinOf(genesis);
  if (chain === undefined || typeof coin !== 'object') return [];
  let paid = 0;
  for (const { index, data } of chain.slice(1)) {
    const ids = idsIn(data);
    paid += ids.length;
    if (ids.some((id) => store.paidIn(id) !== index))
      throw damaged(store.place, `a payment of block ${index} is not noted there`);
  }
  let waiting = 0;
  for await (const { id, usedBy } of store.payments())
    if (store.paidIn(id) === undefined && usedBy === undefined) waiting += 1;
  const supply = grouped(supplyAfter(coin, chain.tip.index));
  return [
    `They carry ${counted(paid, 'payment')}; ${supply} coins have come into being.`,
    ...(waiting > 0 ? [`Payments that wait for a block: ${grouped(waiting)}.`] : []),
  ];
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
