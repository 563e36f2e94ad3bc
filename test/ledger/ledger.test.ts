import { afterAll, describe, expect, it } from '@jest/globals';
import * as step from '#accounts';
import { plant, removePlanted } from '../plant.ts';
import { forgeries } from './forgeries.ts';
import { grow, type AccountsStep } from './growth.ts';

/** How many blocks one tree has. */
const EACH = 500;

/** How many blocks there are in all: BLOCKS=100000. SEED=17 grows that tree alone. */
const only = process.env.SEED === undefined ? undefined : Number(process.env.SEED);
const blocks = Number(process.env.BLOCKS ?? 1_000);
const seeds =
  only === undefined
    ? Array.from({ length: Math.ceil(blocks / EACH) }, (_, i) => i + 1)
    : [only];

describe('Random trees of blocks with payments', () => {
  it(`have at each block the accounts that its chain leads to, and no forged block, in ${seeds.length} trees`, () => {
    const faults: string[] = [];
    const refused = new Set<string>();
    let [deepest, compared, reorganizations] = [0, 0, 0];
    for (const seed of seeds) {
      const outcome = grow(seed, EACH, step);
      if (outcome.fault !== undefined) faults.push(`SEED=${seed}: ${outcome.fault}`);
      for (const name of outcome.refused.keys()) refused.add(name);
      deepest = Math.max(deepest, outcome.deepest);
      compared += outcome.compared;
      reorganizations += outcome.reorganizations;
    }
    expect(faults).toEqual([]);
    // The trees are not trivial.
    expect(compared / seeds.length).toBeGreaterThan(20);
    expect(reorganizations / seeds.length).toBeGreaterThan(3);
    if (only !== undefined) return;
    expect(deepest).toBeGreaterThanOrEqual(50);
    expect(Object.keys(forgeries).filter((name) => !refused.has(name))).toEqual([]);
  }, 3_600_000);

  it('follow from their seed alone', () => {
    expect(grow(7, 30, step)).toEqual(grow(7, 30, step));
  });
});

describe('The comparison finds', () => {
  afterAll(removePlanted);

  /** Grows trees until one shows a fault. */
  function firstFault(planted: AccountsStep): string | undefined {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { fault } = grow(seed, 200, planted);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  it.each([
    [
      'that a payee is read before the payer is written',
      'apply.ts',
      'return credit(withAccount(accounts, payment.from, payer), payment.to, payment.amount);',
      'const { balance, count } = accountOf(accounts, payment.to);\n' +
        'const payee = { balance: balance + payment.amount, count };\n' +
        'return withAccount(withAccount(accounts, payment.from, payer), payment.to, payee);',
      /accounts after block|coins/,
    ],
    [
      'that a reward may be too small',
      'apply.ts',
      'reward.amount !== amount',
      'reward.amount > amount',
      /a coin too few is added/,
    ],
    [
      'that the hash of an older tree is kept',
      'accounts.ts',
      'left: put(left, leaf, way, depth + 1), right, hash: undefined',
      'left: put(left, leaf, way, depth + 1), right, hash: tree.hash',
      /state root|honest block is invalid/,
    ],
    [
      'that a tree is changed which others share',
      'accounts.ts',
      'if (tree.address === leaf.address) return leaf;',
      'if (tree.address === leaf.address) return Object.assign(tree, leaf);',
      /honest block is invalid|accounts after block|refused/,
    ],
    [
      'that the last signature is not checked',
      'ledger.ts',
      ".split('\\n').slice(1).map(",
      ".split('\\n').slice(1, -1).map(",
      /is added/,
    ],
    [
      'that the Merkle root is not checked',
      'ledger.ts',
      'checkSize(coin), checkMerkle',
      'checkSize(coin)',
      /is added/,
    ],
    [
      'that any state root is believed',
      'ledger.ts',
      'checkRoot(after, block) ?? ',
      '',
      /a state root|the state root|somebody else/,
    ],
  ])('%s', async (_what, file, line, bug, fault) => {
    const planted = (await plant('09-accounts', file, line, bug)) as AccountsStep;
    expect(firstFault(planted)).toMatch(fault);
  });
});
