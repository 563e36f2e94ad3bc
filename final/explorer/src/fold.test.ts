import { describe, expect, it } from '@jest/globals';
import { foldRuns } from './fold.ts';

interface Named {
  readonly hash: string;
  readonly previousHash: string;
  readonly index: number;
}

const chain = (from: number, to: number, name = 'best', parent = 'best'): Named[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({
    hash: `${name}${from + i}`,
    previousHash: `${i === 0 ? parent : name}${from + i - 1}`,
    index: from + i,
  }));
const drawn = (...branches: Named[][]) =>
  foldRuns(branches.flat().sort((a, b) => a.index - b.index)).map((column) =>
    column.kind === 'run' ? `${column.from}–${column.to}` : column.index,
  );

describe('The columns of the fork tree', () => {
  it('fold what is between the first and the last few where there is no fork', () => {
    expect(drawn(chain(10, 230))).toEqual([10, '11–227', 228, 229, 230]);
  });

  it('keep the block from which a branch begins, and all beside the branch', () => {
    expect(drawn(chain(0, 40), chain(21, 22, 'lost'))).toEqual([
      0,
      '1–19',
      20,
      21,
      22,
      '23–37',
      38,
      39,
      40,
    ]);
  });

  it('are all there where a run is short', () => {
    expect(drawn(chain(0, 6))).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(drawn(chain(5, 5))).toEqual([5]);
    expect(drawn()).toEqual([]);
  });

  it('keep the place of a branch whose beginning is not drawn', () => {
    expect(drawn(chain(10, 30), chain(15, 15, 'lost', 'forgotten'))).toEqual([
      10,
      '11–14',
      15,
      '16–27',
      28,
      29,
      30,
    ]);
  });
});
