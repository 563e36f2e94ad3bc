/**
 * Nodes of a network with coins under virtual time: they mine, pay, pass payments on, lose messages,
 * are parted and joined again, and restart. Some people pay the same coins twice, at two nodes, and
 * some peers send payments that are none. Everything follows from the seed.
 */
import {
  accountOf,
  coinGenesis,
  coinLedger,
  coinOf,
  listAccounts,
  nextCoinBlock,
  stateRoot,
  subsidy,
  type Accounts,
  type Coin,
  type CoinState,
} from '#accounts';
import type { Block } from '#blocks';
import { Sync, type Effects, type Ledger, type Outgoing } from '#consensus';
import { sha256 } from '#hashing';
import { Gossip, Pool } from '#mempool';
import type { Message } from '#peers';
import { parsePayment, pay, paymentLine, type Keys } from '#signatures';
import { people } from '../people.ts';
import { randomSource } from '../random-source.ts';
import { withWork } from '../with-work.ts';

/** What a run came to. */
export interface CoinOutcome {
  /** What went wrong, or undefined if all is well. */
  readonly fault: string | undefined;
  /** How high the best chain was in the end. */
  readonly height: number;
  /** How many payments are on it. */
  readonly payments: number;
  /** How many blocks were taken off best chains. */
  readonly removed: number;
}

const coin: Coin = { reward: 50, halving: 30, size: 4 };
const PEOPLE = people.slice(0, 6);
const [STORM, CALM] = [240_000, 240_000];

interface Machine {
  readonly id: string;
  readonly links: Set<string>;
  sync: Sync<CoinState>;
  pool: Pool;
  gossip: Gossip;
}

/** The wrong lines that a bad peer sends. */
const nonsense = (network: string, accounts: Accounts): string[] => {
  const [one, other] = PEOPLE as [Keys, Keys];
  const { count } = accountOf(accounts, one.address);
  const order = { to: other.address, amount: 1, fee: 9, count };
  const real = pay(network, one, order);
  const elsewhere = pay(sha256('another network'), one, order);
  return [
    paymentLine({ ...real, amount: 2 }),
    paymentLine({ ...real, from: other.address }),
    paymentLine(elsewhere),
    `${paymentLine(real)} `,
    'not a payment',
    '[[[[[[[[[[',
  ];
};

/** Runs the network of one seed to its end. */
export function simulateCoins(seed: number): CoinOutcome {
  const world = new World(seed);
  world.run();
  return world.outcome();
}

class World {
  readonly #random: () => number;
  readonly #genesis: Block;
  readonly #machines: Machine[];
  readonly #queue: { at: number; run: () => void }[] = [];
  readonly #loss: number;
  #now = 1_700_000_000_000;
  #fault: string | undefined;
  #removed = 0;
  #isCalm = false;

