/** Writes a time of the day, as in `14:05:09`. */
export function clock(time: number): string {
  return new Date(time).toLocaleTimeString('en', { hourCycle: 'h23' });
}
