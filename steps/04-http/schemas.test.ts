import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { Problem, newBlock, parse, range } from '#http';

/** What `parse` says when it refuses a value; the value itself if it takes it. */
function refusal(schema: z.ZodType, value: unknown): unknown {
  let taken: unknown;
  try {
    taken = parse(schema, value);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { status: error.status, message: error.message };
  }
  return { taken };
}

const saying = (words: RegExp) => ({
  status: 400,
  message: expect.stringMatching(words),
});

describe('Task 4: what others send', () => {
  describe('parse', () => {
    const schema = z.object({ size: z.number({ error: 'Give a "size".' }) });

    it('returns the value as the schema describes it', () => {
      expect(parse(schema, { size: 3, color: 'red' })).toEqual({ size: 3 });
      expect(parse(z.string().transform(Number), '12')).toBe(12);
    });

    it("throws Problem 400 with the schema's own words", () => {
      const attempt = () => parse(schema, { size: 'large' });
      expect(attempt).toThrow(Problem);
      expect(attempt).toThrow(
        expect.objectContaining({ status: 400, message: 'Give a "size".' }),
      );
    });
  });

  describe('range', () => {
    it('makes numbers of digits', () => {
      const number = fc.nat({ max: 999_999_999_999_999 });
      const property = fc.property(number, number, (from, limit) => {
        const query = { from: String(from), limit: String(limit) };
        expect(parse(range, query)).toEqual({ from, limit });
      });
      fc.assert(property);
    });

    it.each([
      [{}, { from: 0, limit: Infinity }],
      [{ from: '7' }, { from: 7, limit: Infinity }],
      [{ limit: '7' }, { from: 0, limit: 7 }],
      [{ limit: '0' }, { from: 0, limit: 0 }],
      [{ from: '007' }, { from: 7, limit: Infinity }],
      [{ color: 'red' }, { from: 0, limit: Infinity }],
    ])('reads %j as %j', (query, expected) => {
      expect(parse(range, query)).toEqual(expected);
    });

    it.each([
      '',
      ' ',
      '-1',
      '+1',
      '1.5',
      '1e1',
      '0x1',
      ' 1',
      '1\n',
      '1 2',
      'x',
      'NaN',
      'Infinity',
      '٣', // a digit, but not one of these ten
      '1234567890123456', // sixteen digits
    ])('refuses %j as a number, in words that name from or limit', (text) => {
      expect(refusal(range, { from: text })).toEqual(saying(/from/));
      expect(refusal(range, { limit: text })).toEqual(saying(/limit/));
    });

    it('refuses what is given twice, which a query makes a list', () => {
      expect(refusal(range, { from: ['1', '2'] })).toEqual(saying(/from/));
    });
  });

  describe('newBlock', () => {
    it.each(['', 'hello', 'one\ntwo\t"three"\\', 'Grüße 你好 🎉', '{"data":1}', '\0'])(
      'takes the data %j',
      (data) => {
        expect(parse(newBlock, { data, color: 'red' })).toMatchObject({ data });
      },
    );

    it.each([
      ['an object without data', {}],
      ['data by another name', { text: 'hello' }],
      ['a number as data', { data: 42 }],
      ['null as data', { data: null }],
      ['a list as data', { data: ['hello'] }],
      ['an object as data', { data: {} }],
      ['half a character', { data: 'a\ud800b' }],
      ['data in a prototype', JSON.parse('{"__proto__":{"data":"hello"}}')],
    ])('refuses %s, in words that name data', (_name, body) => {
      expect(refusal(newBlock, body)).toEqual(saying(/data/));
    });

    it.each([
      ['nothing', undefined],
      ['null', null],
      ['a number', 42],
      ['a text', 'hello'],
      ['a list', [{ data: 'hello' }]],
    ])('refuses %s instead of an object, in words', (_name, body) => {
      expect(refusal(newBlock, body)).toEqual(saying(/JSON|object|data/i));
    });
  });
});
