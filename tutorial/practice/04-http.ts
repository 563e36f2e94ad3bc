/** What chapter 4 gives its reader to do beyond the tasks. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Router } from 'express';
import {
  Chain,
  blockRules,
  checkChain,
  genesisBlock,
  nextBlock,
  type Block,
} from '#blocks';
import { MiningQueue, createApi, type ChainNode } from '#http';
import { mine, workRules } from '#proof-of-work';
import type { Attack, Exercise, Exports } from './practice.ts';

/** What an attacker can do: send data, and get the block that carries it. */
type Post = (data: string) => Promise<Block>;

/** The obvious node: it takes the tip, mines, and appends. */
class NaiveNode {
  readonly blocks: Block[] = [];
  tip: Block;

  constructor(genesis: Block) {
    this.tip = genesis;
    this.blocks.push(genesis);
  }

  async mine(data: string): Promise<Block> {
    const block = await mine(nextBlock(this.tip, data, Date.now()));
    this.blocks.push(block);
    this.tip = block;
    return block;
  }
}

const genesis = () => mine(genesisBlock({ timestamp: Date.now(), difficulty: 8 }));

/** Lets the reader's attack post to a node, and waits until all of it is answered. */
async function attackBy(exports: Exports, mine: Post): Promise<Error[]> {
  const { attack } = exports;
  if (typeof attack !== 'function') {
    throw new Error(
      'Export a function "attack", which is given a function to post data.',
    );
  }
  const posts: Promise<Block>[] = [];
  await (attack as (post: Post) => unknown)((data) => {
    const block = mine(data);
    posts.push(block);
    return block;
  });
  if (posts.length === 0) throw new Error('Your attack posts nothing.');
  const ends = await Promise.allSettled(posts);
  return ends.flatMap((end) =>
    end.status === 'rejected'
      ? [end.reason instanceof Error ? end.reason : new Error(String(end.reason))]
      : [],
  );
}

export const attack: Attack = {
  file: '04-race.ts',
  goal: 'Break the chain of a node, though all that you can do is post data to it.',
  start: `import type { Block } from '#blocks';

/** Breaks the chain of a node. \`post\` gives data to it, and gives back the block. */
export async function attack(post: (data: string) => Promise<Block>): Promise<void> {
  await post('a');
  await post('b');
}
`,

  async naive(exports) {
    const node = new NaiveNode(await genesis());
    await attackBy(exports, (data) => node.mine(data));
    const broken = checkChain(node.blocks);
    const indexes = node.blocks.map(({ index }) => index).join(', ');
    return broken === undefined
      ? { believes: false, words: `The indexes are ${indexes}, and all rules are kept.` }
      : { believes: true, words: `The indexes are ${indexes}: the chain is broken.` };
  },

  async own(exports) {
    const chain = new Chain(await genesis(), [...blockRules, ...workRules]);
    const queue = new MiningQueue({
      tip: () => chain.tip,
      add: (block) => {
        chain.append(block);
        return true;
      },
    });
    const [error] = await attackBy(exports, (data) => queue.mine(data));
    const indexes = chain.slice().map(({ index }) => index);
    if (error !== undefined) {
      return {
        believes: true,
        words: `Data was lost, for the chain said: ${error.message}`,
      };
    }
    return {
      believes: false,
      words: `The indexes are ${indexes.join(', ')}: the queue takes the tip only when the block before is on the chain.`,
    };
  },
};

/** A chain of one block, and a node around it. */
async function makeNode(): Promise<ChainNode> {
  const chain = new Chain(await genesis());
  const add = (block: Block) => {
    chain.append(block);
    return true;
  };
  const queue = new MiningQueue({ tip: () => chain.tip, add });
  return { chain, mine: (data) => queue.mine(data) };
}

/** What a router of the reader's answers behind the API to `GET path`. */
async function answerOf(node: ChainNode, router: Router, path: string): Promise<string> {
  const server = createApi(node, router).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const signal = AbortSignal.timeout(5_000);
    const res = await fetch(`http://127.0.0.1:${port}${path}`, { signal });
    return await res.text();
  } catch {
    throw new Error(`GET ${path} is not answered. Does your handler end its answer?`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const height: Exercise = {
  number: 2,
  file: '4.2-height.ts',
  start: `import { Router } from 'express';
import type { ChainNode } from '#http';

/** Makes a router that answers GET /height with the index of the tip: {"height":1}. */
export function heightRoutes(node: ChainNode): Router {
  const router = Router();
  return router;
}
`,
  async check({ heightRoutes }) {
    if (typeof heightRoutes !== 'function') {
      throw new Error(
        'Export a function "heightRoutes", which makes a router for a node.',
      );
    }
    const node = await makeNode();
    const router = (heightRoutes as (node: ChainNode) => Router)(node);
    for (const expected of ['{"height":0}', '{"height":1}', '{"height":2}']) {
      const found = (await answerOf(node, router, '/height')).replaceAll(/\s/g, '');
      if (found !== expected) {
        const blocks =
          node.chain.length === 1 ? '1 block' : `${node.chain.length} blocks`;
        throw new Error(
          `For a chain of ${blocks} GET /height should answer ${expected}, not ${found.slice(0, 200)}.`,
        );
      }
      await node.mine('hello');
    }
  },
};

const lostRace: Exercise = {
  number: 3,
  file: '4.3-lost-race.ts',
  start: `import { MiningQueue } from '#http';
import type { Block } from '#blocks';

/** Has a queue lose a race, and gives back its block and how many searches it took. */
export async function loseRace(): Promise<{ block: Block; searches: number }> {
  throw new Error('Make a MiningQueue with a search of your own.');
}
`,
  async check({ loseRace }) {
    if (typeof loseRace !== 'function') {
      throw new Error('Export a function "loseRace", which gives { block, searches }.');
    }
    const result = await (loseRace as () => Promise<unknown>)();
    const { block, searches } = (result ?? {}) as Partial<{
      block: Partial<Block>;
      searches: number;
    }>;
    if (searches !== 2) {
      throw new Error(
        `The queue should have searched twice, not ${String(searches)} times.`,
      );
    }
    if (block?.index !== 2) {
      throw new Error(
        `The block should be number 2, behind that of the rival, not number ${String(block?.index)}.`,
      );
    }
  },
};

export const exercises: readonly Exercise[] = [height, lostRace];
