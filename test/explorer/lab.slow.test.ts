/** `pychain network`: several nodes, and the page that shows and controls them. */
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { someLooks, axe, withBrowser, type Looks } from '../browser/harness.ts';
import { startCommand } from '../network/harness.ts';
import type { LabState } from '../../final/lab/lab.ts';
import type { Program } from '../../final/lab/program.ts';
import type { Story } from '../../final/lab/story.ts';

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

/** What the page and its buttons are called by. */
function handlesOf(page: Page) {
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  return {
    button,
    press: (name: string) => button(name).click(),
    says: (text: string | RegExp) =>
      page.getByTestId('agreement').getByText(text).waitFor(),
    card: (name: string) => page.getByRole('region', { name: `Node ${name}` }),
    story: page.getByRole('list', { name: 'What has happened' }),
    caption: page.getByTestId('caption'),
    /** Which button is to be pressed next. */
    isNext: async (name: string): Promise<void> => {
      await page.locator('button.main', { hasText: name }).waitFor();
      const actions = page.getByRole('group', { name: 'What to do with the network' });
      expect(await actions.getByRole('button').first().textContent()).toContain(name);
    },
    /** Types what a node is to mine next. */
    type: async (name: string, data: string): Promise<void> => {
      const card = page.getByRole('region', { name: `Node ${name}` });
      await card.getByLabel('Data of a block').fill(data);
    },
  };
}

