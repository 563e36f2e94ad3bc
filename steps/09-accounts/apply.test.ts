import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  accountOf,
  afterPaying,
  applyBlock,
  applyPayment,
  credit,
  noAccounts,
  rewardLine,
  subsidy,
  type Account,
} from '#accounts';
import { paymentLine, type Payment } from '#signatures';
import {
  MOST,
  ROOT,
  accountsOf,
  ada,
  addressOf,
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

describe('Task 1: what a payment leaves', () => {
  const after = (payer: Account, changes: Partial<Payment>) =>
    afterPaying(payer, payment(changes));

  it('is the balance without the amount and the fee, and a count one higher', () => {
    expect(after({ balance: 20, count: 3 }, { amount: 5, fee: 1, count: 3 })).toEqual({
      balance: 14,
      count: 4,
    });
  });

  it('may be nothing', () => {
    const payer = { balance: 6, count: 0 };
    expect(after(payer, { amount: 5, fee: 1 })).toEqual({ balance: 0, count: 1 });
    expect(after(payer, { amount: 6, fee: 0 })).toEqual({ balance: 0, count: 1 });
  });

  it.each([0, 2, 4, 7, MOST])(
    'is a reason in words where the count is not that of the payer: %d, not 3',
    (count) => {
      expectRefused(after({ balance: 20, count: 3 }, { count }));
    },
  );

  it.each([
    [5, 5, 1],
    [4, 5, 0],
    [5, 1, 5],
    [0, 1, 0],
    [MOST - 1, MOST, 0],
    [MOST - 1, 1, MOST - 1],
  ])(
    'is a reason in words where %d coins are less than the amount %d and the fee %d',
    (balance, amount, fee) => {
      expectRefused(after({ balance, count: 0 }, { amount, fee }));
    },
  );

  it('is never rounded: not even where amount and fee are more than a number can tell', () => {
    expect(after({ balance: MOST, count: 0 }, { amount: MOST - 7, fee: 7 })).toEqual({
      balance: 0,
      count: 1,
    });
    expect(after({ balance: MOST, count: 0 }, { amount: MOST - 8, fee: 7 })).toEqual({
      balance: 1,
      count: 1,
    });
    // 2^53 - 1 and 2 are 2^53 + 1, which would be rounded.
    for (const fee of [1, 2, 3, MOST])
      expectRefused(after({ balance: MOST, count: 0 }, { amount: MOST, fee }));
  });

  it('is exact for any numbers', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.maxSafeNat().map((n) => Math.max(1, n)),
        fc.oneof(fc.nat(100), fc.maxSafeNat()),
        (balance, amount, fee) => {
          const result = after({ balance, count: 0 }, { amount, fee });
          const left = BigInt(balance) - BigInt(amount) - BigInt(fee);
          if (left < 0n) expectRefused(result);
          else expect(result).toEqual({ balance: Number(left), count: 1 });
        },
      ),
    );
  });

  it('leaves the account that it is given as it was', () => {
    const payer = Object.freeze({ balance: 20, count: 0 });
    after(payer, {});
    expect(payer).toEqual({ balance: 20, count: 0 });
  });
});

