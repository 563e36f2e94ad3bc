/** What a long chain costs the HTTP API, the start, and the next block. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { TestNode, cleanUp } from '../test/network/harness.ts';
import { makeChain, memoryOf, metric, storeChain } from './fixtures.ts';
import { median, number, print, type Row } from './table.ts';

const LENGTH = 100_000;

/** Reads the whole chain: milliseconds to the first byte and to the last. */
async function readAll(node: TestNode): Promise<{ first: number; last: number }> {
  const start = performance.now();
  const response = await fetch(`${node.http}/blocks`);
  const reader = response.body?.getReader();
  await reader?.read();
  const first = performance.now() - start;
  while ((await reader?.read())?.done === false);
  return { first, last: performance.now() - start };
}

/** Asks for the whole chain and does not read it. */
async function askAndSleep(node: TestNode): Promise<() => void> {
  const socket = connect(Number(node.httpPort), '127.0.0.1');
  await once(socket, 'connect');
  socket.pause();
  socket.write('GET /blocks HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  return () => socket.destroy();
}

/** Milliseconds for one POST, one after the other, as a median. */
async function postTime(node: TestNode): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 300; i += 1) {
    const start = performance.now();
    await node.post('one more');
    times.push(performance.now() - start);
  }
  return median(times.slice(100)); // the first ones warm the machine up
}

async function streaming(node: TestNode): Promise<Row[]> {
  await readAll(node);
  await readAll(node); // the first ones warm the machine up
  const before = await memoryOf(node);
  const runs = [];
  for (let i = 0; i < 5; i += 1) runs.push(await readAll(node));
  const after = await memoryOf(node);
  const first = median(runs.map((run) => run.first));
  const last = median(runs.map((run) => run.last));

  const ends = await Promise.all(Array.from({ length: 16 }, () => askAndSleep(node)));
  await metric(node, 'nodejs_eventloop_lag_p99_seconds'); // it counts from the last reading
  const posts = await postTime(node);
  const stall = 1_000 * (await metric(node, 'nodejs_eventloop_lag_p99_seconds'));
  const asleep = await memoryOf(node);
  for (const end of ends) end();
  return [
    {
      what: 'first byte',
      result: `${number(first, 1)} of ${number(last)} ms`,
      goal: 'within a tenth',
    },
    {
      what: 'memory after five more readings',
      result: `${number((after - before) / 1e6, 1)} MB more`,
      goal: 'constant',
    },
    {
      what: 'with 16 clients that do not read, as many as are let in: a POST',
      result: `${number(posts, 1)} ms, event loop p99 ${number(stall, 1)} ms`,
    },
    {
      what: '  and memory',
      result: `${number((asleep - after) / 1e6, 1)} MB more`,
    },
  ];
}

/** Seconds from the start of the process until it is ready. */
async function startTime(folder: string): Promise<number> {
  const start = performance.now();
  const node = await TestNode.start([], folder);
  const seconds = (performance.now() - start) / 1_000;
  await node.stop();
  return seconds;
}

async function starting(long: string, short: string): Promise<Row[]> {
  const times: { long: number; short: number }[] = [];
  for (let i = 0; i < 3; i += 1) {
    times.push({ short: await startTime(short), long: await startTime(long) });
  }
  const extra = median(times.map((run) => run.long - run.short));
  return [
    {
      what: `start with ${number(LENGTH)} blocks, beyond one with 100`,
      result: `${number(extra, 2)} s, ${number(LENGTH / extra)} blocks/s`,
      goal: '50,000 blocks/s',
    },
  ];
}

export async function benchApi(): Promise<void> {
  const chain = makeChain(LENGTH);
  const [long, short] = [await storeChain(chain), await storeChain(chain.slice(0, 100))];
  const startRows = await starting(long, short);
  const [node, small] = [await TestNode.start([], long), await TestNode.start([], short)];
  const rows = await streaming(node);
  const ratios: number[] = [];
  for (let i = 0; i < 3; i += 1)
    ratios.push((await postTime(node)) / (await postTime(small)));
  await cleanUp();
  print(`GET /blocks of ${number(LENGTH)} blocks`, rows);
  print('Start, and the next block', [
    ...startRows,
    {
      what: `a POST at ${number(LENGTH)} blocks against one at 100`,
      result: `${number(median(ratios), 2)} times as long`,
      goal: '1, within noise',
    },
  ]);
}
