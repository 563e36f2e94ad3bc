import { ask, type Block } from './api.ts';

/** What was found for a text, by what it fits. A block that fits twice stands twice. */
export interface Findings {
  /** The block that has this index. */
  readonly byIndex: Block | undefined;
  /** Blocks whose hash begins so. */
  readonly byHash: readonly Block[];
  /** Blocks whose data holds it. */
  readonly byData: readonly Block[];
}

/** How many of each the node finds at most. */
export const MOST = 50;

/** Reads a text as the index of a block, with or without commas between its thousands. */
export function indexIn(text: string): number | undefined {
  const isNumber = /^\d{1,15}$|^\d{1,3}(,\d{3}){1,4}$/.test(text);
  return isNumber ? Number(text.replaceAll(',', '')) : undefined;
}

/** Sorts what the node found for a text. */
export function sorted(
  text: string,
  found: readonly Block[],
  byIndex: Block | undefined,
): Findings {
  const wanted = text.toLowerCase();
  return {
    byIndex,
    byHash: found.filter(({ hash }) => hash.startsWith(wanted)),
    byData: found.filter(({ data }) => data.toLowerCase().includes(wanted)),
  };
}

/** Asks the node for the blocks that fit a text. */
export async function find(text: string, tip: number): Promise<Findings> {
  const index = indexIn(text);
  const [found, byIndex] = await Promise.all([
    ask<Block[]>(`/search?text=${encodeURIComponent(text)}`),
    index !== undefined && index <= tip ? ask<Block>(`/blocks/${index}`) : undefined,
  ]);
  return sorted(text, found, byIndex);
}
