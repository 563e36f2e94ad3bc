/** Blocks of the future, and clocks that are wrong. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { genesisBlock, nextBlock, type Block } from '#blocks';
import { mine } from '#proof-of-work';
import type { Status } from '../../final/api/schemas.ts';
import { openStore } from '../../final/storage/level-store.ts';
import { TestNode, agreed, cleanUp, newFolder, runCommand } from './harness.ts';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;

afterEach(cleanUp);

/** Returns a folder with a chain of two blocks, of which the last is dated so far ahead. */
async function folderWith(ahead: number): Promise<{ folder: string; tip: Block }> {
  const now = Date.now();
  const genesis = await mine(genesisBlock({ timestamp: now - DAY, difficulty: 4 }));
  const tip = await mine(nextBlock(genesis, 'from the future', now + ahead));
  const folder = await newFolder();
  const store = await openStore(folder);
  await store.write({ blocks: [genesis, tip], tip: tip.hash });
  await store.close();
  return { folder, tip };
}

describe('A node whose last block is dated ahead of its clock', () => {
  it('by as much as the rules allow mines on at once, and says so', async () => {
    const { folder, tip } = await folderWith(119 * SECOND);
    const node = await TestNode.start([], folder);
    const other = await TestNode.join(node);
    await agreed(node, other);
    expect((await node.get<Status>('/status')).ahead).toBeGreaterThan(60 * SECOND);
    await node.until(({ msg }) => msg.includes('seconds ahead of this clock'));
    const { output } = await runCommand('status', '-p', node.httpPort);
    expect(output).toMatch(/^clock +\d+ s behind the last block$/m);

    for (const each of [node, other, node]) {
      const before = (await agreed(node, other)).at(-1);
      const block = await each.post('does not wait');
      expect(block.timestamp).toBe((before?.timestamp ?? NaN) + 1);
    }
    expect((await agreed(node, other)).length).toBe(tip.index + 4);
  });

  it.each([
    ['an hour', 3_600 * SECOND, '6[0-9] minutes'],
    ['60 days', 60 * DAY, '60 days'],
  ])(
    'by %s says that a clock is wrong, and mines nothing',
    async (_name, ahead, words) => {
      const { folder } = await folderWith(ahead);
      const node = await TestNode.start([], folder);
      const { status, body } = await node.request('/blocks', { data: 'too early' });
      expect([status, body]).toEqual([
        503,
        expect.objectContaining({
          detail: expect.stringMatching(
            new RegExp(`dated (${words}) ahead of this clock.*Check the clock`),
          ),
        }),
      ]);
      expect(node.output).not.toContain('TimeoutOverflowWarning');
      expect(await node.stop()).toBe(0);
    },
  );
});

describe('Two nodes whose clocks differ by an hour', () => {
  it('both say so at once, each of the other', async () => {
    const late = await TestNode.start(['-d', '2']);
    const shift = 'const { now } = Date; Date.now = () => now() + 3_600_000;';
    const options = ['--import', `data:text/javascript,${encodeURIComponent(shift)}`];
    const early = await TestNode.start(['-n', late.ws], undefined, [], options);
    const right = await TestNode.join(late);

    const { msg: ofEarly } = await late.until(({ msg }) => msg.includes('Its clock'));
    expect(ofEarly).toContain(
      `Peer ${early.ws}: Its clock is 60 minutes ahead of this one`,
    );
    const { msg: ofLate } = await early.until(({ msg }) => msg.includes('Its clock'));
    expect(ofLate).toContain(`Peer ${late.ws}: Its clock is 60 minutes behind this one`);
    for (const node of [late, early]) {
      expect((await node.get<Status>('/status')).otherClocks).toBeGreaterThanOrEqual(1);
    }
    expect(late.output).not.toContain(`Peer ${right.ws}: Its clock`);
    const { output } = await runCommand('status', '-p', late.httpPort);
    expect(output).toMatch(/^clock +differs from those of 1 of the peers$/m);
  });
});
