import { afterEach, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { someLooks, axe, withBrowser, type Looks } from './harness.ts';

const { visit } = withBrowser();

let page: Page;
let troubles: string[] = [];

afterEach(async () => {
  await page.context().close();
  expect(troubles).toEqual([]);
});

/** Opens the playground in its chapter. */
async function open(looks: Looks = {}, query = ''): Promise<Locator> {
  ({ page, troubles } = await visit(`10-mempool.html${query}`, looks));
  const playground = page.getByRole('region', { name: 'Playground: The fee market' });
  await playground.waitFor();
  return playground;
}

const button = (within: Locator, name: string) =>
  within.getByRole('button', { name, exact: true });

describe('The fee market', () => {
  it('has its challenge done by a poor payment with a rich one behind it', async () => {
    const playground = await open();
    await button(playground, 'Take the best first').click();
    await playground.getByText('It earns 15 coins of fees.').waitFor();
    await button(playground, 'Undo').click();
    await button(playground, 'Take Ada’s payment 1: 10 to Cleo').click();
    await playground.getByText('The block is invalid.').waitFor();
    await button(playground, 'Leave out Ada’s payment 1: 10 to Cleo').click();
    for (const words of ['Ada’s payment 0: 10 to Ben', 'Ada’s payment 1: 10 to Cleo'])
      await button(playground, `Take ${words}`).click();
    await button(playground, 'Take Ben’s payment 0: 20 to Ada').click();
    await playground.getByText('It earns 18 coins of fees.').waitFor();
    await playground.getByText('Challenge done.').waitFor();
  });

  it('takes payments out of the pool with a block, and brings them back', async () => {
    const playground = await open({}, '?fees.block=a0-c0');
    const waiting = playground.getByRole('button', { name: /^Take .*payment/ });
    expect(await waiting.count()).toBe(6);
    await button(playground, 'Put it on the chain').click();
    await playground.getByText('Dan has 20.').waitFor();
    expect(await waiting.count()).toBe(4);
    await button(playground, 'Let another branch win').click();
    await playground.getByText('Dan has 0.').waitFor();
    expect(await waiting.count()).toBe(6);
  });

  it.each(someLooks)('pleases axe, and fits ($scheme, $width pixels)', async (looks) => {
    const playground = await open(looks, '?fees.block=a0-a1&fees.fee-c0=9');
    await playground.scrollIntoViewIfNeeded();
    const isWider = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    expect(isWider).toBe(false);
    expect(await axe(page)).toEqual([]);
  });
});
