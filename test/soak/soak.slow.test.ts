/**
 * A network whose nodes are killed all the time. `npm run test:soak` lets 20 nodes run for ten
 * minutes; NODES and SECONDS set something else.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { checkChain, type Block } from '#blocks';
import { consensusRules } from '#consensus';
import { TestNode, agreed, cleanUp, dataOf, newFolder } from '../network/harness.ts';

afterEach(cleanUp);

const count = Number(process.env.NODES ?? 4);
const seconds = Number(process.env.SECONDS ?? 15);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** One place of the network: its folder and port outlive the process that runs there. */
interface Place {
  readonly folder: string;
  readonly port: string;
  readonly options: string[];
  node: TestNode | undefined;
}

let state = seed;
/** Returns a whole number below `limit` that follows from the seed. */
function below(limit: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
  return Math.trunc((state / 0x80000000) * limit);
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

const start = async ({ port, options, folder }: Place) =>
  TestNode.start(['-w', port, ...options], folder);

/** Makes places that each know two others, and starts them. */
async function network(): Promise<Place[]> {
  const places: Place[] = [];
  while (places.length < count) {
    const known = [0, 1].flatMap(() => places[below(places.length)] ?? []);
    const urls = known.flatMap(({ port }) => ['-n', `ws://127.0.0.1:${port}`]);
    const options = urls.length > 0 ? urls : ['-d', '2'];
    const place: Place = {
      folder: await newFolder(),
      port: await freePort(),
      options,
      node: undefined,
    };
    place.node = await start(place);
    if (urls.length > 0) {
      await place.node.until(({ msg }) => msg.startsWith('Joined the network'));
    }
    places.push(place);
  }
  return places;
}

it(
  `${count} nodes that are killed at random end with one chain and every acknowledged post`,
  async () => {
    const places = await network();
    const end = Date.now() + seconds * 1_000;
    const acknowledged: string[] = [];
    let [kills, refusals, reorganizations] = [0, 0, 0];

    const countReorganizations = ({ lines }: TestNode) => {
      reorganizations += lines.filter(({ msg }) =>
        msg.startsWith('Reorganization'),
      ).length;
    };
    const post = async () => {
      for (let i = 0; Date.now() < end; i += 1) {
        const data = `post ${i} of ${below(1e9)}`;
        const { node } = places[below(count)] ?? {};
        const block = await node?.post(data).catch(() => undefined);
        if (block === undefined) refusals += 1;
        else acknowledged.push(data);
        await sleep(below(300));
      }
    };
    const killAndRestart = async () => {
      while (Date.now() < end) {
        await sleep(200 + below(3_000));
        const place = places[below(count)];
        const node = place?.node;
        if (place === undefined || node === undefined) continue;
        place.node = undefined; // so nobody else kills it, or posts to it
        kills += 1;
        await (below(4) === 0 ? node.stop() : node.kill());
        countReorganizations(node);
        await sleep(below(2_000));
        place.node = await start(place);
      }
    };
    const clients = [post(), post(), post()];
    const killers = Array.from({ length: Math.ceil(count / 5) }, killAndRestart);
    await Promise.all([...clients, ...killers]);

    const calm = Date.now();
    const nodes = places.flatMap(({ node }) => node ?? []);
    let chain: Block[];
    let lost: string[];
    do {
      chain = await agreed(...nodes);
      const found = new Set(dataOf(chain));
      lost = acknowledged.filter((data) => !found.has(data));
      if (lost.length > 0) await nodes[0]?.nextLine(); // it is being mined again
    } while (lost.length > 0);
    nodes.forEach(countReorganizations);
    expect(nodes).toHaveLength(count);
    expect(checkChain(chain, consensusRules)).toBeUndefined();
    console.log(
      `SEED=${seed}: ${count} nodes, ${seconds} s, ${kills} ends, ${acknowledged.length} posts ` +
        `acknowledged and ${refusals} not, ${reorganizations} reorganizations, ` +
        `${chain.length} blocks, one chain ${Date.now() - calm} ms after the last end`,
    );
  },
  seconds * 2_000 + 300_000,
);
