/**
 * What the options and arguments of the command line take.
 *
 * @module
 */
import type { Coin } from '#accounts';
import { DEFAULT_DIFFICULTY } from '../node/defaults.ts';
import { visible } from '../terminal/escapes.ts';
import { grouped } from '../terminal/numbers.ts';
import type { Value } from './usage.ts';

/**
 * A whole number, which may be written in groups as it is printed: 1,117.
 *
 * @param unit - of what, as in " of zero hex digits"
 */
export function wholeNumber(
  noun: string,
  min: number,
  max: number,
  example: number,
  unit = '',
): Value<number> {
  const range = max === Infinity ? 'on' : `to ${grouped(max)}`;
  const form = `a whole number${unit} from ${grouped(min)} ${range}`;
  const read = (text: string) => {
    const digits = /^\d{1,3}(,\d{3})+$/.test(text) ? text.replaceAll(',', '') : text;
    const number = /^\d{1,15}$/.test(digits) ? Number(digits) : NaN;
    return number >= min && number <= max ? number : undefined;
  };
  return { noun, form, example: String(example), read };
}

/** One of some words. */
export function oneOf<T extends string>(
  noun: string,
  [example, ...others]: readonly [T, ...T[]],
): Value<T> {
  const words = [example, ...others];
  const form = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  const read = (text: string) => words.find((word) => word === text);
  return { noun, form, example, read };
}

/** A text that is not empty. One that begins like an option stands where its value was left out. */
export function word(noun: string, form: string, example: string): Value<string> {
  const read = (text: string) => (/^[^-]/.test(text) ? text : undefined);
  return { noun, form, example, read };
}

/** How long the name of a node may be, in characters: as long as step 5 lets a hello say it. */
const MAX_NAME = 24;

/** What people call a node. All that it holds can be seen, so that no two look alike. */
export const nodeName: Value<string> = {
  noun: 'name',
  form: `1 to ${MAX_NAME} characters that can be seen`,
  example: 'Ada',
  read: (text) => {
    const name = text.trim();
    const isPlain = visible(name) === name && !/^-|\ufffd/.test(name);
    return isPlain && name !== '' && Array.from(name).length <= MAX_NAME
      ? name
      : undefined;
  },
};

/** A port to listen on; 0 takes a free one. */
export const port = (example: number): Value<number> =>
  wholeNumber('port', 0, 65_535, example);

/** A port where somebody listens. */
export const portToAsk = (example: number): Value<number> =>
  wholeNumber('port', 1, 65_535, example);

/** A difficulty in the unit of `-d`. */
export const difficulty = wholeNumber(
  'difficulty',
  0,
  64,
  DEFAULT_DIFFICULTY / 4,
  ' of zero hex digits',
);

/** The coin of a new network, where nothing else is said. */
export const DEFAULT_COIN: Coin = { reward: 100, halving: 100_000, size: 20 };

/** A coin: new coins with a block, blocks until they halve, payments a block. */
export const coin: Value<Coin> = {
  noun: 'coin',
  form:
    'new coins with a block, after how many blocks they halve, and how many payments a block ' +
    'holds (1 to 1,000; the first two multiplied, up to 4,503,599,627,370,495)',
  example: Object.values(DEFAULT_COIN).join(','),
  read: (text) => {
    const [reward, halving, size, ...others] = text.split(',').map(wholeOf);
    const isRight = isSum(reward) && isSum(halving) && isSum(size) && size <= 1_000;
    if (!isRight || others.length > 0) return undefined;
    const isSafe = 2 * reward * halving <= Number.MAX_SAFE_INTEGER;
    return isSafe ? { reward, halving, size } : undefined;
  },
};

const wholeOf = (text: string) => (/^\d{1,15}$/.test(text) ? Number(text) : NaN);
const isSum = (value = NaN): value is number => value >= 1;
