import { Chain, blockRules, genesisBlock } from '#blocks';
import { MiningQueue, createApi } from '#http';
import { mine, workRules } from '#proof-of-work';
import type {
  PageAnswer,
  PageApp,
  PageRequest,
} from '../../../final/explorer/stand-ins/express.ts';

/** Starts a node of step 4 in this page. Returns what asks it. */
export async function startPageNode(
  difficulty = 12,
): Promise<(request: PageRequest) => Promise<PageAnswer>> {
  const genesis = await mine(genesisBlock({ timestamp: Date.now(), difficulty }));
  const chain = new Chain(genesis, [...blockRules, ...workRules]);
  const queue = new MiningQueue({
    tip: () => chain.tip,
    add: (block) => {
      chain.append(block);
      return true;
    },
  });
  const api = createApi({ chain, mine: (data) => queue.mine(data) });
  // In a page, express is what browser/express.ts makes of it.
  return (request) => (api as unknown as PageApp).handle(request);
}
