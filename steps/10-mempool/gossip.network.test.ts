import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Accounts } from '#accounts';
import { Gossip, Pool, type GossipEffects } from '#mempool';
import { paymentLine, type Payment } from '#signatures';
import { accountsOfKeys, genesis, signed } from './payments-for-test.ts';

const rich = accountsOfKeys({ Alice: 10_000, Bob: 10_000, Carol: 10_000 });

/** Nodes with wires between them, on which messages may overtake each other. */
class Network {
  readonly nodes = new Map<string, { readonly pool: Pool; readonly gossip: Gossip }>();
  readonly refused: string[] = [];
  readonly #wire: { from: string; to: string; body: unknown }[] = [];
  readonly #links = new Set<string>();

  constructor(names: readonly string[]) {
    for (const name of names) {
      const pool = new Pool();
      this.nodes.set(name, { pool, gossip: new Gossip(genesis.hash, pool) });
    }
  }

  #node(name: string) {
    const node = this.nodes.get(name);
    if (node === undefined) throw new Error(`There is no node ${name}.`);
    return node;
  }

  #perform(name: string, { send, refuse }: GossipEffects): void {
    for (const { to, message } of send)
      if (message.type === 'topic')
        this.#wire.push({ from: name, to, body: message.body });
    for (const { peer } of refuse) {
      this.refused.push(`${name} parts from ${peer}`);
      this.part(name, peer);
    }
  }

  join(a: string, b: string): void {
    this.#links.add([a, b].sort().join(' '));
    this.#perform(a, this.#node(a).gossip.connected(b));
    this.#perform(b, this.#node(b).gossip.connected(a));
  }

  part(a: string, b: string): void {
    this.#links.delete([a, b].sort().join(' '));
    this.#node(a).gossip.disconnected(b);
    this.nodes.get(b)?.gossip.disconnected(a);
    const isBetween = ({ from, to }: { from: string; to: string }) =>
      [a, b].includes(from) && [a, b].includes(to);
    const left = this.#wire.filter((one) => !isBetween(one));
    this.#wire.splice(0, this.#wire.length, ...left);
  }

  pay(name: string, payment: Payment, accounts: Accounts = rich): void {
    const { pool, gossip } = this.#node(name);
    if (pool.add(payment, accounts) === undefined)
      this.#perform(name, gossip.offer(payment));
  }

  say(from: string, to: string, body: unknown): void {
    this.#wire.push({ from, to, body });
  }

  tick(): void {
    for (const [name, { gossip }] of this.nodes) this.#perform(name, gossip.tick());
  }

  /** Delivers a message, whichever. */
  deliver(which: number): boolean {
    const [next] = this.#wire.splice(which % Math.max(1, this.#wire.length), 1);
    if (next === undefined) return false;
    const { from, to, body } = next;
    const node = this.nodes.get(to);
    if (node) this.#perform(to, node.gossip.received(from, body, rich));
    return true;
  }

  settle(which = 0): void {
    while (this.deliver(which));
  }

  idsAt(name: string): string[] {
    return [...this.#node(name).pool.waiting.keys()].sort();
  }
}

const names = ['Ann', 'Ben', 'Cleo', 'Dan', 'Eve'] as const;

