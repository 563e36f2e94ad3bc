import { beforeAll, describe, expect, it } from '@jest/globals';
import { brokenRule, checkChain, blockRules, type Block } from '#blocks';
import { workRules } from '#proof-of-work';
import { mineExample } from '../../.vitepress/theme/mine-example.ts';
import { judge, phaseOf, relinked, remined, story, withData } from './hero.ts';

const rules = [...blockRules, ...workRules];
const statesOf = (blocks: readonly Block[]) => judge(blocks).map(({ state }) => state);

describe('The three blocks of the first page', () => {
  let mined: Block[] = [];

  beforeAll(async () => {
    mined = await mineExample();
  });

  it('are a chain with its work done', () => {
    expect(checkChain(mined, rules)).toBeUndefined();
    expect(phaseOf(mined, mined)).toBe('mined');
  });

  it('all break where the first gets other data, and hold again where it gets its own', () => {
    const broken = withData(mined, 0, 'something else');
    expect(statesOf(broken)).toEqual(['bad', 'bad', 'shaken']);
    expect(judge(broken).map(({ isLinked }) => isLinked)).toEqual([true, false, true]);
    expect(phaseOf(broken, mined)).toBe('broken');
    expect(withData(broken, 0, mined[0]?.data ?? '')).toEqual(mined);
  });

  it('break from the changed block on', () => {
    const states = [0, 1, 2].map((place) => statesOf(withData(mined, place, 'x')));
    expect(states).toEqual([
      ['bad', 'bad', 'shaken'],
      ['good', 'bad', 'bad'],
      ['good', 'good', 'bad'],
    ]);
  });

  it('have links again when they are rehashed, but no work', () => {
    const linked = relinked(withData(mined, 0, 'something else'));
    expect(checkChain(linked)).toBeUndefined();
    expect(brokenRule(linked[0], undefined, rules)).toMatch(/leading zero bit/);
    expect(statesOf(linked)).toEqual(['bad', 'bad', 'bad']);
    expect(phaseOf(linked, mined)).toBe('linked');
  });

  it('hold when they are mined again, under other hashes and with the same data', async () => {
    const linked = relinked(withData(mined, 1, 'something else'));
    const chains: Block[][] = [];
    for await (const chain of remined(linked, new AbortController().signal)) {
      chains.push(chain);
    }
    expect(chains.map((chain) => statesOf(chain))).toEqual([
      ['good', 'good', 'bad'],
      ['good', 'good', 'good'],
    ]);
    const last = chains.at(-1) ?? [];
    expect(checkChain(last, rules)).toBeUndefined();
    expect(last.map(({ data }) => data)).toEqual(linked.map(({ data }) => data));
    expect(phaseOf(last, mined)).toBe('mined again');
  });

  it('are mined no further when somebody types', async () => {
    const control = new AbortController();
    control.abort();
    const run = remined(relinked(withData(mined, 0, 'x')), control.signal);
    await expect(run.next()).rejects.toBe(control.signal.reason);
  });

  it('take half an emoji, as it is typed, for the sign that stands for it', () => {
    expect(withData(mined, 0, '\ud83d')[0]?.data).toBe('\ufffd');
  });

  it('are told of in words that fit', () => {
    expect(story('broken', 0, undefined)).toMatch(
      /^Block 0 .* Block 1 still names the old/,
    );
    expect(story('linked', 2, undefined)).toMatch(/^Block 2 has other data/);
    const effort = { attempts: 1_234, milliseconds: 1_500 };
    expect(story('linked', 0, effort)).toMatch(/took 1\.5 s\. .* still no work/);
    expect(story('mined again', 0, effort)).toMatch(/after 1,234 attempts and 1\.5 s\./);
  });
});
