/**
 * npm run bench             all of them
 * npm run bench -- sync     one: sync, catch-up, api, propagation, startup or coins
 */
import { cleanUp } from '../test/network/harness.ts';
import { benchApi } from './api.ts';
import { benchCatchUp } from './catch-up.ts';
import { benchCoins } from './coins.ts';
import { benchPropagation } from './propagation.ts';
import { benchStartup } from './startup.ts';
import { benchSync } from './sync.ts';

const benches: Record<string, () => Promise<void>> = {
  sync: benchSync,
  'catch-up': benchCatchUp,
  api: benchApi,
  propagation: benchPropagation,
  startup: benchStartup,
  coins: benchCoins,
};

const names = process.argv.slice(2);
for (const name of names.length > 0 ? names : Object.keys(benches)) {
  const bench = benches[name];
  if (bench === undefined) {
    console.error(
      `There is no benchmark ${name}. Choose: ${Object.keys(benches).join(', ')}.`,
    );
    process.exit(2);
  }
  try {
    await bench();
  } finally {
    await cleanUp();
  }
}
