export { list } from '../../terminal/list.ts';

/** Writes a number with commas between its thousands. */
export function number(value: number, digits = 0): string {
  return value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Writes a count with its noun, as in `1 block` and `2 blocks`. */
export function count(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Writes a duration in the unit that suits it. */
export function duration(milliseconds: number): string {
  const units: [number, string][] = [
    [365.25 * 86_400_000 * 1e9, 'billion years'],
    [365.25 * 86_400_000 * 1e6, 'million years'],
    [365.25 * 86_400_000, 'years'],
    [86_400_000, 'days'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1_000, 's'],
  ];
  const [size, unit] = units.find(([size]) => milliseconds >= size) ?? [1, 'ms'];
  const value = milliseconds / size;
  return `${number(value, value < 10 ? 1 : 0)} ${unit}`;
}

/** Shortens every hash in a text to its first eight digits. */
export function short(text: string): string {
  return text.replace(/\b([0-9a-f]{8})[0-9a-f]{56}\b/g, '$1…');
}
