import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  accountOf,
  applyBlock,
  applyPayment,
  noAccounts,
  rewardLine,
  subsidy,
  type Accounts,
} from '#accounts';
import { paymentLine, type Payment } from '#signatures';
import {
  MOST,
  ROOT,
  accountsOf,
  ada,
  allOf,
  anyText,
  ben,
  blockOf,
  blockWith,
  cleo,
  coin,
  expectAccount,
  expectRefused,
  payment,
  respelled,
  supplyOf,
} from './coins-for-test.ts';

describe('Task 7: the accounts after a block', () => {
  let rich: Accounts;
  let sound: { readonly reward: string; readonly payment: string };
  beforeAll(() => {
    rich = accountsOf({ [ada]: 1_000 });
    sound = {
      reward: rewardLine({ to: cleo, amount: 100, root: ROOT }),
      payment: paymentLine(payment({ amount: 100, fee: 0 })),
    };
  });

  it('have the reward of a block without payments', () => {
    const after = applyBlock(coin, noAccounts, blockWith(100));
    expectAccount(after, cleo, [100, 0]);
  });

  it('have all payments made, and all fees with who found the block', () => {
    const payments = [
      payment({ amount: 10, fee: 2, count: 0 }),
      payment({ amount: 20, fee: 3, count: 1, to: cleo }),
    ];
    const after = applyBlock(coin, rich, blockWith(105, payments));
    expectAccount(after, ada, [965, 2]);
    expectAccount(after, ben, [10, 0]);
    expectAccount(after, cleo, [125, 0]);
  });

  it('have payments made in their order: what was paid can be paid on', () => {
    const payments = [
      payment({ amount: 10, fee: 0 }),
      payment({ from: ben, to: cleo, amount: 9, fee: 1 }),
    ];
    expectAccount(applyBlock(coin, rich, blockWith(101, payments)), ben, [0, 1]);
    expectRefused(applyBlock(coin, rich, blockWith(101, payments.reverse())));
  });

  it('have the reward paid last: a payment cannot be made of it', () => {
    const early = payment({ from: cleo, to: ben, amount: 50, fee: 0 });
    expectRefused(applyBlock(coin, noAccounts, blockWith(100, [early])));
  });

  it('are those of the index: the reward halves', () => {
    for (const [index, amount] of [
      [9, 100],
      [10, 50],
      [20, 25],
      [70, 0],
    ] as const) {
      const after = applyBlock(coin, noAccounts, blockWith(amount, [], index));
      expectAccount(after, cleo, [amount, 0]);
    }
  });

  it('are the same as before where there is no reward any more', () => {
    const after = applyBlock(coin, rich, blockWith(0, [], 100));
    expect(typeof after === 'string' ? after : allOf(after)).toEqual(allOf(rich));
  });

  it.each([0, 99, 101, 102, 104, 1_000, MOST])(
    'are a reason in words where the reward is %d, and not 100 and a fee of 3',
    (amount) => {
      const payments = [payment({ amount: 10, fee: 3 })];
      expectRefused(applyBlock(coin, rich, blockWith(amount, payments)));
      expectAccount(applyBlock(coin, rich, blockWith(103, payments)), cleo, [103, 0]);
    },
  );

  it('are a reason where the same payment is in the block twice', () => {
    const twice = [payment({ fee: 0 }), payment({ fee: 0 })];
    expectRefused(applyBlock(coin, rich, blockWith(100, twice)));
  });

  it('are a reason where one payment of several cannot be made', () => {
    const some = [
      payment({ amount: 1, fee: 0, count: 0 }),
      payment({ amount: 1_000, fee: 0, count: 1 }),
      payment({ amount: 1, fee: 0, count: 2 }),
    ];
    expectRefused(applyBlock(coin, rich, blockWith(100, some)));
  });

  it('do not care for signatures, and for the state root', () => {
    const forged = payment({ fee: 0, signature: 'f'.repeat(128) });
    const reward = rewardLine({ to: cleo, amount: 100, root: 'f'.repeat(64) });
    const block = blockOf(1, [reward, paymentLine(forged)]);
    expectAccount(applyBlock(coin, rich, block), ben, [5, 0]);
  });

  it('leave the accounts before it as they were', () => {
    applyBlock(coin, rich, blockWith(101, [payment()]));
    expect(allOf(rich)).toEqual({ [ada]: { balance: 1_000, count: 0 } });
  });

  it.each<[string, ('reward' | 'payment' | { readonly text: string })[]]>([
    ['no line', []],
    ['an empty first line', [{ text: '' }, 'payment']],
    ['a payment first', ['payment']],
    ['the reward behind a payment', ['payment', 'reward']],
    ['two rewards', ['reward', 'reward']],
    ['a reward among the payments', ['reward', 'payment', 'reward']],
    ['an empty line at the end', ['reward', 'payment', { text: '' }]],
    ['an empty line in the middle', ['reward', { text: '' }, 'payment']],
    ['words', [{ text: 'Ada pays Ben 100' }]],
    ['words behind the reward', ['reward', { text: 'Ada pays Ben 100' }]],
  ])('are a reason where the block has %s', (_name, kinds) => {
    const lines = kinds.map((kind) =>
      typeof kind === 'string' ? sound[kind] : kind.text,
    );
    expectRefused(applyBlock(coin, rich, blockOf(1, lines)));
  });

  it.each(respelled)('are a reason where a line has %s', (_name, respell) => {
    const both = blockOf(1, [sound.reward, sound.payment]);
    expectAccount(applyBlock(coin, rich, both), ben, [100, 0]);
    for (const lines of [
      [respell(sound.reward), sound.payment],
      [sound.reward, respell(sound.payment)],
    ]) {
      if (lines.join() === both.data.replace('\n', ','))
        throw new Error('The same line.');
      expectRefused(applyBlock(coin, rich, blockOf(1, lines)));
    }
  });

  it('are a reason for an amount below 1, as in -50 to Ben', () => {
    for (const amount of [-50, 0]) {
      const line = sound.payment.replace(',100,', `,${amount},`);
      expectRefused(applyBlock(coin, rich, blockOf(1, [sound.reward, line])));
    }
  });

  it('hold exactly the coins that were there and the new ones', () => {
    const anyone = fc.constantFrom(ada, ben, cleo);
    const anyOrder = fc.record({
      from: anyone,
      to: anyone,
      amount: fc.integer({ min: 1, max: 60 }),
      fee: fc.nat(5),
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(anyOrder, { maxLength: 3 }), { minLength: 1, maxLength: 25 }),
        (blocks) => {
          let accounts = noAccounts;
          let supply = 0;
          for (const [i, orders] of blocks.entries()) {
            const index = i + 1;
            let trial = accounts;
            const payments: Payment[] = [];
            for (const order of orders) {
              const next = payment({
                ...order,
                count: accountOf(trial, order.from).count,
              });
              const then = applyPayment(trial, next);
              if (typeof then === 'string') continue;
              trial = then;
              payments.push(next);
            }
            const fees = payments.reduce((sum, { fee }) => sum + fee, 0);
            const amount = subsidy(coin, index) + fees;
            const after = applyBlock(coin, accounts, blockWith(amount, payments, index));
            if (typeof after === 'string') throw new Error(after);
            accounts = after;
            supply += subsidy(coin, index);
            expect(supplyOf(accounts)).toBe(supply);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are a reason for any other text, and never throw', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 4 }), (lines) => {
        expectRefused(applyBlock(coin, rich, blockOf(1, lines)));
        expectRefused(applyBlock(coin, rich, blockOf(1, [sound.reward, ...lines, '!'])));
      }),
    );
  });
});
