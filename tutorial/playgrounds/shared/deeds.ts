import { LinkError, expectOnly, readNumber, readText, type Format } from './link.ts';

/** Something that was done, and when: in whole milliseconds after the start. */
export interface Deed<A> {
  readonly at: number;
  readonly action: A;
}

/** What was done in a network, and how far its time had come. */
export interface Run<A> {
  readonly deeds: readonly Deed<A>[];
  readonly until: number;
}

/** A run in which nothing has happened yet. */
export const noRun: Run<never> = { deeds: [], until: 0 };

/** How much of a run a link tells, an hour: it has to be run anew in the page. */
const LONGEST = 3_600_000;

/** How many deeds a link may tell. */
const MOST = 300;

/**
 * Makes the format of runs in links, given what tells how far the time of the network has come.
 *
 * @param wordsOf - how an action is said in words
 * @param actionOf - what some words say; undefined if they say nothing
 */
export function runFormat<A>(
  wordsOf: (action: A) => readonly string[],
  actionOf: (words: readonly string[]) => A | undefined,
): (now: () => number) => Format<Run<A>> {
  return (now) => ({
    write: ({ deeds }) => ({
      do: writeDeeds(deeds, wordsOf),
      to: String(Math.min(now(), LONGEST)),
    }),
    read(fields) {
      expectOnly(fields, ['do', 'to']);
      const text = readText(fields, 'do', { most: 8_000, usual: '' });
      if (text === '') return noRun;
      const until = readNumber(fields, 'to', { least: 0, most: LONGEST, usual: 0 });
      return { deeds: readDeeds(text, actionOf), until };
    },
  });
}

/** Writes deeds for a link, as in `0.post.Ada.hello_485.cut.Ada.Ben`. */
export function writeDeeds<A>(
  deeds: readonly Deed<A>[],
  words: (action: A) => readonly string[],
): string {
  return deeds
    .filter(({ at }) => at <= LONGEST)
    .slice(0, MOST)
    .map(({ at, action }) => [at, ...words(action).map(escaped)].join('.'))
    .join('_');
}

/**
 * Reads the deeds of a link.
 *
 * @param action - what some words say; undefined if they say nothing
 * @throws LinkError that names the deed that cannot be
 */
export function readDeeds<A>(
  text: string,
  action: (words: readonly string[]) => A | undefined,
): Deed<A>[] {
  if (text === '') return [];
  let last = 0;
  const parts = text.split('_');
  if (parts.length > MOST) throw new LinkError(`it tells of more than ${MOST} deeds`);
  return parts.map((part) => {
    const [at = '', ...words] = part.split('.');
    const time = /^\d{1,7}$/.test(at) ? Number(at) : NaN;
    const read =
      time >= last && time <= LONGEST ? action(words.map(unescaped)) : undefined;
    if (read === undefined)
      throw new LinkError(`nothing is called “${part.slice(0, 40)}”`);
    last = time;
    return { at: time, action: read };
  });
}

/** Points and underscores part the words, so that no word may hold them. */
function escaped(word: string): string {
  return encodeURIComponent(word).replaceAll('.', '%2E').replaceAll('_', '%5F');
}

function unescaped(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return '';
  }
}
