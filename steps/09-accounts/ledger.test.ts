import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { brokenRule, genesisBlock, hashBlock, nextBlock, type Block } from '#blocks';
import { BlockTree, type Ledger } from '#consensus';
import { sha256 } from '#hashing';
import { leadingZeroBits } from '#proof-of-work';
import { paymentLine, type Payment } from '#signatures';
import {
  coinGenesis,
  coinLedger,
  coinOf,
  nextCoinBlock,
  noAccounts,
  parseReward,
  rewardLine,
  stateRoot,
  type CoinState,
} from '#accounts';
import {
  NOW,
  ROOT,
  START,
  accountsOf,
  allOf,
  anyText,
  coin,
  expectAccount,
  expectRefused,
  keys,
  minedCoins,
  minedLines,
  newNetwork,
  payment,
  signed,
  supplyOf,
  withWork,
} from './coins-for-test.ts';

/** Replaces the lines of a block, and mines it again. */
const withLines = (
  block: Block,
  previous: Block,
  change: (lines: string[]) => string[],
) => minedLines(previous, change(block.data.split('\n')));

describe('Task 10: the ledger of a coin', () => {
  let genesis: Block;
  let ledger: Ledger<CoinState>;
  /** Ada has 100 coins after it. */
  let first: Block;
  let after: CoinState;
  beforeAll(() => {
    genesis = newNetwork();
    ledger = coinLedger(genesis, coin);
    first = minedCoins(genesis, noAccounts);
    after = { accounts: accountsOf({ [keys.ada.address]: 100 }) };
  });

  const broken = (value: unknown, previous?: Block) =>
    brokenRule(value, previous, ledger.rules) ?? 'nothing is wrong';
  const applied = (block: Block, state = after, previous = first): CoinState => {
    const result = ledger.apply(state, block, previous);
    if (typeof result === 'string') throw new Error(`It was not applied: ${result}`);
    return result;
  };
  /** What all of it says of the block after the first one. */
  const judged = (block: Block, of = ledger) => {
    const reason = brokenRule(block, first, of.rules);
    if (reason !== undefined) return reason;
    const state = of.apply(after, block, first);
    return typeof state === 'string'
      ? state
      : (of.verify?.(state, block) ?? 'all is well');
  };

  it('begins with nobody who has anything', () => {
    expect(allOf(ledger.initial.accounts)).toEqual({});
  });

  it('finds nothing wrong with honest blocks', () => {
    expect(broken(genesis)).toBe('nothing is wrong');
    expect(broken(first, genesis)).toBe('nothing is wrong');
    const state = applied(first, ledger.initial, genesis);
    expectAccount(state.accounts, keys.ada.address, [100, 0]);
    expect(ledger.verify?.(state, first) ?? 'all is well').toBe('all is well');
    const payments = [signed(genesis), signed(genesis, { count: 1, fee: 0 })];
    expect(judged(minedCoins(first, after.accounts, payments))).toBe('all is well');
  });

  it('asks for the work that a block claims, and for the difficulty of its parent', () => {
    const easy = { ...first, difficulty: 0 };
    expect(broken({ ...easy, hash: hashBlock(easy) }, genesis)).toMatch(/difficulty/);
    for (let nonce = 0; ; nonce += 1) {
      const hash = hashBlock({ ...first, nonce });
      if (leadingZeroBits(hash) >= first.difficulty) continue;
      expect(broken({ ...first, nonce, hash }, genesis)).toMatch(/zero|work/);
      break;
    }
  });

  it('keeps the rules of headers', () => {
    expect(broken(withWork({ ...first, index: 2 }), genesis)).toMatch(/\bindex\b/);
    expect(broken(withWork({ ...first, timestamp: START }), genesis)).toMatch(
      /timestamp/,
    );
    expect(broken({ ...first, hash: ROOT }, genesis)).toMatch(/\bhash\b/);
  });

  it('wants the Merkle root of the lines as dataHash, in the first block as well', () => {
    const block = minedCoins(first, after.accounts, [signed(genesis)]);
    const asText = withWork({ ...block, dataHash: sha256(block.data) });
    expect(broken(asText, first)).toMatch(/dataHash/);
    const text = genesisBlock({ timestamp: START, data: genesis.data, difficulty: 0 });
    expect(broken(text)).toMatch(/dataHash/);
  });

  it('asks for the work before it looks at the lines', () => {
    const many = Array.from({ length: 50 }, () => 'x'.repeat(500)).join('\n');
    const block = nextBlock(first, many, NOW);
    for (let nonce = 0; ; nonce += 1) {
      const hash = hashBlock({ ...block, nonce });
      if (leadingZeroBits(hash) >= first.difficulty) continue;
      expect(broken({ ...block, nonce, hash }, first)).toMatch(/zero|work/);
      break;
    }
  });

  it('takes as many payments as the coin says, and not one more', () => {
    const payments = [0, 1, 2, 3].map((count) => signed(genesis, { count }));
    const full = minedCoins(first, after.accounts, payments.slice(0, 3));
    expect(judged(full)).toBe('all is well');
    expect(broken(minedCoins(first, after.accounts, payments), first)).toMatch(/\w+ \w+/);
    expect(broken(minedCoins(first, after.accounts, payments), first)).not.toMatch(
      /dataHash|nothing/,
    );
  });

  it('refuses lines that are too long by the rules, before they are read', () => {
    const long = 'x'.repeat(401);
    for (const lines of [[long], ['', long], ['', '', '', long]])
      expect(broken(minedLines(first, lines), first)).not.toBe('nothing is wrong');
    const fits = minedLines(first, ['x'.repeat(400), '', '', 'y'.repeat(400)]);
    expect(broken(fits, first)).toBe('nothing is wrong');
  });

  it('refuses a million line breaks by the number of lines', () => {
    const block = withWork({ ...nextBlock(first, '\n'.repeat(1_000_000), NOW) });
    const reason = broken(block, first);
    expect(reason).not.toBe('nothing is wrong');
    expect(reason).not.toMatch(/dataHash/);
  });

  it('does not count the lines of the first block', () => {
    const long = `Genesis Block ${'.'.repeat(500)}\n["coin",100,10,1]\n\n\n`;
    const block = genesisBlock({ timestamp: START, data: long });
    expect(broken(block)).toMatch(/dataHash/);
  });

  it('applies payments and reward', () => {
    const block = minedCoins(first, after.accounts, [signed(genesis, { amount: 30 })]);
    const { accounts } = applied(block);
    expectAccount(accounts, keys.ada.address, [170, 1]);
    expectAccount(accounts, keys.ben.address, [30, 0]);
    expectAccount(after.accounts, keys.ada.address, [100, 0]);
  });

  it('says in words why a block cannot be applied', () => {
    const poor = signed(genesis, { amount: 500 });
    expectRefused(ledger.apply(after, minedCoins(first, after.accounts, [poor]), first));
    const greedy = withLines(minedCoins(first, after.accounts), first, (lines) =>
      lines.map((line) => line.replace(',100,', ',101,')),
    );
    expectRefused(ledger.apply(after, greedy, first));
  });

  it('verifies that the reward names the state root after the block', () => {
    const block = minedCoins(first, after.accounts, [signed(genesis)]);
    const wrong = [ROOT, stateRoot(after.accounts), stateRoot(noAccounts)];
    for (const root of wrong) {
      const other = withLines(block, first, ([line = '', ...rest]) => {
        const reward = parseReward(line);
        if (reward === undefined) throw new Error('It has a reward.');
        return [rewardLine({ ...reward, root }), ...rest];
      });
      expectRefused(ledger.verify?.(applied(other), other));
    }
    expect(ledger.verify?.(applied(block), block)).toBeUndefined();
  });

  /** A block with a payment that can be made; who signed it is another question. */
  const withPayment = (one: Payment) => minedCoins(first, after.accounts, [one]);
  const notSigned: [string, (genesis: Block) => Payment][] = [
    [
      'has a signature of zeros',
      ({ hash }) => ({ ...signed({ hash } as Block), signature: '0'.repeat(128) }),
    ],
    [
      'has another amount than was signed',
      (network) => ({ ...signed(network), amount: 6 }),
    ],
    [
      'has another payee than was signed',
      (network) => ({ ...signed(network), to: keys.mallory.address }),
    ],
    ['has another fee than was signed', (network) => ({ ...signed(network), fee: 0 })],
    [
      'is signed by somebody else',
      (network) => ({ ...signed(network, {}, keys.mallory), from: keys.ada.address }),
    ],
    [
      'is signed for another network',
      () => signed(withWork(coinGenesis(coin, { timestamp: START + 1 }))),
    ],
    [
      'is signed with another count',
      (network) => ({ ...signed(network, { count: 1 }), count: 0 }),
    ],
  ];

  it.each(notSigned)('verifies signatures: none where a payment %s', (_name, make) => {
    const block = withPayment(make(genesis));
    expectRefused(ledger.verify?.(applied(block), block));
    const honest = withPayment(signed(genesis));
    expect(ledger.verify?.(applied(honest), honest)).toBeUndefined();
  });

  it('verifies the signature of each payment, of the last one too', () => {
    const payments = [0, 1, 2].map((count) => signed(genesis, { count }));
    for (const at of [0, 1, 2]) {
      const forged = payments.map((one, i) =>
        i === at ? { ...one, signature: 'f'.repeat(128) } : one,
      );
      const block = minedCoins(first, after.accounts, forged);
      expectRefused(ledger.verify?.(applied(block), block));
    }
  });

  it('leaves the costly questions to verify: apply asks neither for the root nor for signatures', () => {
    const forged = { ...signed(genesis), signature: 'f'.repeat(128) };
    const block = withLines(withPayment(forged), first, (lines) =>
      lines.map((line) => line.replace(/"[0-9a-f]{64}"\]$/, `"${ROOT}"]`)),
    );
    expectAccount(applied(block).accounts, keys.ben.address, [5, 0]);
  });

  it('answers a locator with at most 131,072 characters of data', () => {
    expect(ledger.batch).toBe(131_072);
    expect(new BlockTree(genesis, ledger).maxBatch).toBe(131_072);
  });

  it('gives a tree of blocks the accounts on every branch', () => {
    const tree = new BlockTree(genesis, ledger);
    const add = (block: Block) => {
      const { status } = tree.add(block, NOW + 1_000);
      if (status !== 'added') throw new Error(`Block ${block.index} is ${status}.`);
      return block;
    };
    const accountsAt = (block: Block) => tree.stateAt(block.hash)?.accounts ?? noAccounts;
    add(first);
    const left = add(
      minedCoins(first, after.accounts, [signed(genesis, { amount: 90 })]),
    );
    const right = add(
      minedCoins(first, after.accounts, [
        signed(genesis, { to: keys.mallory.address, amount: 90 }),
      ]),
    );
    expectAccount(accountsAt(left), keys.ben.address, [90, 0]);
    expectAccount(accountsAt(left), keys.mallory.address, [0, 0]);
    expectAccount(accountsAt(right), keys.ben.address, [0, 0]);
    expectAccount(accountsAt(right), keys.mallory.address, [90, 0]);
    // Each branch goes on with its own accounts, and wins in turn.
    const leftTip = add(minedCoins(left, accountsAt(left)));
    expect(tree.chain.tip.hash).toBe(leftTip.hash);
    let tip = right;
    for (let n = 0; n < 2; n += 1) tip = add(minedCoins(tip, accountsAt(tip)));
    expect(tree.chain.tip.hash).toBe(tip.hash);
    expectAccount(accountsAt(tree.chain.tip), keys.ben.address, [0, 0]);
    expect(supplyOf(accountsAt(tip))).toBe(400);
    expect(supplyOf(accountsAt(leftTip))).toBe(300);
  });

  it('never throws, whatever it is shown', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(anyText, { maxLength: 4 }), (junk, lines) => {
        expect(broken(junk)).not.toBe('nothing is wrong');
        expect(broken(junk, genesis)).not.toBe('nothing is wrong');
        const block = { ...first, data: lines.join('\n') };
        expect(broken(block, genesis)).not.toBe('nothing is wrong');
        expectRefused(ledger.apply(after, block, first));
        expectRefused(ledger.verify?.(after, block));
      }),
    );
  });
});

