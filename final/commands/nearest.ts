/** How many slips a word may be away from the one that was meant. */
const MAX_SLIPS = 2;

/**
 * Returns the word that was most likely meant: the one that takes the fewest slips of the keys to
 * become what was typed, if that is but a part of its letters.
 */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((word) => ({ word, slips: slipsBetween(typed, word) }))
    .filter(({ word, slips }) => slips <= MAX_SLIPS && 2 * slips < bare(word).length)
    .sort((a, b) => a.slips - b.slips);
  return best?.word;
}

const bare = (word: string): string => word.replace(/^-+/, '');

/**
 * Counts the slips between two words: a letter too many, too few or wrong, or two that are swapped
 * (the optimal string alignment distance).
 */
function slipsBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      rows[i]?.push(
        Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + (isSame ? 0 : 1),
          isSwapped ? at(i - 2, j - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return at(a.length, b.length);
}
