import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accountOf, applyPayment, credit, noAccounts } from '#accounts';
import {
  accountsOf,
  ada,
  addressOf,
  allOf,
  ben,
  cleo,
  expectAccount,
  expectRefused,
  payment,
  supplyOf,
} from './coins-for-test.ts';

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
