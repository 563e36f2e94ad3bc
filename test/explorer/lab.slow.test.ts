/** `pychain network`: several nodes, and the page that shows and controls them. */
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { allLooks, axe, withBrowser, type Looks } from '../browser/harness.ts';
import { startCommand } from '../network/harness.ts';
import type { Program } from '../../final/lab/program.ts';

const { visit } = withBrowser();

let lab: Program | undefined;
let page: Page | undefined;
let troubles: string[] = [];

/** Starts a laboratory; gives its url and the folder of its data. */
async function start(count: number): Promise<{ url: string; folder: string }> {
  lab = startCommand('network', String(count), '-d', '2');
  const [url] = await lab.untilOutput(/http:\S+(?=\s)/);
  const [, folder = ''] = await lab.untilOutput(/data is in (.*)\. End/);
  return { url, folder };
}

async function open(url: string, looks: Looks = {}): Promise<Page> {
  ({ page, troubles } = await visit(url, looks));
  await page.getByTestId('agreement').waitFor();
  return page;
}

async function end(): Promise<unknown> {
  lab?.signal('SIGINT');
  return (await lab?.end)?.code;
}

afterEach(async () => {
  await page?.context().close();
  await end();
  expect(troubles).toEqual([]);
  [page, lab] = [undefined, undefined];
});

describe('A laboratory', () => {
  it('shows how a cut network drifts apart, and agrees again when it is healed', async () => {
    const { url } = await start(3);
    const page = await open(url);
    const says = (text: string | RegExp) =>
      page.getByTestId('agreement').getByText(text).waitFor();
    const press = (name: string) =>
      page.getByRole('button', { name, exact: true }).click();
    await says('All 3 nodes that run have the same tip: block 0');

    await press('Mine at Node A');
    await says('All 3 nodes that run have the same tip: block 1');
    await press('Cut off Node C');
    await press('Mine at Node C');
    await says(/^2 tips: A and B at block 1 .*; C at block 2/);
    await press('Mine at Node A');
    await press('Mine at Node A');
    await says(/^2 tips: A and B at block 3 .*; C at block 2/);

    await press('Heal all');
    await says(/^All 3 nodes that run have the same tip: block 4/); // C mined its post again
    await page.getByLabel('The tree of the last blocks').locator('.box.lost').waitFor();
    const card = page.getByRole('region', { name: 'Node C' });
    await card.getByText('Its log').click();
    await card.getByText('Reorganization: 1 block gave way to 2 blocks').waitFor();
  });

  it('stops nodes, and starts them again with what they had', async () => {
    const { url } = await start(2);
    const page = await open(url);
    const card = page.getByRole('region', { name: 'Node B' });
    await page.getByRole('button', { name: 'Stop Node B' }).click();
    await card.getByText('stopped').waitFor();
    await page.getByText('1 of 2 nodes run').waitFor();
    await page.getByRole('button', { name: 'Mine at Node A' }).click();
    await page.getByText('The node that runs has the same tip: block 1').waitFor();
    await page.getByRole('button', { name: 'Start Node B' }).click();
    await page.getByText('All 2 nodes that run have the same tip: block 1').waitFor();
    await card.getByText('connected with A').waitFor();
  });

  it('leaves nothing behind when it ends', async () => {
    const { folder } = await start(2);
    expect(existsSync(folder)).toBe(true);
    expect(await end()).toBe(0);
    expect(existsSync(folder)).toBe(false);
  });

  it('takes no orders from pages of other sites', async () => {
    const { url } = await start(2);
    const headers = { 'content-type': 'application/json', origin: 'http://example.org' };
    for (const path of ['lab/nodes/A/stop', 'lab/links', 'lab/nodes/A/blocks']) {
      expect(
        (await fetch(url + path, { method: 'POST', headers, body: '{}' })).status,
      ).toBe(403);
    }
    const plain = { 'content-type': 'text/plain' };
    const stop = { method: 'POST', headers: plain, body: '{}' };
    expect((await fetch(`${url}lab/nodes/A/stop`, stop)).status).toBe(415);
    const json = { 'content-type': 'application/json' };
    const unknown = { method: 'POST', headers: json, body: '{}' };
    expect((await fetch(`${url}lab/nodes/Z/stop`, unknown)).status).toBe(404);
  });

  it('pleases axe, and fits, in light and dark, wide and narrow', async () => {
    const { url } = await start(3);
    for (const looks of allLooks) {
      const page = await open(url, looks);
      expect([looks, await axe(page)]).toEqual([looks, []]);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(looks.width);
      await page.context().close();
    }
  });
});
