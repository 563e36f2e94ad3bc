import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createWallet, readWallet } from './wallet-file.ts';
import { isWalletName, keysOf, meantBy, newWallet, wallets } from './wallets.ts';

let folder: string;
const home = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pychain-wallets-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

describe('The wallets of a folder', () => {
  it('are those with names, and those of the nodes', () => {
    expect(wallets()).toEqual([]);
    const bob = newWallet('bob');
    const alice = newWallet('alice');
    const path = join('.pychain', '8000', 'wallet.pem');
    const address = createWallet(path);
    expect(wallets()).toEqual([alice, bob, { name: undefined, path, address }]);
  });

  it('have names that no part of an address could be, and that each system takes', () => {
    for (const name of ['alice', 'Bob-2', '_', 'x'.repeat(32)])
      expect(isWalletName(name)).toBe(true);
    for (const name of [
      '',
      '-a',
      'a b',
      '../a',
      'a/b',
      'a.pem',
      'con',
      'LPT1',
      'é',
      'x'.repeat(33),
    ]) {
      expect(isWalletName(name)).toBe(false);
      expect(() => newWallet(name)).toThrow(/is no name for a wallet\. Take up to 32/);
    }
  });
});

describe('Whom somebody means', () => {
  it('is said by a name, a file, or a whole address', () => {
    const { address, path } = newWallet('bob');
    expect(meantBy('bob')).toEqual({ address, path });
    expect(meantBy(path)).toEqual({ address, path });
    expect(meantBy(address)).toEqual({ address, path: undefined });
    expect(meantBy(address.toUpperCase()).address).toBe(address);
  });

  it('is never said by a part of an address', () => {
    const { address } = newWallet('bob');
    for (const part of [address.slice(0, 12), address.slice(0, 63), `${address}0`])
      expect(() => meantBy(part)).toThrow(/no address: one has 64 hex digits/);
  });

  it('is asked for in a sentence where it means nobody', () => {
    expect(() => meantBy('carol')).toThrow(/no wallet carol .*wallet new carol/);
    expect(() => meantBy('../carol')).toThrow(/^Give the name of a wallet/);
    expect(() => meantBy('carol.pem')).toThrow(/there is no such file/);
  });
});

describe('The keys to pay with', () => {
  it('are those of the wallet that is named, or of the node', () => {
    const bob = newWallet('bob');
    const path = join('.pychain', '8000', 'wallet.pem');
    const own = createWallet(path);
    expect(keysOf(undefined, own)).toEqual(readWallet(path));
    expect(keysOf('bob', own)).toEqual(readWallet(bob.path));
  });

  it('are missed in a sentence where they are not on this machine', () => {
    const other = 'ab'.repeat(32);
    expect(() => keysOf(undefined, other)).toThrow(/wallet of the node \(abab.*--from/);
    expect(() => keysOf(other, other)).toThrow(/takes a wallet, not an address/);
  });
});
