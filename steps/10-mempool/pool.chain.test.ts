import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  accountOf,
  nextCoinBlock,
  noAccounts,
  rewardLine,
  type Accounts,
} from '#accounts';
import { nextBlock, type Block } from '#blocks';
import type { BlockTree, Change } from '#consensus';
import { Pool } from '#mempool';
import { paymentId, paymentLine, type Payment } from '#signatures';
import {
  START,
  accountsWith,
  addressOf,
  coin,
  genesis,
  idsOf,
  keysOf,
  newTree,
  payment,
  signed,
} from './payments-for-test.ts';

const rich = accountsWith({ Alice: 1_000, Bob: 1_000, Carol: 1_000 });

/** A block with a reward and these payments. The pool looks at nothing else of it. */
function blockOf(payments: readonly Payment[], to = 'Miner'): Block {
  const reward = rewardLine({ to: addressOf(to), amount: 100, root: '0'.repeat(64) });
  return nextBlock(genesis, [reward, ...payments.map(paymentLine)].join('\n'), START);
}

const added = (...blocks: readonly Block[]): Change => ({ removed: [], added: blocks });
const removed = (...blocks: readonly Block[]): Change => ({ removed: blocks, added: [] });

function poolWith(payments: readonly Payment[], accounts: Accounts = rich): Pool {
  const pool = new Pool();
  for (const one of payments) {
    const reason = pool.add(one, accounts);
    if (reason !== undefined) throw new Error(`It should be taken: ${reason}.`);
  }
  return pool;
}

const waitingIn = (pool: Pool) => [...pool.waiting.values()];

