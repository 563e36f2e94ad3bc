/** The distances between lines of an axis on which only whole numbers mean something. */
export const wholeSteps: number[] = Array.from({ length: 16 }, (_, power) =>
  [1, 2, 5].map((n) => n * 10 ** power),
).flat();

/** How often values between two bounds were seen, and how often that was to be expected. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly expected: number;
}

/** Up to how many times the mean the histogram goes: of 1,000 values, 7 are larger. */
const REACH = 5;

/** How many bins there are for how many values. */
const binsFor = (values: number) => Math.max(5, Math.min(20, Math.round(values / 5)));

/**
 * Sorts values into bins of equal width, with what an exponential distribution of the same mean
 * lets expect. What is larger than five times the mean is in no bin.
 */
export function histogram(values: readonly number[]): Bin[] {
  const mean = meanOf(values);
  if (!(mean > 0)) return [];
  const number = binsFor(values.length);
  const width = (REACH * mean) / number;
  return Array.from({ length: number }, (_, i) => {
    const [from, to] = [i * width, (i + 1) * width];
    const count = values.filter(
      (value) => Math.max(0, value) >= from && value < to,
    ).length;
    const share = Math.exp(-from / mean) - Math.exp(-to / mean);
    return { from, to, count, expected: values.length * share };
  });
}

/** The mean of values; 0 of none. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/**
 * Says how near values are to an exponential distribution: which part of them is below the mean,
 * where it lets expect 63 of 100.
 */
export function belowMean(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.filter((value) => value < mean).length / Math.max(1, values.length);
}

/** From how many values on it is said what their distribution looks like. */
const ENOUGH = 20;

/** Says what the shape of a histogram of intervals tells. */
export function shapeInWords(values: readonly number[]): string {
  if (values.length < ENOUGH) return 'That is too few to see a shape.';
  const share = belowMean(values);
  if (share > 0.72) {
    return 'Many blocks came at once, and pauses lay between: so it is where people post.';
  }
  if (share < 0.53) return 'They are more regular than luck: something sets the pace.';
  return 'That is what luck looks like: nodes that search without pause.';
}
