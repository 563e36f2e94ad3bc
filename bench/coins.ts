/** What payments cost: in this process alone, and on their way through nodes. */
import {
  accountOf,
  coinGenesis,
  coinLedger,
  nextCoinBlock,
  type Coin,
  type CoinState,
} from '#accounts';
import type { Block } from '#blocks';
import { BlockTree } from '#consensus';
import { newKeys, pay, type Keys, type Payment } from '#signatures';
import { TestNode, cleanUp } from '../test/network/harness.ts';
import { join } from './sync.ts';
import { median, number, print, type Row } from './table.ts';

const coin: Coin = { reward: 1_000_000, halving: 1_000_000, size: 20 };
const START = 1_700_000_000_000;
const NOW = START + 86_400_000_000;

/** Some people, and a chain on which they pay each other in every block. */
class Economy {
  readonly genesis = coinGenesis(coin, { timestamp: START });
  readonly ledger = coinLedger(this.genesis, coin);
  readonly tree = new BlockTree<CoinState>(this.genesis, this.ledger);
  readonly people: readonly Keys[];
  #next = 0;

  constructor(people: number) {
    this.people = Array.from({ length: people }, newKeys);
  }

  /** Makes the block after `parent` with so many payments, and does not add it. */
  block(payments: number, parent: Block = this.tree.chain.tip): Block {
    const state = this.tree.stateAt(parent.hash);
    if (state === undefined) throw new Error('The tree holds the parent.');
    const counts = new Map<string, number>();
    const list: Payment[] = [];
    const to = this.#person();
    for (let tries = 0; list.length < payments && tries < 5 * payments; tries += 1) {
      const payer = this.#person();
      const account = accountOf(state.accounts, payer.address);
      const count = counts.get(payer.address) ?? account.count;
      if (account.balance < 2 * (count - account.count + 1)) continue;
      const order = { to: this.#person().address, amount: 1, fee: 1, count };
      list.push(pay(this.genesis.hash, payer, order));
      counts.set(payer.address, count + 1);
    }
    return nextCoinBlock(coin, parent, state, list, to.address, START);
  }

  grow(blocks: number, payments: number): void {
    for (let i = 0; i < blocks; i += 1) this.add(this.block(payments));
  }

  add(block: Block): void {
    const result = this.tree.add(block, NOW);
    if (result.status !== 'added') throw new Error(JSON.stringify(result));
  }

  #person(): Keys {
    const [first] = this.people;
    this.#next += 7;
    const person = this.people[this.#next % this.people.length] ?? first;
    if (person === undefined) throw new Error('There are people.');
    return person;
  }
}

/** Milliseconds of processor that some work takes. */
function cost(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

/** How long it takes to add a block, by how many payments it has. */
function addingBlocks(): Row[] {
  return [0, 10, 20].map((payments) => {
    const economy = new Economy(101);
    economy.grow(200, 0); // so that everybody has coins
    const copy = new BlockTree<CoinState>(economy.genesis, economy.ledger);
    const before = economy.tree.chain.length;
    economy.grow(300, payments);
    const chain = economy.tree.chain.slice(1);
    for (const block of chain.slice(0, before - 1)) copy.add(block, NOW);
    const news = chain.slice(before - 1);
    const lines = news.reduce((sum, { data }) => sum + data.split('\n').length - 1, 0);
    const time = cost(() => {
      for (const block of news) copy.add(block, NOW);
    });
    return {
      what: `add a block with ${number(lines / news.length)} payments`,
      result: `${number(time / news.length, 2)} ms`,
    };
  });
}

/** What the heap holds after a garbage collection, in bytes. */
function heap(): number {
  if (globalThis.gc === undefined) throw new Error('Run this with node --expose-gc.');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function memory(): Row[] {
  const economy = new Economy(101);
  economy.grow(3_000, 10);
  const before = heap();
  economy.grow(3_000, 10);
  const perBlock = (heap() - before) / 3_000;
  const lines = economy.tree.chain.tip.data.split('\n').length - 1;
  const many = new Economy(20_000);
  const rest = heap();
  many.grow(20_000, 0);
  const perAccount = (heap() - rest) / 20_000;
  return [
    {
      what: `memory of a block with ${lines} payments, its data included`,
      result: `${number(perBlock / 1_000, 1)} kB`,
    },
    {
      what: 'memory of a block without payments that opens an account',
      result: `${number(perAccount / 1_000, 1)} kB`,
    },
  ];
}

/** What it costs to judge one block far back, and to move to a branch of 1,000 blocks. */
function forks(): Row[] {
  const economy = new Economy(101);
  economy.grow(1_500, 10);
  const at = (index: number) => economy.tree.chain.at(index) ?? economy.genesis;
  const late = economy.block(0, at(499));
  const copy = new BlockTree<CoinState>(economy.genesis, economy.ledger);
  for (const block of economy.tree.chain.slice(1)) copy.add(block, NOW);
  const deep = cost(() => copy.add(late, NOW));
  let parent = at(500);
  const branch: Block[] = [];
  const shadow = new BlockTree<CoinState>(economy.genesis, economy.ledger);
  for (const block of economy.tree.chain.slice(1, 501)) shadow.add(block, NOW);
  for (let i = 0; i < 1_001; i += 1) {
    const state = shadow.stateAt(parent.hash);
    if (state === undefined) throw new Error('The shadow holds the parent.');
    parent = nextCoinBlock(
      coin,
      parent,
      state,
      [],
      economy.people[0]?.address ?? '',
      START,
    );
    branch.push(parent);
    shadow.add(parent, NOW);
  }
  const all = cost(() => {
    for (const block of branch) copy.add(block, NOW);
  });
  if (copy.chain.tip !== branch.at(-1)) throw new Error('The longer branch wins.');
  return [
    { what: 'judge one block 1,000 back', result: `${number(deep, 1)} ms` },
    {
      what: 'move to a branch of 1,001 blocks that leaves the chain 1,000 back',
      result: `${number(all, 0)} ms, ${number(all / 1_001, 2)} ms a block`,
    },
  ];
}

/** How long it takes a node to get a chain from another one, by how many payments its blocks have. */
async function syncing(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const payments of [0, 10, 20]) {
    const economy = new Economy(101);
    economy.grow(200, 0); // so that everybody has coins
    economy.grow(SYNCED, payments);
    const { chain } = economy.tree;
    const runs: number[] = [];
    for (let i = 0; i < 3; i += 1) runs.push((await join(chain.slice(0))).seconds);
    const seconds = median(runs);
    rows.push({
      what: `fresh sync of ${number(SYNCED)} blocks with ${payments} payments each`,
      result: `${number(seconds, 2)} s, ${number(chain.length / seconds)} blocks/s`,
    });
  }
  return rows;
}

/** How many payers there are in a network, and how many payments each makes. */
const PAYERS = { count: 25, payments: 20 };

/** How many blocks with payments a node gets from another one. */
const SYNCED = 2_000;

/** How many single payments are followed to the last node. */
const FOLLOWED = 20;

/** Nodes in a line, whose payers all have coins. */
async function coinNetwork(size: number) {
  const owner = newKeys();
  const first = await TestNode.start([
    ...['-d', '1', '--coin', '1000000,1000,200'],
    ...['--wallet', owner.address, '--outbound', '0'],
  ]);
  const nodes = [first];
  for (let last = first; nodes.length < size; nodes.push(last)) {
    last = await TestNode.start(['-n', last.ws, '--outbound', '0']);
    await last.until(({ msg }) => msg.startsWith('Joined the network'));
  }
  await first.post('');
  const { hash } = await first.get<Block>('/blocks/0');
  const payers = Array.from({ length: PAYERS.count }, newKeys);
  for (const [count, { address: to }] of payers.entries())
    await give(first, pay(hash, owner, { to, amount: 1_000, fee: 1, count }));
  const tip = await first.post('');
  await Promise.all(nodes.map((node) => node.untilTip(tip.hash)));
  return { first, nodes, hash, owner, payers };
}

async function give(node: TestNode, payment: Payment): Promise<void> {
  const { status, body } = await node.request('/payments', payment);
  if (status !== 202)
    throw new Error(`POST /payments: ${status} ${JSON.stringify(body)}`);
}

/** Payments a second until all nodes of a line have them. */
async function throughput(size: number): Promise<number> {
  const { first, nodes, hash, payers } = await coinNetwork(size);
  const order = { to: payers[0]?.address ?? '', amount: 1, fee: 1 };
  const payments = Array.from({ length: PAYERS.payments }, (_, count) =>
    payers.map((payer) => pay(hash, payer, { ...order, count })),
  );
  const start = performance.now();
  for (const batch of payments) await Promise.all(batch.map((one) => give(first, one)));
  const total = PAYERS.count * PAYERS.payments;
  await Promise.all(nodes.map((node) => untilWaiting(node, total)));
  return (1_000 * total) / (performance.now() - start);
}

/** Asks a node until so many payments wait there. */
async function untilWaiting(node: TestNode, total: number): Promise<void> {
  while ((await node.get<{ size: number }>('/mempool?limit=1')).size < total)
    await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Milliseconds until a payment that the first node has taken waits at the last one. */
async function spread(size: number): Promise<number> {
  const { first, nodes, hash, owner, payers } = await coinNetwork(size);
  const times: number[] = [];
  for (let i = 0; i < FOLLOWED; i += 1) {
    const order = { to: payers[0]?.address ?? '', amount: 1, fee: 1 };
    const start = performance.now();
    await give(first, pay(hash, owner, { ...order, count: PAYERS.count + i }));
    await Promise.all(nodes.map((node) => untilWaiting(node, i + 1)));
    times.push(performance.now() - start);
  }
  return median(times);
}

export async function benchCoins(): Promise<void> {
  print('Coins, in this process (milliseconds of processor)', [
    ...addingBlocks(),
    ...forks(),
    ...memory(),
  ]);
  const rows = await syncing();
  for (const size of [1, 5]) {
    const rate = await throughput(size);
    await cleanUp();
    const what =
      size === 1 ? 'one node takes and keeps' : `${size} nodes in a line all have`;
    rows.push({ what: `payments that ${what}`, result: `${number(rate)} a second` });
  }
  const time = await spread(5);
  await cleanUp();
  rows.push({
    what: 'from POST /payments to the mempools of all 5',
    result: `${number(time)} ms`,
  });
  print('Coins, in running nodes', rows);
}
