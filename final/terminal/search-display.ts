import { SingleBar } from 'cli-progress';
import type { MiningProgress } from '../mining/miner.ts';
import { amount, duration, percentage, rate } from './numbers.ts';
import { canRedraw } from './plain.ts';
import { columnsOf, widthOf } from './width.ts';

/** Searches shorter than this are not shown, in seconds. */
const SHORT = 0.5;

/** How many characters wide the bar is: as many as there is room for. */
const BAR_WIDTHS = [20, 6];

/** A search, and how many hashes a second it makes. */
interface Shown {
  readonly search: MiningProgress;
  readonly hashRate: number;
}

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
    const shown: Shown = { search, hashRate };
    if (this.#bar !== undefined) return this.#bar.update(oddsOf(search), shown);
    const format = (_options: object, _params: object, payload: unknown) =>
      lineOf(payload as Shown, columnsOf(this.#stream) - 1);
    this.#bar = new SingleBar({ format, stream: this.#stream, clearOnComplete: true });
    this.#bar.start(1, oddsOf(search), shown);
  }

  /** Takes the line away. */
  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

/** The share of all searches that would have ended by now: luck has no memory. */
function oddsOf({ attempts, expected }: MiningProgress): number {
  return expected === 1 ? 1 : -Math.expm1(attempts * Math.log1p(-1 / expected));
}

/** Returns a line about a search that fits into so many columns, with a bar if there is room. */
function lineOf({ search, hashRate }: Shown, width: number): string {
  const bars = BAR_WIDTHS.map((size) => `Mining ${bar(oddsOf(search), size)} `);
  const lines = formsOf(search, hashRate).flatMap((form) =>
    [...bars, 'Mining: ', ''].map((begin) => begin + form),
  );
  return lines.find((line) => widthOf(line) <= width) ?? '';
}

function bar(share: number, size: number): string {
  const full = Math.floor(share * size);
  return '█'.repeat(full) + '░'.repeat(size - full);
}

/**
 * Says how a search goes on, as in "1.2 M tries, 310 kH/s, 61 % of searches would have ended by
 * now": in many words, in fewer, and so on. Luck decides: it may well take several times as long
 * as expected.
 */
export function formsOf(search: MiningProgress, hashRate: number): string[] {
  return hashRate === 0 ? withoutRate(search) : withRate(search, hashRate);
}

/** Says what it took to find a block. */
export function describeFind(search: MiningProgress): string {
  const { attempts, seconds } = search;
  if (attempts === 1) return 'Found at the first try.';
  const speed = seconds > 0 ? ` at ${rate(attempts / seconds)}` : '';
  const sooner = percentage(oddsOf(search));
  return `Found after ${amount(attempts)} tries${speed}: ${sooner} of searches end sooner.`;
}

/** The mine of step 3 does not say how far it is. */
function withoutRate({ expected, seconds }: MiningProgress): string[] {
  return [
    `about ${amount(expected)} tries expected, ${duration(seconds)} so far`,
    `${duration(seconds)} so far`,
  ];
}

function withRate(search: MiningProgress, hashRate: number): string[] {
  const { attempts, expected, seconds } = search;
  const tries = amount(attempts);
  const odds = percentage(oddsOf(search));
  const time = `${duration(seconds)} of about ${duration(expected / hashRate)}`;
  return [
    `${tries} of about ${amount(expected)} tries, ${rate(hashRate)}, ${time}: ` +
      `${odds} of searches would have ended by now`,
    `${tries} tries, ${rate(hashRate)}, ${odds} of searches would have ended by now`,
    `${tries} tries, ${rate(hashRate)}, odds ${odds}`,
    `${tries} tries, odds ${odds}`,
  ];
}
