/** Networks with coins as people use them: the launcher, wallets in files, processes that die. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { PaymentStatus, Status } from '../../final/api/schemas.ts';
import type { Result } from '../../final/lab/program.ts';
import { startProgram } from '../program.ts';
import { TestNode, cleanUp, easy, launcher, newFolder } from './harness.ts';

afterEach(cleanUp);

/** Runs a command of the launcher in a folder of its own. */
const runIn = (cwd: string, ...args: string[]): Promise<Result> =>
  startProgram(launcher, args, { cwd }).end;

/** The private key in a wallet file, without its frame. */
async function secretIn(path: string): Promise<string> {
  const [, secret = ''] = (await readFile(path, 'utf8')).split('\n');
  return secret;
}

describe('A network with coins', () => {
  it('is started, joined, mined and paid in by commands, and outlives a kill', async () => {
    const home = await newFolder();
    const root = await TestNode.start([...easy, '--coin', '100,1000,20']);
    const joiner = await TestNode.start(['-n', root.ws]);
    await joiner.until(({ msg }) => msg.startsWith('Joined the network'));
    const onRoot = ['-p', root.httpPort];
    const wallet = join(root.folder, 'wallet.pem');
    if (process.platform !== 'win32')
      expect((await stat(wallet)).mode & 0o777).toBe(0o600);

    const mined = await runIn(home, 'mine', ...onRoot);
    expect([mined.code, mined.output]).toEqual([
      0,
      expect.stringMatching(/^reward +100 coins to [0-9a-f]{64}\npayments +0$/m),
    ]);
    const made = await runIn(home, 'wallet', 'new', 'bob');
    const [, bob = ''] = /^address ([0-9a-f]{64})$/m.exec(made.output) ?? [];
    expect((await runIn(home, 'wallet', 'new', 'bob')).output).toMatch(/one already/);

    const pay = ['--from', wallet, ...onRoot];
    const paid = await runIn(home, 'pay', 'bob', '30', '--fee', '2', '--json', ...pay);
    const { id, state } = JSON.parse(paid.output) as PaymentStatus;
    expect([paid.code, state]).toEqual([0, 'waiting']);
    const tooMuch = await runIn(home, 'pay', 'bob', '69', ...pay);
    expect([tooMuch.code, tooMuch.output]).toEqual([
      1,
      expect.stringMatching(
        /^[0-9a-f]{12}… has 68 coins to pay with, not 69 and 1 as a fee/,
      ),
    ]);
    const stranger = await runIn(home, 'pay', 'ab'.repeat(32), '1', ...pay);
    expect([stranger.code, stranger.output]).toEqual([
      1,
      expect.stringMatching(/^Nobody was ever paid at (ab){32}\..*pay with --yes\.\n$/),
    ]);

    await root.kill();
    const again = await TestNode.start(['-w', root.wsPort], root.folder);
    await joiner.until(
      ({ msg }) =>
        msg.includes(' connected to this node') || msg.startsWith('Connected to'),
    );
    const waits = await runIn(home, 'payment', id, '-p', again.httpPort);
    expect(waits.output).toMatch(/^state +It waits here for a block\.$/m);
    const block = (await again.request<{ hash: string }>('/blocks', { data: '' })).body;
    await joiner.untilTip(block.hash);
    const account = await runIn(home, 'account', 'bob', '-p', joiner.httpPort);
    expect(account.output).toMatch(/^balance +30 coins$/m);
    expect(account.output).toMatch(/not money/);
    const accounts = await runIn(home, 'accounts', '-p', joiner.httpPort);
    expect(accounts.output).toMatch(new RegExp(`^ *30 +${bob} +bob$`, 'm'));
    expect(accounts.output).toMatch(/200 coins after block 2\..*not money/);
    const { coin } = await joiner.get<Status>('/status');
    expect(coin).toMatchObject({ reward: 100, halving: 1_000, size: 20, supply: 200 });

    await again.stop();
    const verified = await runIn(home, 'verify', '--data-dir', again.folder);
    expect([verified.code, verified.output]).toEqual([
      0,
      expect.stringMatching(/^They carry 1 payment; 200 coins have come into being\.$/m),
    ]);
    const texts = [root, joiner, again].map(({ output }) => output);
    const said = [...texts, ...[mined, made, paid, accounts].map(({ output }) => output)];
    for (const path of [wallet, join(home, '.pychain', 'wallets', 'bob.pem')]) {
      const secret = await secretIn(path);
      const hex = Buffer.from(secret, 'base64').subarray(-32).toString('hex');
      for (const text of said) {
        expect(text).not.toContain(secret);
        expect(text).not.toContain(hex);
      }
    }
    expect(await readdir(join(home, '.pychain'))).toEqual(['wallets']);
  });
});
