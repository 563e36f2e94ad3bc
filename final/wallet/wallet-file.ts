import { createPrivateKey, type KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { newKeys, type Keys } from '#signatures';

/** What a file of a private key that OpenSSL writes begins with (RFC 7468). */
const BEGINNING = '-----BEGIN PRIVATE KEY-----';

/** A wallet file cannot be used. The message says why, and never what is in it. */
export class WalletError extends Error {}

/**
 * Reads the keys in a wallet file: a private key of Ed25519 as PEM (PKCS#8), such as
 * `openssl genpkey -algorithm ed25519` writes it.
 *
 * @throws {@link WalletError} with a sentence
 */
export function readWallet(path: string): Keys {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    throw new WalletError(
      `The wallet ${path} cannot be read: ${whyNot(error as NodeJS.ErrnoException)}.`,
    );
  }
  const key = keyOf(pem);
  if (typeof key === 'string') throw new WalletError(`The wallet ${path} ${key}.`);
  const { x, d } = key.export({ format: 'jwk' });
  return { address: hexOf(x), secret: hexOf(d) };
}

/**
 * Makes new keys, and writes them to a file that nobody else may read. The folder is made where it
 * lacks; a file that is there already stays as it is.
 *
 * @returns the address
 * @throws {@link WalletError} with a sentence
 */
export function createWallet(path: string): string {
  const keys = newKeys();
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, pemOf(keys), { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    throw new WalletError(
      `The wallet ${path} cannot be written: ${whyNot(error as NodeJS.ErrnoException)}.`,
    );
  }
  return keys.address;
}

function whyNot({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EEXIST') return 'there is one already, and it is left as it is';
  if (code === 'EACCES' || code === 'EPERM') return 'the system does not allow it';
  if (code === 'EISDIR') return 'it is a folder';
  return message;
}

/** Reads a key, or says what the file is instead. */
function keyOf(pem: string): KeyObject | string {
  if (pem.includes('ENCRYPTED'))
    return 'is encrypted, and a node cannot ask for its password: take one that is not';
  if (!pem.includes(BEGINNING))
    return `holds no private key: it is to begin with ${BEGINNING}`;
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    return 'is damaged: its private key cannot be read';
  }
  const kind = key.asymmetricKeyType;
  if (kind === 'ed25519') return key;
  return `has a key of the kind ${kind}: addresses have keys of Ed25519`;
}

function pemOf({ address, secret }: Keys): string {
  const key = { kty: 'OKP', crv: 'Ed25519', x: base64Of(address), d: base64Of(secret) };
  return String(
    createPrivateKey({ key, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }),
  );
}

const base64Of = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');
const hexOf = (text = ''): string => Buffer.from(text, 'base64url').toString('hex');
