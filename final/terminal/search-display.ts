import { SingleBar } from 'cli-progress';
import type { MiningProgress } from '../mining/miner.ts';
import { canRedraw } from './plain.ts';

/** Searches shorter than this are not shown, in seconds. */
const SHORT = 0.5;

/** How many characters wide the bar is. */
const BAR_WIDTH = 20;

/** Shows on the last line of a terminal how a search for a block goes on. */
export class SearchDisplay {
  readonly #stream: NodeJS.WriteStream;
  #bar: SingleBar | undefined;

  /** @param stream - where to draw; nothing is drawn where lines stay as they are */
  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Shows a search, or takes the line away if there is none. */
  show(search: MiningProgress | null, hashRate: number): void {
    if (search === null || search.seconds < SHORT) return this.stop();
    if (!canRedraw(this.#stream)) return;
    const share = Math.min(1, search.attempts / search.expected);
    const payload = { text: describeSearch(search, hashRate) };
    if (this.#bar !== undefined) return this.#bar.update(share, payload);
    this.#bar = new SingleBar({
      format: 'Mining {bar} {text}',
      barsize: BAR_WIDTH,
      stream: this.#stream,
      clearOnComplete: true,
    });
    this.#bar.start(1, share, payload);
  }

  /** Takes the line away. */
  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

/**
 * Says how a search goes on, as in "25.3 MH/s, tried 12.9 M of 16.8 M expected, 0.5 s of about
 * 0.7 s". Luck decides: it may well take several times as long as expected.
 */
export function describeSearch(search: MiningProgress, hashRate: number): string {
  const { attempts, expected, seconds } = search;
  const time = duration(seconds);
  if (hashRate === 0) return `${amount(expected)} attempts expected, ${time} so far`;
  return (
    `${amount(hashRate)}H/s, tried ${amount(attempts)} of ${amount(expected)} expected, ` +
    `${time} of about ${duration(expected / hashRate)}`
  );
}

/** Writes a number in three digits, with a space and the prefix of a unit; or as a power of 2. */
function amount(n: number): string {
  if (n >= 1e15) return `2^${Math.round(Math.log2(n))}`;
  const [size, unit] = (
    [
      [1e12, ' T'],
      [1e9, ' G'],
      [1e6, ' M'],
      [1e3, ' k'],
    ] as const
  ).find(([least]) => n >= least) ?? [1, ' '];
  return `${Number((n / size).toPrecision(3))}${unit}`;
}

/** Writes a time in its largest unit. */
function duration(seconds: number): string {
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
