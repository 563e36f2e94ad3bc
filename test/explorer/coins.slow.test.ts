/** The pages of a node of a network with coins, in a real browser. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { newKeys, pay, paymentId, type Keys } from '#signatures';
import { someLooks, axe, withBrowser } from '../browser/harness.ts';
import { TestNode, cleanUp } from '../network/harness.ts';

const { visit } = withBrowser();

let page: Page;
let troubles: string[] = [];

afterEach(async () => {
  await page.context().close();
  await cleanUp();
  expect(troubles).toEqual([]);
});

async function open(node: TestNode, hash = ''): Promise<void> {
  ({ page, troubles } = await visit(`${node.http}/${hash}`));
  await page.locator('.dot.live').waitFor();
}

/** A node whose rewards go to these keys, with so many blocks. */
async function coinNode(owner: Keys, blocks: number): Promise<TestNode> {
  const node = await TestNode.start(['-d', '1', '--coin', '--wallet', owner.address]);
  for (let i = 0; i < blocks; i += 1) await node.post('');
  return node;
}

/** Gives a node a payment of these keys, and returns its id. */
async function payAt(
  node: TestNode,
  from: Keys,
  to: string,
  { amount, fee, count }: { amount: number; fee: number; count: number },
): Promise<string> {
  const { hash } = await node.get<{ hash: string }>('/blocks/0');
  const payment = pay(hash, from, { to, amount, fee, count });
  const { status } = await node.request('/payments', payment);
  expect(status).toBe(202);
  return paymentId(payment);
}

describe('A network with coins', () => {
  it('lets two people of a browser pay each other, and says where the payment is', async () => {
    const owner = newKeys();
    const node = await coinNode(owner, 2);
    await open(node, '#/wallet');
    for (const name of ['Ada', 'Bob']) {
      await page.getByLabel(name === 'Ada' ? 'Your name' : 'Another wallet').fill(name);
      await page.getByRole('button', { name: 'Make a wallet' }).click();
    }
    const ada = await page
      .getByRole('link', { name: /^[0-9a-f]{64}$/ })
      .first()
      .innerText();
    await payAt(node, owner, ada, { amount: 50, fee: 1, count: 0 });
    await node.post('');
    await page.getByTestId('has').getByText('Bob has 0 coins').waitFor();
    await page.getByLabel('From').selectOption('Ada');
    await page.getByTestId('has').getByText('Ada has 50 coins').waitFor();
    await page.getByLabel(/^To/).fill('Bob');
    await page.getByLabel('Coins').fill('30');
    await page.getByLabel('Fee').fill('2');
    await page.getByRole('button', { name: 'Sign and pay' }).click();
    await page.getByRole('link', { name: 'The payment' }).click();
    const where = page.getByTestId('where');
    await where.getByText('It waits here for a block').waitFor();
    await node.post('');
    await where.getByText('It is in block 4, with 0 on top').waitFor();
    await page.getByRole('link', { name: 'Accounts' }).click();
    const row = page.getByRole('row').filter({ hasText: 'Bob' });
    await row.getByText('30').waitFor();
    expect(await page.getByTestId('supply').innerText()).toBe('400');
  });

  it('warns before an address that nobody was ever paid at', async () => {
    const owner = newKeys();
    const node = await coinNode(owner, 1);
    await open(node, `#/wallet/${'7'.repeat(64)}`);
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('button', { name: 'Make a wallet' }).click();
    await page.getByRole('button', { name: 'Sign and pay' }).click();
    await page.getByText('Nobody has ever paid this address').waitFor();
    await page.getByRole('button', { name: 'Pay it all the same' }).click();
    await page.getByTestId('sent').getByText('cannot be made yet').waitFor(); // Ada has no coins
  });

  it('decodes a block, and shows the way of a line to the root', async () => {
    const [owner, other] = [newKeys(), newKeys()];
    const node = await coinNode(owner, 1);
    const id = await payAt(node, owner, other.address, { amount: 7, fee: 3, count: 0 });
    await node.post('');
    await open(node, '#/block/2');
    await page.getByText('103 coins').waitFor();
    await page.getByText('fee 3, count 0, signed by its payer').waitFor();
    await page
      .getByRole('button', { name: 'Its way to the root: that of payment 1' })
      .click();
    await page.getByTestId('way').getByText('the line is in this block').waitFor();
    await page.getByText('this block keeps every rule').waitFor();
    await page.getByRole('link', { name: '7 coins' }).click();
    await page.getByText(id).waitFor();
  });

  it('shows what waits by its fees, and finds payments and addresses', async () => {
    const [owner, other] = [newKeys(), newKeys()];
    const node = await coinNode(owner, 1);
    await open(node, '#/mempool');
    await page.getByText('Nothing waits').waitFor();
    await payAt(node, owner, other.address, { amount: 5, fee: 2, count: 0 });
    const parked = await payAt(node, owner, other.address, {
      amount: 6,
      fee: 9,
      count: 2,
    });
    await page.getByText('2 payments wait').waitFor();
    await page.getByText('parked: ').waitFor();
    const search = page.getByRole('searchbox');
    await search.fill(parked);
    await search.press('Enter');
    await page.getByRole('heading', { name: 'cannot be made yet' }).waitFor();
    await search.fill(owner.address);
    await search.press('Enter');
    await page.getByTestId('balance').getByText('100 coins').waitFor();
  });

  it('has no faults that axe finds, in any look', async () => {
    const [owner, other] = [newKeys(), newKeys()];
    const node = await coinNode(owner, 1);
    await payAt(node, owner, other.address, { amount: 7, fee: 3, count: 0 });
    await node.post('');
    const id = await payAt(node, owner, other.address, { amount: 5, fee: 2, count: 1 });
    await open(node, '#/wallet');
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('button', { name: 'Make a wallet' }).click();
    const views: [string, string][] = [
      ['#/wallet', 'Wallet'],
      ['#/accounts', 'Accounts'],
      [`#/account/${owner.address}`, 'Account'],
      ['#/mempool', 'Mempool'],
      [`#/payment/${id}`, 'A payment that waits'],
      ['#/block/2', 'Block 2'],
    ];
    const faults: string[] = [];
    for (const { width, scheme } of someLooks) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: scheme });
      for (const [hash, title] of views) {
        await page.goto(`${node.http}/${hash}`);
        await page.getByRole('heading', { name: title, exact: true }).waitFor();
        faults.push(...(await axe(page)));
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - innerWidth,
        );
        if (overflow > 0) faults.push(`${title} is ${overflow} px too wide at ${width}`);
      }
    }
    expect(faults).toEqual([]);
  });
});
