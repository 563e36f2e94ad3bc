import { sha256 } from '#hashing';
import { count, number } from '../../../final/explorer/components/words.ts';
import { expectOnly, readText, type Format } from '../shared/link.ts';

/** How many bits a digest has. */
export const BITS = 256;

/** Returns the bits of a text's digest, each 0 or 1. */
export function bitsOf(text: string): number[] {
  return Array.from(sha256(text), (digit) => parseInt(digit, 16)).flatMap((value) =>
    [8, 4, 2, 1].map((bit) => (value & bit) / bit),
  );
}

/** Returns for each place whether two lists of bits differ there. */
export function changes(before: readonly number[], after: readonly number[]): boolean[] {
  return after.map((bit, i) => bit !== before[i]);
}

/** Returns a text with one character replaced by another letter, both picked at random. */
export function withOneChange(text: string, random: () => number = Math.random): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const characters = Array.from(text);
  const pick = (length: number) => Math.floor(random() * length);
  const place = pick(characters.length);
  const others = Array.from(letters).filter((letter) => letter !== characters[place]);
  characters[place] = others[pick(others.length)] ?? 'a';
  return characters.join('');
}

/** How often `changed` bits change among so many changes, if each bit were a coin. */
export function expectedCount(changed: number, total: number): number {
  let logarithm = -BITS * Math.LN2;
  for (let i = 1; i <= changed; i += 1) logarithm += Math.log((BITS - changed + i) / i);
  return total * Math.exp(logarithm);
}

/** A text and the one before it. */
export interface Texts {
  readonly before: string;
  readonly text: string;
}

/** What the playground begins with. */
export const start: Texts = {
  before: 'Alice pays Bob 5 coins',
  text: 'Alice pays Rob 5 coins',
};

/** How long a text may be. */
export const MOST_LETTERS = 200;

/** How the texts stand in a link. */
export const format: Format<Texts> = {
  write: ({ before, text }) => ({ before, text }),
  read(fields) {
    expectOnly(fields, ['before', 'text']);
    const most = MOST_LETTERS;
    const text = readText(fields, 'text', { most, usual: start.text });
    if (fields.before === undefined && fields.text === undefined) return start;
    return { before: readText(fields, 'before', { most, usual: start.before }), text };
  },
};

/** A bit of a letter. */
export interface LetterBit {
  readonly bit: number;
  /** The whole text with this bit the other way round; undefined if that is no text. */
  readonly flipped: string | undefined;
}

/** Returns the bits of one letter of a text, as they are in UTF-8 and so are hashed. */
export function bitsOfLetter(text: string, place: number): LetterBit[] {
  const letters = Array.from(text);
  const bytes = new TextEncoder().encode(letters[place] ?? '');
  return Array.from(bytes).flatMap((byte, i) =>
    [128, 64, 32, 16, 8, 4, 2, 1].map((value) => {
      const letter = decoded(bytes.with(i, byte ^ value));
      const flipped =
        letter === undefined ? undefined : letters.with(place, letter).join('');
      return { bit: (byte & value) / value, flipped };
    }),
  );
}

/** Returns the one line that bytes stand for in UTF-8; undefined if they stand for none. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return /[\r\n]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Returns the zero digits that the fingerprint of a text begins with. */
export function zerosOf(text: string): number {
  return /^0*/.exec(sha256(text))?.[0].length ?? 0;
}

/** A hunt for zeros: what was tried, and the best of it. */
export interface Hunt {
  readonly tried: number;
  readonly zeros: number;
  /** The text with the most zeros, the first of several. */
  readonly best: string;
}

/** Returns the hunt after one more text. */
export function hunted({ tried, zeros, best }: Hunt, text: string): Hunt {
  const found = zerosOf(text);
  const isBetter = found > zeros;
  return {
    tried: tried + 1,
    zeros: isBetter ? found : zeros,
    best: isBetter ? text : best,
  };
}

/** Tells of a hunt, and how long the next zero is to be expected to take. */
export function huntInWords({ tried, zeros, best }: Hunt): string {
  const next = number(16 ** (zeros + 1));
  const odds = `About one text in ${next} begins with ${count(zeros + 1, 'zero')}.`;
  if (tried === 0) return odds;
  const so = zeros === 0 ? 'no zero yet' : `${count(zeros, 'zero')}, with “${best}”`;
  return `${count(tried, 'text')} tried: ${so}. ${odds}`;
}
