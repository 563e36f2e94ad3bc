import { describe, expect, it } from '@jest/globals';
import type { TreeEntry } from './api.ts';
import { lostBranches, reorganizationStory } from './forks.ts';

const hashOf = (name: string) => name.padStart(64, '0');
const entry = (name: string, parent: string, index: number, best = true): TreeEntry => ({
  hash: hashOf(name),
  previousHash: hashOf(parent),
  index,
  timestamp: index,
  best,
  arrived: null,
});
const genesis = entry('9000', 'none', 0);

const wordsOf = (...blocks: TreeEntry[]) =>
  lostBranches({ blocks }).map(({ name, words }) => `${name} ${words}`);

describe('The story of a branch that lost', () => {
  it('is that of more work', () => {
    const blocks = [genesis, entry('9001', '9000', 1, false), entry('9002', '9000', 1)];
    expect(wordsOf(...blocks, entry('9003', '9002', 2))).toEqual([
      'Block 1 (…9001) forked off after block 0. ' +
        'The best chain has 2 blocks since then: more work wins.',
    ]);
  });

  it('is that of the smaller hash where both hold as much work', () => {
    expect(
      wordsOf(genesis, entry('9001', '9000', 1), entry('9002', '9000', 1, false)),
    ).toEqual([
      'Block 1 (…9002) forked off after block 0. ' +
        'Both have 1 block since then: of equal work, the smaller hash wins (…9001).',
    ]);
  });

  it('counts all blocks of a branch, and is told once for each', () => {
    const lost = [entry('9001', '9000', 1, false), entry('9002', '9001', 2, false)];
    const best = ['9011', '9012', '9013'].map((name, i, names) =>
      entry(name, names[i - 1] ?? '9000', i + 1),
    );
    expect(wordsOf(genesis, ...lost, ...best)).toEqual([
      expect.stringMatching(/^2 blocks to block 2 \(…9002\) forked off after block 0/),
    ]);
  });

  it('is short where the fork is not drawn', () => {
    expect(wordsOf(entry('9001', 'far', 7, false), entry('9002', '9003', 7))).toEqual([
      expect.stringContaining('before these blocks'),
    ]);
  });

  it('does not exist where no branch lost', () => {
    expect(wordsOf(genesis, entry('9001', '9000', 1))).toEqual([]);
    expect(wordsOf()).toEqual([]);
  });
});

describe('The story of a reorganization', () => {
  const [from, to] = [hashOf('aaaa'), hashOf('bbbb')];
  const story = (removed: number, added: number) =>
    reorganizationStory({ time: 0, removed, from, added, to });

  it('says how many blocks gave way to how many, since those hold more work', () => {
    expect(story(2, 3)).toBe(
      '2 blocks of the branch that ended in …aaaa gave way to ' +
        '3 of the one that ended in …bbbb: more work wins.',
    );
  });

  it('says by which rule where both hold as much work', () => {
    expect(story(1, 1)).toBe(
      '1 block of the branch that ended in …aaaa gave way to ' +
        '1 of the one that ended in …bbbb: of equal work, the smaller hash wins.',
    );
  });
});
