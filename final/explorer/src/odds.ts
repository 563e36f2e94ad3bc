/**
 * Returns which part of all searches would have ended after so many attempts. Each attempt has the
 * same chance, so the parts of those that go on shrink as e to the power of minus the attempts.
 */
export function oddsAfter(attempts: number, expected: number): number {
  return 1 - Math.exp(-attempts / Math.max(1, expected));
}

/** Writes odds as a percentage; what is not certain never becomes 100 %. */
export function percent(odds: number): string {
  const value = 100 * odds;
  if (value < 99) return `${Math.round(value)} %`;
  const digits = [1, 2, 3].find((digits) => Number(value.toFixed(digits)) < 100);
  return digits === undefined ? 'nearly 100 %' : `${value.toFixed(digits)} %`;
}