  constructor(seed: number) {
    this.#random = randomSource(seed);
    const first = coinGenesis(coin, { timestamp: this.#now, difficulty: 2 });
    this.#genesis = withWork(first);
    this.#loss = this.#random() < 0.5 ? 0 : 0.15;
    this.#machines = Array.from({ length: 3 + this.#below(4) }, (_, i) => ({
      id: `node ${i}`,
      links: new Set<string>(),
      ...this.#parts(i === 0 || this.#random() < 0.6 ? this.#genesis : undefined),
    }));
  }

  #parts(genesis: Block | undefined) {
    const pool = new Pool();
    const gossip = new Gossip(this.#genesis.hash, pool);
    return { sync: new Sync<CoinState>(genesis, ledgerOf), pool, gossip };
  }

  run(): void {
    const end = this.#now + STORM;
    for (const machine of this.#machines) this.#connect(machine, this.#pick());
    for (let at = this.#now; at < end + CALM; at += 1_000)
      this.#queue.push({ at, run: () => this.#tick() });
    while (this.#now < end) {
      this.#trouble();
      this.#pass(this.#now + this.#below(3_000));
    }
    this.#isCalm = true;
    for (const machine of this.#machines)
      for (const other of this.#machines) this.#connect(machine, other);
    this.#pass(this.#now + CALM / 2);
    // What can be paid is mined, at each node in turn. Rewards let more be paid, so that it may take long.
    for (let i = 0; i < 40 || (i < 400 && this.#unmined() !== undefined); i += 1) {
      this.#connect(this.#pick(), this.#pick());
      this.#mine(this.#machines[i % this.#machines.length] ?? this.#pick());
      this.#pass(this.#now + 2_000);
    }
    this.#pass(this.#now + CALM);
  }

  #trouble(): void {
    const chance = this.#random();
    const [one, other] = [this.#pick(), this.#pick()];
    if (chance < 0.3) this.#mine(one);
    else if (chance < 0.6) this.#payFrom(one);
    else if (chance < 0.68) this.#payTwice(one, other);
    else if (chance < 0.72) this.#flood(one);
    else if (chance < 0.82) this.#disconnect(one, other);
    else if (chance < 0.95) this.#connect(one, other);
    else this.#restart(one);
  }

  /** Somebody pays at a node, by what that knows; the counts of what waits there are passed by. */
  #payFrom(machine: Machine): void {
    const accounts = accountsOf(machine);
    if (accounts === undefined) return;
    const payer = this.#person();
    const { count, balance } = accountOf(accounts, payer.address);
    const waiting = machine.pool.of(payer.address).length;
    const amount = 1 + this.#below(Math.max(1, balance / 2));
    this.#offer(machine, payer, { amount, count: count + waiting });
  }

  #payTwice(one: Machine, other: Machine): void {
    const accounts = accountsOf(one);
    if (accounts === undefined) return;
    const payer = this.#person();
    const { count } = accountOf(accounts, payer.address);
    this.#offer(one, payer, { amount: 1, count });
    this.#offer(other, payer, { amount: 2, count });
  }

  #offer(machine: Machine, payer: Keys, some: { amount: number; count: number }): void {
    const accounts = accountsOf(machine);
    if (accounts === undefined) return;
    const to = this.#person().address;
    const fee = 1 + this.#below(5);
    const payment = pay(this.#genesis.hash, payer, { to, fee, ...some });
    if (machine.pool.add(payment, accounts) === undefined)
      this.#send(machine, machine.gossip.offer(payment).send);
  }

  /** A stranger connects and sends one wrong payment: it must be parted from for that. */
  #flood(machine: Machine): void {
    const accounts = accountsOf(machine);
    if (accounts === undefined) return;
    machine.gossip.connected('stranger');
    const lines = nonsense(this.#genesis.hash, accounts);
    const line = lines[this.#below(lines.length)] ?? '';
    const { refuse, taken } = machine.gossip.received(
      'stranger',
      { lines: [line] },
      accounts,
    );
    machine.gossip.disconnected('stranger');
    if (refuse.length !== 1 || taken.length > 0)
      this.#fault ??= `a peer that sent ${line} was not parted from`;
  }

  #mine(machine: Machine): void {
    const { sync, pool } = machine;
    const { tree } = sync;
    const state = tree?.stateAt(tree.chain.tip.hash);
    if (tree === undefined || state === undefined) return;
    const payments = pool.pick(coin.size, state.accounts);
    const to = this.#person().address;
    const block = withWork(
      nextCoinBlock(coin, tree.chain.tip, state, payments, to, this.#now),
    );
    const lines = block.data.split('\n').length - 1;
    if (lines !== payments.length) this.#fault ??= 'the pool picked what cannot be paid';
    this.#follow(machine, sync.mined(block, this.#now));
  }

  #tick(): void {
    for (const machine of this.#machines) {
      this.#follow(machine, machine.sync.tick());
      this.#send(machine, machine.gossip.tick().send);
    }
  }

  /** A node starts again with what it has on disk: its best chain, and no pool. */
  #restart(machine: Machine): void {
    for (const other of this.#machines) this.#disconnect(machine, other);
    const blocks = machine.sync.tree?.chain.slice() ?? [];
    Object.assign(machine, this.#parts(blocks[0]));
    for (const block of blocks.slice(1)) machine.sync.mined(block, this.#now);
  }

  #connect(one: Machine, other: Machine): void {
    if (one === other || one.links.has(other.id)) return;
    one.links.add(other.id);
    other.links.add(one.id);
    const greetings = [one, other].map(({ sync }) => ({
      genesis: sync.tree?.chain.at(0)?.hash ?? null,
      tip: sync.tip,
    }));
    for (const [i, [a, b]] of (
      [
        [one, other],
        [other, one],
      ] as const
    ).entries()) {
      const greeting = greetings[1 - i];
      if (greeting) this.#follow(a, a.sync.connected(b.id, greeting));
      this.#send(a, a.gossip.connected(b.id).send);
    }
  }

  #disconnect(one: Machine, other: Machine): void {
    if (!one.links.delete(other.id)) return;
    other.links.delete(one.id);
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const) {
      this.#follow(a, a.sync.disconnected(b.id));
      a.gossip.disconnected(b.id);
    }
  }

  #follow(machine: Machine, { send, changes, refuse }: Effects): void {
    this.#send(machine, send);
    for (const { peer, reason } of refuse) {
      const other = this.#machines.find(({ id }) => id === peer);
      if (other) this.#disconnect(machine, other);
      if (/invalid|of no use/.test(reason))
        this.#fault ??= `honest nodes part: ${reason}`;
    }
    const accounts = accountsOf(machine);
    if (changes.length === 0 || accounts === undefined) return;
    for (const { removed } of changes) this.#removed += removed.length;
    machine.pool.changed(changes, accounts);
  }

  #send(from: Machine, messages: readonly Outgoing[]): void {
    for (const { to, message } of messages) {
      const target = this.#machines.find(({ id }) => id === to);
      const isLost = !this.#isCalm && this.#random() < this.#loss;
      if (target === undefined || isLost) continue;
      const at = this.#now + 20 + this.#below(300);
      this.#queue.push({ at, run: () => this.#receive(target, from, message) });
    }
  }

  #receive(machine: Machine, from: Machine, message: Message): void {
    if (!machine.links.has(from.id)) return;
    if (message.type !== 'topic')
      return this.#follow(machine, machine.sync.received(from.id, message, this.#now));
    const accounts = accountsOf(machine);
    if (accounts === undefined) return;
    const effects = machine.gossip.received(from.id, message.body, accounts);
    this.#send(machine, effects.send);
    for (const { reason } of effects.refuse)
      this.#fault ??= `honest nodes part over payments: ${reason}`;
  }

  #pass(end: number): void {
    for (;;) {
      let next = -1;
      for (const [i, { at }] of this.#queue.entries())
        if (at <= end && (next === -1 || at < (this.#queue[next]?.at ?? 0))) next = i;
      const [happening] = next === -1 ? [] : this.#queue.splice(next, 1);
      if (happening === undefined) break;
      this.#now = Math.max(this.#now, happening.at);
      happening.run();
    }
    this.#now = end;
  }

  #below(limit: number): number {
    return Math.trunc(this.#random() * limit);
  }

  #person(): Keys {
    const person = PEOPLE[this.#below(PEOPLE.length)];
    if (person === undefined) throw new Error('There are people.');
    return person;
  }

  #pick(): Machine {
    const machine = this.#machines[this.#below(this.#machines.length)];
    if (machine === undefined) throw new Error('There are machines.');
    return machine;
  }

  /** Whether all nodes agree, and whether a walk over the chain gives what they say. */
  outcome(): CoinOutcome {
    const chain = this.#machines[0]?.sync.tree?.chain.slice() ?? [];
    const walk = walkOver(chain);
    return {
      fault: this.#fault ?? walk.fault ?? this.#disagreement(walk.balances),
      height: chain.length - 1,
      payments: walk.payments,
      removed: this.#removed,
    };
  }

  #disagreement(balances: ReadonlyMap<string, number>): string | undefined {
    const tips = new Set(this.#machines.map(({ sync }) => sync.tip?.hash));
    if (tips.size !== 1) return `the nodes ended with ${tips.size} tips`;
    const all = this.#machines.map((machine) => accountsOf(machine) ?? null);
    if (new Set(all.map(stateRoot)).size !== 1)
      return 'the nodes have different accounts';
    for (const [address, { balance }] of listAccounts(all[0] ?? null))
      if (balances.get(address) !== balance) return `${address} has ${balance} coins`;
    const unmined = this.#unmined();
    return unmined && `${unmined.id} has not mined all`;
  }

  /** A node at which something waits that can be paid. */
  #unmined(): Machine | undefined {
    return this.#machines.find(
      (machine) => machine.pool.pick(1, accountsOf(machine) ?? null).length > 0,
    );
  }
}

