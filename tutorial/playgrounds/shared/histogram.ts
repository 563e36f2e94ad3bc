/** A part of a histogram: how many values lie from `from` to before `to`. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Counts values in bins of one width; those outside go into the first and the last. */
export function binned(
  values: readonly number[],
  range: { readonly from: number; readonly to: number; readonly width: number },
): Bin[] {
  const { from, to, width } = range;
  const counts = new Array<number>(Math.round((to - from) / width)).fill(0);
  for (const value of values) {
    const i = Math.floor((value - from) / width);
    const within = Math.min(Math.max(i, 0), counts.length - 1);
    counts[within] = (counts[within] ?? 0) + 1;
  }
  return counts.map((count, i) => ({
    from: from + i * width,
    to: from + (i + 1) * width,
    count,
  }));
}

/** Returns the mean of values, or undefined if there are none. */
export function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
