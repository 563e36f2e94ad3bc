import { describe, expect, it } from '@jest/globals';
import { checkChain, type Block } from '#blocks';
import { edited, read } from '../../../final/explorer/components/block.ts';
import { honestChain, judge, rehashed, rehashedAll } from './tamper.ts';

const statesOf = (blocks: Parameters<typeof judge>[0]) =>
  judge(blocks).map(({ state }) => state);

describe('Tampering with a chain', () => {
  it('begins with five sound blocks', () => {
    expect(statesOf(honestChain())).toEqual(['good', 'good', 'good', 'good', 'good']);
  });

  it.each([
    ['data', 'Alice pays Mallory 500', 'its dataHash is not the hash of its data'],
    ['index', '7', 'its index is 7, not 2'],
    ['index', 'two', 'its index is not a whole number from 0'],
    ['timestamp', '5', "its timestamp 5 is not later than its parent's"],
    ['difficulty', '300', 'its difficulty is not a whole number to 256'],
    ['nonce', '1', 'its hash is not the hash of its header'],
    ['previousHash', '0'.repeat(64), 'its previousHash is not the hash of the block'],
    ['dataHash', 'nonsense', 'its dataHash is not 64 lowercase hex digits'],
    ['hash', 'f'.repeat(64), 'its hash is not the hash of its header'],
  ] satisfies [keyof Block, string, string][])(
    'names the rule that another %s (%s) breaks',
    (field, typed, reason) => {
      const blocks = edited(honestChain(), 2, field, read(field, typed));
      expect(judge(blocks)[2]?.reason).toContain(reason);
      expect(statesOf(blocks).slice(0, 3)).toEqual(['good', 'good', 'bad']);
      expect(statesOf(blocks).slice(3)).not.toContain('good');
    },
  );

  it('moves the flaw to the next block when one is rehashed', () => {
    const blocks = rehashed(edited(honestChain(), 1, 'data', 'something else'), 1);
    expect(statesOf(blocks)).toEqual(['good', 'good', 'bad', 'shaken', 'shaken']);
    expect(judge(blocks)[2]?.reason).toContain('its previousHash is not the hash of');
  });

  it('is repaired by rehashing all, but ends in another hash', () => {
    const honest = honestChain();
    const forged = rehashedAll(edited(honest, 1, 'data', 'something else'));
    expect(checkChain(forged)).toBeUndefined();
    expect(forged.at(-1)?.hash).not.toBe(honest.at(-1)?.hash);
    expect(forged[0]).toBe(honest[0]);
  });

  it('cannot be repaired where an index is wrong', () => {
    const forged = rehashedAll(edited(honestChain(), 2, 'index', 9));
    expect(checkChain(forged)).toBe('Block 2: its index is 9, not 2');
  });

  it('refuses to rehash what cannot be hashed', () => {
    const blocks = edited(honestChain(), 1, 'index', 'two');
    expect(() => rehashed(edited(blocks, 1, 'nonce', 0.5), 1)).toThrow(TypeError);
  });
});