function ledgerOf(genesis: Block): Ledger<CoinState> | string {
  const found = coinOf(genesis);
  return typeof found === 'object' ? coinLedger(genesis, found) : 'no coin';
}

function accountsOf({ sync: { tree } }: Machine): Accounts | undefined {
  return tree?.stateAt(tree.chain.tip.hash)?.accounts;
}

/** Adds up by hand what the lines of a chain say: balances, and how often each count was used. */
function walkOver(chain: readonly Block[]) {
  const balances = new Map<string, number>();
  const used = new Set<string>();
  let fault: string | undefined;
  let supply = 0;
  const give = (address: string, coins: number) =>
    balances.set(address, (balances.get(address) ?? 0) + coins);
  for (const { index, data } of chain.slice(1)) {
    const [reward = '', ...lines] = data.split('\n');
    for (const line of lines) {
      const payment = parsePayment(line);
      if (payment === undefined)
        return { fault: `no payment: ${line}`, balances, payments: 0 };
      const { from, to, amount, fee, count } = payment;
      if (used.has(`${from} ${count}`)) fault ??= `count ${count} was used twice`;
      used.add(`${from} ${count}`);
      give(from, -amount - fee);
      give(to, amount);
      if ((balances.get(from) ?? 0) < 0) fault ??= 'somebody paid more than there was';
    }
    const [, to, coins] = JSON.parse(reward) as [string, string, number];
    give(to, coins);
    supply += subsidy(coin, index);
  }
  const sum = [...balances.values()].reduce((a, b) => a + b, 0);
  if (sum !== supply) fault ??= `there are ${sum} coins, not ${supply}`;
  return { fault, balances, payments: used.size };
}
