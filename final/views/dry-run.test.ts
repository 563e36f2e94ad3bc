import { describe, expect, it } from '@jest/globals';
import { Chain, genesisBlock, nextBlock, type Block } from '#blocks';
import { MAX_AHEAD } from '#consensus';
import { mine } from '#proof-of-work';
import { dryRun } from './dry-run.ts';

const NOW = 1_800_000_000_000;
const genesis = await mine(genesisBlock({ timestamp: NOW, difficulty: 4 }));
const first = await mine(nextBlock(genesis, 'first', NOW));
const chain = new Chain(genesis);
chain.append(first);

const judge = (...blocks: unknown[]) => dryRun(blocks, (hash) => chain.find(hash), NOW);
const next = (data: string, now = NOW) => mine(nextBlock(first, data, now));

describe('The judgment of blocks', () => {
  it('knows what is on the chain', async () => {
    expect((await judge(genesis, first)).verdict).toBe('known');
  });

  it('accepts blocks that keep every rule, on any branch', async () => {
    const second = await next('second');
    const third = await mine(nextBlock(second, 'third', NOW));
    expect((await judge(second, third)).verdict).toBe('valid');
    const rival = await mine(nextBlock(genesis, 'rival', NOW));
    expect((await judge(rival)).verdict).toBe('valid');
  });

  it.each<[string, (block: Block) => object, string]>([
    ['data', (block) => ({ ...block, data: 'forged' }), 'dataHash'],
    ['nonce', (block) => ({ ...block, nonce: block.nonce + 1 }), 'its hash is not'],
    ['index', (block) => ({ ...block, index: 7 }), 'its index is 7, not 2'],
    ['type of a field', (block) => ({ ...block, nonce: '1' }), 'its nonce is not'],
  ])('names the rule that another %s breaks', async (_field, change, words) => {
    const { verdict, reason } = await judge(change(await next('second')));
    expect([verdict, reason]).toEqual(['refused', expect.stringContaining(words)]);
  });

  it('refuses a known block whose data was changed, though its hash is known', async () => {
    expect(await judge({ ...first, data: 'forged' })).toEqual({
      verdict: 'refused',
      index: 1,
      reason: 'its dataHash is not the hash of its data',
    });
  });

  it('refuses a block whose parent nobody knows', async () => {
    const second = await next('second');
    const third = await mine(nextBlock(second, 'third', NOW));
    expect((await judge(third)).reason).toContain(`no block has the hash ${second.hash}`);
  });

  it('refuses another genesis block', async () => {
    const other = await mine(genesisBlock({ timestamp: NOW + 1, difficulty: 4 }));
    expect(await judge(other)).toMatchObject({ verdict: 'refused', index: 0 });
  });

  it('calls early what is too far ahead of the clock', async () => {
    expect((await judge(await next('later', NOW + MAX_AHEAD + 1))).verdict).toBe('early');
  });

  it('lets others have their turn while it judges much', async () => {
    const long = await next('x'.repeat(900_000));
    let turns = 0;
    const count = setInterval(() => (turns += 1), 0);
    await judge(...Array<Block>(40).fill(long));
    clearInterval(count);
    expect(turns).toBeGreaterThan(5);
  });
});
