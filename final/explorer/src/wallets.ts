/**
 * The keys that this browser keeps. They are written down as they are: whoever uses the browser can
 * read them.
 *
 * @module
 */
import { shallowRef } from 'vue';
import { isHash } from '#blocks';
import type { Keys } from '#signatures';

const KEY = 'pychain-wallets';

/** Keys with the name that their owner gave them. */
export interface Wallet extends Keys {
  readonly name: string;
}

function isWallet(value: unknown): value is Wallet {
  if (typeof value !== 'object' || value === null) return false;
  const { name, address, secret } = value as Record<string, unknown>;
  return typeof name === 'string' && isHash(address) && isHash(secret);
}

function stored(): readonly Wallet[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(value) ? value.filter(isWallet) : [];
  } catch {
    return [];
  }
}

/** The wallets of this browser, the oldest first. */
export const wallets = shallowRef<readonly Wallet[]>(stored());

// Another tab may have made one.
addEventListener('storage', ({ key }) => {
  if (key === KEY) wallets.value = stored();
});

/**
 * Keeps other wallets from now on.
 *
 * @throws Error with a sentence if the browser keeps nothing
 */
export function keep(all: readonly Wallet[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    throw new Error('This browser keeps nothing for pages, so a wallet would be lost.');
  }
  wallets.value = all;
}

/** Returns the name of an address that belongs to a wallet of this browser. */
export function nameOfAddress(address: string): string | undefined {
  return wallets.value.find((wallet) => wallet.address === address)?.name;
}
