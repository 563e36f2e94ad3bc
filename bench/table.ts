/** A measurement as a row of the table. */
export interface Row {
  /** What was measured. */
  readonly what: string;
  /** What came out, with its unit. */
  readonly result: string;
  /** What was to be reached, if there is a goal. */
  readonly goal?: string;
}

/** Prints rows under a title, in columns. */
export function print(title: string, rows: readonly Row[]): void {
  const widthOf = (column: 'what' | 'result') =>
    Math.max(...rows.map((row) => row[column].length));
  const [what, result] = [widthOf('what'), widthOf('result')];
  console.log(`\n${title}`);
  for (const row of rows) {
    const goal = row.goal === undefined ? '' : `   (goal: ${row.goal})`;
    console.log(`  ${row.what.padEnd(what)}  ${row.result.padStart(result)}${goal}`);
  }
}

/** Writes a number with at most so many digits after the point, and separators. */
export function number(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** Returns the middle one of some numbers. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.trunc(values.length / 2)] ?? NaN;
}
