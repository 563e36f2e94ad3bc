/** The page of a class, in a real browser. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ClassState } from '../../final/api/schemas.ts';
import { axe, withBrowser } from '../browser/harness.ts';
import { TestNode, cleanUp, easy } from '../network/harness.ts';

const { visit } = withBrowser();

afterEach(cleanUp);

const names = ['Ada', '李小龙', '<b>bold</b>', 'W'.repeat(24), 'a\u202eb'];

/** What a node would tell of a full room. */
async function fullRoom(root: TestNode, count: number): Promise<ClassState> {
  const state = await root.get<ClassState>('/class');
  const [self] = state.nodes;
  if (self === undefined) throw new Error('The node is missing.');
  const others = Array.from({ length: count - 1 }, (_, i) => ({
    ...self,
    id: String(i).padStart(32, '0'),
    name: names[i] ?? `Student ${i}`,
    url: `ws://192.168.1.${i + 21}:8000`,
    self: false,
    code: i % 7 === 0 ? 'my 01 06' : null,
    found: i % 4,
    tip: i % 9 === 1 && self.tip ? { ...self.tip, hash: '1'.repeat(64) } : self.tip,
  }));
  const lines = ['./pychain join 192.168.1.20', './pychain join 10.0.0.5'];
  return { ...state, lines, nodes: [self, ...others], gone: 2 };
}

describe('The page of a class', () => {
  it('follows who joins and who finds blocks, and ticks off what is done', async () => {
    const root = await TestNode.start([...easy, '--name', 'Room 12']);
    const { page, troubles } = await visit(`${root.http}/class`);
    await page.getByText('1 node · block 0').waitFor();
    expect(await page.title()).toBe('Room 12 · Pychain class');
    await page.getByText('Others cannot reach this node now').waitFor();

    const ada = await TestNode.start(['-n', root.ws, '--name', '<b>Ada</b>']);
    const card = page.getByTestId('nodes').getByRole('listitem').nth(1);
    await card.getByText('<b>Ada</b>').waitFor();
    await card.getByText('found 0').waitFor();
    await page.getByText('1 of 10', { exact: true }).waitFor();
    await ada.post('a block of hers');
    await card.getByText('found 1').waitFor();
    await page.getByText('2 nodes · block 1').waitFor();
    const tree = page.getByRole('region', { name: 'The last blocks, and their forks' });
    await tree.getByRole('img', { name: /^Block 1 .*first heard from <b>Ada/ }).waitFor();

    await ada.stop();
    await page.getByText('1 block came from nodes that have left').waitFor();
    expect(troubles).toEqual([]);
    await root.stop();
    await page.getByText('The node does not answer.').waitFor();
    await page.context().close();
  });

  it('shows thirty nodes large enough for the last row, pleases axe, and fits', async () => {
    const root = await TestNode.start([...easy, '--name', 'Room 12']);
    const full = await fullRoom(root, 30);
    const room = [
      { scheme: 'light', width: 1_920 },
      { scheme: 'dark', width: 1_440 },
      { scheme: 'light', width: 380 },
    ] as const;
    for (const looks of room) {
      const { page, troubles } = await visit(`${root.http}/class`, looks);
      await page.route('**/class', (route) => route.fulfill({ json: full }));
      await page.getByText('30 nodes · block').waitFor();
      await page.getByTestId('line').getByText('./pychain join 192.168.1.20').waitFor();
      await page.getByRole('img', { name: /^A QR code that says/ }).waitFor();
      await page.getByText('a\\u202eb').waitFor();
      expect([looks, await axe(page)]).toEqual([looks, []]);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(looks.width);
      const size = async (selector: string) =>
        page
          .locator(selector)
          .first()
          .evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
      if (looks.width === 1_920) {
        expect(await size('.cards .name')).toBeGreaterThanOrEqual(26);
        expect(await size('.todos strong')).toBeGreaterThanOrEqual(24);
        expect(await size('.line')).toBeGreaterThanOrEqual(32);
      }
      expect(troubles).toEqual([]);
      await page.context().close();
    }
  });
});
