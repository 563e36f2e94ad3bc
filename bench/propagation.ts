/** How long a new block takes to reach all nodes. */
import { TestNode, cleanUp } from '../test/network/harness.ts';
import { number, print } from './table.ts';

const BLOCKS = 100;

/** Posts blocks one by one: milliseconds from the first node's log to the last one's. */
async function spread(nodes: readonly TestNode[]): Promise<number> {
  const [first] = nodes;
  if (first === undefined) return NaN;
  const times: number[] = [];
  for (let i = 0; i < BLOCKS; i += 1) {
    const { hash } = await first.post(`block ${i}`);
    const lines = await Promise.all(
      nodes.map((node) => node.until((line) => line.hash === hash)),
    );
    const [start = NaN, ...others] = lines.map(({ time }) => time);
    times.push(Math.max(...others) - start);
  }
  // The log counts in whole milliseconds, so only the mean shows parts of them.
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}

/** Starts nodes one by one; each dials those that `choose` picks from the ones before. */
async function network(
  size: number,
  options: string[],
  choose: (before: TestNode[]) => TestNode[],
): Promise<TestNode[]> {
  const nodes = [await TestNode.start(['-d', '1', ...options])];
  while (nodes.length < size) {
    const urls = choose(nodes).flatMap(({ ws }) => ['-n', ws]);
    const node = await TestNode.start([...options, ...urls]);
    await node.until(({ msg }) => msg.startsWith('Joined the network'));
    nodes.push(node);
  }
  return nodes;
}

export async function benchPropagation(): Promise<void> {
  const last = (before: TestNode[]) => before.slice(-1);
  const random = (before: TestNode[]) =>
    before.toSorted(() => Math.random() - 0.5).slice(0, 2);
  const only = ['--outbound', '0']; // no other connections than those named
  const line = await spread(await network(5, only, last));
  await cleanUp();
  const graph = await spread(await network(30, only, random));
  await cleanUp();
  // Of a single hop, a log in milliseconds would show nothing.
  const hop = line / 4;
  print('A new block reaches the last node (mean of 100 blocks)', [
    { what: 'a line of 5 nodes', result: `${number(line, 1)} ms` },
    { what: 'one hop of it', result: `${number(hop, 1)} ms` },
    {
      what: 'a random graph of 30 nodes, 2 dialed by each',
      result: `${number(graph, 1)} ms, ${number(graph / hop, 1)} times one hop`,
    },
  ]);
}
