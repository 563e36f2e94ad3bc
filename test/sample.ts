/** So many of a list, spread evenly over it; all of them if there are no more. */
export function sample<T>(list: readonly T[], count: number): T[] {
  const each = Math.max(1, list.length / count);
  return list.filter((_, i) => Math.floor(i / each) !== Math.floor((i - 1) / each));
}
