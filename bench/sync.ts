/** How fast a node gets a chain from another one, and what that costs. */
import type { Block } from '#blocks';
import { BlockTree } from '#consensus';
import { parseMessage } from '#peers';
import { openStore } from '../final/storage/level-store.ts';
import { hold } from '../final/storage/stored-block.ts';
import { TestNode, cleanUp, newFolder } from '../test/network/harness.ts';
import { makeChain, memoryOf, metric, storeChain } from './fixtures.ts';
import { median, number, print, type Row } from './table.ts';

/** How long the chains are, how often each is measured, and how much memory a block may take. */
const SIZES = [
  { size: 10_000, rounds: 3 },
  { size: 100_000, rounds: 3, goal: 1_000 },
  { size: 1_000_000, rounds: 1, goal: 800 },
];

/** Lets an empty node join one that has the chain, and measures both. */
export async function join(chain: readonly Block[]) {
  const tip = chain.at(-1)?.hash ?? '';
  const folder = await storeChain(chain);
  const start = performance.now();
  const source = await TestNode.start([], folder);
  const ready = performance.now() - start;
  const joiner = await TestNode.start(['-n', source.ws]);
  await metric(joiner, 'nodejs_eventloop_lag_p99_seconds'); // it counts from the last reading
  await joiner.untilTip(tip);
  const started = await joiner.until(({ msg }) => msg.startsWith('Connected to'));
  const ended = await joiner.until(({ hash }) => hash === tip);
  const result = {
    ready,
    seconds: (ended.time - started.time) / 1_000,
    stall: 1_000 * (await metric(joiner, 'nodejs_eventloop_lag_p99_seconds')),
    source: await memoryOf(source),
    joiner: await memoryOf(joiner),
  };
  await cleanUp();
  return result;
}

/** Measures how long a node with nothing but its genesis block takes to start, and its memory. */
async function emptyNode() {
  const start = performance.now();
  const node = await TestNode.start(['-d', '0']);
  const ready = performance.now() - start;
  const memory = await memoryOf(node);
  await cleanUp();
  return { ready, memory };
}

/** Measures, in this process alone, what one block costs in each stage of a sync. */
async function stages(): Promise<Row[]> {
  const chain = makeChain(50_000);
  const batches = Array.from({ length: chain.length / 500 }, (_, i) =>
    chain.slice(500 * i, 500 * (i + 1)),
  );
  const store = await openStore(await newFolder());
  const times = new Map<string, number>();
  const time = async <T>(name: string, work: () => T): Promise<Awaited<T>> => {
    const start = performance.now();
    const result = await work();
    times.set(name, (times.get(name) ?? 0) + performance.now() - start);
    return result;
  };
  const [genesis] = chain;
  if (genesis === undefined) throw new Error('A chain has a genesis block.');
  const tree = new BlockTree(genesis);
  for (const blocks of batches) {
    const text = await time('source: write the message', () =>
      JSON.stringify({ type: 'blocks', blocks }),
    );
    const message = await time('joiner: read and check the message', () =>
      parseMessage(text),
    );
    if (message.type !== 'blocks') throw new Error('It was a message of blocks.');
    const held = await time('joiner: make the blocks small', () =>
      hold(store, tree, message.blocks),
    );
    await time('joiner: check all rules, add to the tree', () => {
      for (const block of held) tree.add(block, Date.now());
    });
    await time('joiner: write to disk, synced', () =>
      store.write({ blocks: held, tip: held.at(-1)?.hash }),
    );
  }
  await store.close();
  await cleanUp();
  return [...times].map(([what, ms]) => ({
    what,
    result: `${number((1_000 * ms) / chain.length, 1)} µs a block`,
  }));
}

export async function benchSync(): Promise<void> {
  const empty = await emptyNode();
  const rows: Row[] = [];
  const times: number[] = [];
  for (const { size, rounds, goal } of SIZES) {
    const runs: Awaited<ReturnType<typeof join>>[] = [];
    for (let i = 0; i < rounds; i += 1) runs.push(await join(makeChain(size)));
    const middle = (key: keyof (typeof runs)[number]) =>
      median(runs.map((run) => run[key]));
    const seconds = middle('seconds');
    const loading = (middle('ready') - empty.ready) / 1_000;
    times.push(seconds);
    rows.push({
      what: `${number(size)} blocks`,
      result: `${number(seconds, 2)} s, ${number(size / seconds)} blocks/s`,
      goal: '20,000 blocks/s',
    });
    rows.push({
      what: '  the source reads and checks them when it starts',
      result: `${number(loading, 2)} s, ${number(size / loading)} blocks/s`,
    });
    rows.push({
      what: '  event loop of the joiner, p99 delay',
      result: `${number(middle('stall'), 1)} ms`,
      goal: 'below 50 ms',
    });
    for (const side of ['source', 'joiner'] as const) {
      const beyond = (middle(side) - empty.memory) / size;
      rows.push({
        what: `  memory of the ${side} beyond an empty node (${number(empty.memory / 1e6)} MB)`,
        result: `${number(beyond)} bytes a block`,
        ...(goal !== undefined && { goal: `at most ${number(goal)}` }),
      });
    }
  }
  for (const [i, time] of times.entries()) {
    const before = times[i - 1];
    if (before === undefined) continue;
    rows.push({
      what: `${number(SIZES[i]?.size ?? 0)} blocks take`,
      result: `${number(time / before, 1)} times as long as a tenth of them`,
      goal: 'at most 11',
    });
  }
  print('Fresh sync between two processes, stored on disk', rows);
  print('Where the time goes', await stages());
}
