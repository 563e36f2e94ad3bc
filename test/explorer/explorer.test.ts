/** A short look at the page of a node, in a real browser, on real nodes. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { withBrowser } from '../browser/harness.ts';
import { TestNode, cleanUp, dataOf, easy } from '../network/harness.ts';
import { Proxy } from '../proxy.ts';

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

describe('The chain', () => {
  it('shows new blocks as they arrive, the newest first, with the zeros of their hashes', async () => {
    const node = await TestNode.start(easy);
    await node.post('first');
    await open(node);
    const rows = page.locator('a.block-row');
    await rows.getByText('first', { exact: true }).waitFor();
    const block = await node.post('second');
    await rows.getByText('second', { exact: true }).waitFor();
    expect(await rows.count()).toBe(3);
    const row = (await rows.first().innerText()).replace(/\s+/g, ' ');
    expect(row).toMatch(/^2 second/);
    expect(row).toContain('8 zero bits');
    const zeros = /^0*/.exec(block.hash)?.[0] ?? '';
    expect(await rows.first().locator('mark').innerText()).toBe(zeros);
    const strip = page.getByRole('list', { name: 'The last blocks' });
    await strip.getByText('second', { exact: true }).waitFor();
    expect((await strip.innerText()).replace(/\s+/g, ' ')).toMatch(
      /0 Genesis Block .* 1 first this node .* 2 second this node .* 3 Mine it/,
    );
  });
});

describe('Mining', () => {
  it('posts a block, and says how long that takes on average', async () => {
    const node = await TestNode.start(easy);
    await open(node, '#/mine');
    await page.getByLabel('What the block is to carry').fill('from the page');
    await page.getByRole('button', { name: 'Mine a block' }).click();
    await page.getByRole('link', { name: 'Block 1', exact: true }).waitFor();
    await page.getByTestId('rate').getByText('a second').waitFor();
    expect(dataOf(await node.chain())).toEqual(['Genesis Block', 'from the page']);
  });
});

describe('Behind a proxy that serves it in a folder', () => {
  it('the page follows the node, and mines', async () => {
    const node = await TestNode.start(easy);
    const proxy = new Proxy(node.http, true);
    ({ page, troubles } = await visit(`${await proxy.start()}#/mine`));
    await page.locator('.dot.live').waitFor();
    await page.getByLabel('What the block is to carry').fill('through a proxy');
    await page.getByRole('button', { name: 'Mine a block' }).click();
    await page.getByRole('link', { name: 'Block 1', exact: true }).click();
    await page.getByText('through a proxy', { exact: true }).waitFor();
    expect(dataOf(await node.chain())).toEqual(['Genesis Block', 'through a proxy']);
    await page.context().close(); // first, or the page misses its events
    proxy.stop();
  });
});
