import { hash as hashOfNode } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestCount, hash, watchDigests } from './crypto.ts';

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

  it('shows the digests to who wants to see them, and to nobody after that', () => {
    const seen: [string, number][] = [];
    const before = digestCount();
    watchDigests((digest, count) => seen.push([digest, count - before]));
    const digests = [hash('sha256', 'a'), hash('sha256', 'b')];
    watchDigests(undefined);
    hash('sha256', 'c');
    expect(seen).toEqual(digests.map((digest, i) => [digest, i + 1]));
  });
});
