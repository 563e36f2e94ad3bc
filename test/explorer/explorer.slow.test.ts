/** All views of the page of a node, in a real browser, on real nodes. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { genesisBlock, nextBlock, headerText, type Block } from '#blocks';
import { sha256 } from '#hashing';
import { openStore } from '../../final/storage/level-store.ts';
import { someLooks, axe, withBrowser, type Looks } from '../browser/harness.ts';
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

/** Loads the page anew, which cuts off what it was loading and listening to. */
async function reload(): Promise<void> {
  await page.reload();
  const others = troubles.filter((trouble) => !trouble.startsWith('failed:'));
  troubles.splice(0, troubles.length, ...others);
}

const row = (text: string) =>
  page.locator('a.block-row').getByText(text, { exact: true });
const strip = () => page.getByRole('list', { name: 'The last blocks' });
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
    await row(data).click();
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
    await strip().getByText(shown).waitFor();
    await page.getByRole('searchbox').fill('ecil');
    await page.getByRole('searchbox').press('Enter');
    await view('Search').getByText(`${shown}\\u000acoins 👩‍👩‍👧`, { exact: true }).waitFor();
    await link('Chain').click();
    await row(`${shown}\\u000acoins 👩‍👩‍👧`).click();
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
      const batch = blocks.slice(i, i + 5_000);
      await store.write({ blocks: batch, tip: batch.at(-1)?.hash });
    }
    await store.close();
    const node = await TestNode.start([], folder);
    await open(node);
    await row('block 99999').waitFor();
    expect(await page.locator('.block-row').count()).toBeLessThan(40);

    await page.keyboard.press('End');
    await row('Genesis Block').waitFor();
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
    await row('block 50000').waitFor();

    const search = page.getByRole('searchbox');
    await page.keyboard.press('/');
    await page.keyboard.type('NEEDLE');
    await page.keyboard.press('Enter');
    await row('The needle in the haystack').click();
    await view('Block 31,415').waitFor();
    await search.fill('77,777');
    await search.press('Enter');
    await page.getByRole('region', { name: 'The block with this index' }).waitFor();
    await row('block 77777').first().click();
    await view('Block 77,777').waitFor();
    await search.fill(blocks[54_321]?.hash ?? '');
    await search.press('Enter');
    await view('Block 54,321').waitFor();
  });

  it('offers index, data and hash for a number, and opens none of them by itself', async () => {
    const node = await TestNode.start(easy);
    for (let i = 1; i <= 8; i += 1)
      await node.post(i === 3 ? 'Order 0008' : `block ${i}`);
    await open(node);
    const search = page.getByRole('searchbox');
    await search.fill('0008');
    await search.press('Enter');
    const group = (name: string) => page.getByRole('region', { name });
    await group('The block with this index').getByText('block 8').waitFor();
    await group('In the data').getByText('Order 0008').waitFor();
    expect(await page.title()).toBe('Search · Pychain explorer');
    await search.fill('00');
    await search.press('Enter');
    await page.getByText('Every hash begins with these zeros').waitFor();
    await group('In the data').getByText('Order 0008').waitFor();
    await search.fill('nowhere');
    await search.press('Enter');
    await page.getByText('No block has the index “nowhere”').waitFor();
  });

  it('is at the same place after Back and after a reload, though new blocks have come', async () => {
    const node = await TestNode.start(['-d', '0']);
    for (let i = 1; i <= 200; i += 1) await node.post(`block ${i}`);
    await open(node);
    await row('block 200').waitFor();
    const topOf = async (text: string) => (await row(text).boundingBox())?.y ?? 0;
    await page.evaluate(() => scrollTo(0, 5_000));
    await row('block 120').waitFor();
    const before = await topOf('block 120');
    await row('block 120').click();
    await view('Block 120').waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await node.post('block 201');
    await page.getByTestId('summary').getByText('Block 201').waitFor();
    await page.goBack();
    await row('block 120').waitFor();
    await page.waitForFunction(() => scrollY > 1_000);
    expect(Math.abs((await topOf('block 120')) - before)).toBeLessThan(2);
    await node.post('block 202');
    await page.getByTestId('summary').getByText('Block 202').waitFor();
    await reload();
    await row('block 120').waitFor();
    await page.waitForFunction(() => scrollY > 1_000);
    expect(Math.abs((await topOf('block 120')) - before)).toBeLessThan(2);
  });

  it('keeps up with a flood of blocks by gathering them', async () => {
    const node = await TestNode.start(['-d', '0']);
    await open(node);
    let requests = 0;
    page.on('request', () => (requests += 1));
    for (let i = 1; i <= 300; i += 1) await node.post(`flood ${i}`);
    await row('flood 300').waitFor();
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

  it('is named by its index, also where its hash leads to it, and follows the arrow keys', async () => {
    const node = await TestNode.start(easy);
    const block = await node.post('first');
    await node.post('second');
    await open(node, `#/block/${block.hash}`);
    await view('Block 1').getByText('first', { exact: true }).waitFor();
    expect(await page.title()).toBe('Block 1 · Pychain explorer');
    await page.keyboard.press('ArrowRight');
    await view('Block 2').getByText('second', { exact: true }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await view('Block 0').getByText('Genesis Block').waitFor();
    expect(await page.title()).toBe('Block 0 · Pychain explorer');
    const search = page.getByRole('searchbox');
    await page.keyboard.press('/');
    await page.keyboard.type('a/b');
    expect(await search.inputValue()).toBe('a/b');
    await page.keyboard.press('ArrowRight'); // in a field, it moves the cursor
    await view('Block 0').waitFor();
    await page.evaluate(() => (location.hash = '#/numbers'));
    await page.waitForFunction(() => document.title === 'Numbers · Pychain explorer');
  });

  it('copies where the browser has no clipboard for pages, as by plain http', async () => {
    const node = await TestNode.start(easy);
    const block = await node.post('to be copied');
    await open(node);
    await page.evaluate(() =>
      Object.defineProperty(navigator, 'clipboard', { value: undefined }),
    );
    await page.evaluate(() => (location.hash = '#/block/1'));
    await view('Block 1').waitFor();
    await button('Copy').click();
    await page.getByRole('status').getByText('Copied').waitFor();
    const search = page.getByRole('searchbox');
    await search.focus();
    await page.keyboard.press('Control+V');
    expect(await search.inputValue()).toBe(block.hash);
  });

  it('lays JSON out as text, and shows it as it is when asked', async () => {
    const node = await TestNode.start(easy);
    const data = '{"from":"<b>Ada</b>","coins":[1]}';
    await node.post(data);
    await open(node, '#/block/1');
    const shown = page.getByLabel('The data of the block');
    await shown.getByText('"coins": [').waitFor();
    expect(await shown.innerText()).toBe(JSON.stringify(JSON.parse(data), null, 2));
    await button('As it is').click();
    expect(await shown.innerText()).toBe(data);
    expect(await shown.locator('b').count()).toBe(0);
  });

  it('says who mined it as far as the node knows, and who has it', async () => {
    const one = await TestNode.start(easy);
    const other = await TestNode.join(one);
    const block = await one.post('hello');
    await other.untilTip(block.hash);
    await open(one, '#/block/1');
    const [origin, holders] = [page.getByTestId('origin'), page.getByTestId('holders')];
    await origin.getByText('This node, at').waitFor();
    await holders.getByText(`1 of 1 peer: ${other.ws}`).waitFor();
    await page.goto(`${other.http}/#/block/1`);
    await origin.getByText(`first from ${one.ws}`).waitFor();
    await page.goto('about:blank');
    const { httpPort, wsPort, folder } = one;
    await one.stop();
    const again = await TestNode.start(['-p', httpPort, '-w', wsPort], folder);
    await page.goto(`${again.http}/#/block/1`);
    await origin.getByText('This node does not know').waitFor();
    await origin.getByText('before it started').waitFor();
    troubles = []; // pages of two nodes, and each loses its line to one of them
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
        `gave way to 2 of the one that ended in …${tip.hash.slice(-4)}: more work wins.`,
    );
    expect(await textOf(page.getByTestId('lost'))).toContain('more work wins');
    expect(await page.locator('.box.lost').count()).toBe(1);

    // Each block leads to its page, that of a block that lost as well.
    await page
      .getByRole('link', { name: /^Block 1 .* lost\. .* more work wins/ })
      .click();
    await view('Block 1').getByText('It is not on the best chain.').waitFor();
    await view('Block 1').getByText('lost', { exact: true }).waitFor();
    await page.getByText('this block keeps every rule').waitFor();
  });

  it('keeps the tip in view, at 300 levels too and when blocks arrive', async () => {
    const node = await TestNode.start(['-d', '0']);
    for (let i = 1; i <= 320; i += 1) await node.post(`block ${i}`);
    await open(node, '#/forks');
    const tree = page.getByRole('region', { name: 'The tree of the last blocks' });
    const isSeen = async (index: string) => {
      const box = page.getByRole('link', { name: new RegExp(`^Block ${index} `) });
      await box.waitFor();
      await page.waitForFunction(
        ([tree, box]) => {
          const [outer, inner] = [tree, box].map((one) => one?.getBoundingClientRect());
          if (outer === undefined || inner === undefined) return false;
          return inner.right <= outer.right && inner.left >= outer.left;
        },
        [await tree.elementHandle(), await box.elementHandle()],
      );
    };
    await isSeen('320');
    await page.getByText('… 96 blocks …').waitFor(); // all but the first and the last three
    await page.getByLabel('Fold what has no fork').uncheck();
    await isSeen('320');
    await page.getByLabel('Show the last').selectOption('300 levels');
    await page.getByRole('link', { name: /^Block 21 / }).waitFor();
    await isSeen('320');
    await node.post('one more');
    await isSeen('321');

    await tree.evaluate((element) => (element.scrollLeft = 0));
    await button('To the tip ▸').click();
    await isSeen('321');
  });

  it('does not claim that there were no forks before the node started', async () => {
    const first = await TestNode.start(easy);
    await open(first, '#/forks');
    await page.getByText('this node has heard of no two blocks').waitFor();
    await first.post('before');
    const { httpPort, wsPort, folder } = first;
    await first.stop();
    await TestNode.start(['-p', httpPort, '-w', wsPort], folder);
    await page.locator('.dot.live').waitFor();
    await page.getByTestId('no-forks').getByText('it knows nothing').waitFor();
    troubles = []; // a browser reports each request that nobody answers
  });

  it('waits for a node that is still reading its chain', async () => {
    const node = await TestNode.start(easy);
    await open(node, '#/forks');
    await page.route('**/status', async (route) => {
      const response = await route.fetch();
      const status = (await response.json()) as object;
      await route.fulfill({ response, json: { ...status, tip: null } });
    });
    await page.route('**/forks?*', (route) =>
      route.fulfill({ status: 503, json: { detail: 'The node has no chain yet.' } }),
    );
    await page.reload();
    await page.getByText('The node has no chain yet.').waitFor();
    await page.unrouteAll();
    await page.getByText('this node has heard of no two blocks').waitFor();
    troubles = []; // a browser reports the answers 503, and the events that ended with the page
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

  it('shows nonces that the node tries, the odds so far, and the block in the strip', async () => {
    const node = await TestNode.start(['-d', '6']);
    await open(node, '#/mine');
    const searched = page.getByTestId('searched');
    const abort = button('Abort');
    /** Waits for a part of the page, or for the end of the search, which luck may bring at once. */
    const seen = (part: Locator) =>
      Promise.race(
        [part.waitFor(), abort.waitFor({ state: 'detached' })].map((one) =>
          one.catch(() => undefined),
        ),
      );
    let shown = '';
    for (let i = 0; shown === ''; i += 1) {
      await link('Mine').click();
      await page.getByLabel('What the block is to carry').fill(`wanted ${i}`);
      await button('Mine a block').click();
      await seen(page.getByTestId('samples'));
      await seen(page.getByTestId('odds').getByText('of such searches'));
      const hasSamples = await page.getByTestId('samples').isVisible();
      await link('Chain').click();
      await strip().waitFor();
      if (hasSamples && (await searched.isVisible()))
        shown = await searched.innerText({ timeout: 1_000 }).catch(() => '');
    }
    expect(shown.replace(/\s+/g, ' ')).toMatch(
      /^\d+ wanted \d+ being searched [\d,]+ attempt/,
    );
    await searched.click({ timeout: 2_000 }).catch(() => link('Mine').click());
    await abort.click({ timeout: 5_000 }).catch(() => undefined);
    await abort.waitFor({ state: 'detached' });
    const [nonce = '', hash = ''] = (
      await textOf(page.getByTestId('samples').locator('li').first())
    ).split(' ');
    expect(nonce).toMatch(/^[\d,]+$/);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    troubles = troubles.filter((trouble) => !trouble.startsWith('failed:'));
  });

  it('keeps what is typed when another view is looked at, and over a reload', async () => {
    const node = await TestNode.start(easy);
    await open(node, '#/mine');
    const field = page.getByLabel('What the block is to carry');
    await field.fill('half a thought');
    await link('Chain').click();
    await page.goBack();
    expect(await field.inputValue()).toBe('half a thought');
    await reload();
    expect(await field.inputValue()).toBe('half a thought');
    await button('Mine a block').click();
    await page.getByRole('link', { name: 'Block 1', exact: true }).waitFor();
    expect(await field.inputValue()).toBe('');
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

  it('keeps a forgery when another view is looked at, and over a reload', async () => {
    const node = await TestNode.start(easy);
    for (const data of ['first', 'second']) await node.post(data);
    await open(node, '#/tamper/1');
    const field = page.getByLabel('data').first();
    await field.fill('forged');
    await link('Chain').click();
    await page.goBack();
    expect(await field.inputValue()).toBe('forged');
    await reload();
    expect(await field.inputValue()).toBe('forged');
    await button('Undo all changes').click();
    expect(await field.inputValue()).toBe('first');
    expect(await verdict()).toContain('These blocks keep every rule.');
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
    await page.getByRole('img', { name: /^Time between blocks: 11 intervals/ }).waitFor();
    expect(await page.locator('canvas').count()).toBe(2); // there was no reorganization
    expect(loaded.filter((url) => url.includes('NumbersView')).length).toBeGreaterThan(0);
  });
});

describe('All views', () => {
  it('say that the node does not answer while it is frozen, and go on when it does', async () => {
    const node = await TestNode.start(easy);
    await open(node);
    node.signal('SIGSTOP');
    const notice = page.getByRole('alert').getByText('no sign of life');
    await notice.waitFor();
    await page.locator('.dot.silent').waitFor();
    expect(await textOf(page.getByTestId('summary'))).toBe('The node does not answer');
    await link('Fork tree').click();
    await page.getByText('Loading …').waitFor();
    node.signal('SIGCONT');
    await page.locator('.dot.live').waitFor();
    await notice.waitFor({ state: 'detached' });
    await page.locator('.box').first().waitFor();
    await node.post('after the pause');
    await link('Chain').click();
    await row('after the pause').waitFor();
    troubles = []; // on a slow machine, the page has dialed anew meanwhile
  });

  it('say what to do where there is nothing yet', async () => {
    const node = await TestNode.start(easy);
    await open(node, '#/network');
    await page.getByTestId('alone').getByText(`./pychain -n ${node.ws}`).waitFor();
    await link('Numbers').click();
    await page.getByText('There are too few blocks to count yet.').waitFor();
    const lone = await TestNode.start(['-n', 'ws://127.0.0.1:9']);
    await page.goto(`${lone.http}/`);
    await page.getByText('There are no blocks yet').waitFor();
    troubles = [];
  });

  it('say that the node is gone, and recover by themselves', async () => {
    const node = await TestNode.start(easy);
    const { httpPort, wsPort, folder } = node;
    await open(node);
    await node.stop();
    await page.getByRole('alert').getByText('The node does not answer.').waitFor();
    await row('Genesis Block').waitFor(); // what it said last can still be read
    const again = await TestNode.start(['-p', httpPort, '-w', wsPort], folder);
    await page.locator('.dot.live').waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await again.post('after the pause');
    await row('after the pause').waitFor();
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

  it.each(someLooks)('please axe, and fit ($scheme, $width pixels)', async (looks) => {
    const node = await TestNode.start(easy);
    await TestNode.join(node);
    for (let i = 0; i < 12; i += 1) await node.post(`block ${i}`);
    await open(node, '', looks);
    const marks = {
      '': strip().getByText('block 11', { exact: true }),
      '#/search/11': page.getByTestId('found'),
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
