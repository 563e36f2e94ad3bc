import { generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isSigned, newKeys, sign } from '#signatures';
import { rewardAddress } from './reward-wallet.ts';
import { createWallet, readWallet } from './wallet-file.ts';

/** The private key of RFC 8410, section 10.3, and its public key of section 10.1. */
const EXAMPLE = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
`;
const EXAMPLE_ADDRESS =
  '19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pychain-wallet-'));
  path = join(folder, 'new', 'alice.pem');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file, and returns what is said when it is read as a wallet. */
function complaintAt(text: string): string {
  const file = join(folder, 'odd.pem');
  writeFileSync(file, text);
  try {
    readWallet(file);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

const pem = (options: object) =>
  generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', ...options },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;

describe('A wallet file', () => {
  it('is made with keys that sign, in a folder that is made as well', () => {
    const address = createWallet(path);
    const keys = readWallet(path);
    expect(keys.address).toBe(address);
    expect(isSigned('a text', sign('a text', keys), address)).toBe(true);
  });

  it('is a private key as PEM, as OpenSSL writes it', () => {
    createWallet(path);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/^-----BEGIN PRIVATE KEY-----\n[\w+/=]{64}\n-----END/);
    writeFileSync(path, EXAMPLE);
    expect(readWallet(path).address).toBe(EXAMPLE_ADDRESS);
  });

  it('is for its owner only', () => {
    createWallet(path);
    // Windows has other rights than these, and shows that all may read and write.
    const mode = process.platform === 'win32' ? 0o666 : 0o600;
    expect(statSync(path).mode & 0o777).toBe(mode);
  });

  it('is never written over', () => {
    const address = createWallet(path);
    expect(() => createWallet(path)).toThrow(
      `The wallet ${path} cannot be written: there is one already, and it is left as it is.`,
    );
    expect(readWallet(path).address).toBe(address);
  });

  it('that is none gets a sentence, in which nothing of it stands', () => {
    const [, secret = ''] = EXAMPLE.split('\n');
    const cases: [string, RegExp][] = [
      ['', /holds no private key: it is to begin with -----BEGIN PRIVATE KEY-----\.$/],
      [EXAMPLE.replaceAll('PRIVATE', 'PUBLIC'), /holds no private key/],
      [EXAMPLE.replace('MC4C', 'MC4D'), /is damaged: its private key cannot be read\.$/],
      [EXAMPLE.slice(0, 60), /is damaged/],
      [pem({}), /has a key of the kind rsa: addresses have keys of Ed25519\.$/],
      [
        pem({ cipher: 'aes-256-cbc', passphrase: 'x' }),
        /is encrypted, and a node cannot/,
      ],
    ];
    for (const [text, words] of cases) {
      const complaint = complaintAt(text);
      expect(complaint).toMatch(words);
      expect(complaint).not.toContain(secret.slice(10, 30));
    }
    expect(() => readWallet(join(folder, 'no.pem'))).toThrow(
      /: there is no such file\.$/,
    );
    expect(() => readWallet(folder)).toThrow(/: it is a folder\.$/);
  });
});

describe('The rewards of a node', () => {
  const rewards = (wallet?: string, data?: string) => {
    const warnings: string[] = [];
    const address = rewardAddress({ wallet, folder: data }, (words) =>
      warnings.push(words),
    );
    return { address, warnings };
  };

  it('go to the wallet in the data folder, which is made once', () => {
    const { address } = rewards(undefined, folder);
    expect(readWallet(join(folder, 'wallet.pem')).address).toBe(address);
    expect(rewards(undefined, folder)).toEqual({ address, warnings: [] });
  });

  it('go to a wallet file or an address that was named', () => {
    const address = createWallet(path);
    expect(rewards(path, folder).address).toBe(address);
    const other = newKeys().address;
    expect(rewards(other, folder).address).toBe(other);
    expect(() => rewards(join(folder, 'missing.pem'), folder)).toThrow(/no such file/);
  });

  it('are lost where nothing is kept, which is said', () => {
    const { address, warnings } = rewards();
    expect(address).toMatch(/^[0-9a-f]{64}$/);
    expect(warnings).toEqual([expect.stringMatching(/--wallet/)]);
  });

  it('are refused with a sentence where the wallet may not be read', () => {
    createWallet(path);
    chmodSync(path, 0o000);
    // Whoever may do all things, such as root, reads it nevertheless.
    const read = () => rewards(path).address;
    if (process.getuid?.() === 0 || process.platform === 'win32')
      expect(read()).toBeTruthy();
    else expect(read).toThrow(/the system does not allow it/);
  });
});
