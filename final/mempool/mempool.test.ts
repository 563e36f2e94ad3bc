import { describe, expect, it } from '@jest/globals';
import { coinGenesis, type Coin } from '#accounts';
import type { Block } from '#blocks';
import { Sync, type Change } from '#consensus';
import { newKeys, pay, paymentId, type Keys, type Payment } from '#signatures';
import { storeInMemory, type KeptPayment } from '../storage/store.ts';
import { Mempool } from './mempool.ts';
import { ledgerOf, type NetworkState } from './network-rules.ts';

const COIN: Coin = { reward: 1_000, halving: 1_000, size: 2 };
const [alice, bob] = [newKeys(), newKeys()];
const genesis = coinGenesis(COIN, { timestamp: 0, difficulty: 0 });

/** A mempool with its chain, which follows what is mined on it. */
function setUp(kept: readonly KeptPayment[] = []) {
  const sync = new Sync<NetworkState>(genesis, ledgerOf);
  const { tree } = sync;
  if (tree === undefined) throw new Error('There is a genesis block.');
  const store = {
    ...storeInMemory(),
    payments: async function* () {
      yield* kept;
    },
  };
  const rewardsTo = alice.address;
  const mempool = new Mempool({ genesis, coin: COIN, tree, store, rewardsTo });
  const follow = (changes: readonly Change[]) => {
    const update = mempool.changed(changes);
    void store.write(update);
    return update;
  };
  const add = (block: Block) => follow(sync.mined(block, Date.now()).changes);
  let now = 0;
  const mine = (previous = tree.chain.tip) => {
    const block = mempool.template(previous, (now += 1));
    add(block);
    return block;
  };
  return { mempool, tree, add, mine };
}

const sign = (count: number, fee = 1, amount = 1, from: Keys = alice): Payment =>
  pay(genesis.hash, from, { to: bob.address, amount, fee, count });

const stateOf = (mempool: Mempool, payment: Payment) =>
  mempool.statusOf(paymentId(payment))?.state;

describe('The block to mine next', () => {
  it('has another choice of payments as soon as one brings more, and not before', () => {
    const { mempool, tree, mine } = setUp();
    mine();
    expect(mempool.hasBetter).toBe(false);
    mempool.template(tree.chain.tip, 9);
    expect(mempool.hasBetter).toBe(false);
    mempool.accept(sign(0));
    expect(mempool.hasBetter).toBe(true);
    mempool.template(tree.chain.tip, 9);
    mempool.accept(sign(1));
    mempool.template(tree.chain.tip, 9);
    mempool.accept(sign(2)); // a block has room for two
    expect(mempool.hasBetter).toBe(false);
    mempool.accept(sign(1, 5));
    expect(mempool.hasBetter).toBe(true);
  });

  it('is not said to be better once the tip is another one: all begins anew then', () => {
    const { mempool, tree, mine } = setUp();
    const first = mine();
    mempool.template(first, 9);
    mempool.accept(sign(0));
    mine(tree.chain.tip);
    expect(mempool.hasBetter).toBe(false);
  });
});

describe('A kept payment', () => {
  it('whose place was taken waits again when that one is gone from the chain', () => {
    const { mempool, add, mine } = setUp();
    const first = mine();
    const [cheap, dear] = [sign(0), sign(0, 5)];
    mempool.accept(cheap);
    // Another node has the dearer one in a block.
    const other = setUp();
    other.add(first);
    other.mempool.accept(dear);
    const second = other.mine();
    expect(add(second).payments).toEqual([
      expect.objectContaining({ id: paymentId(cheap), usedBy: paymentId(dear) }),
    ]);
    expect(mempool.statusOf(paymentId(cheap))).toMatchObject({
      ...{ state: 'used', by: paymentId(dear), block: { index: 2 } },
    });
    // A longer branch without it.
    const rival = setUp();
    rival.add(first);
    for (const block of [rival.mine(), rival.mine()]) add(block);
    expect(stateOf(mempool, dear)).toBe('waiting');
    expect(mempool.statusOf(paymentId(cheap))).toMatchObject({ state: 'replaced' });
  });

  it('is taken up again where the node stopped, with what has happened to it', async () => {
    const [used, by] = [sign(0), sign(0, 2)];
    const { mempool, mine } = setUp();
    mine();
    const records = [mempool.accept(used), mempool.accept(by)];
    expect(records.map(({ usedBy }) => usedBy)).toEqual([undefined, undefined]);
    const again = setUp([...records, mempool.accept(sign(1))]);
    await again.mempool.load();
    expect(stateOf(again.mempool, by)).toBe('parked'); // this chain has no coins yet
    again.mine();
    expect(stateOf(again.mempool, by)).toBe('waiting');
    expect(stateOf(again.mempool, sign(1))).toBe('waiting');
  });

  it('that was changed on disk is noticed', async () => {
    const { mempool, mine } = setUp();
    mine();
    const { id, line } = mempool.accept(sign(0));
    const changed = { id, line: line.replace(',1,1,0,', ',2,1,0,') };
    await expect(setUp([changed]).mempool.load()).rejects.toThrow(
      /the payment .* is none/,
    );
  });

  it('had to make room, is offered again each minute, and says so meanwhile', () => {
    const { mempool, mine } = setUp();
    mine();
    // Those who have no coins fill the room for payments that cannot be made yet.
    const parked = sign(1);
    mempool.accept(parked);
    mempool.connected('peer');
    const crowd = Array.from({ length: 16 }, () => newKeys());
    for (const from of crowd)
      for (let count = 0; count < 64; count += 1)
        if (mempool.size < 1_001) mempool.accept(sign(count, 1, 1, from));
    expect(mempool.statusOf(paymentId(parked))).toMatchObject({
      state: 'evicted',
      reason: 'It had to make room for others, and is offered again each minute.',
    });
    for (let second = 0; second < 60; second += 1) mempool.tick();
    expect(stateOf(mempool, parked)).toBe('parked');
  });
});

describe('Payments that came off the chain', () => {
  it('are told to peers with the next second', () => {
    const { mempool, add, mine } = setUp();
    const first = mine();
    mempool.connected('peer');
    const payment = sign(0);
    mempool.accept(payment);
    const second = mine();
    expect(stateOf(mempool, payment)).toBe('included');
    const rival = setUp();
    for (const block of [first]) rival.add(block);
    for (const block of [rival.mine(), rival.mine()]) add(block);
    expect(second.index).toBe(2);
    expect(stateOf(mempool, payment)).toBe('waiting');
    expect(JSON.stringify(mempool.tick().send)).toContain(payment.signature);
  });
});