describe('Task 6: following the chain', () => {
  const [first, second, third] = [0, 1, 2].map((count) => payment({ count })) as [
    Payment,
    Payment,
    Payment,
  ];
  const used = (count: number) => accountsWith({ Alice: [900, count] });

  it('lets go what is on the chain now', () => {
    const pool = poolWith([first, second, third]);
    pool.changed([added(blockOf([first]), blockOf([second]))], used(2));
    expect(waitingIn(pool)).toEqual([third]);
    expect(pool.of(addressOf('Alice'))).toEqual([third]);
    expect(pool.isParked(paymentId(third))).toBe(false);
  });

  it('lets go what can never be made, since another payment has used its count', () => {
    const pool = poolWith([first, second]);
    const rival = payment({ count: 0, fee: 0, to: 'Carol' });
    pool.changed([added(blockOf([rival]))], used(1));
    expect(waitingIn(pool)).toEqual([second]);
  });

  it('keeps what a block does not speak of', () => {
    const pool = poolWith([first, payment({ from: 'Bob', to: 'Dora' })]);
    pool.changed([added(blockOf([payment({ from: 'Carol' })]))], rich);
    expect(pool.size).toBe(2);
  });

  it('changes nothing where nothing has changed', () => {
    const pool = poolWith([first, third]);
    pool.changed([], rich);
    pool.changed([added(), removed()], rich);
    expect(waitingIn(pool)).toEqual([first, third]);
  });

  it('lets wait again what is not on the chain any more, and can be picked anew', () => {
    const pool = poolWith([third], used(2));
    pool.changed([removed(blockOf([first]), blockOf([second]))], rich);
    expect(pool.of(addressOf('Alice'))).toEqual([first, second, third]);
    expect(pool.pick(3, rich)).toEqual([first, second, third]);
  });

  it('lets a payment wait again whatever its fee', () => {
    const free = payment({ fee: 0 });
    const pool = new Pool();
    pool.changed([removed(blockOf([free]))], rich);
    expect(waitingIn(pool)).toEqual([free]);
    expect(pool.pick(1, rich)).toEqual([free]);
  });

  it('lets a hundred payments of one payer wait again, however far ahead', () => {
    const many = Array.from({ length: 100 }, (_, count) => payment({ count }));
    const pool = new Pool();
    pool.changed([removed(blockOf(many))], rich);
    expect(pool.of(addressOf('Alice'))).toEqual(many);
  });

  it('does not bring back what is on the other branch, too', () => {
    const pool = new Pool();
    const change = {
      removed: [blockOf([first])],
      added: [blockOf([first, second])],
    };
    pool.changed([change], used(2));
    expect(pool.size).toBe(0);
  });

  it('looks at several changes as at one', () => {
    const pool = poolWith([third], used(2));
    const back = removed(blockOf([first, second]));
    pool.changed([back, added(blockOf([first]))], used(1));
    expect(pool.of(addressOf('Alice'))).toEqual([second, third]);
  });

  it('brings nothing back where a payment with a higher fee waits in its place', () => {
    const better = payment({ count: 0, fee: 9 });
    const pool = poolWith([better]);
    pool.changed([removed(blockOf([first]))], rich);
    expect(waitingIn(pool)).toEqual([better]);
  });

  it('does not have twice what waits already', () => {
    const pool = poolWith([first]);
    pool.changed([removed(blockOf([first]))], rich);
    expect(waitingIn(pool)).toEqual([first]);
    expect(pool.isParked(paymentId(first))).toBe(false);
  });

  it.each([
    ['a payment', blockOf([payment({ from: 'Bob', to: 'Dora', amount: 50 })])],
    ['a reward', blockOf([], 'Dora')],
  ])('parks no longer what the coins of %s have come for', (_name, block) => {
    const waits = payment({ from: 'Dora', amount: 40 });
    const pool = poolWith([waits]);
    expect(pool.isParked(paymentId(waits))).toBe(true);
    pool.changed([added(block)], accountsWith({ Dora: 50 }));
    expect(pool.isParked(paymentId(waits))).toBe(false);
  });

  it.each([
    ['a payment', blockOf([payment({ from: 'Bob', to: 'Dora', amount: 50 })])],
    ['a reward', blockOf([], 'Dora')],
  ])('parks what the coins of %s are gone for', (_name, block) => {
    const waits = payment({ from: 'Dora', amount: 40 });
    const pool = poolWith([waits], accountsWith({ Dora: 50 }));
    pool.changed([removed(block)], noAccounts);
    expect(pool.isParked(paymentId(waits))).toBe(true);
  });

  it('parks what stands behind a payment that came off the chain and is lost', () => {
    const pool = poolWith([second], used(1));
    expect(pool.isParked(paymentId(second))).toBe(false);
    // The payer has no coins any more, so the payment that comes back is parked as well.
    pool.changed([removed(blockOf([first]))], noAccounts);
    expect(idsOf([first, second]).map((id) => pool.isParked(id))).toEqual([true, true]);
  });

  it('keeps to its bounds when thousands of payments come off the chain', () => {
    const names = Array.from({ length: 100 }, (_, i) => `payer ${i}`);
    const accounts = accountsWith(Object.fromEntries(names.map((name) => [name, 5_000])));
    const blocks = names.map((from) =>
      blockOf(Array.from({ length: 60 }, (_, count) => payment({ from, count, fee: 2 }))),
    );
    const pool = new Pool();
    pool.changed([removed(...blocks)], accounts);
    expect(pool.size).toBe(5_000);
    pool.changed([added(...blocks)], accountsWith({ Alice: 1 }));
    // Nobody has anything there, so what waits is parked.
    expect(pool.size).toBeLessThanOrEqual(5_000);
    pool.changed([removed(...blocks)], noAccounts);
    expect(pool.size).toBe(1_000);
  });

  it('drops nothing of a full pool for payments that are on both branches', () => {
    const names = Array.from({ length: 5_000 }, (_, i) => `payer ${i}`);
    const accounts = accountsWith(Object.fromEntries(names.map((name) => [name, 10])));
    const pool = poolWith(
      names.map((from) => payment({ from })),
      accounts,
    );
    const [one, other] = [blockOf([first]), blockOf([first], 'Other')];
    pool.changed([{ removed: [one], added: [other] }], used(1));
    expect(pool.size).toBe(5_000);
  });

  const line = fc.oneof(
    fc.string(),
    fc.json({ maxDepth: 1 }),
    fc.constant('["reward",1,2,3]'),
    fc.constant(`["${first.from}",null,1,1,0,""]`),
  );
  it('takes any text for the data of a block, and never throws', () => {
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const pool = poolWith([first]);
        const block = { ...genesis, data: lines.join('\n') };
        pool.changed([{ removed: [block], added: [block] }], rich);
        expect(waitingIn(pool)).toEqual([first]);
      }),
    );
  });
});

/** What may happen to a node: somebody pays, or a block is found, on the tip or on another block. */
type Deed =
  | {
      readonly kind: 'pay';
      readonly from: string;
      readonly to: string;
      readonly amount: number;
      readonly fee: number;
      readonly back: number;
    }
  | { readonly kind: 'mine'; readonly to: string; readonly back: number };