describe('Task 10: payments of this node, once more', () => {
  const own = signed('Alice');
  const foreign = signed('Bob');

  function nodeWithBoth() {
    const pool = new Pool();
    const gossip = new Gossip(genesis.hash, pool);
    for (const peer of ['ann', 'bob']) gossip.connected(peer);
    pool.add(own, rich);
    gossip.offer(own);
    gossip.received('ann', { lines: [paymentLine(foreign)] }, rich);
    return { pool, gossip };
  }
  const seconds = (gossip: Gossip, count: number) =>
    Array.from({ length: count }, () => gossip.tick().send).flat();

  it('sends payments that were made at this node to all peers each minute, and no others', () => {
    const { gossip } = nodeWithBoth();
    const lines = [paymentLine(own)];
    const both = ['ann', 'bob'].map((to) => ({
      to,
      message: { type: 'topic', topic: 'payments', body: { lines } },
    }));
    expect(seconds(gossip, 59)).toEqual([]);
    expect(gossip.tick().send).toEqual(both);
    expect(seconds(gossip, 59)).toEqual([]);
    expect(gossip.tick().send).toEqual(both);
  });

  it('sends them no more when they wait no more', () => {
    const { pool, gossip } = nodeWithBoth();
    pool.add(signed('Alice', { fee: 2 }), rich);
    expect(seconds(gossip, 120)).toEqual([]);
  });

  it('reaches so a peer that could not take a payment when it first came', () => {
    const network = new Network(['Ann', 'Ben']);
    network.join('Ann', 'Ben');
    const far = signed('Alice', { count: 70 });
    const later = accountsOfKeys({ Alice: 100 }, 10);
    network.pay('Ann', far, later);
    network.settle(); // Ben knows no payment of Alice yet: this one is too far ahead
    expect(network.idsAt('Ben')).toEqual([]);
    const ben = network.nodes.get('Ben');
    const ann = network.nodes.get('Ann');
    if (!ann || !ben) throw new Error('There are both.');
    const sent = Array.from({ length: 60 }, () => ann.gossip.tick().send).flat();
    for (const { message } of sent)
      if (message.type === 'topic') ben.gossip.received('Ann', message.body, later);
    expect(network.idsAt('Ben')).toEqual(network.idsAt('Ann'));
  });

  it('lets all pools be equal in the end, in whatever order messages come', () => {
    const deed = fc.record({
      at: fc.constantFrom(...names),
      from: fc.constantFrom('Alice', 'Bob', 'Carol'),
      count: fc.nat(5),
      fee: fc.integer({ min: 1, max: 50 }),
      link: fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)),
      which: fc.nat(1_000),
    });
    fc.assert(
      fc.property(fc.array(deed, { minLength: 5, maxLength: 25 }), (deeds) => {
        const network = new Network(names);
        for (const [i, name] of names.entries())
          if (i > 0) network.join(names[i - 1] ?? 'Ann', name);
        const fees = new Set<string>();
        for (const { at, from, count, fee, link, which } of deeds) {
          const key = `${from} ${count} ${fee}`;
          // Of two with the same fee each node keeps the one that came first.
          if (!fees.has(key))
            network.pay(at, signed(from, { count, fee, amount: which + 1 }));
          fees.add(key);
          for (let i = 0; i < which % 4; i += 1) network.deliver(which);
          const [a, b] = link;
          if (a !== b && which % 3 === 0) network.part(a, b);
          if (a !== b && which % 3 === 1) network.join(a, b);
        }
        for (const [i, name] of names.entries())
          if (i > 0) network.join(names[i - 1] ?? 'Ann', name);
        network.settle(7);
        for (const name of names)
          expect(network.idsAt(name)).toEqual(network.idsAt('Ann'));
        expect(network.refused).toEqual([]);
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });

  it('parts from a flooder, at every node that it floods, and from nobody else', () => {
    const network = new Network(names);
    for (const [i, name] of names.entries())
      if (i > 0) network.join(names[i - 1] ?? 'Ann', name);
    for (const name of ['Ann', 'Dan'])
      network.nodes.get(name)?.gossip.connected('Mallory');
    for (let count = 0; count < 450; count += 1) {
      const lines = [paymentLine(signed('Alice', { count: count % 64, fee: 1 + count }))];
      for (const name of ['Ann', 'Dan']) network.say('Mallory', name, { lines });
    }
    network.settle();
    expect(network.refused.sort()).toEqual([
      'Ann parts from Mallory',
      'Dan parts from Mallory',
    ]);
    network.pay('Eve', signed('Bob'));
    network.settle();
    for (let second = 0; second < 30; second += 1) {
      network.tick();
      network.settle();
    }
    for (const name of names) expect(network.idsAt(name)).toEqual(network.idsAt('Ann'));
    expect(network.refused).toHaveLength(2);
  });
});
