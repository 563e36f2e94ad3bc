/** JSON as somebody writes it who wants to break its reader. */
import fc from 'fast-check';

/** A place in a message that is to be spoiled; no honest text contains it. */
const MARK = '\u0001';

const LONE_SURROGATE = String.raw`"\ud800"`;

/** Values as JSON text, since some of them no JavaScript value would be written as. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('null', 'true', '{}', '[]', '[null]', '""', '"0"', '"null"'),
  fc.constantFrom('-1', '-0', '0.5', '1e308', '1e999', '-1e999', '9007199254740993'),
  fc.constantFrom(
    '{"__proto__":{"type":"hello"}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"toString":1}',
    '{"length":1e9}',
    '{"then":1}',
    '{"0":1}',
  ),
  fc.constantFrom(LONE_SURROGATE, String.raw`"\u0000"`, String.raw`"\u2028\ufeff"`),
  fc.constantFrom('undefined', 'NaN', "'x'", '[1,]', '{"a":1', '//', '"\t"', '01'),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => JSON.stringify(text)),
  fc.double().map(String),
  fc.maxSafeInteger().map(String),
  fc.json({ maxDepth: 3 }),
  fc.integer({ min: 1, max: 20_000 }).map((n) => '['.repeat(n) + ']'.repeat(n)),
  fc.integer({ min: 1, max: 5_000 }).map((n) => '{"a":'.repeat(n) + '1' + '}'.repeat(n)),
  fc.integer({ min: 1, max: 100_000 }).map((n) => `"${'x'.repeat(n)}"`),
  fc.integer({ min: 1, max: 10_000 }).map((n) => '9'.repeat(n)),
  fc.integer({ min: 1, max: 2_000 }).map((n) => `[${'0,'.repeat(n)}0]`),
);

/**
 * Writes a value as JSON with one thing wrong: a field gone, doubled, added, or given a
 * hostile value, at any depth.
 */
export function spoiled(value: object): fc.Arbitrary<string> {
  const paths = pathsOf(value);
  return fc
    .record({
      path: fc.constantFrom(...paths),
      how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'double'),
      hostile: hostileJson,
    })
    .map(({ path, how, hostile }) => {
      const copy = structuredClone(value);
      const parent = path.slice(0, -1).reduce<unknown>(step, copy) as Record<
        string,
        unknown
      >;
      const key = path.at(-1) ?? '';
      if (how === 'remove') Reflect.deleteProperty(parent, key);
      else if (how === 'add') parent[`${key}x`] = MARK;
      else if (how === 'replace') parent[key] = MARK;
      const text = JSON.stringify(copy).replace(JSON.stringify(MARK), () => hostile);
      return how === 'double' ? text.replace('{', () => `{"${key}":${hostile},`) : text;
    });
}

const step = (value: unknown, key: string) => (value as Record<string, unknown>)[key];

function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const deeper = Object.entries(value).flatMap(([key, each]) =>
    pathsOf(each, [...path, key]),
  );
  return path.length === 0 ? deeper : [path, ...deeper];
}

/** Gives a value one time in so many, else undefined. */
export function seldom<T>(
  times: number,
  value: fc.Arbitrary<T>,
): fc.Arbitrary<T | undefined> {
  return fc.oneof(value, { weight: times - 1, arbitrary: fc.constant(undefined) });
}
