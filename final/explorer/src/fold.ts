import type { TreeBlock } from '../components/tree-layout.ts';

/** A column of the fork tree: the blocks of one index, or a run of many that is folded. */
export type Column =
  | { readonly kind: 'blocks'; readonly index: number }
  | { readonly kind: 'run'; readonly from: number; readonly to: number };

/** How many columns without a fork are worth folding, and how many stay before the tip. */
const LONG = 4;
const LAST = 3;

/**
 * Folds the runs of indexes at which nothing happened: one block each, and no branch begins there.
 * The first and the last few stay.
 *
 * @param blocks - all that are drawn, parents first
 */
export function foldRuns(blocks: readonly TreeBlock[]): Column[] {
  const [first, last] = [blocks[0]?.index, blocks.at(-1)?.index];
  if (first === undefined || last === undefined) return [];
  const heads = new Map<number, number>();
  const children = new Map<string, number>();
  for (const { index, previousHash } of blocks) {
    heads.set(index, (heads.get(index) ?? 0) + 1);
    children.set(previousHash, (children.get(previousHash) ?? 0) + 1);
  }
  const forks = new Set(
    blocks.filter(({ hash }) => (children.get(hash) ?? 0) > 1).map(({ index }) => index),
  );
  const isQuiet = (index: number) =>
    index > first && index <= last - LAST && heads.get(index) === 1 && !forks.has(index);
  const columns: Column[] = [];
  for (let index = first; index <= last; index += 1) {
    let end = index;
    while (isQuiet(end)) end += 1;
    if (end - index >= LONG) {
      columns.push({ kind: 'run', from: index, to: end - 1 });
      index = end;
    }
    for (; index < end; index += 1) columns.push({ kind: 'blocks', index });
    if (index <= last) columns.push({ kind: 'blocks', index });
  }
  return columns;
}
