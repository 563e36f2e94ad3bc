import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, type Field } from '#hashing';
import { MAX_LINE, parseLine } from '#signatures';

/** What comes of a line, in words where nothing does. */
const read = (line: string) => parseLine(line) ?? 'refused';

const field: fc.Arbitrary<Field> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.maxSafeInteger(),
);
const lists = fc
  .array(field, { maxLength: 8 })
  .map((fields) => fields.map((one) => (one === 0 ? 0 : one)));

describe('Task 4: parseLine', () => {
  it('reads back what canonicalJson writes', () => {
    fc.assert(
      fc.property(lists, (fields) => {
        const line = canonicalJson(fields);
        fc.pre(line.length <= MAX_LINE);
        expect(read(line)).toEqual(fields);
      }),
    );
    expect(read('["a","b",1,-2]')).toEqual(['a', 'b', 1, -2]);
    expect(read('[]')).toEqual([]);
  });

  it.each([
    ['a space between fields', '["a", 1]'],
    ['a space before it', ' ["a",1]'],
    ['a space behind it', '["a",1] '],
    ['a line break behind it', '["a",1]\n'],
    ['a carriage return behind it', '["a",1]\r'],
    ['a byte order mark before it', '\ufeff["a",1]'],
    ['minus zero', '["a",-0]'],
    ['a number with a point', '["a",1.0]'],
    ['a number with an exponent', '["a",1e2]'],
    ['a plus sign', '["a",+1]'],
    ['a zero in front', '["a",01]'],
    ['a letter written as an escape', '["\\u0061",1]'],
    ['a slash written as an escape', '["\\/",1]'],
    ['an escape in capitals', '["\\u000B",1]'],
    ['a letter behind the list', '["a",1]x'],
    ['a comma behind the last field', '["a",1,]'],
  ])('refuses another way to write a list: %s', (_how, line) => {
    expect(read(line)).toBe('refused');
  });

  it.each([
    ['a part of a whole', '[1.5]'],
    ['one that was rounded: 2^53 + 1', '[9007199254740993]'],
    ['one just past the exact ones: 2^53', '[9007199254740992]'],
    ['one that is too large for any', '[1e999]'],
    ['one with many digits', `[${'9'.repeat(300)}]`],
  ])('refuses a number that JavaScript does not keep exactly: %s', (_what, line) => {
    expect(read(line)).toBe('refused');
  });

  it('keeps the largest and the smallest exact numbers', () => {
    const fields = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    expect(read('[9007199254740991,-9007199254740991]')).toEqual(fields);
  });

  it.each([
    '',
    'x',
    '{}',
    'null',
    '1',
    '"a"',
    '[',
    '["a"',
    '[null]',
    '[true]',
    '[[]]',
    '[{}]',
  ])('refuses what is no list of texts and numbers: %s', (line) => {
    expect(read(line)).toBe('refused');
  });

  it('refuses half a character, written as an escape', () => {
    expect(read('["\\ud83d"]')).toBe('refused');
    expect(read('["\ud83d"]')).toBe('refused');
  });

  it('reads lines of up to 400 characters, and no longer ones', () => {
    const lineOf = (length: number) => canonicalJson(['x'.repeat(length - 4)]);
    expect(MAX_LINE).toBe(400);
    expect(lineOf(400)).toHaveLength(400);
    expect(read(lineOf(400))).toEqual(['x'.repeat(396)]);
    expect(read(lineOf(401))).toBe('refused');
  });

  it('never throws, whatever text it is shown', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.string({ unit: fc.constantFrom(...Array.from('[]{}",\\u0e-1')) }),
    );
    fc.assert(
      fc.property(anyText, (line) => {
        const fields = parseLine(line);
        // There is one line for each list: what is read is written in just this way.
        if (fields !== undefined) expect(canonicalJson(fields)).toBe(line);
      }),
    );
  });

  it.each(['[', '{"a":', '\n', '[1,'])(
    'does not even read a very long line: %j…',
    (part) => {
      expect(read(part.repeat(2_000_000))).toBe('refused');
    },
  );
});
