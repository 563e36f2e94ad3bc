import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '#hashing';
import { forkHash, rootOf } from '#merkle';
import {
  accountLine,
  accountOf,
  listAccounts,
  noAccounts,
  proveAccount,
  stateRoot,
  withAccount,
  type Account,
  type Accounts,
} from '#accounts';
import {
  accountsOf,
  ada,
  addressOf,
  anyAccount,
  anyAddress,
  anyWrites,
  ben,
  cleo,
} from './coins-for-test.ts';

/** The bits of the digest of an address, which are its way from the root down. */
const wayTo = (address: string) =>
  BigInt(`0x${sha256(address)}`)
    .toString(2)
    .padStart(256, '0');

/** The root by its definition: all accounts of a part of the tree, split by their next bit. */
function rootByDefinition(
  accounts: readonly (readonly [string, Account])[],
  depth = 0,
): string {
  const [first] = accounts;
  if (first === undefined) return sha256('');
  if (accounts.length === 1) return sha256(accountLine(...first));
  const side = (bit: string) => accounts.filter(([a]) => wayTo(a)[depth] === bit);
  return forkHash(
    rootByDefinition(side('0'), depth + 1),
    rootByDefinition(side('1'), depth + 1),
  );
}

/** Looks for a person whose way begins with these bits. */
function personAt(bits: string): string {
  for (let n = 0; ; n += 1) {
    const address = addressOf(`somebody ${n}`);
    if (wayTo(address).startsWith(bits)) return address;
  }
}

/** How long so many hashes take on this machine, in milliseconds. */
function timeOfHashes(count: number): number {
  const start = performance.now();
  for (let n = 0; n < count; n += 1) sha256(`${n}`);
  return performance.now() - start;
}

describe('Task 8: the state root', () => {
  it('writes an account as canonical JSON, with the address first', () => {
    expect(accountLine(ada, { balance: 7, count: 2 })).toBe(`["${ada}",7,2]`);
    expect(accountLine('a "b"', { count: 0, balance: 0 })).toBe('["a \\"b\\"",0,0]');
  });

  it('is the digest of an empty text where nobody has anything', () => {
    expect(stateRoot(noAccounts)).toBe(sha256(''));
  });

  it('is the digest of its line where there is one account', () => {
    expect(stateRoot(accountsOf({ [ada]: [7, 2] }))).toBe(sha256(`["${ada}",7,2]`));
  });

  it('is the fork of the left account and the right one where there are two', () => {
    const [left, right] = [personAt('0'), personAt('1')];
    const accounts = accountsOf({ [right]: 2, [left]: 1 });
    expect(stateRoot(accounts)).toBe(
      forkHash(sha256(`["${left}",1,0]`), sha256(`["${right}",2,0]`)),
    );
  });

  it('goes down until each account is alone, past sides where nobody is', () => {
    const [one, other] = [personAt('0010'), personAt('0011')];
    const nobody = sha256('');
    // Both ways begin with 0, 0, 1; then they part.
    const pair = forkHash(sha256(`["${one}",1,0]`), sha256(`["${other}",2,0]`));
    const expected = forkHash(forkHash(forkHash(nobody, pair), nobody), nobody);
    expect(stateRoot(accountsOf({ [one]: 1, [other]: 2 }))).toBe(expected);
  });

  it('is what its definition says of any accounts, in whatever order they were written', () => {
    fc.assert(
      fc.property(anyWrites, fc.infiniteStream(fc.nat()), (writes, keys) => {
        const last = [...new Map(writes)];
        const expected = rootByDefinition(last);
        const shuffled = last
          .map((write) => ({ write, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ write }) => write);
        for (const order of [writes, shuffled, [...shuffled, ...shuffled]]) {
          let accounts = noAccounts;
          for (const write of order) accounts = withAccount(accounts, ...write);
          expect(stateRoot(accounts)).toBe(expected);
        }
      }),
    );
  });

  it('is another one for another balance, count or address', () => {
    const roots = [
      accountsOf({ [ada]: 7, [ben]: 3 }),
      accountsOf({ [ada]: 8, [ben]: 3 }),
      accountsOf({ [ada]: [7, 1], [ben]: 3 }),
      accountsOf({ [ada]: 7, [cleo]: 3 }),
      accountsOf({ [ada]: 3, [ben]: 7 }),
      accountsOf({ [ada]: 7 }),
      accountsOf({ [ada]: 7, [ben]: 3, [cleo]: 0 }),
    ].map(stateRoot);
    expect(new Set(roots).size).toBe(roots.length);
  });

  it('is that of the accounts now, when it was asked for before', () => {
    fc.assert(
      fc.property(anyWrites, (writes) => {
        let accounts = noAccounts;
        const seen = new Map<string, Account>();
        const roots: [Accounts, string][] = [];
        for (const [address, account] of writes) {
          accounts = withAccount(accounts, address, account);
          seen.set(address, account);
          expect(stateRoot(accounts)).toBe(rootByDefinition([...seen]));
          roots.push([accounts, stateRoot(accounts)]);
        }
        for (const [then, root] of roots) expect(stateRoot(then)).toBe(root);
      }),
      { numRuns: 20 },
    );
  });

  it('hashes again only what has changed', () => {
    let accounts = noAccounts;
    for (let n = 0; n < 4_000; n += 1)
      accounts = withAccount(accounts, addressOf(`person ${n}`), {
        balance: n,
        count: 0,
      });
    stateRoot(accounts);
    // After each change some 20 hashes are needed, and 8,000 where all are made anew. The best
    // of several rounds counts, as a machine that is busy with other things takes its time.
    const rounds = Array.from({ length: 5 }, (_, round) => {
      const allowed = timeOfHashes(60_000);
      const start = performance.now();
      for (let n = 0; n < 100; n += 1) {
        const account = { balance: round, count: n };
        accounts = withAccount(accounts, addressOf(`person ${n}`), account);
        stateRoot(accounts);
        if (performance.now() - start > 5 * allowed) break;
      }
      return (performance.now() - start) / allowed;
    });
    if (Math.min(...rounds) > 1)
      throw new Error(
        'A root after one change among 4,000 accounts takes as long as hundreds of hashes. ' +
          'What did not change must be shared, and its hash kept.',
      );
  });
});