describe('A laboratory', () => {
  it('leads through a cut and its healing, and tells what has happened', async () => {
    const { url } = await start(3);
    const page = await open(url);
    const { press, says, card, story, isNext, type } = handlesOf(page);
    const tells = (text: string | RegExp) => story.getByText(text).first().waitFor();
    await says('All 3 nodes have the same tip: block 0');

    await isNext('Cut in two');
    await press('Cut in two');
    await tells('Cut the links A–C and B–C: A and B cannot reach C any more.');
    await isNext('Mine on both sides');
    await type('A', 'from A');
    await type('C', 'from \u202eC');
    await press('Mine on both sides');
    await says(/^2 tips: /);
    await tells('A mined block 1 “from A”.');
    await tells('B heard of block 1 “from A” from A.');
    await tells('C mined block 1 “from \\u202eC”.');
    await card('B').getByText('from A', { exact: true }).waitFor();
    await card('C').locator('.escape').waitFor();
    await page.getByText('The chains are equally long.').waitFor();

    await type('B', 'from B');
    await press('Mine at Node B');
    await tells('A heard of block 2 “from B” from B.');
    await isNext('Heal all');
    await press('Heal all');
    await tells('Healed the links A–C and B–C: all who run can reach each other.');
    await tells(
      'On C, block 1 “from \\u202eC” of C gave way to 2 blocks of A and B ' +
        '(1 “from A” and 2 “from B”). More work wins.',
    );
    await tells('C mined “from \\u202eC” again, as block 3: it had lost block 1.');
    await tells('All 3 nodes have block 3 “from \\u202eC”.');
    await says('All 3 nodes have the same tip: block 3');
    await isNext('Cut in two');
    expect(await story.textContent()).not.toMatch(/127\.0\.0\.1|ws:|port/);
  });

  it('tells of a tie which rule decides it', async () => {
    const { url } = await start(2);
    const page = await open(url);
    const { press, says, story } = handlesOf(page);
    await press('Cut in two');
    await press('Mine on both sides');
    await says(/^2 tips: /);
    await press('Undo the cut');
    await story
      .getByText(
        /gave way to block 1 .*Both have as much work, .* the smaller hash wins: /,
      )
      .waitFor();
    await says('All 2 nodes have the same tip: block 2');
  });

  it('shows the data of blocks in its tree, and the tip always', async () => {
    const { url } = await start(2);
    const page = await open(url, { width: 1_040 });
    const { press, says, type } = handlesOf(page);
    const tree = page.getByRole('region', { name: 'The tree of the last blocks' });
    const long = 'a text that is much longer than a box can be';
    for (let index = 1; index <= 8; index += 1) {
      await type('A', index === 8 ? long : `text ${index}`);
      await press('Mine at Node A');
      await says(`All 2 nodes have the same tip: block ${index}`);
    }
    const last = tree.locator('.box').last();
    expect(await last.textContent()).toMatch(/8.*a text that i…/s);
    expect(await last.textContent()).not.toContain(long);
    const inView = async () => {
      const box = await last.boundingBox();
      const frame = await tree.boundingBox();
      if (box === null || frame === null) throw new Error('The tree is not shown.');
      return box.x >= frame.x && box.x + box.width <= frame.x + frame.width;
    };
    expect(await inView()).toBe(true);
    await last.hover();
    await page.getByTestId('looked-at').getByText(`mined by A`).waitFor();
    expect(await page.getByTestId('looked-at').textContent()).toContain(`“${long}”`);
    await last.focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByTestId('looked-at').getByText('“text 7”').waitFor();
  });

  it('goes back in time, plays the story, and comes back', async () => {
    const { url } = await start(2);
    const page = await open(url);
    const { button, press, says, card, story, caption, type } = handlesOf(page);
    await type('A', 'early');
    await press('Mine at Node A');
    await says('All 2 nodes have the same tip: block 1');
    await type('B', 'late');
    await press('Mine at Node B');
    await says('All 2 nodes have the same tip: block 2');

    await press('One step back');
    await caption.getByText('A heard of block 2 “late” from B.').waitFor();
    await press('One step back');
    await caption.getByText('B mined block 2 “late”.').waitFor();
    await says('2 tips: B at block 2');
    expect(await card('A').getByText('late', { exact: true }).count()).toBe(0);
    expect(await card('B').getByText('late', { exact: true }).count()).toBe(1);
    expect(await button('Cut in two').isDisabled()).toBe(true);

    await story.getByText('A mined block 1 “early”.').click();
    await says('2 tips: A at block 1');
    expect(await story.locator('[aria-current=step]').textContent()).toContain('early');
    await press('Play on');
    await caption.getByText('B heard of block 1 “early” from A.').waitFor();
    await page.locator('.packet').first().waitFor();
    await button('Replay').waitFor();
    await says('All 2 nodes have the same tip: block 2');
    expect(await button('Cut in two').isEnabled()).toBe(true);
  });

  it('gives its story away as text and as JSON', async () => {
    const { url } = await start(2);
    const page = await open(url);
    const { press, says, type } = handlesOf(page);
    await type('A', 'kept');
    await press('Mine at Node A');
    await says('All 2 nodes have the same tip: block 1');
    const saved = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name, exact: true }).click(),
      ]);
      return readFileSync(await download.path(), 'utf8');
    };
    const text = await saved('Text');
    expect(text).toMatch(/^\d\d:\d\d:\d\d {2}A started the network with block 0\.\n/);
    expect(text).toMatch(/ {2}A mined block 1 “kept”\.\n/);
    const { base, events, dropped } = JSON.parse(await saved('JSON')) as Story;
    expect(base.nodes.map(({ name, tip }) => [name, tip])).toEqual([
      ['A', null],
      ['B', null],
    ]);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, i) => i + 1));
    expect(events.filter(({ kind }) => kind === 'mined')).toMatchObject([
      { node: 'A', blocks: [{ index: 1, data: 'kept', miner: 'A' }] },
    ]);
    expect(dropped).toBe(0);
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
    });
    await press('Copy as text');
    await page.getByText('Copied').waitFor();
  });

  it('lets everybody mine at once', async () => {
    const { url } = await start(3);
    const page = await open(url);
    const { press, story } = handlesOf(page);
    await press('Everybody mines');
    for (const name of ['A', 'B', 'C'])
      await story
        .getByText(new RegExp(`^.*${name} mined .*“a block of ${name}”`))
        .first()
        .waitFor();
  });

  it('lets blocks fly; who wants less motion sees the links light up', async () => {
    const { url } = await start(2);
    const page = await open(url);
    await page.getByRole('button', { name: 'Mine at Node A' }).click();
    await page.locator('.packet').first().waitFor();
    await page.context().close();
    const calm = await open(url, { reducedMotion: true });
    await calm.getByRole('button', { name: 'Mine at Node A' }).click();
    await calm.locator('.link.strong').first().waitFor({ state: 'attached' });
    expect(await calm.locator('.packet').count()).toBe(0);
  });

  it('stops nodes, and starts them again with what they had', async () => {
    const { url } = await start(2);
    const page = await open(url);
    const { press, says, card, isNext, story } = handlesOf(page);
    await press('Stop Node B');
    await card('B').getByText('stopped', { exact: true }).waitFor();
    await page.getByText('1 of 2 run').waitFor();
    await press('Mine at Node A');
    await says('Only A runs, at block 1');
    await isNext('Start all');
    await press('Start all');
    await says('All 2 nodes have the same tip: block 1');
    await card('B').getByText('connected with A').waitFor();
    await press('Stop Node A');
    await press('Stop Node B');
    const none = page.getByTestId('agreement').getByText('No node runs.');
    await none.waitFor();
    expect(await page.getByTestId('agreement').getAttribute('class')).toContain('warn');
    await press('Start Node B');
    await story.getByText('B started again with block 1 “a block of A”.').waitFor();
  });

  it('says of a frozen node that it does not answer', async () => {
    const { url } = await start(2);
    const page = await open(url);
    const { says, card, press } = handlesOf(page);
    const { nodes } = (await (await fetch(url)).json()) as LabState;
    const { pid = 0 } = nodes.find(({ name }) => name === 'B') ?? {};
    process.kill(pid, 'SIGSTOP');
    await card('B').getByText('does not answer').waitFor();
    await says('Only A runs, at block 0');
    await page.getByText('1 of 2 run').waitFor();
    process.kill(pid, 'SIGCONT');
    await says('All 2 nodes have the same tip: block 0');
    process.kill(pid, 'SIGSTOP');
    await card('B').getByText('does not answer').waitFor();
    await press('Stop Node B');
    await card('B').getByText('stopped', { exact: true }).waitFor();
  });

  it('says that the laboratory itself does not answer, and goes on when it does', async () => {
    const { url } = await start(2);
    const page = await open(url);
    process.kill(lab?.pid ?? 0, 'SIGSTOP');
    const gone = page.getByText('The laboratory does not answer.');
    await gone.waitFor();
    process.kill(lab?.pid ?? 0, 'SIGCONT');
    await gone.waitFor({ state: 'detached' });
    const [missed, ...others] = troubles.splice(0);
    expect([missed, others]).toEqual([expect.stringMatching(/^failed: .*events$/), []]);
  });

  it('has tabs on a phone, which keys reach', async () => {
    const { url } = await start(2);
    const page = await open(url, { width: 380 });
    const shown = async () => {
      const panels = await page.getByRole('tabpanel').all();
      expect(panels).toHaveLength(1);
      return panels[0]?.getAttribute('id');
    };
    expect(await shown()).toBe('panel-network');
    await page.getByRole('tab', { name: 'Network' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await shown()).toBe('panel-story');
    await page.keyboard.press('End');
    expect(await shown()).toBe('panel-nodes');
    expect(await page.evaluate(() => document.activeElement?.textContent.trim())).toBe(
      'Nodes',
    );
    await page.getByRole('button', { name: 'Mine at Node A' }).click();
    await page.getByRole('tab', { name: 'Story' }).click();
    await page.getByText('A mined block 1').click();
    expect(await shown()).toBe('panel-network'); // as it was then
    await page.getByText('This is how it was.').waitFor();
    await page.setViewportSize({ width: 900, height: 900 });
    await page.getByRole('region', { name: 'Node B' }).waitFor();
    expect(await page.getByRole('tab').count()).toBe(0);
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
    for (const path of ['lab/nodes/A/stop', 'lab/links', 'lab/blocks']) {
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
    const refusals = [
      ['lab/links', { links: [['A', 'Z']], whole: true }, 404, 'There is no node Z.'],
      [
        'lab/links',
        { links: [['A', 'A']], whole: true },
        400,
        'A node cannot be its own peer.',
      ],
      [
        'lab/links',
        { links: [['A']], whole: true },
        400,
        'Name two nodes for each link.',
      ],
      ['lab/blocks', { data: { A: 1 } }, 400, 'Give the data of each block as a string.'],
      ['lab/blocks', { data: { A: 'x'.repeat(2_000_000) } }, 413, ''],
    ] as const;
    for (const [path, body, status, words] of refusals) {
      const sent = { method: 'POST', headers: json, body: JSON.stringify(body) };
      const answer = await fetch(url + path, sent);
      expect([path, answer.status, await answer.text()]).toEqual([
        path,
        status,
        expect.stringContaining(words),
      ]);
    }
  });

  it('pleases axe, and fits, in light and dark, wide and narrow', async () => {
    const { url } = await start(3);
    for (const looks of someLooks) {
      const page = await open(url, looks);
      expect([looks, await axe(page)]).toEqual([looks, []]);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(looks.width);
      await page.context().close();
    }
  });
});
