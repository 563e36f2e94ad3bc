import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { newKeys } from '#signatures';
import { createWallet, readWallet } from './wallet-file.ts';

/** Where rewards go, as far as the command line says it. */
export interface RewardOptions {
  /** A wallet file, or an address; undefined for the wallet in the data folder. */
  readonly wallet?: string | undefined;
  /** The data folder; undefined if the node keeps nothing. */
  readonly folder?: string | undefined;
}

/** What is said where nobody will have the rewards. */
const NOBODY =
  'This node keeps nothing, so nobody will have the coins for the blocks that it finds: say whose ' +
  'they are with --wallet and a wallet file or an address';

/** Whether a text is an address. */
export const isAddress = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/**
 * Returns the address that gets the rewards. A wallet is made in the data folder if there is none.
 *
 * @param warn - is told where the coins will be lost
 * @throws WalletError with a sentence if the wallet cannot be read or made
 */
export function rewardAddress(
  { wallet, folder }: RewardOptions,
  warn: (words: string) => void,
): string {
  if (wallet !== undefined && isAddress(wallet)) return wallet;
  if (wallet === undefined && folder === undefined) {
    warn(NOBODY);
    return newKeys().address;
  }
  const path = wallet ?? join(folder ?? '', 'wallet.pem');
  if (wallet === undefined && !existsSync(path)) return createWallet(path);
  return readWallet(path).address;
}
