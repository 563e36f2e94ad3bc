import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../terminal/quote.ts';
import { isAddress } from './reward-wallet.ts';
import { WalletError, createWallet, readWallet } from './wallet-file.ts';
import type { Keys } from '#signatures';

/** Where nodes of this folder keep their data, and where wallets with names are. */
const HOME = '.pychain';
const FOLDER = join(HOME, 'wallets');

/** What a wallet may be called: no part of an address could be taken for one of 64 digits. */
const NAME = /^[a-z0-9_][a-z0-9_-]{0,31}$/i;

/** Names that Windows keeps for itself. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** A wallet on this machine. */
export interface Wallet {
  /** What it is called; undefined if it is that of a node. */
  readonly name: string | undefined;
  readonly path: string;
  readonly address: string;
}

/** Whether a wallet may have this name. */
export const isWalletName = (text: string): boolean =>
  NAME.test(text) && !RESERVED.test(text);

const pathOf = (name: string): string => join(FOLDER, `${name}.pem`);

/**
 * Makes a wallet with a name.
 *
 * @throws WalletError with a sentence if it cannot be made, or is there already
 */
export function newWallet(name: string): Wallet {
  if (!isWalletName(name))
    throw new WalletError(
      `${quote(name, 40)} is no name for a wallet. Take up to 32 letters, digits, - and _, such as ` +
        'alice.',
    );
  const path = pathOf(name);
  return { name, path, address: createWallet(path) };
}

/** Finds the wallets of this folder that can be read: those with names, then those of nodes. */
export function wallets(): Wallet[] {
  const named = namesIn(FOLDER)
    .filter((file) => file.endsWith('.pem'))
    .map((file) => file.slice(0, -'.pem'.length))
    .filter(isWalletName)
    .flatMap((name) => walletAt(pathOf(name), name));
  const own = namesIn(HOME).flatMap((port) => walletAt(join(HOME, port, 'wallet.pem')));
  return [...named, ...own];
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function walletAt(path: string, name?: string): Wallet[] {
  if (!existsSync(path)) return [];
  try {
    return [{ name, path, address: readWallet(path).address }];
  } catch {
    return [];
  }
}

/** Whom somebody means: by a name of a wallet here, by a wallet file, or by an address. */
export interface Meant {
  readonly address: string;
  /** The file of the wallet, if that is on this machine. */
  readonly path: string | undefined;
}

/**
 * Finds out whom a text means. The beginning of an address means nobody.
 *
 * @throws WalletError with a sentence if it means nobody
 */
export function meantBy(text: string): Meant {
  const small = text.toLowerCase();
  if (isAddress(small)) return { address: small, path: undefined };
  const path = text.endsWith('.pem') ? text : pathOf(text);
  if (text.endsWith('.pem') || (isWalletName(text) && existsSync(path)))
    return { address: readWallet(path).address, path };
  if (/^[0-9a-f]{8,}$/i.test(text))
    throw new WalletError(
      `This is no address: one has 64 hex digits, and all of them are needed, not ${text.length}.`,
    );
  throw new WalletError(
    isWalletName(text)
      ? `There is no wallet ${text} in ${FOLDER}. Make one with ./pychain wallet new ${text}, or ` +
          'give a whole address, or the path of a file that ends in .pem.'
      : 'Give the name of a wallet, a whole address of 64 hex digits, or the path of a file that ' +
          'ends in .pem.',
  );
}

/**
 * Returns the keys to pay with: those of a wallet that somebody names, or else those of the node.
 *
 * @param address - that of the node's wallet
 * @throws WalletError with a sentence if they are not on this machine
 */
export function keysOf(name: string | undefined, address: string): Keys {
  if (name !== undefined) {
    const { path } = meantBy(name);
    if (path !== undefined) return readWallet(path);
    throw new WalletError(
      'To pay takes a wallet, not an address: name one with --from, or give its file.',
    );
  }
  const own = wallets().find((wallet) => wallet.address === address);
  if (own !== undefined) return readWallet(own.path);
  throw new WalletError(
    `The wallet of the node (${address.slice(0, 12)}…) is not in ${HOME} of this folder. Say with ` +
      '--from which wallet pays: its name, or its file.',
  );
}