describe('Task 11: the block to mine', () => {
  let genesis: Block;
  let ledger: Ledger<CoinState>;
  let rich: CoinState;
  beforeAll(() => {
    genesis = newNetwork();
    ledger = coinLedger(genesis, coin);
    rich = { accounts: accountsOf({ [ada]: 1_000 }) };
  });
  const { address: ada } = keys.ada;
  const { address: ben } = keys.ben;

  /** What the ledger says of a block after the genesis block, when it is mined. */
  const accepted = (block: Block, state: CoinState = rich, previous = genesis) => {
    const mined = withWork(block);
    const reason = brokenRule(mined, previous, ledger.rules);
    if (reason !== undefined) throw new Error(`It breaks a rule: ${reason}`);
    const next = ledger.apply(state, mined, previous);
    if (typeof next === 'string') throw new Error(`It cannot be applied: ${next}`);
    const fault = ledger.verify?.(next, mined);
    if (fault !== undefined) throw new Error(`It does not hold: ${fault}`);
    return next.accounts;
  };
  const made = (
    payments: readonly Payment[],
    state: CoinState = rich,
    previous = genesis,
  ) => nextCoinBlock(coin, previous, state, payments, ben, NOW);
  const linesOf = ({ data }: Block) => data.split('\n');

  it('rewards whom it is to reward', () => {
    const block = made([], { accounts: noAccounts });
    expect(linesOf(block)).toHaveLength(1);
    expectAccount(accepted(block, { accounts: noAccounts }), ben, [100, 0]);
  });

  it('follows the block before it, later than that, and is to be mined', () => {
    const block = made([]);
    expect(block).toMatchObject({
      index: 1,
      previousHash: genesis.hash,
      difficulty: genesis.difficulty,
      timestamp: NOW,
      nonce: 0,
    });
    expect(block.hash).toBe(hashBlock(block));
    expect(nextCoinBlock(coin, genesis, rich, [], ben, 0).timestamp).toBe(START + 1);
  });

  it('holds payments in their order, and their fees in the reward', () => {
    const payments = [
      signed(genesis, { amount: 10, fee: 2, count: 0 }),
      signed(genesis, { amount: 20, fee: 3, count: 1 }),
    ];
    const block = made(payments);
    expect(linesOf(block).slice(1)).toEqual(payments.map(paymentLine));
    expect(parseReward(linesOf(block)[0] ?? '')).toMatchObject({ to: ben, amount: 105 });
    const accounts = accepted(block);
    expectAccount(accounts, ada, [965, 2]);
    expectAccount(accounts, ben, [135, 0]);
  });

  it('brings the subsidy of its own index', () => {
    let state: CoinState = { accounts: noAccounts };
    let tip = genesis;
    for (let index = 1; index <= 21; index += 1) {
      const block = withWork(made([], state, tip));
      state = { accounts: accepted(block, state, tip) };
      tip = block;
    }
    expectAccount(state.accounts, ben, [9 * 100 + 10 * 50 + 2 * 25, 0]);
  });

  it('leaves out what cannot be made, and takes what follows', () => {
    const payments = [
      signed(genesis, { amount: 5_000, count: 0 }),
      signed(genesis, { amount: 1, count: 3 }),
      signed(genesis, { amount: 10, count: 0 }),
      signed(genesis, { amount: 10, count: 0 }),
      signed(genesis, { amount: 20, count: 1 }),
    ];
    const block = made(payments);
    expect(linesOf(block).slice(1)).toEqual(
      [payments[2], payments[4]].map((one) => one && paymentLine(one)),
    );
    accepted(block);
  });

  it('holds as many payments as the coin says, those that come first', () => {
    const payments = Array.from({ length: 7 }, (_, count) => signed(genesis, { count }));
    const block = made(payments);
    expect(linesOf(block).slice(1)).toEqual(payments.slice(0, 3).map(paymentLine));
    accepted(block);
  });

  it('lets what cannot be made take nobody’s place', () => {
    const payments = [
      ...[5, 6, 7, 8].map((count) => signed(genesis, { count })),
      ...[0, 1, 2].map((count) => signed(genesis, { count })),
    ];
    const block = made(payments);
    expect(linesOf(block).slice(1)).toEqual(payments.slice(4).map(paymentLine));
    accepted(block);
  });

  it('does not check signatures again', () => {
    const forged = { ...payment({ from: ada, to: ben, fee: 0 }) };
    expect(linesOf(made([forged]))).toHaveLength(2);
  });

  it('leaves all that it is given as it was', () => {
    const payments = Object.freeze([signed(genesis)]);
    const before = { ...genesis };
    nextCoinBlock(coin, Object.freeze(genesis), Object.freeze(rich), payments, ben, NOW);
    expect(genesis).toEqual(before);
    expect(allOf(rich.accounts)).toEqual({ [ada]: { balance: 1_000, count: 0 } });
  });

  it('is taken by a tree that reads its coin from the first block', () => {
    const own = coinOf(genesis);
    if (typeof own !== 'object') throw new Error('The genesis block has a coin.');
    const tree = new BlockTree(genesis, coinLedger(genesis, own));
    for (let index = 1; index <= 5; index += 1) {
      const { tip } = tree.chain;
      const state = tree.stateAt(tip.hash) ?? ledger.initial;
      const payments =
        index > 1 ? [signed(genesis, { count: 0, amount: index }, keys.ben)] : [];
      const block = withWork(nextCoinBlock(own, tip, state, payments, ben, NOW));
      expect(tree.add(block, NOW + 1_000)).toHaveProperty('status', 'added');
    }
    const end = tree.stateAt(tree.chain.tip.hash)?.accounts ?? noAccounts;
    expectAccount(end, ben, [500, 1]);
  });
});
