/** All views of the page of a node, in a real browser, on real nodes. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { genesisBlock, nextBlock, headerText, type Block } from '#blocks';
import { sha256 } from '#hashing';
import { openStore } from '../../final/storage/level-store.ts';
import { allLooks, axe, withBrowser, type Looks } from '../browser/harness.ts';
import {
  TestNode,
  cleanUp,
  dataOf,
  easy,
  newFolder,
  startCutPair,
} from '../network/harness.ts';

const { visit } = withBrowser();

let page: Page;
let troubles: string[] = [];

afterEach(async () => {
  await page.context().close();
  await cleanUp();
  expect(troubles).toEqual([]);
});

async function open(node: TestNode, hash = '', looks: Looks = {}): Promise<void> {
  ({ page, troubles } = await visit(`${node.http}/${hash}`, looks));
  await page.locator('.dot.live').waitFor();
}

const view = (name: string) => page.getByRole('region', { name, exact: true });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const link = (name: string) => page.getByRole('link', { name, exact: true });
const textOf = async (locator: Locator) =>
  (await locator.innerText()).replace(/\s+/g, ' ');

describe('The chain', () => {
  it('shows data as text, whatever it holds', async () => {
    const node = await TestNode.start(easy);
    const data = `<img src=x onerror="document.title='broken'"><script>alert(1)</script>{{ 7 * 6 }}`;
    await node.post(data);
    await open(node);
    await page.getByText(data, { exact: true }).click();
    await view('Block 1').getByText(data, { exact: true }).waitFor();
    await link('Tamper with it').click();
    expect(await page.getByRole('textbox', { name: 'data' }).first().inputValue()).toBe(
      data,
    );
    expect(await page.locator('#app img, #app script').count()).toBe(0);
    expect(await page.title()).not.toContain('broken');
  });

  it('shows what cannot be seen, or would show other text in its place', async () => {
    const node = await TestNode.start(easy);
    await node.post('send \u202eecilA\u202c 1\u200b0\ncoins 👩‍👩‍👧');
    const shown = 'send \\u202eecilA\\u202c 1\\u200b0';
    await open(node);
    await page.getByText(`${shown}\\u000acoins 👩‍👩‍👧`, { exact: true }).click();
    const text = view('Block 1').getByLabel('The data of the block');
    await text.getByText(shown).waitFor();
    expect(await text.innerText()).toBe(`${shown}\ncoins 👩‍👩‍👧`);
    expect(await text.locator('.escape').allInnerTexts()).toEqual([
      '\\u202e',
      '\\u202c',
      '\\u200b',
    ]);
    await link('Tamper with it').click();
    await page.locator('summary').getByText(shown).waitFor();
  });

  it('reaches any of 100,000 blocks at once, by index, hash and text', async () => {
    const folder = await newFolder();
    let last = genesisBlock({ timestamp: 0 });
    const blocks: Block[] = [last];
    while (blocks.length < 100_000) {
      const { length } = blocks;
      const data = length === 31_415 ? 'The needle in the haystack' : `block ${length}`;
      last = nextBlock(last, data, 1_000 * length);
      blocks.push(last);
    }
    const store = await openStore(folder);
    for (let i = 0; i < blocks.length; i += 5_000) {
      await store.write([{ removed: [], added: blocks.slice(i, i + 5_000) }]);
    }
    await store.close();
    const node = await TestNode.start([], folder);
    await open(node);
    await page.getByText('block 99999', { exact: true }).waitFor();
    expect(await page.locator('.block-row').count()).toBeLessThan(40);

    await page.locator('.scroller').focus();
    await page.keyboard.press('End');
    await page.getByText('Genesis Block').waitFor();
    await page
      .locator('.scroller')
      .evaluate((list) => (list.scrollTop = list.scrollHeight / 2));
    await page.getByText('block 50000', { exact: true }).waitFor();

    const search = page.getByRole('searchbox');
    await search.fill('NEEDLE');
    await search.press('Enter');
    await page.getByText('The needle in the haystack').click();
    await view('Block 31,415').waitFor();
    await link('All blocks').click();
    await search.fill('77777');
    await search.press('Enter');
    await view('Block 77,777').waitFor();
    await link('All blocks').click();
    await search.fill(blocks[54_321]?.hash ?? '');
    await search.press('Enter');
    await view('Block 54,321').waitFor();
  });

  it('keeps up with a flood of blocks by gathering them', async () => {
    const node = await TestNode.start(['-d', '0']);
    await open(node);
    let requests = 0;
    page.on('request', () => (requests += 1));
    for (let i = 1; i <= 300; i += 1) await node.post(`flood ${i}`);
    await page.getByText('flood 300', { exact: true }).waitFor();
    expect(await page.locator('.block-row').count()).toBeLessThan(40);
    expect(requests).toBeLessThan(300);
    expect(await textOf(page.locator('a.block-row').nth(4))).toMatch(/^296 flood 296/);
  });
});

describe('The page of a block', () => {
  it('gives the line of shell that checks its hash, and leads to its neighbors', async () => {
    const node = await TestNode.start(easy);
    const block = await node.post("it's data");
    await node.post('after it');
    await open(node, '#/block/1');
    const command = await textOf(page.getByTestId('check'));
    expect(command).toBe(`printf '%s' '${headerText(block)}' | sha256sum`);
    expect(sha256(/'(\[.*\])'/.exec(command)?.[1] ?? '')).toBe(block.hash);
    await page.getByText('this block keeps every rule').waitFor();
    await link('Block 2 ▸').click();
    await view('Block 2').getByText('after it', { exact: true }).waitFor();
  });

  it('says in the node’s words that there is no such block', async () => {
    const node = await TestNode.start(easy);
    await open(node, '#/chain');
    await page.evaluate(() => (location.hash = '#/block/77'));
    await page.getByText('There is no block 77').waitFor();
    troubles = troubles.filter((trouble) => !trouble.includes('404'));
  });
});

describe('The fork tree', () => {
  it('keeps the losing branch, and tells the reorganization in words', async () => {
    const { one, other, heal } = await startCutPair();
    const lost = await one.post('lost');
    await open(one, '#/forks');
    await other.post('first');
    const tip = await other.post('second');
    heal();
    await one.untilTip(tip.hash);
    const story = page.getByTestId('story');
    await story.waitFor();
    expect(await textOf(story)).toBe(
      `The last reorganization: 1 block of the branch that ended in …${lost.hash.slice(-4)} ` +
        `gave way to 2 of the one that ended in …${tip.hash.slice(-4)}.`,
    );
    expect(await textOf(page.getByTestId('lost'))).toContain('more work wins');
    expect(await page.locator('.box.lost').count()).toBe(1);
  });
});

describe('The network', () => {
  it('shows the peers, adds one by its url, and logs who comes and goes', async () => {
    const node = await TestNode.start(easy);
    const inbound = await TestNode.join(node);
    const other = await TestNode.start(['-n', node.ws]);
    await open(node, '#/network');
    const table = page.getByRole('table');
    await table.getByText(inbound.ws).waitFor();
    expect(await textOf(table)).toContain('it dialed this node');
    expect(await textOf(table)).toContain('the same tip');

    await inbound.kill();
    await page.getByTestId('log').getByText(`Lost ${inbound.ws}.`).waitFor();
    await page.getByLabel('Add a peer').fill(other.ws);
    await button('Connect').click();
    await page.getByTestId('added').getByText(`Connected to ${other.ws}`).waitFor();
    await page.getByLabel('Add a peer').fill('http://nonsense');
    await button('Connect').click();
    await page.getByTestId('added').getByText('Write a peer as ws://host:port').waitFor();
    troubles = troubles.filter((trouble) => !trouble.includes('400'));
  });
});

describe('Mining', () => {
  it('ends the search when it is aborted', async () => {
    const node = await TestNode.start(['-d', '6']);
    await open(node, '#/mine');
    const aborted = page.getByText('You called it off');
    // A block may be found before the button is pressed.
    for (let i = 0; !(await aborted.isVisible()); i += 1) {
      await page.getByLabel('What the block is to carry').fill(`unwanted ${i}`);
      await button('Mine a block').click();
      await button('Abort')
        .click({ timeout: 5_000 })
        .catch(() => undefined);
      await button('Abort').waitFor({ state: 'detached' });
    }
    const { length } = await node.chain();
    await node.post('wanted');
    expect(dataOf(await node.chain()).slice(length)).toEqual(['wanted']);
    troubles = troubles.filter((trouble) => !trouble.startsWith('failed:'));
  });
});

describe('Tampering', () => {
  const verdict = () => textOf(page.getByTestId('verdict'));
  const answer = () => textOf(page.getByTestId('answer'));

  it('shows every broken rule, and the refusal of the node in its words', async () => {
    const node = await TestNode.start(easy);
    for (const data of ['first', 'second', 'third']) await node.post(data);
    await open(node, '#/tamper/1');
    await page.getByLabel('data').first().fill('forged');
    await page.getByText('its dataHash is not the hash of its data').first().waitFor();
    expect(await page.locator('details.bad, details.shaken').count()).toBe(3);
    await page.getByLabel('difficulty').first().fill('255');
    const reasons = await textOf(page.locator('.bad .reason').first());
    expect(reasons).toContain('its hash is not the hash of its header');
    expect(reasons).toContain("its difficulty is 255, not its parent's 8");
    expect(reasons).toContain('leading zero bits, not the 255 it claims');
    await button('Send it to my node').click();
    await page.getByTestId('answer').waitFor();
    expect(await answer()).toBe(
      'The node refuses it: block 1: its hash is not the hash of its header.',
    );
    expect(dataOf(await node.chain())).toEqual([
      'Genesis Block',
      'first',
      'second',
      'third',
    ]);
  });

  it('shows that new hashes need new work, and that work alone makes another branch', async () => {
    const node = await TestNode.start(easy);
    for (const data of ['first', 'second']) await node.post(data);
    await open(node, '#/tamper/1');
    await page.getByLabel('data').first().fill('forged');
    await button('Rehash what is broken').click();
    await page.getByText('leading zero bits').first().waitFor();
    expect(await verdict()).toContain('a rule');
    await button('Mine what is broken again').click();
    await page.getByText('The forged blocks keep every rule.').waitFor();
    await button('Send it to my node').click();
    await page.getByText('The node would take it into its tree').waitFor();
    expect(dataOf(await node.chain())).toEqual(['Genesis Block', 'first', 'second']);
    await button('Undo all changes').click();
    expect(await verdict()).toContain('These blocks keep every rule.');
  });
});

describe('The numbers', () => {
  it('are plotted, with a library that is loaded only then', async () => {
    const node = await TestNode.start(easy);
    for (let i = 0; i < 12; i += 1) await node.post(`block ${i}`);
    const loaded: string[] = [];
    await open(node);
    page.on('request', (request) => loaded.push(request.url()));
    await link('Numbers').click();
    await page.getByRole('img', { name: /^Block interval: Lowest/ }).waitFor();
    expect(await page.locator('canvas').count()).toBe(3); // there was no reorganization
    expect(loaded.filter((url) => url.includes('NumbersView')).length).toBeGreaterThan(0);
  });
});

describe('All views', () => {
  it('say that the node is gone, and recover by themselves', async () => {
    const node = await TestNode.start(easy);
    const { httpPort, wsPort, folder } = node;
    await open(node);
    await node.stop();
    await page.getByRole('alert').getByText('The node does not answer.').waitFor();
    await page.getByText('Genesis Block').waitFor(); // what it said last can still be read
    const again = await TestNode.start(['-p', httpPort, '-w', wsPort], folder);
    await page.locator('.dot.live').waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await again.post('after the pause');
    await page.getByText('after the pause').waitFor();
    troubles = []; // a browser reports each request that nobody answers
  });

  it('ask nobody else, and run no script of the page itself', async () => {
    const node = await TestNode.start(easy);
    await open(node);
    const outcome = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
      return 'ran' in window;
    });
    expect(outcome).toBe(false);
    expect(troubles.join()).toContain('Content Security Policy');
    troubles = [];
  });

  it.each(allLooks)('please axe, and fit ($scheme, $width pixels)', async (looks) => {
    const node = await TestNode.start(easy);
    await TestNode.join(node);
    for (let i = 0; i < 12; i += 1) await node.post(`block ${i}`);
    await open(node, '', looks);
    const marks = {
      '': page.getByText('block 11', { exact: true }),
      '#/block/3': page.getByTestId('check'),
      '#/forks': page.locator('.box').first(),
      '#/network': page.getByRole('table'),
      '#/mine': button('Mine a block'),
      '#/tamper/4': page.getByText('These blocks keep every rule.'),
      '#/numbers': page.locator('canvas').first(),
    };
    for (const [hash, mark] of Object.entries(marks)) {
      await page.evaluate((hash) => (location.hash = hash), hash);
      await mark.waitFor();
      if (hash.startsWith('#/tamper'))
        await page.getByLabel('data').first().fill('forged');
      expect([hash, await axe(page)]).toEqual([hash, []]);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([hash, width]).toEqual([hash, Math.min(width, looks.width)]);
    }
  });
});
