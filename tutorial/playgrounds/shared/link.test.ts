import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  LinkError,
  expectOnly,
  fieldsOf,
  readNumber,
  readText,
  readWord,
  withFields,
} from './link.ts';

const texts = fc.string({ unit: 'grapheme' });

describe('The state in a link', () => {
  it('comes back as it was, whatever else the url says', () => {
    const fields = fc.dictionary(fc.stringMatching(/^[a-z0-9.]{1,9}$/), texts);
    fc.assert(
      fc.property(fields, fields, (own, other) => {
        const search = withFields(withFields('?page=2', 'fork', other), 'tamper', own);
        expect(fieldsOf(search, 'tamper')).toEqual({ ...own });
        expect(fieldsOf(search, 'fork')).toEqual({ ...other });
        expect(new URLSearchParams(search).get('page')).toBe('2');
      }),
    );
  });

  it('leaves nothing behind when it is as at the start', () => {
    const search = withFields('', 'http', { path: '/blocks' });
    expect(search).toBe('?http.path=%2Fblocks');
    expect(withFields(search, 'http', {})).toBe('');
  });

  it('is read with care', () => {
    const bounds = { least: 8, most: 22, usual: 16 };
    expect(readNumber({}, 'bits', bounds)).toBe(16);
    expect(readNumber({ bits: '22' }, 'bits', bounds)).toBe(22);
    for (const bits of ['7', '23', '9.5', '-9', '1e1', '', 'ten', '9'.repeat(20)]) {
      expect(() => readNumber({ bits }, 'bits', bounds)).toThrow(LinkError);
    }
    expect(readWord({ engine: 'loop' }, 'engine', ['kernel', 'loop'])).toBe('loop');
    expect(() => readWord({ engine: 'x' }, 'engine', ['kernel', 'loop'])).toThrow(
      '“engine” can be kernel, loop',
    );
    const most = { most: 3, usual: 'a' };
    expect(readText({ text: '' }, 'text', most)).toBe('');
    for (const text of ['abcd', '\ud800']) {
      expect(() => readText({ text }, 'text', most)).toThrow('at most 3 characters');
    }
    expect(() => expectOnly({ bits: '8', bit: '9' }, ['bits'])).toThrow(
      'it knows no “bit”, only bits',
    );
  });
});
