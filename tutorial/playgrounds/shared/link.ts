/** What a link says of one playground: texts by their names. */
export type Fields = Readonly<Record<string, string>>;

/** How the state of a playground stands in a link. */
export interface Format<S> {
  /** Returns what a link says of a state. */
  write(state: S): Fields;
  /**
   * Returns the state that a link stands for. What it does not name is as at the start.
   *
   * @throws LinkError that says in words what cannot be
   */
  read(fields: Fields): S;
}

/** What is wrong with a link, in words for whoever has opened it. */
export class LinkError extends Error {}

/** Returns what the query of a url says of a playground, as in `?fork.delay=50`. */
export function fieldsOf(search: string, name: string): Fields {
  const start = `${name}.`;
  const all = [...new URLSearchParams(search)];
  const own = all.filter(([key]) => key.startsWith(start));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(start.length), value]));
}

/** Returns the query with what it says of a playground replaced. */
export function withFields(search: string, name: string, fields: Fields): string {
  const params = new URLSearchParams(search);
  for (const key of [...params.keys()]) {
    if (key.startsWith(`${name}.`)) params.delete(key);
  }
  for (const [key, value] of Object.entries(fields)) params.set(`${name}.${key}`, value);
  const query = params.toString();
  return query === '' ? '' : `?${query}`;
}

/** Reads a whole number of a link; `usual` if it names none. */
export function readNumber(
  fields: Fields,
  name: string,
  { least, most, usual }: { least: number; most: number; usual: number },
): number {
  const text = fields[name];
  if (text === undefined) return usual;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new LinkError(`“${name}” can be a whole number from ${least} to ${most}`);
}

/** Reads one of some words of a link; the first of them if it names none. */
export function readWord<W extends string>(
  fields: Fields,
  name: string,
  words: readonly [W, ...W[]],
): W {
  const text = fields[name];
  if (text === undefined) return words[0];
  const word = words.find((one) => one === text);
  if (word !== undefined) return word;
  throw new LinkError(`“${name}” can be ${words.join(', ')}`);
}

/** Reads a text of a link; `usual` if it names none. */
export function readText(
  fields: Fields,
  name: string,
  { most, usual }: { most: number; usual: string },
): string {
  const text = fields[name];
  if (text === undefined) return usual;
  if (text.length <= most && text.isWellFormed()) return text;
  throw new LinkError(`“${name}” can be a text of at most ${most} characters`);
}

/** Refuses fields that a playground does not know. */
export function expectOnly(fields: Fields, names: readonly string[]): void {
  const other = Object.keys(fields).find((name) => !names.includes(name));
  if (other !== undefined) {
    throw new LinkError(`it knows no “${other.slice(0, 20)}”, only ${names.join(', ')}`);
  }
}
