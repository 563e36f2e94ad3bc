/**
 * Shows how what was found differs from what was expected.
 *
 * @module
 */
import { equals, iterableEquality } from '@jest/expect-utils';
import { format, plugins } from 'pretty-format';

/** Two values as text, and how they differ. */
export interface Comparison {
  /** What should have come out. */
  readonly expected: string;
  /** What came out. */
  readonly found: string;
  /** How many characters both begin with; undefined where that says nothing. */
  readonly same?: number;
  /** Where in the value they differ, as in `[2].hash`; empty for the whole. */
  readonly path: string;
  /** The other field of an object that has two, as in `index = -1`. */
  readonly beside?: string;
}

/** Compares two values down to the first place where they differ. */
export function compare(expected: unknown, found: unknown): Comparison {
  const comparison = descend(expected, found, '', 0);
  const [, key] = /^\.(\w+)$/.exec(comparison.path) ?? [];
  if (key === undefined || !isContainer(found)) return comparison;
  const [other, ...more] = Object.keys(found).filter((name) => name !== key);
  if (other === undefined || more.length > 0) return comparison;
  return { ...comparison, beside: `${other} = ${write(found[other])}` };
}

function descend(
  expected: unknown,
  found: unknown,
  path: string,
  depth: number,
): Comparison {
  if (typeof expected === 'string' && typeof found === 'string') {
    const quote = quoteFor(`${expected}${found}`);
    const [one, other] = [quoted(expected, quote), quoted(found, quote)];
    return { expected: one, found: other, same: sharedLength(one, other), path };
  }
  const part = partOf(expected);
  if (part !== undefined && isContainer(found)) {
    const known = Object.entries(found).filter(([key]) => Object.hasOwn(part, key));
    return descend(part, Object.fromEntries(known), path, depth);
  }
  if (depth < 8 && isContainer(expected) && isContainer(found)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
    const differing = keys.filter((key) => !isSame(expected, found, key));
    const [key] = differing;
    const sameKind = Array.isArray(expected) === Array.isArray(found);
    if (sameKind && key !== undefined && (keys.length > 1 || Array.isArray(expected))) {
      const place = path + (Array.isArray(expected) ? `[${key}]` : `.${key}`);
      if (!Object.hasOwn(expected, key))
        return { ...missing(found[key], false), path: place };
      if (!Object.hasOwn(found, key))
        return { ...missing(expected[key], true), path: place };
      return descend(expected[key], found[key], place, depth + 1);
    }
  }
  return { expected: write(expected), found: write(found), path };
}

type Container = Readonly<Record<string, unknown>>;

function isContainer(value: unknown): value is Container {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

/** What `expect.objectContaining` asks for, or undefined if it is something else. */
function partOf(expected: unknown): Container | undefined {
  if (typeof expected !== 'object' || expected === null) return undefined;
  const { sample, toString } = expected as { sample?: unknown; toString: () => string };
  const isPart = isContainer(sample) && toString.call(expected) === 'ObjectContaining';
  return isPart ? sample : undefined;
}

function isSame(expected: Container, found: Container, key: string): boolean {
  return (
    Object.hasOwn(expected, key) === Object.hasOwn(found, key) &&
    equals(found[key], expected[key], [iterableEquality])
  );
}

function missing(value: unknown, wasExpected: boolean): Omit<Comparison, 'path'> {
  const [something, nothing] = [write(value), '(nothing)'];
  return wasExpected
    ? { expected: something, found: nothing }
    : { expected: nothing, found: something };
}

function sharedLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

/** Texts that hold the usual quotation marks, as JSON does, are read better between others. */
const quoteFor = (text: string) =>
  text.includes('"') && !text.includes("'") ? "'" : '"';

function quoted(text: string, quote: string): string {
  const json = visible(JSON.stringify(text));
  return quote === '"' ? json : `'${json.slice(1, -1).replaceAll('\\"', '"')}'`;
}

/** Writes what a terminal would not show, such as half a character, by its number. */
function visible(text: string): string {
  const hidden = /(?!\u200d)[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u0080-\u009f]/gu; // \u200d joins emoji
  return text.replaceAll(hidden, (sign) => {
    const units = Array.from({ length: sign.length }, (_, i) => sign.charCodeAt(i));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}

/** Writes a value in one line, for people. */
export function write(value: unknown): string {
  if (typeof value === 'string') return quoted(value, quoteFor(value));
  const words = format(value, {
    plugins: [plugins.AsymmetricMatcher],
    min: true,
    maxDepth: 4,
    maxWidth: 20,
    printBasicPrototype: false,
    escapeString: true,
  });
  const text = visible(words)
    .replaceAll(/StringMatching (?=\/)/g, 'text like ')
    .replaceAll(/StringContaining (?=")/g, 'text with ');
  return text.length <= 2_000 ? text : `${text.slice(0, 2_000)}…`;
}
