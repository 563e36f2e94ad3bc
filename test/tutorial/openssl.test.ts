/** The lines of chapter 8 that check a payment with OpenSSL: they are run as the chapter has them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { genesisBlock } from '#blocks';
import { newKeys, pay, paymentText, sign } from '#signatures';
import { shellLines, type Shown } from '../../tutorial/playgrounds/sign/shell-lines.ts';
import { parsePage } from '../../tutorial/sync/markdown.ts';
import { root } from './project.ts';

const path = 'tutorial/08-signatures.md';
const page = parsePage(
  path,
  readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n'),
);
const lines = page.fences.find(({ text }) => text.startsWith('TEXT='))?.text ?? '';

/** What is missing for these lines; nothing if all is there. */
function missing(): string | undefined {
  if (spawnSync('sh', ['-c', 'tail -c 1 /dev/null']).status !== 0) return 'sh and tail';
  const { stdout, status } = spawnSync('openssl', ['version'], { encoding: 'utf8' });
  return status === 0 && /^OpenSSL (?![012]\.)/.test(stdout) ? undefined : 'openssl 3';
}

/** Puts three texts in the place of those that the chapter leaves open. */
function filled({ text, signature, address }: Shown): string {
  const values: Readonly<Record<string, string>> = {
    TEXT: text,
    SIGNATURE: signature,
    ADDRESS: address,
  };
  return lines.replaceAll(
    /^([A-Z]+)='…' +#.*$/gm,
    (_line, name: string) => `${name}='${values[name] ?? ''}'`,
  );
}

const keys = newKeys();
const network = genesisBlock({ timestamp: 1 }).hash;
const payment = pay(network, keys, {
  to: newKeys().address,
  amount: 5,
  fee: 1,
  count: 0,
});
const right: Shown = {
  text: paymentText(network, payment),
  signature: payment.signature,
  address: payment.from,
};

describe('The lines that check a payment in a terminal', () => {
  it('are the same in the chapter and in the playground', () => {
    expect(filled(right)).toBe(shellLines(right));
  });

  const gap = missing();
  if (gap !== undefined && process.env.REQUIRE_ALL !== undefined) {
    throw new Error(`The lines of chapter 8 need ${gap}.`);
  }
  if (gap !== undefined) {
    process.stderr.write(`Left out: the lines of chapter 8, without ${gap}.\n`);
    return;
  }

  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'openssl-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The last line that a terminal shows. */
  function answer(shown: Shown): string {
    const { stdout } = spawnSync('sh', ['-c', filled(shown)], {
      cwd: folder,
      encoding: 'utf8',
    });
    return stdout.trim().split('\n').at(-1) ?? '';
  }

  it('find a payment right that step 8 has signed', () => {
    expect(answer(right)).toBe('Signature Verified Successfully');
  });

  it.each([
    ['another amount', { text: right.text.replace(',5,', ',50,') }],
    ['another network', { text: paymentText('0'.repeat(64), payment) }],
    ['another address', { address: newKeys().address }],
    [
      'another signature',
      { signature: pay(network, keys, { ...payment, count: 1 }).signature },
    ],
  ])('find it wrong with %s', (_what, change) => {
    expect(answer({ ...right, ...change })).toBe('Signature Verification Failure');
  });

  it('work with keys that openssl draws', () => {
    const args = ['genpkey', '-algorithm', 'ed25519', '-outform', 'DER'];
    const der = execFileSync('openssl', args);
    const input = { input: der };
    const half = ['pkey', '-inform', 'DER', '-pubout', '-outform', 'DER'];
    const [secret, address] = [der, execFileSync('openssl', half, input)].map((bytes) =>
      bytes.subarray(-32).toString('hex'),
    ) as [string, string];
    const text = 'Grüße';
    expect(answer({ text, signature: sign(text, { secret, address }), address })).toBe(
      'Signature Verified Successfully',
    );
  });
});
