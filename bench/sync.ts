/** How fast a node gets a chain from another one, and what that costs. */
import { BlockTree } from '#consensus';
import { parseMessage } from '#peers';
import { openStore } from '../final/storage/level-store.ts';
import { TestNode, cleanUp, newFolder } from '../test/network/harness.ts';
import { makeChain, memoryOf, metric, storeChain } from './fixtures.ts';
import { median, number, print, type Row } from './table.ts';

const SIZES = [10_000, 100_000];
const ROUNDS = 3;

/** Lets an empty node join one that has the chain, and measures both. */
async function join(length: number) {
  const chain = makeChain(length);
  const tip = chain.at(-1)?.hash ?? '';
  const source = await TestNode.start([], await storeChain(chain));
  const joiner = await TestNode.start(['-n', source.ws]);
  await metric(joiner, 'nodejs_eventloop_lag_p99_seconds'); // it counts from the last reading
  await joiner.untilTip(tip);
  const started = await joiner.until(({ msg }) => msg.startsWith('Connected to'));
  const ended = await joiner.until(({ hash }) => hash === tip);
  const result = {
    seconds: (ended.time - started.time) / 1_000,
    stall: 1_000 * (await metric(joiner, 'nodejs_eventloop_lag_p99_seconds')),
    source: await memoryOf(source),
    joiner: await memoryOf(joiner),
  };
  await cleanUp();
  return result;
}

/** Returns the memory of a node with nothing but its genesis block. */
async function emptyNode(): Promise<number> {
  const node = await TestNode.start(['-d', '0']);
  const memory = await memoryOf(node);
  await cleanUp();
  return memory;
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
    await time('joiner: check all rules, add to the tree', () => {
      for (const block of message.blocks) tree.add(block, Date.now());
    });
    await time('joiner: write to disk, synced', () =>
      store.write([{ removed: [], added: message.blocks }]),
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
  for (const size of SIZES) {
    const runs = [];
    for (let i = 0; i < ROUNDS; i += 1) runs.push(await join(size));
    const seconds = median(runs.map((run) => run.seconds));
    times.push(seconds);
    rows.push({
      what: `${number(size)} blocks`,
      result: `${number(seconds, 2)} s, ${number(size / seconds)} blocks/s`,
      goal: '20,000 blocks/s',
    });
    rows.push({
      what: '  event loop of the joiner, p99 delay',
      result: `${number(median(runs.map((run) => run.stall)), 1)} ms`,
      goal: 'below 50 ms',
    });
    for (const side of ['source', 'joiner'] as const) {
      const memory = median(runs.map((run) => run[side]));
      rows.push({
        what: `  memory of the ${side} beyond an empty node (${number(empty / 1e6)} MB)`,
        result: `${number((memory - empty) / size)} bytes a block`,
        ...(size === SIZES.at(-1) && { goal: 'at most 1,200' }),
      });
    }
  }
  const [short = NaN, long = NaN] = times;
  rows.push({
    what: 'ten times the blocks take',
    result: `${number(long / short, 1)} times as long`,
    goal: 'at most 12',
  });
  print('Fresh sync between two processes, stored on disk', rows);
  print('Where the time goes', await stages());
}