describe('Task 3: a payment', () => {
  it('moves its amount, and takes the fee from the payer alone', () => {
    const accounts = accountsOf({ [ada]: 20, [ben]: [3, 2] });
    const result = applyPayment(accounts, payment({ amount: 5, fee: 1 }));
    expectAccount(result, ada, [14, 1]);
    expectAccount(result, ben, [8, 2]);
  });

  it('gives an account to whom nobody has paid before', () => {
    const result = applyPayment(accountsOf({ [ada]: 20 }), payment({ to: cleo }));
    expectAccount(result, cleo, [5, 0]);
  });

  it('leaves the accounts that it is given as they were', () => {
    const accounts = accountsOf({ [ada]: 20 });
    applyPayment(accounts, payment());
    expect(allOf(accounts)).toEqual({ [ada]: { balance: 20, count: 0 } });
  });

  it('to oneself costs the fee, and makes no coins', () => {
    const result = applyPayment(
      accountsOf({ [ada]: 20 }),
      payment({ to: ada, amount: 19, fee: 1 }),
    );
    expectAccount(result, ada, [19, 1]);
  });

  it('is refused in words where the payer cannot make it', () => {
    const accounts = accountsOf({ [ada]: [20, 3], [ben]: 1_000 });
    expectRefused(applyPayment(accounts, payment({ count: 2 })));
    expectRefused(applyPayment(accounts, payment({ count: 4 })));
    expectRefused(applyPayment(accounts, payment({ count: 3, amount: 20 })));
    expectRefused(applyPayment(noAccounts, payment()));
    // To oneself as well: what comes back may not be spent before.
    expectRefused(applyPayment(accounts, payment({ count: 3, to: ada, amount: 20 })));
  });

  it('is made once, and then no more', () => {
    const once = applyPayment(accountsOf({ [ada]: 20 }), payment());
    if (typeof once === 'string') throw new Error(once);
    expectRefused(applyPayment(once, payment()));
  });

  it('does not ask for the signature', () => {
    const result = applyPayment(accountsOf({ [ada]: 20 }), payment({ signature: '' }));
    expectAccount(result, ben, [5, 0]);
  });

  it('credit adds coins to what an address has', () => {
    const accounts = accountsOf({ [ada]: [20, 3] });
    expectAccount(credit(accounts, ada, 7), ada, [27, 3]);
    expectAccount(credit(accounts, ben, 7), ben, [7, 0]);
    expect(allOf(accounts)).toEqual({ [ada]: { balance: 20, count: 3 } });
  });

  it('credit of 0 coins changes nothing, and makes no account', () => {
    const accounts = accountsOf({ [ada]: [20, 3] });
    expect(allOf(credit(accounts, ada, 0))).toEqual(allOf(accounts));
    expect(allOf(credit(accounts, ben, 0))).toEqual(allOf(accounts));
  });

  it('loses the fees and no other coin, whoever pays whom', () => {
    const people = [ada, ben, cleo, addressOf('Dan')];
    const anyone = fc.constantFrom(...people);
    const anyOrder = fc.record({
      from: anyone,
      to: anyone,
      amount: fc.nat(30),
      fee: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(anyOrder, { maxLength: 40 }), (orders) => {
        let accounts = accountsOf({ [ada]: 50, [ben]: 50 });
        let fees = 0;
        for (const order of orders) {
          const { count } = accountOf(accounts, order.from);
          const next = applyPayment(
            accounts,
            payment({ ...order, amount: order.amount + 1, count }),
          );
          if (typeof next === 'string') continue;
          accounts = next;
          fees += order.fee;
        }
        expect(supplyOf(accounts)).toBe(100 - fees);
        for (const { balance } of Object.values(allOf(accounts)))
          expect(balance).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('Task 7: the accounts after a block', () => {
  const rich = accountsOf({ [ada]: 1_000 });

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

  const sound = {
    reward: rewardLine({ to: cleo, amount: 100, root: ROOT }),
    payment: paymentLine(payment({ amount: 100, fee: 0 })),
  };

  it.each<[string, string[]]>([
    ['no line', []],
    ['an empty first line', ['', sound.payment]],
    ['a payment first', [sound.payment]],
    ['the reward behind a payment', [sound.payment, sound.reward]],
    ['two rewards', [sound.reward, sound.reward]],
    ['a reward among the payments', [sound.reward, sound.payment, sound.reward]],
    ['an empty line at the end', [sound.reward, sound.payment, '']],
    ['an empty line in the middle', [sound.reward, '', sound.payment]],
    ['words', ['Ada pays Ben 100']],
    ['words behind the reward', [sound.reward, 'Ada pays Ben 100']],
  ])('are a reason where the block has %s', (_name, lines) => {
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