describe('Task 9: proofs of accounts', () => {
  it('leads from the line of an account to the root', () => {
    const accounts = accountsOf({ [ada]: 7, [ben]: [3, 4], [cleo]: 0 });
    for (const address of [ada, ben, cleo]) {
      const line = accountLine(address, accountOf(accounts, address));
      expect(rootOf(line, proveAccount(accounts, address))).toBe(stateRoot(accounts));
    }
  });

  it('is empty where there is one account, and for nobody', () => {
    expect(proveAccount(accountsOf({ [ada]: 7 }), ada)).toEqual([]);
    expect(proveAccount(noAccounts, ada)).toEqual([]);
  });

  it('names the hash beside each fork of the way, from the account upwards', () => {
    const [one, other, right] = [personAt('00'), personAt('01'), personAt('1')];
    const accounts = accountsOf({ [one]: 1, [other]: 2, [right]: 3 });
    const hash = (address: string) =>
      sha256(accountLine(address, accountOf(accounts, address)));
    expect(proveAccount(accounts, one)).toEqual([
      ['right', hash(other)],
      ['right', hash(right)],
    ]);
    expect(proveAccount(accounts, other)).toEqual([
      ['left', hash(one)],
      ['right', hash(right)],
    ]);
    expect(proveAccount(accounts, right)).toEqual([
      ['left', forkHash(hash(one), hash(other))],
    ]);
  });

  it('leads to the root for all of any accounts, and with no other balance or count', () => {
    fc.assert(
      fc.property(anyWrites, anyAccount, (writes, other) => {
        let accounts = noAccounts;
        for (const write of writes) accounts = withAccount(accounts, ...write);
        const root = stateRoot(accounts);
        for (const [address, account] of listAccounts(accounts)) {
          const proof = proveAccount(accounts, address);
          expect(rootOf(accountLine(address, account), proof)).toBe(root);
          const lie = accountLine(address, other);
          if (lie !== accountLine(address, account))
            expect(rootOf(lie, proof)).not.toBe(root);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('shows of an address without an account that its place is empty, or whose it is', () => {
    fc.assert(
      fc.property(anyWrites, anyAddress, (writes, address) => {
        let accounts = noAccounts;
        for (const write of writes) accounts = withAccount(accounts, ...write);
        const list = [...listAccounts(accounts)];
        fc.pre(list.every(([one]) => one !== address));
        const proof = proveAccount(accounts, address);
        const way = wayTo(address);
        // The way is that of the address, bit by bit.
        const sides = proof.map(([side]) => (side === 'left' ? '1' : '0')).reverse();
        expect(way.startsWith(sides.join(''))).toBe(true);
        const there = list.filter(([one]) => wayTo(one).startsWith(sides.join('')));
        expect(there.length).toBeLessThanOrEqual(1);
        const line = there[0] ? accountLine(...there[0]) : '';
        expect(rootOf(line, proof)).toBe(stateRoot(accounts));
      }),
    );
  });
});
