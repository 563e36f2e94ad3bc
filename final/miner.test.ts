import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { brokenRule, blockRules, genesisBlock, nextBlock } from '#blocks';
import { workRules } from '#proof-of-work';
import { Miner } from './miner.ts';

const rules = [...blockRules, ...workRules];
const genesis = genesisBlock({ timestamp: 0, difficulty: 8 });
const endless = genesisBlock({ timestamp: 0, difficulty: 256 });

describe('The mining thread', () => {
  let miner: Miner;
  beforeEach(() => {
    miner = new Miner();
  });
  afterEach(() => miner.close());

  const search = (block = endless, stop = new AbortController()) => {
    return { stop, found: miner.search(block, stop.signal) };
  };

  it('finds blocks that keep the rules, one after the other', async () => {
    let tip = { ...genesis };
    for (let i = 0; i < 5; i += 1) {
      const block = await search(nextBlock(tip, `block ${i}`, Date.now())).found;
      expect(brokenRule(block, tip, rules)).toBeUndefined();
      tip = block;
    }
  });

  it('leaves the main thread free while it searches', async () => {
    const { stop, found } = search();
    let turns = 0;
    for (; turns < 10_000; turns += 1) await setImmediate();
    stop.abort(new Error('enough'));
    await expect(found).rejects.toThrow('enough');
    expect(turns).toBe(10_000);
  });

  it('is free for the next search after one was aborted', async () => {
    const first = search();
    first.stop.abort(new Error('a new tip'));
    await expect(first.found).rejects.toThrow('a new tip');
    const block = await search(nextBlock(genesis, 'next', 1)).found;
    expect(block.data).toBe('next');
  });

  it('does not begin a search that was aborted before', async () => {
    const stop = new AbortController();
    stop.abort(new Error('too late'));
    await expect(search(endless, stop).found).rejects.toThrow('too late');
  });

  it('ends the search under way when another one begins', async () => {
    const { found } = search();
    const lost = expect(found).rejects.toThrow('Another search');
    expect((await search(nextBlock(genesis, 'second', 1)).found).data).toBe('second');
    await lost;
  });

  it('is replaced when it dies', async () => {
    const { found } = search();
    const lost = expect(found).rejects.toThrow('ended');
    await miner.close();
    await lost;
    expect((await search(nextBlock(genesis, 'again', 1)).found).data).toBe('again');
  });
});
