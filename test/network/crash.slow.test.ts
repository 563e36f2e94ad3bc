/**
 * Nodes that are killed at any moment. ROUNDS=100 sets how often; `npm run test:crash` does.
 */
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { checkChain, genesisBlock, nextBlock, type Block } from '#blocks';
import { consensusRules } from '#consensus';
import { newKeys, pay, paymentId, type Keys } from '#signatures';
import type { AccountState, PaymentStatus, Status } from '../../final/api/schemas.ts';
import { openStore } from '../../final/storage/level-store.ts';
import { readWallet } from '../../final/wallet/wallet-file.ts';
import { TestNode, cleanUp, newFolder, runCommand } from './harness.ts';

afterEach(cleanUp);

const rounds = Number(process.env.ROUNDS ?? 5);
const LENGTH = 20_000;
const TIMEOUT = 60_000 + rounds * 15_000;

/** Posts blocks without end until the node is gone, and notes which were acknowledged. */
async function postOn(
  node: TestNode,
  acknowledged: Block[],
  name: string,
): Promise<void> {
  for (let i = 0; ; i += 1) {
    const block = await node.post(`${name}, post ${i}`).catch(() => undefined);
    if (block === undefined) return;
    acknowledged.push(block);
  }
}

/** Pays without end until the node is gone, and notes which payments were acknowledged. */
async function payOn(node: TestNode, keys: Keys, acknowledged: string[]): Promise<void> {
  const { network } = await node.get<Status>('/status');
  const { pending } = await node.get<AccountState>(`/accounts/${keys.address}`);
  const to = newKeys().address;
  for (let count = pending?.count ?? 0; ;) {
    const payment = pay(network ?? '', keys, { to, amount: 1, fee: 1, count });
    const answer = await node.request('/payments', payment).catch(() => undefined);
    if (answer === undefined) return;
    // It may be in a block before that is said. Else as many wait as one payer may have.
    if (answer.status > 202) continue;
    acknowledged.push(paymentId(payment));
    count += 1;
  }
}

/** Mines without end until the node is gone. */
async function mineOn(node: TestNode): Promise<void> {
  while ((await node.post('').catch(() => undefined)) !== undefined);
}

/** Makes a data folder with a long chain. */
async function longChain(): Promise<string> {
  const folder = await newFolder();
  const store = await openStore(folder);
  const added = [genesisBlock({ timestamp: 0 })];
  for (const last of added) {
    if (added.length < LENGTH) added.push(nextBlock(last, `after ${last.index}`, 0));
  }
  await store.write({ blocks: added, tip: added.at(-1)?.hash });
  await store.close();
  return folder;
}

async function heightOf(node: TestNode): Promise<number> {
  const { tip } = await node.get<Status>('/status');
  return tip?.index ?? -1;
}

describe('A node that is killed', () => {
  it(
    `has every block that it answered 201 for, ${rounds} times in a row`,
    async () => {
      let node = await TestNode.start(['-d', '1']);
      const acknowledged: Block[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        const before = acknowledged.length;
        const clients = [1, 2, 3].map((n) => postOn(node, acknowledged, `${round}.${n}`));
        const wanted = before + 1 + Math.trunc(Math.random() * 100);
        while (acknowledged.length < wanted) await node.nextLine();
        await node.kill();
        await Promise.all(clients);

        const { code, output } = await runCommand('verify', '--data-dir', node.folder);
        expect([code, output]).toEqual([0, expect.stringContaining('keep the rules')]);
        node = await TestNode.start([], node.folder);
        const chain = await node.chain();
        expect(checkChain(chain, consensusRules)).toBeUndefined();
        const hashes = new Set(chain.map(({ hash }) => hash));
        expect(acknowledged.filter(({ hash }) => !hashes.has(hash))).toEqual([]);
      }
    },
    TIMEOUT,
  );

  it(
    `has every payment that it answered 202 for, ${Math.ceil(rounds / 2)} times in a row`,
    async () => {
      let node = await TestNode.start(['-d', '1', '--coin', '1000000,1000,20']);
      const keys = readWallet(join(node.folder, 'wallet.pem'));
      await node.post('');
      const acknowledged: string[] = [];
      for (let round = 1; round <= Math.ceil(rounds / 2); round += 1) {
        const clients = [payOn(node, keys, acknowledged), mineOn(node)];
        const wanted = acknowledged.length + 1 + Math.trunc(Math.random() * 100);
        while (acknowledged.length < wanted) await node.nextLine();
        await node.kill();
        await Promise.all(clients);

        const { code, output } = await runCommand('verify', '--data-dir', node.folder);
        expect([code, output]).toEqual([0, expect.stringContaining('They carry')]);
        node = await TestNode.start([], node.folder);
        for (const id of acknowledged) {
          const { state } = await node.get<PaymentStatus>(`/payments/${id}`);
          expect(['waiting', 'included']).toContain(state);
        }
      }
      while ((await node.get<Status>('/status')).coin?.waiting !== 0) await node.post('');
      for (const id of acknowledged)
        expect(await node.get(`/payments/${id}`)).toMatchObject({ state: 'included' });
    },
    TIMEOUT,
  );

  it(
    `goes on with a sync that was cut short, ${rounds} times in a row`,
    async () => {
      const source = await TestNode.start([], await longChain());
      const { hash: tip } = await source.get<Block>('/blocks/latest');
      for (let round = 1; round <= rounds; round += 1) {
        const joiner = await TestNode.start(['-n', source.ws]);
        const enough = Math.trunc(Math.random() * LENGTH);
        while ((await heightOf(joiner)) < enough); // it is asked again and again
        await joiner.kill();
        const again = await TestNode.start(['-n', source.ws], joiner.folder);
        // If it was killed late, it has all blocks already, and there is nothing to hear of.
        while ((await heightOf(again)) < LENGTH - 1); // it is asked again and again
        expect((await again.get<Block>('/blocks/latest')).hash).toBe(tip);
        expect(checkChain(await again.chain(), consensusRules)).toBeUndefined();
        await again.stop();
      }
    },
    TIMEOUT,
  );
});
