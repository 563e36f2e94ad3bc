import { hash as hashOfNode } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestCount, hash } from './crypto.ts';

describe('What stands in for node:crypto', () => {
  it('gives the digests that node:crypto gives', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array()), (input) => {
        expect(hash('sha256', input)).toBe(hashOfNode('sha256', input, 'hex'));
      }),
    );
  });

  it('counts the digests', () => {
    const before = digestCount();
    hash('sha256', 'a');
    hash('sha256', 'b');
    expect(digestCount() - before).toBe(2);
  });
});
