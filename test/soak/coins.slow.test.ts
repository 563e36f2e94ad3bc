/**
 * A network with coins whose nodes are killed all the time while people pay each other.
 * `npm run test:soak:coins` lets ten nodes run for ten minutes; NODES and SECONDS set something else.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { accountOf, coinLedger, coinOf, listAccounts, subsidy } from '#accounts';
import { BlockTree } from '#consensus';
import type { Block } from '#blocks';
import { newKeys, parsePayment, pay, paymentId, type Keys } from '#signatures';
import { freePort } from '../free-port.ts';
import { TestNode, agreed, cleanUp, newFolder } from '../network/harness.ts';
import { below, killAndRestart, seed, type Place } from './kills.ts';

afterEach(cleanUp);

const count = Number(process.env.NODES ?? 3);
const seconds = Number(process.env.SECONDS ?? 8);

/** One place of the network: its folder, port and owner outlive the process that runs there. */
interface Home extends Place {
  readonly owner: Keys;
  readonly folder: string;
  readonly options: readonly string[];
}

async function network(): Promise<Home[]> {
  const places: Home[] = [];
  const ports: string[] = [];
  while (places.length < count) {
    const owner = newKeys();
    const port = String(await freePort());
    const known = ports.slice(-2).flatMap((one) => ['-n', `ws://127.0.0.1:${one}`]);
    const first = known.length > 0 ? known : ['-d', '2', '--coin'];
    const options = ['-w', port, '--wallet', owner.address, ...first];
    const folder = await newFolder();
    const node = await TestNode.start(options, folder);
    if (known.length > 0)
      await node.until(({ msg }) => msg.startsWith('Joined the network'));
    places.push({ owner, folder, options, node });
    ports.push(port);
  }
  return places;
}

/** Posts JSON to a node; undefined if that is gone or says no. */
async function send(
  node: TestNode,
  path: string,
  body: unknown,
): Promise<Response | undefined> {
  const answer = await fetch(node.http + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  return answer?.ok ? answer : undefined;
}

/** The ids of all payments of a chain, and by whom and with which count they were made. */
function paymentsOf(chain: readonly Block[]) {
  const lines = chain.slice(1).flatMap(({ data }) => data.split('\n').slice(1));
  const payments = lines.flatMap((line) => parsePayment(line) ?? []);
  return {
    ids: new Set(payments.map(paymentId)),
    counts: payments.map(({ from, count: number }) => `${from} ${number}`),
  };
}

it(
  `${count} nodes that are killed at random agree on every coin, and lose no payment`,
  async () => {
    const places = await network();
    const genesis = await places[0]?.node?.get<Block>('/blocks/0');
    if (genesis === undefined) throw new Error('There is a genesis block.');
    const end = Date.now() + seconds * 1_000;
    const acknowledged = new Map<string, string>();
    let [ended, refusals] = [0, 0];

    const mine = async () => {
      while (Date.now() < end) {
        const { node } = places[below(count)] ?? {};
        if (node) await send(node, '/blocks', { data: '' });
        await sleep(below(400));
      }
    };
    const spend = async () => {
      while (Date.now() < end) {
        await sleep(below(200));
        const { node } = places[below(count)] ?? {};
        const payer = places[below(count)]?.owner;
        const payee = places[below(count)]?.owner;
        if (!node || !payer || !payee) continue;
        const account = await node
          .get<{ pending: { balance: number; count: number } }>(
            `/accounts/${payer.address}`,
          )
          .catch(() => undefined);
        if (account === undefined || account.pending.balance < 10) continue;
        const order = {
          to: payee.address,
          amount: 1 + below(5),
          fee: 1 + below(3),
          count: account.pending.count,
        };
        const payment = pay(genesis.hash, payer, order);
        const answer = await send(node, '/payments', payment);
        if (answer)
          acknowledged.set(paymentId(payment), `${payer.address} ${order.count}`);
        else refusals += 1;
      }
    };
    const start = ({ options, folder }: Home) => TestNode.start([...options], folder);
    const kills = killAndRestart(places, end, start, () => (ended += 1));
    await Promise.all([mine(), mine(), spend(), spend(), kills]);

    // Each payment that a node has acknowledged is on the chain, or its count was used by another.
    const nodes = places.flatMap(({ node }) => node ?? []);
    let chain: Block[];
    let lost: string[];
    do {
      const [node] = nodes;
      if (node) await send(node, '/blocks', { data: '' });
      chain = await agreed(...nodes);
      const { ids, counts } = paymentsOf(chain);
      const used = new Set(counts);
      lost = [...acknowledged].flatMap(([id, key]) =>
        ids.has(id) || used.has(key) ? [] : id,
      );
    } while (lost.length > 0);

    const coin = coinOf(genesis);
    if (typeof coin !== 'object') throw new Error('The network has a coin.');
    const tree = new BlockTree(genesis, coinLedger(genesis, coin));
    for (const block of chain.slice(1))
      expect(tree.add(block, Date.now()).status).toBe('added');
    const { counts } = paymentsOf(chain);
    expect(new Set(counts).size).toBe(counts.length);
    const accounts = tree.stateAt(tree.chain.tip.hash)?.accounts ?? null;
    const total = [...listAccounts(accounts)].reduce(
      (sum, [, { balance }]) => sum + balance,
      0,
    );
    expect(total).toBe(
      chain.slice(1).reduce((sum, { index }) => sum + subsidy(coin, index), 0),
    );
    for (const node of nodes)
      for (const { owner } of places) {
        const { balance, count: made } = accountOf(accounts, owner.address);
        expect(await node.get(`/accounts/${owner.address}`)).toMatchObject({
          balance,
          count: made,
        });
      }
    console.log(
      `SEED=${seed}: ${count} nodes, ${seconds} s, ${ended} ends, ${acknowledged.size} payments ` +
        `acknowledged and ${refusals} not, ${counts.length} on a chain of ${chain.length} blocks`,
    );
  },
  seconds * 2_000 + 300_000,
);
