import { describe, expect, it } from '@jest/globals';
import { checkChain, type Block } from '#blocks';
import { edited, read } from '../../../final/explorer/components/block.ts';
import { LinkError } from '../shared/link.ts';
import {
  faultOf,
  formatFrom,
  honestChain,
  isForged,
  judge,
  rehashed,
  rehashedAll,
} from './tamper.ts';

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

  it.each([
    ['data', 'Alice pays Mallory 500', ['dataHash', 'hash']],
    ['index', '7', ['index']],
    ['previousHash', 'f'.repeat(64), ['previousHash']],
    ['dataHash', 'f'.repeat(64), ['hash', 'dataHash', 'hash']],
    ['hash', 'f'.repeat(64), ['hash']],
  ] satisfies [keyof Block, string, string[]][])(
    'is mended after another %s by what the rules say, one after the other',
    (field, typed, named) => {
      let blocks = edited(honestChain(), 2, field, read(field, typed));
      const seen: string[] = [];
      for (let i = 0; i < 5; i += 1) {
        const [, before, block] = blocks;
        const fault = block && faultOf(block, before);
        if (fault === undefined) break;
        seen.push(fault.field);
        blocks = edited(blocks, 2, fault.field, read(fault.field, fault.expected ?? ''));
      }
      expect(seen).toEqual(named);
      expect(statesOf(blocks)[2]).toBe('good');
    },
  );

  it('says how late a timestamp must be, and of a sound block nothing', () => {
    const honest = honestChain();
    const blocks = edited(honest, 2, 'timestamp', 5);
    const [, before, block] = blocks;
    if (block === undefined) throw new Error('There are five blocks.');
    expect(faultOf(block, before)).toEqual({
      field: 'timestamp',
      expected: undefined,
      words: `must be more than ${honest[1]?.timestamp}`,
    });
    expect(honest.map((one, i) => faultOf(one, honest[i - 1]))).toEqual(
      honest.map(() => undefined),
    );
  });

  it('is a forgery if block 1 says something else and nothing gives it away', () => {
    const honest = honestChain();
    const changed = edited(honest, 1, 'data', 'Alice pays Mallory 500');
    expect(isForged(honest, honest)).toBe(false);
    expect(isForged(changed, honest)).toBe(false);
    expect(isForged(rehashedAll(changed), honest)).toBe(true);
    const other = rehashedAll(edited(honest, 2, 'data', 'something else'));
    expect(isForged(other, honest)).toBe(false);
  });

  it('stands in a link with what was changed', () => {
    const honest = honestChain();
    const format = formatFrom(honest);
    const changed = edited(edited(honest, 1, 'data', 'é & more'), 3, 'index', 'two');
    expect(format.write(changed)).toEqual({ '1.data': 'é & more', '3.index': 'two' });
    expect(format.read(format.write(changed))).toEqual(changed);
    expect(format.read({})).toEqual(honest);
    for (const key of ['9.data', '1.name', 'data', '1.data.more']) {
      expect(() => format.read({ [key]: 'x' })).toThrow(LinkError);
    }
    expect(() => format.read({ '1.data': 'x'.repeat(301) })).toThrow(LinkError);
  });
});
