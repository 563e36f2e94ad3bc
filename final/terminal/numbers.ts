/** Writes a whole number for people, in groups of three digits: 1,117. */
export function grouped(n: number | bigint): string {
  return n.toLocaleString('en-US');
}

/** Writes a difficulty in both units: `-d` counts zero hex digits, all else bits. */
export function difficultyInWords(bits: number): string {
  const digits = bits / 4;
  if (!Number.isInteger(digits)) return counted(bits, 'zero bit');
  return `${counted(digits, 'zero digit')} (${counted(bits, 'bit')})`;
}

/** Writes how many of a thing there are, as in "1 block" and "1,117 blocks". */
export function counted(count: number, thing: string): string {
  return `${grouped(count)} ${thing}${count === 1 ? '' : 's'}`;
}

/** Writes a number in three digits and the prefix of a unit, as in "12.9 M"; or as a power of 2. */
export function amount(n: number): string {
  const [digits, prefix] = scaled(n);
  return prefix === '' ? digits : `${digits} ${prefix}`;
}

/** Writes hashes a second, as in "25.3 MH/s". */
export function rate(hashes: number): string {
  const [digits, prefix] = scaled(hashes);
  return `${digits} ${prefix}H/s`;
}

/** Writes a time in its largest unit. */
export function duration(seconds: number): string {
  const [size, unit] = (
    [
      [365 * 86_400, 'years'],
      [86_400, 'days'],
      [3_600, 'hours'],
      [60, 'min'],
    ] as const
  ).find(([least]) => seconds >= 2 * least) ?? [1, 's'];
  const count = seconds / size;
  return `${count >= 1e6 ? count.toExponential(0) : count.toFixed(count < 10 ? 1 : 0)} ${unit}`;
}

/** Writes a share of all as a percentage that says 0 or 100 only where it is just that. */
export function percentage(share: number): string {
  if (share > 0 && share < 0.01) return '<1 %';
  if (share < 1 && share > 0.99) return '>99 %';
  return `${Math.round(100 * share)} %`;
}

function scaled(n: number): [digits: string, prefix: string] {
  if (n >= 1e15) return [`2^${Math.round(Math.log2(n))}`, ''];
  const [size, prefix] = (
    [
      [1e12, 'T'],
      [1e9, 'G'],
      [1e6, 'M'],
      [1e3, 'k'],
    ] as const
  ).find(([least]) => n >= least) ?? [1, ''];
  return [String(Number((n / size).toPrecision(3))), prefix];
}