const names = ['Alice', 'Bob', 'Carol', 'Dora'] as const;
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    kind: fc.constant('pay' as const),
    from: fc.constantFrom(...names),
    to: fc.constantFrom(...names),
    amount: fc.integer({ min: 1, max: 90 }),
    fee: fc.nat(6),
    back: fc.nat(2),
  }),
  fc.record({
    kind: fc.constant('mine' as const),
    to: fc.constantFrom(...names),
    back: fc.constantFrom(0, 0, 1, 2, 3, 5),
  }),
);

/** A node with a tree and a pool. */
class Node {
  readonly tree: BlockTree<{ readonly accounts: Accounts }> = newTree();
  readonly pool = new Pool();
  readonly #blocks: Block[] = [genesis];
  /** All payments that the pool has taken. */
  readonly #taken = new Map<string, Payment>();
  #time = START;

  get accounts(): Accounts {
    return this.tree.stateAt(this.tree.chain.tip.hash)?.accounts ?? noAccounts;
  }

  pay(
    from: string,
    to: string,
    wish: { amount: number; fee: number; back: number },
  ): void {
    const { amount, fee, back } = wish;
    const { address } = keysOf(from);
    const next = accountOf(this.accounts, address).count + this.pool.of(address).length;
    // Now and then one is left out, or an earlier one is to be replaced.
    const one = signed(from, { to, amount, fee, count: Math.max(0, next + 1 - back) });
    if (this.pool.add(one, this.accounts) === undefined)
      this.#taken.set(paymentId(one), one);
  }

  /** Finds a block, so many blocks before the newest; says what it holds. */
  mine(to: string, back = 0): void {
    const parent = back === 0 ? this.tree.chain.tip : this.#blocks.at(-back);
    const state = parent && this.tree.stateAt(parent.hash);
    if (!parent || !state) return;
    const isTip = parent === this.tree.chain.tip;
    const payments = this.pool.pick(coin.size, state.accounts);
    const { address } = keysOf(to);
    this.#time += 1;
    const block = nextCoinBlock(coin, parent, state, payments, address, this.#time);
    if (isTip) expect(block.data.split('\n')).toHaveLength(1 + payments.length);
    const result = this.tree.add(block, Infinity);
    if (result.status === 'invalid')
      throw new Error(`A block with what was picked is invalid: ${result.reason}.`);
    if (result.status !== 'added') return;
    this.#blocks.push(block);
    if (result.change) this.pool.changed([result.change], this.accounts);
  }

  /** Fails unless each payment is where it belongs. */
  check(): void {
    const lines = this.tree.chain.slice().flatMap(({ data }) => data.split('\n'));
    const onChain = new Set(lines);
    const next = (address: string) => accountOf(this.accounts, address).count;
    for (const [id, one] of this.#taken) {
      const waits = this.pool.get(id) !== undefined;
      const isUsed = one.count < next(one.from);
      if (waits && isUsed) throw new Error('A payment waits whose count is used.');
      const rival = this.pool.of(one.from).find(({ count }) => count === one.count);
      if (!isUsed && !waits && rival === undefined)
        throw new Error('A payment is lost: it neither waits nor is on the chain.');
      if (onChain.has(paymentLine(one)) && !isUsed)
        throw new Error('The pool was given other accounts than those of the tip.');
    }
    const known = [...this.pool.waiting.keys()].filter((id) => !this.#taken.has(id));
    expect(known).toEqual([]);
  }
}

describe('Task 6: following the chain', () => {
  it('loses no payment in any reorganization, keeps none too many, and offers no wrong block', () => {
    fc.assert(
      fc.property(fc.array(deed, { minLength: 30, maxLength: 60 }), (deeds) => {
        const node = new Node();
        for (const name of names) node.mine(name);
        for (const one of deeds) {
          if (one.kind === 'mine') node.mine(one.to, one.back);
          else node.pay(one.from, one.to, one);
          node.check();
        }
        // In the end all is mined that can be.
        while (node.pool.pick(1, node.accounts).length > 0) node.mine('Miner');
        node.check();
        const left = [...node.pool.waiting.keys()];
        expect(left.filter((id) => !node.pool.isParked(id))).toEqual([]);
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });
});
