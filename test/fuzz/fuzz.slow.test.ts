/**
 * A real node under a hail of bytes. FRAMES=100000 and REQUESTS=20000 set how many;
 * `npm run test:fuzz` does. A failure prints its seed, and SEED=… replays it.
 */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Block } from '#blocks';
import { TestNode, agreed, cleanUp, easy, metricsOf } from '../network/harness.ts';
import { conversations, goodbye } from './frames.ts';
import { dialogs } from './requests.ts';

/** How many times inputs have been drawn in this test, each time from a seed of its own. */
let round = 0;

beforeEach(() => {
  round = 0;
});
afterEach(cleanUp);

const FRAMES = Number(process.env.FRAMES ?? 4_000);
const REQUESTS = Number(process.env.REQUESTS ?? 2_000);

/** How many connections there are at most at the same time. */
const AT_ONCE = 50;

/** How long to wait for an answer that may never come, in milliseconds. */
const PATIENCE = 200;

/** How much more a node may hold in the end than after a warm-up, in MB: some is garbage. */
const SPARE_MEMORY = 40;
const SPARE_HANDLES = 30;

/** The same of the whole process, in MB: memory that was freed goes back to the system late. */
const SPARE_RESIDENT = 150;

/** Writes bytes to a port, waits for an answer, and gives all of it when the connection ends. */
async function say(port: string, bytes: Buffer, vanish = false): Promise<string> {
  const socket = connect({ port: Number(port), host: '127.0.0.1' });
  const answer: Buffer[] = [];
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const answered = new Promise((resolve) => socket.once('data', resolve));
  socket.on('data', (data: Buffer) => answer.push(data));
  socket.on('error', () => undefined); // the node may end it in the midst of a word
  socket.write(bytes);
  await Promise.race([answered, closed, sleep(PATIENCE)]);
  if (vanish) socket.resetAndDestroy();
  else socket.end();
  // What comes after a request for endless events is not read, not even the end.
  await Promise.race([closed, sleep(10 * PATIENCE, undefined, { ref: false })]);
  socket.destroy();
  return Buffer.concat(answer).toString('latin1');
}

/** Sends batch after batch until so many pieces were sent, and sees to the node after each. */
async function hail<T>(
  node: TestNode,
  wanted: number,
  one: fc.Arbitrary<T>,
  send: (one: T) => Promise<number>,
): Promise<void> {
  const { seed = 0 } = fc.readConfigureGlobal();
  const batch = fc.array(one, { minLength: 1, maxLength: AT_ONCE, size: 'max' });
  let sent = 0;
  const property = fc.asyncProperty(batch, async (all) => {
    const counts = await Promise.all(all.map(send));
    sent += counts.reduce((sum, count) => sum + count, 0);
    await node.get('/status').catch((error: unknown) => {
      throw new Error(
        `The node does not answer. It said:\n${node.output.slice(-2_000)}`,
        { cause: error },
      );
    });
  });
  while (sent < wanted) {
    const current = seed + round;
    round += 1;
    const parameters = { seed: current, numRuns: 10, endOnFailure: true };
    const result = await fc.check(property, parameters);
    if (result.failed) {
      const report = (await fc.asyncDefaultReportMessage(result))?.slice(0, 3_000);
      throw new Error(`SEED=${current} replays this failure.\n${report}`, {
        cause: result.errorInstance,
      });
    }
  }
}

/** Two nodes that are connected: one for the hail, one that must not notice. */
async function pair(
  ...args: string[]
): Promise<{ node: TestNode; honest: TestNode; genesis: Block }> {
  // Without an address of its own, each caller is let in.
  const node = await TestNode.start([...easy, '--shared-address', ...args]);
  const honest = await TestNode.join(node);
  return { node, honest, genesis: await node.get<Block>('/blocks/0') };
}

/** What a node says that it holds: objects and buffers, the whole process (MB), and sockets. */
async function heldBy(
  node: TestNode,
): Promise<{ memory: number; resident: number; handles: number }> {
  const read = await metricsOf(node);
  const bytes =
    read('nodejs_heap_size_used_bytes') + read('nodejs_external_memory_bytes');
  const resident = read('process_resident_memory_bytes') / 1_000_000;
  const handles = read('nodejs_active_handles');
  return { memory: bytes / 1_000_000, resident, handles };
}

/** Runs the hail, half of it as a warm-up, and checks that nothing of it stays. */
async function weather(
  node: TestNode,
  honest: TestNode,
  run: (share: number) => Promise<void>,
  texts: readonly [ours: string, theirs: string] = ['after the hail', 'sunshine'],
): Promise<void> {
  await run(0.5);
  const before = await heldBy(node);
  await run(0.5);
  // Garbage is collected when there is something to do, so the node is asked until it was.
  let after = await heldBy(node);
  for (let i = 0; i < 100 && after.memory > before.memory + SPARE_MEMORY; i += 1) {
    await sleep(PATIENCE);
    after = await heldBy(node);
  }
  if (process.env.FRAMES !== undefined) console.log({ before, after });
  expect(after.memory).toBeLessThan(before.memory + SPARE_MEMORY);
  expect(after.resident).toBeLessThan(before.resident + SPARE_RESIDENT);
  expect(after.handles).toBeLessThan(before.handles + SPARE_HANDLES);

  const ours = await node.post(texts[0]);
  await honest.untilTip(ours.hash);
  const theirs = await honest.post(texts[1]);
  await node.untilTip(theirs.hash);
  await agreed(node, honest);
  expect(honest.lines.filter(({ msg }) => msg.startsWith('Lost'))).toEqual([]);
  expect(node.output).not.toMatch(/^ +at /m); // no stack trace
}

/** Sends frames to the port for peers. */
async function hailFrames(node: TestNode, genesis: Block, wanted: number): Promise<void> {
  await hail(node, wanted, conversations(genesis), async ({ bytes, frames, ending }) => {
    const last = ending === 'close' ? [bytes, goodbye] : [bytes];
    await say(node.wsPort, Buffer.concat(last), ending === 'vanish');
    return frames;
  });
}

/** Sends requests to the API, and looks at the answers. */
async function hailRequests(node: TestNode, wanted: number): Promise<void> {
  await hail(node, wanted, dialogs, async ({ bytes, requests }) => {
    const answer = await say(node.httpPort, bytes);
    const [, code] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
    if (answer !== '') expect(Number(code)).toBeGreaterThanOrEqual(100);
    expect(answer).not.toMatch(/HTTP\/1\.1 500 /);
    expect(answer).not.toMatch(/\n +at /);
    return requests;
  });
}

describe('A node that is sent anything at all', () => {
  it(
    `lives on through ${FRAMES} WebSocket frames, and its peer notices nothing`,
    async () => {
      const { node, honest, genesis } = await pair();
      await weather(node, honest, (share) => hailFrames(node, genesis, share * FRAMES));
    },
    60_000 + 20 * FRAMES,
  );

  it(
    `lives on through ${REQUESTS} HTTP requests, and makes no mistake of its own`,
    async () => {
      const { node, honest } = await pair();
      await weather(node, honest, (share) => hailRequests(node, share * REQUESTS));
    },
    60_000 + 100 * REQUESTS,
  );

  it(
    'lives on through as much again, a tenth of it, where its network has coins',
    async () => {
      const { node, honest, genesis } = await pair('--coin');
      const run = async (share: number) => {
        await hailFrames(node, genesis, (share * FRAMES) / 10);
        await hailRequests(node, (share * REQUESTS) / 10);
      };
      await weather(node, honest, run, ['', '']);
    },
    60_000 + 2 * FRAMES + 10 * REQUESTS,
  );
});
