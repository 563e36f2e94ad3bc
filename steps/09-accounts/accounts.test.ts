import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  accountOf,
  listAccounts,
  noAccounts,
  withAccount,
  type Account,
  type Accounts,
} from '#accounts';
import { accountsOf, ada, allOf, anyWrites, ben, cleo } from './coins-for-test.ts';

describe('Task 2: accounts that never change', () => {
  it('begin with nobody who has anything', () => {
    expect([...listAccounts(noAccounts)]).toEqual([]);
    expect(accountOf(noAccounts, ada)).toEqual({ balance: 0, count: 0 });
  });

  it('keep what was written for an address, and for no other', () => {
    const accounts = withAccount(noAccounts, ada, { balance: 7, count: 2 });
    expect(accountOf(accounts, ada)).toEqual({ balance: 7, count: 2 });
    expect(accountOf(accounts, ben)).toEqual({ balance: 0, count: 0 });
  });

  it('keep what was written last', () => {
    let accounts = accountsOf({ [ada]: 7, [ben]: 3 });
    accounts = withAccount(accounts, ada, { balance: 6, count: 1 });
    expect(allOf(accounts)).toEqual({
      [ada]: { balance: 6, count: 1 },
      [ben]: { balance: 3, count: 0 },
    });
  });

  it('stay as they were when others are made of them', () => {
    const before = accountsOf({ [ada]: 7, [ben]: 3 });
    const [left, right] = [
      withAccount(before, ada, { balance: 1, count: 1 }),
      withAccount(before, ada, { balance: 5, count: 1 }),
    ];
    withAccount(before, cleo, { balance: 9, count: 0 });
    expect([before, left, right].map((one) => accountOf(one, ada).balance)).toEqual([
      7, 1, 5,
    ]);
    expect([...listAccounts(before)]).toHaveLength(2);
    expect(accountOf(noAccounts, ada).balance).toBe(0);
  });

  it('do not change with the object that was written', () => {
    const account = { balance: 7, count: 2 };
    const accounts = withAccount(noAccounts, ada, account);
    account.balance = 1_000_000;
    expect(accountOf(accounts, ada)).toEqual({ balance: 7, count: 2 });
  });

  it('tell nobody else what one has who was given nothing', () => {
    const accounts = withAccount(noAccounts, ada, { balance: 0, count: 0 });
    expect([...listAccounts(accounts)]).toEqual([[ada, { balance: 0, count: 0 }]]);
  });

  it('give each address that was written once, and what it has', () => {
    const accounts = accountsOf({ [ada]: 1, [ben]: [2, 5], [cleo]: 3 });
    const again = withAccount(accounts, ben, { balance: 4, count: 6 });
    const list = [...listAccounts(again)];
    expect(list).toHaveLength(3);
    expect(new Map(list)).toEqual(
      new Map([
        [ada, { balance: 1, count: 0 }],
        [ben, { balance: 4, count: 6 }],
        [cleo, { balance: 3, count: 0 }],
      ]),
    );
  });

  it('hold as much as a number can tell', () => {
    const account = { balance: Number.MAX_SAFE_INTEGER, count: Number.MAX_SAFE_INTEGER };
    expect(accountOf(withAccount(noAccounts, ada, account), ada)).toEqual(account);
  });

  it('are at each moment what a list of all writes says, and stay so for ever', () => {
    fc.assert(
      fc.property(anyWrites, (writes) => {
        let accounts = noAccounts;
        const expected: Record<string, Account> = {};
        const history: [Accounts, Record<string, Account>][] = [];
        for (const [address, account] of writes) {
          accounts = withAccount(accounts, address, account);
          expected[address] = account;
          history.push([accounts, { ...expected }]);
        }
        for (const [then, expectedThen] of history)
          expect(allOf(then)).toEqual(expectedThen);
      }),
    );
  });
});
