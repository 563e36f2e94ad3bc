/**
 * A network whose nodes are killed all the time. `npm run test:soak` lets 20 nodes run for ten
 * minutes; NODES and SECONDS set something else.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { checkChain, type Block } from '#blocks';
import { consensusRules } from '#consensus';
import { freePort } from '../free-port.ts';
import { TestNode, agreed, cleanUp, dataOf, newFolder } from '../network/harness.ts';
import { below, killAndRestart, seed, type Place } from './kills.ts';

afterEach(cleanUp);

const count = Number(process.env.NODES ?? 4);
const seconds = Number(process.env.SECONDS ?? 15);

/** One place of the network: its folder and port outlive the process that runs there. */
interface Home extends Place {
  readonly folder: string;
  readonly port: string;
  readonly options: string[];
}

const start = async ({ port, options, folder }: Home) =>
  TestNode.start(['-w', port, ...options], folder);

/** Makes places that each know two others, and starts them. */
async function network(): Promise<Home[]> {
  const places: Home[] = [];
  while (places.length < count) {
    const known = [0, 1].flatMap(() => places[below(places.length)] ?? []);
    const urls = known.flatMap(({ port }) => ['-n', `ws://127.0.0.1:${port}`]);
    const options = urls.length > 0 ? urls : ['-d', '2'];
    const place: Home = {
      folder: await newFolder(),
      port: String(await freePort()),
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
    let [ended, refusals, reorganizations] = [0, 0, 0];

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
    const clients = [post(), post(), post()];
    const kills = killAndRestart(places, end, start, (node) => {
      ended += 1;
      countReorganizations(node);
    });
    await Promise.all([...clients, kills]);

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
      `SEED=${seed}: ${count} nodes, ${seconds} s, ${ended} ends, ${acknowledged.length} posts ` +
        `acknowledged and ${refusals} not, ${reorganizations} reorganizations, ` +
        `${chain.length} blocks, one chain ${Date.now() - calm} ms after the last end`,
    );
  },
  seconds * 2_000 + 300_000,
);
